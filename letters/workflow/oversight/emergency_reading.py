"""What is seen through the broken glass, and what others are told of it. Reading alone: nothing here moves anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from letters.rules.case.emergency_access import LASTS
from letters.rules.errors import CaseErased, NotFound, NotPossibleNow
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.storage.queries.lists import letters_of_case
from letters.storage.tables.letters import Case, CaseKey, Letter, Member, Note
from letters.storage.tables.team import BreakGlass
from letters.workflow.access import directory, enter, sealed_notes
from letters.workflow.access.enter import CaseRoom
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.access.spare_keys import ring_by_glass
from letters.workflow.oversight import emergency_access
from letters.workflow.oversight.emergency_access import REASON, attested
from letters.workflow.platform import House, SignedIn
from letters.workflow.review.read_letter import Reading, reading_with, submitted_version
from letters.workflow.trail import trail
from letters.workflow.trail.chains import Entry

TOLD_FOR = timedelta(days=30)
"""How long after its end a request is still shown to those who are told of it."""


@dataclass(frozen=True)
class Request:
    """A request as a list shows it: the case by its reference, no word of the reason."""

    row: BreakGlass
    reference: str
    supervisor: str
    second: str | None


@dataclass(frozen=True)
class Told:
    """A request as the case's team sees it, with its reason where this member can open it."""

    row: BreakGlass
    supervisor: str
    second: str | None
    reason: str


@dataclass(frozen=True)
class OpenedCase:
    """A case through the glass."""

    row: BreakGlass
    case: Case
    letters: Sequence[Letter]
    evidence: list[OpenNote]
    facts: Sequence[Entry]
    names: dict[UUID, str]
    ends_at: datetime


def reference(house: House, me: SignedIn, case_id: UUID) -> str:
    """By what a case is known to somebody who may ask to read it; ``NotFound``, ``CaseErased``."""
    may(me.actor, Permission.CASE_BREAK_GLASS)
    with house.store.reading() as db:
        case = db.get(Case, case_id)
        if case is None:
            raise NotFound
        if case.erased_at is not None:
            raise CaseErased
        return case.reference


def requests(house: House, me: SignedIn) -> list[Request]:
    """What is asked for and not closed, for those who could second it, and what one asked for oneself."""
    may(me.actor, Permission.GLASS_SECOND)
    with house.store.reading() as db:
        found = db.execute(select(BreakGlass, Case.reference).join(Case, Case.id == BreakGlass.case_id)
                           .where(BreakGlass.closed_at.is_(None)).order_by(BreakGlass.asked_at)).all()
        names = _names_of(house, db, [row for row, _ in found])
        return [Request(attested(house, row), reference, names[row.supervisor_id],
                        names[row.seconded_by] if row.seconded_by else None) for row, reference in found]


def look_at_case(house: House, me: SignedIn, request_id: UUID) -> OpenedCase:
    """Letters, evidence and trail of the case; ``NotFound`` unless one asked for it oneself, ``NotPossibleNow`` before
    it is open and after it is closed."""
    with house.store.reading() as db:
        room, row, broken_at = _opened(house, db, me, request_id)
        case = room.case
        facts = trail.verify(house, db, case)
        recorded = trail.told_by(facts).process.acknowledgement
        ring = ring_by_glass(house, db, me, row)
        evidence = sealed_notes.opened_by_team(house, db, ring, case.id, recorded.id) if recorded else []
        letters = letters_of_case(db, case.id)
        seen = {*(fact.actor_id for fact in facts), *(letter.author_id for letter in letters),
                *(note.written_by for note in evidence)}
        names = directory.names(house, db, seen - {trail.NOBODY})
        return OpenedCase(row, case, letters, evidence, facts[::-1], names, broken_at + LASTS)


def look_at_letter(house: House, me: SignedIn, request_id: UUID, letter_id: UUID) -> Reading:
    """A submitted letter with its findings and notes, read only; all that the team's own reading asks is asked."""
    with house.store.reading() as db:
        _, row, _ = _opened(house, db, me, request_id)
        room = enter.letter_room(house, db, letter_id, lock=False)
        if room.case.id != row.case_id or room.letter.submitted_id is None:
            raise NotFound
        version, ring = submitted_version(db, room.letter), ring_by_glass(house, db, me, row)
        if version.epoch not in ring:
            raise NotPossibleNow("the key of its epoch has not come through the glass")
        return reading_with(house, db, me, room, version, ring)


