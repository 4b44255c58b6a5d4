"""Safeguarding alerts (rule 30): opened and told at once, acted on by somebody with a name, closed with an outcome.

What decides is the trail; a row is there to find an alert by, and is made anew from the trail with each fact. Words are
sealed to the case team alone, and nobody who takes part ever hears of an alert.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from letters.rules.case import alerts
from letters.rules.case.alerts import HANDED_ON, RISEN, Alert, Cause
from letters.rules.errors import NotAcceptable, NotFound, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.screening import Category, Finding, Severity
from letters.storage.tables import desk
from letters.storage.tables.letters import Case, Letter, Person
from letters.workflow.access import sealed_notes
from letters.workflow.access.enter import CaseRoom, LetterRoom, case_room, look_at_case
from letters.workflow.access.record_fact import Recording, recording
from letters.workflow.notices import contact, outbox
from letters.workflow.platform import House, SignedIn
from letters.workflow.trail import trail

_OPENED, _STEP, _OUTCOME = "alert", "step", "outcome"

log = logging.getLogger("letters")


def calls_for_one(found: Iterable[Finding]) -> bool:
    """True if what the screening says of a letter opens an alert: a risk, or anything urgent, as *not screened* is."""
    return any(_is_urgent(one) or (one.category is Category.RISK and one.severity >= Severity.SERIOUS)
               for one in found)


def open_for_letter(house: House, db: Session, room: LetterRoom, found: Iterable[Finding]) -> None:
    """In the transaction of its submission: open an alert about a letter, where what was found calls for one. A letter
    that was given back and comes again is told of again, under the alert that is open still."""
    found = tuple(found)
    if not calls_for_one(found):
        return
    urgent = any(map(_is_urgent, found))
    by = alerts.act_by(house.now(), urgent, house.framework.safeguarding)
    if any(one.thing == room.letter.id and one.act_by <= by for one in alerts.open_ones(told(house, db, room.case))):
        _tell_team(house, db, room, trail.NOBODY)
    else:
        _open(house, db, room, trail.NOBODY, Cause.LETTER, room.letter.id, urgent)


def open_for_told(case: Recording, risk: UUID) -> None:
    """In the transaction in which somebody who takes part told of a risk. It is urgent: nobody has read it yet."""
    _open(case.house, case.db, case.room, case.me.person, Cause.TOLD, risk, urgent=True)


def open_alert(house: House, me: SignedIn, case_id: UUID, words: str, urgent: bool, letter: UUID | None = None) -> UUID:
    """A member of the team opens one, with words for the team; about a letter of this case, or the whole case."""
    words = sealed_notes.checked("words", words)
    with recording(house, me, case_id, Permission.CASE_MANAGE) as case:
        if letter is not None and case.db.scalar(select(Letter.case_id).where(Letter.id == letter)) != case_id:
            raise NotFound
        opened = _open(house, case.db, case.room, me.person, Cause.TEAM, letter or case_id, urgent)
        sealed_notes.for_team(house, case.db, me, case.room, opened, _OPENED, words)
        return opened


def is_heard_of(house: House, me: SignedIn, case_id: UUID) -> bool:
    """True if somebody else of the team hears by e-mail that there is something to look at."""
    if house.post is None:
        return False
    with house.store.reading() as db:
        team = look_at_case(house, db, me, case_id, Permission.CASE_TELL).team - {me.person}
        reached = team - contact.came_back(db, team)
        return any(contact.way_of(house, db, member).address for member in reached)


def take_step(house: House, me: SignedIn, case_id: UUID, alert_id: UUID, words: str) -> None:
    """Put down what was done about it."""
    words = sealed_notes.checked("words", words)
    with recording(house, me, case_id, Permission.CASE_MANAGE) as case:
        alert = _open_one(case, alert_id)
        sealed_notes.for_team(house, case.db, me, case.room, alert.id, _STEP, words)
        case.fact(Event.ALERT_STEP, alert.id)


def hand_on(house: House, me: SignedIn, case_id: UUID, alert_id: UUID, to: UUID) -> None:
    """From now on another member of the team acts, by the same moment. They are told at once."""
    with recording(house, me, case_id, Permission.CASE_MANAGE) as case:
        alert = _open_one(case, alert_id)
        if to not in case.room.team or to == alert.owner:
            raise NotAcceptable("to", marked("Choose another member of the team."))
        case.fact(Event.ALERT_STEP, alert.id, to, left=HANDED_ON)
        _index(house, case.db, case.room.case, alert.id)
        outbox.tell(house, case.db, to, outbox.Kind.ALERT)


def close(house: House, me: SignedIn, case_id: UUID, alert_id: UUID, words: str) -> None:
    """Close it, with what came of it. Letters that wait for nothing else are handed over."""
    words = sealed_notes.checked("outcome", words)
    with recording(house, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        alert = _open_one(case, alert_id)
        sealed_notes.for_team(house, case.db, me, case.room, alert.id, _OUTCOME, words)
        case.fact(Event.ALERT_CLOSED, alert.id)
        _index(house, case.db, case.room.case, alert.id)


def told(house: House, db: Session, case: Case) -> dict[UUID, Alert]:
    """The alerts of a case by its trail; ``Tampered`` if one of these facts does not follow from what was before it."""
    return alerts.folded(map(trail.fact, trail.facts_of(house, db, case.id, *alerts.ALERTS)))


def open_in(house: House, db: Session, case: Case) -> list[Alert]:
    """The open alerts of a case, for its team, the one to act on first before the others."""
    return sorted(alerts.open_ones(told(house, db, case)), key=lambda alert: (alert.act_by, alert.id))


def look(house: House) -> None:
    """The worker's look: what is overdue rises to the supervisors, once, each alert in a transaction of its own."""
    row = desk.Alert
    with house.store.reading() as db:
        found = db.execute(select(row.id, row.case_id).where(
            row.closed_at.is_(None), row.risen_at.is_(None), row.act_by <= house.now())).all()
    for alert_id, case_id in found:
        try:
            with house.store.writing() as db:
                _rise(house, db, case_room(house, db, case_id), alert_id)
        except Exception as problem:  # one alert's trouble, whatever it is; the others go on
            log.error("alert %s was not looked at: %s", alert_id, type(problem).__name__)
            if isinstance(problem, Tampered):
                _put_aside(house, alert_id, problem)


