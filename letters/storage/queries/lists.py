"""What pages read: one query each, with keyset paging and an index. Nothing
that grows is counted or scanned."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, tuple_, union
from sqlalchemy.orm import Session

from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.roles import STAFF, Role
from letters.storage.desk_rows import PASSED_ON
from letters.storage.tables.accounts import NeverSent
from letters.storage.tables.letters import (
    AuditEntry,
    Case,
    Channel,
    DeskCount,
    DeskEntry,
    Letter,
    Member,
    Participant,
    Person,
    Version,
)
from letters.storage.tables.team import Specialist

PAGE = 50

Key = tuple[datetime, UUID]
"""The end of one page and the beginning of the next: a moment and an id."""


Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the key at which the next page begins, or None at the end of the list."""

    rows: Sequence[Row]
    next: Key | None


@dataclass(frozen=True)
class DeskRow:
    """A waiting letter in the list, without a word of it."""

    letter: UUID
    reference: str
    writer_role: str
    lane: str
    since: datetime
    claimed_by: UUID | None
    claimed_until: datetime | None
    review_on: datetime | None
    wanted_by: UUID | None
    case: UUID
    version: UUID
    weight: bytes


@dataclass(frozen=True)
class Load:
    """The load of one facilitator: counts, and since when the oldest letter waits."""

    person: Person
    cases: int
    letters: int
    oldest: datetime | None


def case_of_participant(db: Session, person: UUID) -> tuple[Case, Participant] | None:
    """The case that a participant is in. An account belongs to one case (decision 0004)."""
    return db.execute(select(Case, Participant).join(Participant, Participant.case_id == Case.id)
                      .where(Participant.person_id == person)).first()


def channels_from(db: Session, person: UUID) -> Sequence[tuple[Channel, Person]]:
    """The channels on which somebody may one day write, each with its recipient."""
    return db.execute(select(Channel, Person).join(Person, Person.id == Channel.recipient_id)
                      .where(Channel.sender_id == person)).all()


def never_sent(db: Session, person: UUID, before: Key | None = None) -> Page[NeverSent]:
    """The letters that somebody keeps for themselves, the one saved last first."""
    query = select(NeverSent).where(NeverSent.person_id == person)
    if before is not None:
        query = query.where(tuple_(NeverSent.saved_at, NeverSent.id) < before)
    found = db.scalars(query.order_by(NeverSent.saved_at.desc(),
                                      NeverSent.id.desc()).limit(PAGE + 1)).all()
    return _page(found, lambda own: (own.saved_at, own.id))


def own_letters(db: Session, person: UUID, before: Key | None = None) -> Page[Letter]:
    """The letters that somebody wrote or is writing, newest first."""
    query = select(Letter).where(Letter.author_id == person)
    if before is not None:
        query = query.where(tuple_(Letter.began_at, Letter.id) < before)
    found = db.scalars(query.order_by(Letter.began_at.desc(),
                                      Letter.id.desc()).limit(PAGE + 1)).all()
    return _page(found, lambda letter: (letter.began_at, letter.id))


def inbox(db: Session, person: UUID, before: Key | None = None) -> Page[Letter]:
    """The letters that have reached somebody and that they have not destroyed, newest first."""
    query = select(Letter).where(Letter.recipient_id == person, Letter.released_at.is_not(None),
                                 not_destroyed())
    if before is not None:
        query = query.where(tuple_(Letter.released_at, Letter.id) < before)
    found = db.scalars(query.order_by(Letter.released_at.desc(),
                                      Letter.id.desc()).limit(PAGE + 1)).all()
    return _page(found, lambda letter: (letter.released_at or letter.began_at, letter.id))


def unopened(db: Session, person: UUID) -> Sequence[UUID]:
    """The letters that wait for somebody to open them."""
    return db.scalars(select(Letter.id).where(Letter.recipient_id == person,
                                              Letter.released_at.is_not(None),
                                              Letter.opened_at.is_(None), not_destroyed())).all()


