"""What emergency access shows, and what others learn of it.
Read only: nothing here moves anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from letters.rules.case.emergency_access import LASTS
from letters.rules.errors import CaseErased, NotFound, NotPossibleNow
from letters.rules.permissions import Permission, has, may
from letters.storage.queries.lists import letters_of_case
from letters.storage.tables.letters import Case, CaseKey, Letter, Member, Note
from letters.storage.tables.team import EmergencyRequest
from letters.workflow.access import directory, enter, sealed_notes
from letters.workflow.access.enter import CaseAccess
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.access.spare_keys import emergency_ring
from letters.workflow.oversight import emergency_access
from letters.workflow.oversight.emergency_access import REASON, attested
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.verify import ChainEntry
from letters.workflow.review.read_letter import Reading, reading_with, submitted_version

TOLD_FOR = timedelta(days=30)
"""How long after its end the people who may see a request are still shown it."""


@dataclass(frozen=True)
class Request:
    """A request in a list: the case by its reference, no word of the reason."""

    row: EmergencyRequest
    reference: str
    supervisor: str
    second: str | None


@dataclass(frozen=True)
class EmergencyNotice:
    """A request as the case's team sees it, with its reason if this member can open it."""

    row: EmergencyRequest
    supervisor: str
    second: str | None
    reason: str


@dataclass(frozen=True)
class OpenedCase:
    """A case as emergency access shows it."""

    row: EmergencyRequest
    case: Case
    letters: Sequence[Letter]
    evidence: list[OpenNote]
    facts: Sequence[ChainEntry]
    names: dict[UUID, str]
    ends_at: datetime


def reference(platform: Platform, me: SignedIn, case_id: UUID) -> str:
    """The reference of a case, for somebody who may ask to read it.
    Raises ``NotFound``, ``CaseErased``."""
    may(me.actor, Permission.EMERGENCY_ASK)
    with platform.reading() as db:
        case = db.get(Case, case_id)
        if case is None:
            raise NotFound
        if case.erased_at is not None:
            raise CaseErased
        return case.reference


def requests(platform: Platform, me: SignedIn) -> list[Request]:
    """The open requests, for those who could second them, and one's own."""
    may(me.actor, Permission.EMERGENCY_SECOND)
    with platform.reading() as db:
        found = db.execute(
            select(EmergencyRequest, Case.reference)
            .join(Case, Case.id == EmergencyRequest.case_id)
            .where(EmergencyRequest.closed_at.is_(None))
            .order_by(EmergencyRequest.asked_at)
        ).all()
        names = _names_of(platform, db, [row for row, _ in found])
        return [Request(attested(platform, row), reference, names[row.supervisor_id],
                        names[row.seconded_by] if row.seconded_by else None) for row,
                reference in found]


def look_at_case(platform: Platform, me: SignedIn, request_id: UUID) -> OpenedCase:
    """Letters, evidence and trail of the case.

    Raises ``NotFound`` unless the request is one's own, ``NotPossibleNow`` while it is not open.
    """
    with platform.reading() as db:
        room, row, broken_at = _opened(platform, db, me, request_id)
        case = room.case
        facts = record.history(platform, db, case.id)
        recorded = record.read(platform, db, case.id).process.acknowledgement
        ring = emergency_ring(platform, db, me, row)
        evidence = sealed_notes.opened_by_team(platform, db, ring, case.id,
                                               recorded.id) if recorded else []
        letters = letters_of_case(db, case.id)
        seen = {*(fact.actor_id for fact in facts), *(letter.author_id for letter in letters),
                *(note.written_by for note in evidence)}
        names = directory.names(platform, db, seen - {record.NOBODY})
        return OpenedCase(row, case, letters, evidence, facts[::-1], names, broken_at + LASTS)


def look_at_letter(platform: Platform, me: SignedIn, request_id: UUID, letter_id: UUID) -> Reading:
    """A submitted letter with its findings and notes, read only,
    with every check of the team's own reading.

    Raises ``NotFound`` or ``NotPossibleNow``.
    """
    with platform.reading() as db:
        _, row, _ = _opened(platform, db, me, request_id)
        room = enter.letter_room(platform, db, letter_id, lock=False)
        if room.case.id != row.case_id or room.letter.submitted_id is None:
            raise NotFound
        version, ring = submitted_version(db, room.letter), emergency_ring(platform, db, me, row)
        if version.epoch not in ring:
            raise NotPossibleNow("the key of its epoch has not come through emergency access")
        return reading_with(platform, db, me, room, version, ring)