def _open(house: House, db: Session, room: CaseRoom, by: UUID, cause: Cause, thing: UUID, urgent: bool) -> UUID:
    case, alert, owner = room.case, house.new_id(), _first_owner(house, db, room)
    until = alerts.act_by(house.now(), urgent, house.framework.safeguarding)
    trail.record(house, db, case, Event.ALERT_OPENED, by, alert, owner, f"{cause.name} {thing}", until.isoformat())
    _index(house, db, case, alert)
    _tell_team(house, db, room, by)
    return alert


def _first_owner(house: House, db: Session, room: CaseRoom) -> UUID:
    facts = trail.facts_of(house, db, room.case.id, Event.MEMBER_JOINED, Event.FACILITATOR_CHOSEN)
    chosen = [fact.subject_id for fact in facts if fact.event == Event.FACILITATOR_CHOSEN]
    owner = alerts.first_owner(chosen[-1] if chosen else None, [fact.subject_id for fact in facts], room.team)
    if owner is None:
        raise Tampered(room.case.id, room.case.id)
    return owner


def _tell_team(house: House, db: Session, room: CaseRoom, besides: UUID) -> None:
    for member in sorted(room.team - {besides}):
        outbox.tell(house, db, member, outbox.Kind.ALERT)


def _open_one(case: Recording, alert_id: UUID) -> Alert:
    """An alert of this case that is open; ``NotFound``, or ``NotPossibleNow`` where somebody has closed it."""
    alert = told(case.house, case.db, case.room.case).get(alert_id)
    if alert is None:
        raise NotFound
    if alert.closed is not None:
        raise NotPossibleNow("it is closed already")
    return alert


def _index(house: House, db: Session, case: Case, alert_id: UUID) -> None:
    """Make the row say what the trail does."""
    db.flush()
    alert = told(house, db, case)[alert_id]
    db.merge(desk.Alert(id=alert.id, case_id=case.id, owner_id=alert.owner, opened_at=alert.opened,
                               act_by=alert.act_by, risen_at=alert.risen, closed_at=alert.closed))


def _rise(house: House, db: Session, room: CaseRoom, alert_id: UUID) -> None:
    alert = told(house, db, room.case).get(alert_id)
    if alert is None:  # a row that somebody has put there
        raise Tampered(alert_id, room.case.id)
    if alert.is_overdue(house.now()) and alert.risen is None:
        trail.record(house, db, room.case, Event.ALERT_STEP, trail.NOBODY, alert.id, left=RISEN)
        for supervisor in db.scalars(select(Person.id).where(
                Person.role == Role.SUPERVISOR.value, Person.enrolled_at.is_not(None)).order_by(Person.id)):
            outbox.tell(house, db, supervisor, outbox.Kind.ALERT)
    _index(house, db, room.case, alert_id)


def _put_aside(house: House, alert_id: UUID, problem: Tampered) -> None:
    """The trail says once that a row does not verify, not every minute; the supervisors' list goes on to show it."""
    with house.store.writing() as db:
        db.execute(update(desk.Alert).where(desk.Alert.id == alert_id).values(risen_at=house.now()))
    with suppress(IntegrityError):
        trail.alarm(house, problem)


def _is_urgent(finding: Finding) -> bool:
    return finding.severity is Severity.URGENT
