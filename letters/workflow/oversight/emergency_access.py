"""Emergency access: a supervisor reads a case without being in its team.

It takes a reason that the team reads, a delay, and a second person who vouches with a signature.
Then the worker takes the outer seal off a spare key that was sealed beforehand. It ends by itself.
The trail tells every step, and the team sees it from the request on. Nothing in the exchange moves
because of it: a halt stays, a gate stays.
"""

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from keys import vouching
from keys.context import Field
from keys.errors import CannotOpen
from keys.vouching import attest
from letters.rules.case import emergency_access
from letters.rules.case.emergency_access import EmergencyHistory
from letters.rules.errors import NotAcceptable, NotFound, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.storage.store import microseconds
from letters.storage.tables.letters import AuditEntry, Case, Person, PublicKey
from letters.storage.tables.team import EmergencyKey, EmergencyRequest
from letters.workflow.access import directory, enter, sealed_notes, spare_keys
from letters.workflow.access.spare_keys import keep_spares, seal_spares
from letters.workflow.accounts import sign_in
from letters.workflow.cases import alerts
from letters.workflow.notices import outbox
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm

__all__ = ["ask", "close", "history_of", "keep_spares", "open_and_close_due", "seal_spares",
           "second"]

log = logging.getLogger("letters")

REASON = "emergency access"
_SECONDS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def ask(platform: Platform, me: SignedIn, case_id: UUID, reason: str, safeguarding: bool) -> UUID:
    """Ask to read a case. The team is told and sees the request at once, with the reason.

    Somebody else must second it. It opens after the delay, or at once if a safeguarding alert is
    open.
    Raises ``NotAcceptable`` if ``safeguarding`` is claimed and no alert is open. Raises
    ``NotPossibleNow`` while an earlier request of one's own is not closed.
    Returns the request's id.
    """
    may(me.actor, Permission.EMERGENCY_ASK)
    reason = sealed_notes.checked("reason", reason)
    with platform.writing() as db:
        room = enter.not_erased(enter.load_case(platform, db, case_id))
        emergency_access.require_not_asked(
            record.to_decide(platform, db, case_id).emergencies.values(), me.person)
        if safeguarding and not alerts.open_in(platform, db, room.case):
            raise NotAcceptable("safeguarding",
                                marked("No safeguarding alert is open in this "
                                       "case. Have its team open "
                                       "one first, or ask after the delay."))
        now = platform.now()
        row = EmergencyRequest(
            id=platform.new_id(),
            case_id=case_id,
            supervisor_id=me.person,
            asked_at=now,
            due_at=emergency_access.due(now, platform.emergency_delay, safeguarding),
            safeguarding=safeguarding,
        )
        row.mac = attest(platform.keys.directory, "emergency access", **_meaning(row))
        db.add(row)
        sealed_notes.for_team(platform, db, me, room, row.id, REASON, reason)
        record.add(platform, db, room.case, Event.EMERGENCY_ASKED, me.person, row.id)
        for member in sorted(room.team):
            outbox.notify(platform, db, member, outbox.NoticeKind.ALERT)
        return row.id


def second(platform: Platform, me: SignedIn, request_id: UUID, password: str) -> None:
    """Vouch for a colleague's request, with a signature.

    Raises ``NeedsPassword``, ``NotAllowed`` for one's own request, ``NotIndependent`` for a
    colleague whom one brought in. Raises ``NotPossibleNow`` if it was seconded or closed.
    """
    may(me.actor, Permission.EMERGENCY_SECOND)
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        room, row, story = _enter(platform, db, request_id)
        emergency_access.require_can_second(
            story, me.person, record.read_installation(platform, db).brought_in)
        row.seconded_by = me.person
        row.second_signature = vouching.sign(me.identity, "emergency access seconded",
                                             **_vouched(row))
        record.add(platform, db, room.case, Event.EMERGENCY_SECONDED, me.person, row.id,
                   about=row.supervisor_id)
    platform.nudge()


def close(platform: Platform, me: SignedIn, request_id: UUID) -> None:
    """End it, or withdraw it before it was opened:
    from this commit on it opens nothing of the case.

    Raises ``NotFound`` unless it is one's own, ``NotPossibleNow`` if it was closed.
    """
    may(me.actor, Permission.EMERGENCY_ASK)
    with platform.writing() as db:
        room, row, story = _enter(platform, db, request_id)
        if row.supervisor_id != me.person:
            raise NotFound
        emergency_access.require_not_closed(story)
        _close(platform, db, room.case, row, me.person)


def open_and_close_due(platform: Platform) -> None:
    """The worker's look, a transaction for each request: open what is due and seconded; close what
    has lasted its time, or whose supervisor was reset."""
    now = platform.now()
    due = and_(
        EmergencyRequest.seconded_by.is_not(None), EmergencyRequest.due_at <= now,
        spare_keys.usable(EmergencyRequest)
    )
    over = func.coalesce(EmergencyRequest.opened_at,
                         EmergencyRequest.asked_at) <= now - emergency_access.LASTS
    reset = exists().where(AuditEntry.event == Event.ACCESS_RESET.value,
                           AuditEntry.at > EmergencyRequest.asked_at,
                           AuditEntry.subject_id
                           == EmergencyRequest.supervisor_id).correlate(EmergencyRequest)
    with platform.reading() as db:
        found = db.scalars(
            select(EmergencyRequest.id)
            .where(EmergencyRequest.closed_at.is_(None), or_(due, over, reset))
            .order_by(EmergencyRequest.asked_at)
        ).all()
    for request_id in found:
        try:
            _look_at(platform, request_id)
        except Exception as problem:  # any problem of one request: the others go on
            log.error("request %s was not looked at: %s", request_id, type(problem).__name__)
            with suppress(IntegrityError):
                _shut(platform, request_id, problem)