def desk_page(db: Session, person: UUID, lane: str | None, after: Key | None = None,
              oldest_first: bool = True) -> Page[DeskRow]:
    """The letters on a facilitator's desk, longest waiting first, or else the newest; ``lane`` None
    for all lanes."""
    return desk_rows(db, person, [] if lane is None else [DeskEntry.lane.in_(_stored(lane))], after,
                     oldest_first)


def _stored(lane: str) -> tuple[str, ...]:
    """What a reader passed on waits with the rest for its second reading."""
    return (lane, PASSED_ON) if lane == State.SECOND_READING else (lane,)


def desk_rows(db: Session, person: UUID, which: Sequence[ColumnElement[bool]],
              after: Key | None, oldest_first: bool = True) -> Page[DeskRow]:
    """The letters on a facilitator's desk that meet all conditions in ``which``, longest waiting
    first, or else the newest. Rows of a case whose team the facilitator is not in are not
    shown, even if they are on the desk."""
    query = (select(DeskEntry.letter_id, Case.reference, Person.role, DeskEntry.lane,
                    DeskEntry.since,
                    Letter.claimed_by, Letter.claimed_until, Letter.review_on, Letter.wanted_by,
                    Case.id, Version.id,
                    Version.weight)
             .join(Letter, Letter.id == DeskEntry.letter_id).join(Case, Case.id == Letter.case_id)
             .join(Member, (Member.case_id == Letter.case_id) & (Member.person_id == person))
             .join(Person, Person.id == Letter.author_id)
             .join(Version, Version.id == Letter.submitted_id)
             .where(DeskEntry.person_id == person, *which))
    found: Sequence[Any] = db.execute(_in_order(
        query, DeskEntry.since, DeskEntry.letter_id, after, oldest_first)).all()
    return _page([DeskRow(*row) for row in found], lambda row: (row.since, row.letter))


def desk_counts(db: Session, person: UUID) -> dict[str, int]:
    """The number of letters that wait in each lane; stored, not counted."""
    return dict(db.execute(select(DeskCount.lane,
                                  DeskCount.letters).where(DeskCount.person_id == person)).all())


class CaseStanding(StrEnum):
    """How a case stands, as a list is narrowed by it."""

    OPEN = "open"
    HALTED = "halted"
    ENDED = "ended"


_ENDS = or_(Case.erased_at.is_not(None), Case.closed_at.is_not(None), Case.stopped_at.is_not(None))
_STANDING = {CaseStanding.OPEN: and_(not_(_ENDS), Case.halted_at.is_(None)),
             CaseStanding.HALTED: and_(not_(_ENDS), Case.halted_at.is_not(None)),
             CaseStanding.ENDED: _ENDS}


def _reads(person: UUID) -> ColumnElement[bool]:
    """A condition on a case's row: somebody is in its team, or reads with it as a specialist."""
    return Case.id.in_(union(
        select(Member.case_id).where(Member.person_id == person),
        select(Specialist.case_id).where(Specialist.person_id == person)))


def cases_of_member(db: Session, person: UUID, after: Key | None = None,
                    standing: CaseStanding | None = None, oldest_first: bool = False) -> Page[Case]:
    """The cases whose team somebody is in or reads with as a specialist, newest first or oldest
    first; all, or those that stand so."""
    return _cases(db, select(Case).where(_reads(person)), after, standing, oldest_first)


def _cases(db: Session, query: Select[Case], after: Key | None,
           standing: CaseStanding | None, oldest_first: bool) -> Page[Case]:
    if standing is not None:
        query = query.where(_STANDING[standing])
    found: Sequence[Case] = db.scalars(
        _in_order(query, Case.opened_at, Case.id, after, oldest_first)).all()
    return _page(found, lambda case: (case.opened_at, case.id))


def _in_order(query: Any, at: Any, which: Any, after: Key | None, oldest_first: bool) -> Any:
    """A page of a query, in the order of these columns of time and id, from this key on."""
    place = tuple_(at, which)
    if after is not None:
        query = query.where(place > after if oldest_first else place < after)
    order = (at, which) if oldest_first else (at.desc(), which.desc())
    return query.order_by(*order).limit(PAGE + 1)