def note_writers(platform: Platform, me: SignedIn, read: Reading) -> dict[UUID, str]:
    """The names of those who wrote the notes of a letter that was read by emergency access."""
    may(me.actor, Permission.EMERGENCY_ASK)
    with platform.reading() as db:
        return directory.names(platform, db, {note.written_by for note in read.notes})


def told_to_team(platform: Platform, db: Session, me: SignedIn,
                 room: CaseAccess) -> list[EmergencyNotice]:
    """The requests for a case that its team is shown:
    all open ones, and for a while those that were closed."""
    rows = db.scalars(select(EmergencyRequest).where(EmergencyRequest.case_id
                                                     == room.case.id, _still_told(platform))
                      .order_by(EmergencyRequest.asked_at.desc())).all()
    names = _names_of(platform, db, rows)
    return [
        EmergencyNotice(
            attested(platform, row),
            names[row.supervisor_id],
            names[row.seconded_by] if row.seconded_by else None,
            _reason(platform, db, me, room, row),
        )
        for row in rows
    ]


def cases_asked_for(platform: Platform, me: SignedIn) -> list[tuple[Case, EmergencyRequest]]:
    """A facilitator's cases that a supervisor asks to read, or reads."""
    may(me.actor, Permission.CASE_SEE)
    with platform.reading() as db:
        found = db.execute(
            select(Case, EmergencyRequest)
            .join(EmergencyRequest, EmergencyRequest.case_id == Case.id)
            .join(Member, Member.case_id == Case.id)
            .where(Member.person_id == me.person, EmergencyRequest.closed_at.is_(None))
            .order_by(EmergencyRequest.asked_at)
        ).all()
        return [(case, attested(platform, row)) for case, row in found]


def told_to_person_harmed(platform: Platform, me: SignedIn,
                          case_id: UUID) -> EmergencyRequest | None:
    """The newest request that was opened, for the person harmed alone: since when, and until when.

    Returns None if the service does not tell.
    """
    if not has(me.role, Permission.EMERGENCY_SEE) or not platform.emergency_tells_person_harmed:
        return None
    with platform.reading() as db:
        row = db.scalars(select(EmergencyRequest).where(
            EmergencyRequest.case_id == case_id, EmergencyRequest.opened_at.is_not(None),
            _still_told(platform))
                         .order_by(EmergencyRequest.opened_at.desc()).limit(1)).first()
        return attested(platform, row) if row else None


def readers_told(platform: Platform, db: Session, me: SignedIn, case_id: UUID) -> set[UUID]:
    """The supervisors who can read the case now, as far as this person is told."""
    if not has(me.role, Permission.EMERGENCY_SEE) or not platform.emergency_tells_person_harmed:
        return set()
    return {
        attested(platform, row).supervisor_id
        for row in db.scalars(
            select(EmergencyRequest).where(
                EmergencyRequest.case_id == case_id,
                EmergencyRequest.opened_at.is_not(None),
                EmergencyRequest.closed_at.is_(None),
            )
        )
    }


def _opened(
    platform: Platform, db: Session, me: SignedIn, request_id: UUID
) -> tuple[CaseAccess, EmergencyRequest, datetime]:
    may(me.actor, Permission.EMERGENCY_ASK)
    row = db.get(EmergencyRequest, request_id)
    if row is None or row.supervisor_id != me.person:
        raise NotFound
    room = enter.load_case(platform, db, row.case_id, lock=False)
    story = emergency_access.history_of(platform, db, room.case, row)
    if story.broken_at is None or story.closed or story.broken_at + LASTS <= platform.now():
        raise NotPossibleNow("the emergency access is not open")
    return room, row, story.broken_at


def _reason(platform: Platform, db: Session, me: SignedIn, room: CaseAccess,
            row: EmergencyRequest) -> str:
    """The reason; empty for a member who joined later without a handover."""
    epoch = db.scalar(select(Note.epoch).where(Note.subject_id == row.id,
                                               Note.kind == REASON).limit(1))
    if epoch is None or db.get(CaseKey, (room.case.id, epoch, me.person)) is None:
        return ""
    ring = {epoch: directory.open_case_key(platform, db, me, room.case.id, epoch)}
    said = sealed_notes.opened_by_team(platform, db, ring, room.case.id, row.id,
                                       frozenset({row.supervisor_id}))
    return said[-1].words if said else ""


def _names_of(platform: Platform, db: Session, rows: Sequence[EmergencyRequest]) -> dict[UUID, str]:
    people = {row.supervisor_id for row in rows} | {row.seconded_by
                                                    for row in rows if row.seconded_by}
    return directory.names(platform, db, people)


def _still_told(platform: Platform) -> ColumnElement[bool]:
    return or_(EmergencyRequest.closed_at.is_(None),
               EmergencyRequest.closed_at > platform.now() - TOLD_FOR)
