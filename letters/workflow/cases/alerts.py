"""Safeguarding alerts (rule 30): opened and announced at once, one named person acts on them,
closed with an outcome.

The trail decides; a row only serves to find an alert, and each fact makes it again from the trail.
Words are sealed to the case team only, and participants never hear of an alert.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from letters.rules.case import alerts, decisions
from letters.rules.case.alerts import HANDED_ON, RISEN, Alert, Cause
from letters.rules.errors import NotAcceptable, NotFound, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.screening import Category, Finding, Severity
from letters.storage.queries import oversight
from letters.storage.queries.oversight import AlertListed
from letters.storage.tables import desk
from letters.storage.tables.letters import Case, Person
from letters.workflow.access import directory, sealed_notes
from letters.workflow.access.enter import CaseAccess, LetterAccess, case_to_read, load_case
from letters.workflow.access.record_fact import Recording, recording
from letters.workflow.notices import contact, outbox
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm

_OPENED, _STEP, _OUTCOME = "alert", "step", "outcome"

log = logging.getLogger("letters")


def calls_for_one(found: Iterable[Finding]) -> bool:
    """True if the findings about a letter open an alert: a serious risk, or anything urgent, such
    as *not screened*."""
    return any(_is_urgent(one)
               or (one.category is Category.RISK and one.severity >= Severity.SERIOUS)
               for one in found)


def open_for_letter(platform: Platform, db: Session, room: LetterAccess,
                    found: Iterable[Finding]) -> None:
    """Open an alert about a letter if its findings call for one, in the transaction of its
    submission. A letter that was returned and is submitted again is announced again, under its
    alert that is still open."""
    found = tuple(found)
    if not calls_for_one(found):
        return
    urgent = any(map(_is_urgent, found))
    by = alerts.act_by(platform.now(), urgent, platform.framework.safeguarding)
    if any(
        one.thing == room.letter.id and one.act_by <= by
        for one in alerts.open_ones(alerts_of(platform, db, room.case))
    ):
        _tell_team(platform, db, room, record.NOBODY)
    else:
        _open(platform, db, room, record.NOBODY, Cause.LETTER, room.letter.id, urgent)


def open_for_told(case: Recording, risk: UUID) -> None:
    """Open an alert in the transaction in which a participant reports a risk. It is urgent: nobody
    has read it yet."""
    _open(case.platform, case.db, case.room, case.me.person, Cause.TOLD, risk, urgent=True)


def open_alert(
    platform: Platform, me: SignedIn, case_id: UUID, words: str, urgent: bool,
    letter: UUID | None = None
) -> UUID:
    """Open an alert as a member of the team or a specialist, with words for the team, about a
    letter of this case or the whole case.
    Raises ``NotFound`` if the letter is not in this case, and ``NotAcceptable`` without words.
    Returns the alert's id."""
    words = sealed_notes.checked("words", words)
    with recording(platform, me, case_id, Permission.CASE_ADVISE) as case:
        if letter is not None and letter not in case.story.letters:
            raise NotFound
        opened = _open(platform, case.db, case.room, me.person, Cause.TEAM, letter or case_id,
                       urgent)
        sealed_notes.for_team(platform, case.db, me, case.room, opened, _OPENED, words)
        return opened


def is_heard_of(platform: Platform, me: SignedIn, case_id: UUID) -> bool:
    """True if another member of the team learns by e-mail that there is something new."""
    if platform.post is None:
        return False
    with platform.reading() as db:
        team = case_to_read(platform, db, me, case_id, Permission.CASE_SEE_TEAM).team - {me.person}
        reached = team - contact.came_back(db, team)
        return any(_has_address(platform, db, member) for member in reached)


def _has_address(platform: Platform, db: Session, member: UUID) -> bool:
    """Whether somebody can be written to. If that cannot be told, nobody shall rely on it."""
    try:
        return bool(contact.way_of(platform, db, member).address)
    except Tampered:
        return False


def take_step(platform: Platform, me: SignedIn, case_id: UUID, alert_id: UUID, words: str) -> None:
    """Record what was done about an alert.
    Raises ``NotFound`` for an unknown alert, ``NotPossibleNow`` for a closed one, and
    ``NotAcceptable`` without words."""
    words = sealed_notes.checked("words", words)
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        alert = decisions.alert_to_act_on(case.process, alert_id)
        sealed_notes.for_team(platform, case.db, me, case.room, alert.id, _STEP, words)
        case.fact(Event.ALERT_STEP, alert.id)