def every_case_of_member(db: Session, person: UUID) -> Iterator[Case]:
    """All cases of ``cases_of_member``, newest first, page by page."""
    after: Key | None = None
    while True:
        page = cases_of_member(db, person, after)
        yield from page.rows
        after = page.next
        if after is None:
            return


def letters_of_case(db: Session, case: UUID) -> Sequence[Letter]:
    """The newest letters of a case that were submitted at least once."""
    return db.scalars(select(Letter).where(Letter.case_id == case, Letter.submitted_at.is_not(None))
                      .order_by(Letter.submitted_at.desc()).limit(PAGE)).all()


def held_letters(db: Session, case: UUID) -> dict[UUID, datetime]:
    """The held letters of a case, each with its review date."""
    return held_in(db, [case])[case]


def held_in(db: Session, cases: Collection[UUID]) -> dict[UUID, dict[UUID, datetime]]:
    """The same for each of these cases."""
    found: dict[UUID, dict[UUID, datetime]] = {case: {} for case in cases}
    for case, letter, at in db.execute(select(Letter.case_id, Letter.id, Letter.review_on).where(
            Letter.case_id.in_(cases), Letter.state == State.HELD.value,
            Letter.submitted_at.is_not(None))):
        if at is not None:
            found[case][letter] = at
    return found


def taking_part(db: Session, cases: Collection[UUID]) -> dict[
        UUID, list[tuple[Participant, Person]]]:
    """The rows of the people who take part in each of these cases."""
    found: dict[UUID, list[tuple[Participant, Person]]] = {case: [] for case in cases}
    for row, person in db.execute(select(Participant, Person).join(
            Person, Person.id == Participant.person_id).where(Participant.case_id.in_(cases))):
        found[row.case_id].append((row, person))
    return found


def colleagues(db: Session, besides: frozenset[UUID]) -> Sequence[Person]:
    """The facilitators with an account, besides these."""
    return db.scalars(select(Person).where(Person.role == "facilitator",
                                           Person.enrolled_at.is_not(None),
                                           Person.id.not_in(besides))).all()


def load(db: Session) -> list[Load]:
    """The load of each facilitator with an account. An erased case weighs nothing; the numbers of
    waiting letters are stored counts."""
    cases = select(func.count()).select_from(Member).join(Case, Case.id == Member.case_id).where(
        Member.person_id == Person.id, Case.erased_at.is_(None)).scalar_subquery()
    letters = select(func.coalesce(func.sum(DeskCount.letters), 0)).where(
        DeskCount.person_id == Person.id).scalar_subquery()
    oldest = (select(func.min(DeskEntry.since)).where(DeskEntry.person_id == Person.id)
              .scalar_subquery())
    found = db.execute(select(Person, cases, letters, oldest).where(
        Person.role == Role.FACILITATOR.value, Person.enrolled_at.is_not(None)))
    return [Load(*row) for row in found]


def all_cases(db: Session, after: Key | None = None, standing: CaseStanding | None = None,
              oldest_first: bool = False) -> Page[Case]:
    """Every case, for people who see references alone, as ``cases_of_member`` orders them."""
    return _cases(db, select(Case), after, standing, oldest_first)


def staff(db: Session) -> Sequence[Person]:
    """All staff, invited or with an account."""
    return db.scalars(
        select(Person).where(Person.role.in_([role.value for role in STAFF])).order_by(Person.id)
    ).all()


def not_destroyed() -> ColumnElement[bool]:
    """A condition on a letter's row: its recipient has not destroyed their copy."""
    return ~exists().where(AuditEntry.subject_id == Letter.id,
                           AuditEntry.event == Event.LETTER_DESTROYED.value)


def _page(found: Sequence[Row], key: Callable[[Row], Key]) -> Page[Row]:
    rows = found[:PAGE]
    return Page(rows, key(rows[-1]) if len(found) > PAGE else None)