def attested(platform: Platform, row: EmergencyRequest) -> EmergencyRequest:
    """The request, if the server vouches for its supervisor, its case and its times.
    Raises ``Tampered``.
    """
    try:
        directory.require_attested(platform, row.mac, "emergency access", **_meaning(row))
    except Tampered:
        raise Tampered(row.id, row.case_id) from None
    return row


def history_of(platform: Platform, db: Session, case: Case,
               row: EmergencyRequest) -> EmergencyHistory:
    """How a request stands.

    Raises ``Tampered`` unless row, signature and the case's verified trail say the same.
    """
    attested(platform, row)
    try:
        story = record.read(platform, db, case.id).emergencies.get(row.id, EmergencyHistory())
        stands = (row.supervisor_id, row.seconded_by, row.opened_at is not None)
        if row.case_id != case.id or stands != (story.asked_by, story.seconded_by,
                                                story.broken_at is not None):
            raise Tampered
        if story.closed and row.closed_at is None:
            raise Tampered
        if row.seconded_by is not None:
            _require_second(platform, db, row, row.seconded_by)
    except Tampered:
        raise Tampered(row.id, case.id) from None
    closed = row.closed_at is not None or _is_reset_since(platform, db, row)
    return replace(story, closed=closed)


def _look_at(platform: Platform, request_id: UUID) -> None:
    with platform.writing() as db:
        room, row, story = _enter(platform, db, request_id)
        now = platform.now()
        if row.closed_at is not None:
            return
        if story.closed or (story.broken_at or row.asked_at) + emergency_access.LASTS <= now:
            _close(platform, db, room.case, row, record.NOBODY)
        elif story.seconded_by is None or _due(platform, db, room.case, row) > now:
            return
        elif not emergency_access.independent(row.supervisor_id, story.seconded_by,
                                              record.read_installation(platform, db).brought_in):
            # one has since invited or reset the other
            _close(platform, db, room.case, row, record.NOBODY)
        elif spare_keys.take_seals_off(platform, db, row) and story.broken_at is None:
            row.opened_at = now
            record.add(platform, db, room.case, Event.EMERGENCY_OPENED, record.NOBODY, row.id,
                       about=row.supervisor_id)


def _due(platform: Platform, db: Session, case: Case, row: EmergencyRequest) -> datetime:
    """When it opens: at once only while a safeguarding alert is open, else after the delay."""
    if row.safeguarding and not alerts.open_in(platform, db, case):
        return emergency_access.due(row.asked_at, platform.emergency_delay, False)
    return row.due_at


def _is_reset_since(platform: Platform, db: Session, row: EmergencyRequest) -> bool:
    """True if the supervisor's access was reset after they asked:
    whoever used that code did not ask."""
    reset = record.read_installation(platform, db).resets.get(row.supervisor_id)
    return reset is not None and reset > row.asked_at


def _enter(
    platform: Platform, db: Session, request_id: UUID
) -> tuple[enter.CaseAccess, EmergencyRequest, EmergencyHistory]:
    """Lock the case of a request, and read the request again under the lock."""
    row = db.get(EmergencyRequest, request_id)
    if row is None:
        raise NotFound
    room = enter.load_case(platform, db, row.case_id)
    db.refresh(row)
    return room, row, history_of(platform, db, room.case, row)


def _close(platform: Platform, db: Session, case: Case, row: EmergencyRequest, actor: UUID) -> None:
    row.closed_at = platform.now()
    db.execute(delete(EmergencyKey).where(EmergencyKey.request_id == row.id))
    record.add(platform, db, case, Event.EMERGENCY_CLOSED, actor, row.id, about=row.supervisor_id)


def _shut(platform: Platform, request_id: UUID, problem: Exception) -> None:
    """Close a request that does not verify:
    its keys are deleted, and the trail says so once, not every minute."""
    if not isinstance(problem, Tampered | NotFound | NoResultFound):
        return
    with platform.writing() as db:
        db.execute(update(EmergencyRequest).where(EmergencyRequest.id
                                                  == request_id).values(closed_at=platform.now()))
        db.execute(delete(EmergencyKey).where(EmergencyKey.request_id == request_id))
    raise_alarm(platform, problem if isinstance(problem, Tampered) else Tampered(request_id))


def _require_second(platform: Platform, db: Session, row: EmergencyRequest, by: UUID) -> None:
    """Raises ``Tampered`` unless another staff member signed this request, with any key they ever
    had. The trail also says that they seconded it, so a key that they no longer use cannot open
    anything new."""
    person = db.get(Person, by)
    if (person is None or by == row.supervisor_id
        or directory.role_of(platform, person) not in _SECONDS):
        raise Tampered
    for public in db.scalars(select(PublicKey).where(PublicKey.kind
                                                     == "person", PublicKey.owner_id == by)):
        with suppress(CannotOpen):
            verifier = directory.verified_keys(platform, public).verifier
            return vouching.verify(verifier, row.second_signature or b"",
                                   "emergency access seconded",
                                   **_vouched(row))
    raise Tampered


def _meaning(row: EmergencyRequest) -> dict[str, Field]:
    return {"request": row.id, "case": row.case_id, "supervisor": row.supervisor_id,
            "asked": microseconds(row.asked_at), "due": microseconds(row.due_at),
            "safeguarding": int(row.safeguarding)}


def _vouched(row: EmergencyRequest) -> dict[str, Field]:
    assert row.seconded_by is not None
    return {"request": row.id, "case": row.case_id, "supervisor": row.supervisor_id,
            "seconded_by": row.seconded_by}