def hand_on(platform: Platform, me: SignedIn, case_id: UUID, alert_id: UUID, to: UUID) -> None:
    """Make another member of the team responsible, with the same deadline. They are notified at
    once.
    Raises ``NotFound`` for an unknown alert, ``NotPossibleNow`` for a closed one, and
    ``NotAcceptable`` unless ``to`` is another member."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        alert = decisions.alert_to_act_on(case.process, alert_id)
        if to not in case.room.team or to == alert.owner:
            raise NotAcceptable("to", marked("Choose another member of the team."))
        case.fact(Event.ALERT_STEP, alert.id, to, left=HANDED_ON)
        _index(platform, case.db, case.room.case, alert.id)
        outbox.notify(platform, case.db, to, outbox.NoticeKind.ALERT)


def close(platform: Platform, me: SignedIn, case_id: UUID, alert_id: UUID, words: str) -> None:
    """Close an alert with its outcome. Letters that wait for nothing else are released.
    Raises ``NotFound`` for an unknown alert, ``NotPossibleNow`` for a closed one, and
    ``NotAcceptable`` without words."""
    words = sealed_notes.checked("outcome", words)
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        alert = decisions.alert_to_act_on(case.process, alert_id)
        sealed_notes.for_team(platform, case.db, me, case.room, alert.id, _OUTCOME, words)
        case.fact(Event.ALERT_CLOSED, alert.id)
        _index(platform, case.db, case.room.case, alert.id)


def alerts_of(platform: Platform, db: Session, case: Case) -> dict[UUID, Alert]:
    """The alerts of a case according to its trail.
    Raises ``Tampered`` if one of these facts does not follow from those before it."""
    return record.read(platform, db, case.id).process.alerts


def open_in(platform: Platform, db: Session, case: Case) -> list[Alert]:
    """The open alerts of a case, for its team, the one with the earliest deadline first."""
    return sorted(alerts.open_ones(alerts_of(platform, db, case)),
                  key=lambda alert: (alert.act_by, alert.id))


def open_in_own_cases(platform: Platform,
                      me: SignedIn) -> tuple[list[AlertListed], dict[UUID, str]]:
    """The open alerts of the cases whose team one is in, the most urgent first, and the names of
    their owners."""
    may(me.actor, Permission.CASE_MANAGE)
    with platform.reading() as db:
        rows = oversight.alerts_of_member(db, me.person)
        return rows, directory.names(platform, db, {row.owner for row in rows})


def raise_overdue(platform: Platform) -> None:
    """The worker's pass: overdue alerts go to the supervisors, once, each in its own
    transaction."""
    row = desk.AlertRow
    with platform.reading() as db:
        found = db.execute(select(row.id, row.case_id).where(
            row.closed_at.is_(None), row.risen_at.is_(None), row.act_by <= platform.now())).all()
    for alert_id, case_id in found:
        try:
            with platform.writing() as db:
                _rise(platform, db, load_case(platform, db, case_id), alert_id)
        except Exception as problem:  # any trouble with one alert; the others go on
            log.error("alert %s was not looked at: %s", alert_id, type(problem).__name__)
            if isinstance(problem, Tampered):
                _put_aside(platform, alert_id, problem)


def _open(platform: Platform, db: Session, room: CaseAccess, by: UUID, cause: Cause, thing: UUID,
          urgent: bool) -> UUID:
    case, alert, owner = room.case, platform.new_id(), _first_owner(platform, db, room)
    until = alerts.act_by(platform.now(), urgent, platform.framework.safeguarding)
    record.add(platform, db, case, Event.ALERT_OPENED, by, alert, owner, f"{cause.name} {thing}",
               until.isoformat())
    _index(platform, db, case, alert)
    _tell_team(platform, db, room, by)
    return alert


def _first_owner(platform: Platform, db: Session, room: CaseAccess) -> UUID:
    told = record.read(platform, db, room.case.id)
    owner = alerts.first_owner(told.process.chosen, [one.person for one in told.memberships],
                               room.team)
    if owner is None:
        raise Tampered(room.case.id, room.case.id)
    return owner


def _tell_team(platform: Platform, db: Session, room: CaseAccess, besides: UUID) -> None:
    for member in sorted(room.team - {besides}):
        outbox.notify(platform, db, member, outbox.NoticeKind.ALERT)


def _index(platform: Platform, db: Session, case: Case, alert_id: UUID) -> None:
    """Bring the row in line with the trail."""
    db.flush()
    alert = alerts_of(platform, db, case)[alert_id]
    db.merge(desk.AlertRow(id=alert.id, case_id=case.id, owner_id=alert.owner,
                           opened_at=alert.opened,
                           act_by=alert.act_by, risen_at=alert.risen, closed_at=alert.closed))


def _rise(platform: Platform, db: Session, room: CaseAccess, alert_id: UUID) -> None:
    alert = alerts_of(platform, db, room.case).get(alert_id)
    if alert is None:  # a row that somebody planted
        raise Tampered(alert_id, room.case.id)
    if alert.is_overdue(platform.now()) and alert.risen is None:
        record.add(platform, db, room.case, Event.ALERT_STEP, record.NOBODY, alert.id, left=RISEN)
        for supervisor in db.scalars(select(Person.id).where(
                Person.role == Role.SUPERVISOR.value,
                Person.enrolled_at.is_not(None)).order_by(Person.id)):
            outbox.notify(platform, db, supervisor, outbox.NoticeKind.ALERT)
    _index(platform, db, room.case, alert_id)


def _put_aside(platform: Platform, alert_id: UUID, problem: Tampered) -> None:
    """Have the trail say only once, not every minute, that a row does not verify; the supervisors'
    list still shows it."""
    with platform.writing() as db:
        db.execute(update(desk.AlertRow).where(desk.AlertRow.id
                                               == alert_id).values(risen_at=platform.now()))
    with suppress(IntegrityError):
        raise_alarm(platform, problem)


def _is_urgent(finding: Finding) -> bool:
    return finding.severity is Severity.URGENT