def told_to_team(house: House, db: Session, me: SignedIn, room: CaseRoom) -> list[Told]:
    """The requests for a case that its team is shown: all that are not closed, and for a while those that were."""
    rows = db.scalars(select(BreakGlass).where(BreakGlass.case_id == room.case.id, _still_told(house))
                      .order_by(BreakGlass.asked_at.desc())).all()
    names = _names_of(house, db, rows)
    return [Told(attested(house, row), names[row.supervisor_id], names[row.seconded_by] if row.seconded_by else None,
                 _reason(house, db, me, room, row)) for row in rows]


def cases_asked_for(house: House, db: Session, person: UUID) -> list[tuple[Case, BreakGlass]]:
    """The cases of a facilitator that somebody asks to read, or reads."""
    found = db.execute(select(Case, BreakGlass).join(BreakGlass, BreakGlass.case_id == Case.id)
                       .join(Member, Member.case_id == Case.id)
                       .where(Member.person_id == person, BreakGlass.closed_at.is_(None))
                       .order_by(BreakGlass.asked_at)).all()
    return [(case, attested(house, row)) for case, row in found]


def told_to_person_harmed(house: House, me: SignedIn, case_id: UUID) -> BreakGlass | None:
    """The newest request that was opened, for the person harmed alone: since when, and until when. None where the
    service does not tell."""
    if me.role is not Role.HARMED or not house.glass_tells_person_harmed:
        return None
    with house.store.reading() as db:
        row = db.scalars(select(BreakGlass).where(
            BreakGlass.case_id == case_id, BreakGlass.opened_at.is_not(None), _still_told(house))
            .order_by(BreakGlass.opened_at.desc()).limit(1)).first()
        return attested(house, row) if row else None


def readers_told(house: House, db: Session, me: SignedIn, case_id: UUID) -> set[UUID]:
    """The supervisors who can read the case now, as far as this person is told of them."""
    if me.role is not Role.HARMED or not house.glass_tells_person_harmed:
        return set()
    return {attested(house, row).supervisor_id for row in db.scalars(select(BreakGlass).where(
        BreakGlass.case_id == case_id, BreakGlass.opened_at.is_not(None), BreakGlass.closed_at.is_(None)))}


def _opened(house: House, db: Session, me: SignedIn, request_id: UUID) -> tuple[CaseRoom, BreakGlass, datetime]:
    may(me.actor, Permission.CASE_BREAK_GLASS)
    row = db.get(BreakGlass, request_id)
    if row is None or row.supervisor_id != me.person:
        raise NotFound
    room = enter.case_room(house, db, row.case_id, lock=False)
    story = emergency_access.story_of(house, db, room.case, row)
    if story.broken_at is None or story.closed or story.broken_at + LASTS <= house.now():
        raise NotPossibleNow("the glass is not broken")
    return room, row, story.broken_at


def _reason(house: House, db: Session, me: SignedIn, room: CaseRoom, row: BreakGlass) -> str:
    """The reason, or nothing for a member who joined later without a handover."""
    epoch = db.scalar(select(Note.epoch).where(Note.subject_id == row.id, Note.kind == REASON).limit(1))
    if epoch is None or db.get(CaseKey, (room.case.id, epoch, me.person)) is None:
        return ""
    ring = {epoch: directory.open_case_key(house, db, me, room.case.id, epoch)}
    said = sealed_notes.opened_by_team(house, db, ring, room.case.id, row.id, frozenset({row.supervisor_id}))
    return said[-1].words if said else ""


def _names_of(house: House, db: Session, rows: Sequence[BreakGlass]) -> dict[UUID, str]:
    people = {row.supervisor_id for row in rows} | {row.seconded_by for row in rows if row.seconded_by}
    return directory.names(house, db, people)


def _still_told(house: House) -> ColumnElement[bool]:
    return or_(BreakGlass.closed_at.is_(None), BreakGlass.closed_at > house.now() - TOLD_FOR)
