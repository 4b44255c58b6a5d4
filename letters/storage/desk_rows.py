"""The review desk as stored rows: which letters wait for whom, and how many, so that
no page has to count or search."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, insert, literal, select, update
from sqlalchemy import case as switch
from sqlalchemy.orm import Session

from letters.rules.letter.lifecycle import WAITING, Action, State
from letters.storage.tables.letters import (
    CaseKey,
    DecisionRow,
    DeskCount,
    DeskEntry,
    Letter,
    Version,
)

Counts = Counter[tuple[UUID, str]]
PASSED_ON = "passed on"
"""The lane of a letter that waits for its second reading, on the desk of whoever read it first."""
LANES = frozenset({*(state.value for state in WAITING), PASSED_ON})

_HOLDERS = (select(CaseKey.member_id).join(Version, Version.epoch == CaseKey.epoch)
            .where(Version.id == Letter.submitted_id, CaseKey.case_id == Letter.case_id))
"""The members of a team who can open a letter: they hold the case key of the
epoch in which it was submitted."""


def furnish(db: Session, person: UUID) -> None:
    """Give a facilitator an empty desk."""
    db.execute(insert(DeskCount), [{"person_id": person, "lane": lane, "letters": 0}
                                   for lane in sorted(LANES)])


def follow(db: Session, letter: UUID, readers: Iterable[UUID], before: State, entered: State,
           since: datetime | None, by: UUID) -> None:
    """Let the desks of these readers follow a letter's move from one state to another. ``by``: who
    moved it."""
    if before == entered:
        return
    counts: Counts = Counter()
    if before in WAITING:
        gone = delete(DeskEntry).where(DeskEntry.letter_id == letter).returning(
            DeskEntry.person_id, DeskEntry.lane)
        counts.update({(person, lane): -1 for person, lane in db.execute(gone)})
    if entered in WAITING and since is not None:
        lane = (switch((CaseKey.member_id == by, PASSED_ON), else_=entered.value)
                if entered is State.SECOND_READING else literal(entered.value))
        able = (select(CaseKey.member_id, Letter.id, lane, literal(since, DeskEntry.since.type))
                .join(Letter, Letter.case_id == CaseKey.case_id)
                .join(Version, Version.id == Letter.submitted_id)
                .where(Letter.id == letter, CaseKey.epoch == Version.epoch,
                       CaseKey.member_id.in_(set(readers))))
        put = insert(DeskEntry).from_select(["person_id", "letter_id", "lane", "since"], able)
        counts.update((person, where) for person, where in db.execute(
            put.returning(DeskEntry.person_id, DeskEntry.lane)))
    _keep(db, counts)


def join(db: Session, person: UUID, case: UUID) -> None:
    """Put the waiting letters of a case onto the desk of somebody who joined
    its team, if they can open them."""
    lane = switch((_approved_by(person), PASSED_ON), else_=Letter.state)
    waiting = select(Letter.id, lane, Letter.submitted_at).where(
        Letter.case_id == case, Letter.state.in_([state.value for state in WAITING]),
        _HOLDERS.where(CaseKey.member_id == person).correlate(Letter).exists())
    counts: Counts = Counter()
    _place(db,
           [(person, letter, lane, since) for letter, lane, since in db.execute(waiting) if since],
           counts)
    _keep(db, counts)


def _approved_by(person: UUID) -> ColumnElement[bool]:
    """This person, who was in the team before, gave the first approval of a letter that waits for
    its second reading."""
    return and_(Letter.state == State.SECOND_READING.value,
                exists().where(DecisionRow.version_id == Letter.submitted_id,
                               DecisionRow.reader_id == person,
                               DecisionRow.round == Letter.round,
                               DecisionRow.verdict == Action.APPROVE.value))


def leave(db: Session, person: UUID, case: UUID) -> None:
    """Take the letters of a case off the desk of somebody who left its team."""
    of_case = select(Letter.id).where(Letter.case_id == case)
    gone = delete(DeskEntry).where(DeskEntry.person_id == person,
                                   DeskEntry.letter_id.in_(of_case)).returning(
        DeskEntry.lane).execution_options(synchronize_session=False)
    counts: Counts = Counter()
    counts.update({(person, lane): -by for lane, by in Counter(db.scalars(gone)).items()})
    _keep(db, counts)


def set_aside(db: Session, person: UUID, letter: UUID, until: datetime | None) -> None:
    """Do not offer this letter to somebody until a moment, or (None) offer it
    again; it stays on their desk."""
    db.execute(update(DeskEntry).where(DeskEntry.person_id == person, DeskEntry.letter_id == letter)
               .values(aside_until=until).execution_options(synchronize_session=False))


def clear(db: Session, case: UUID) -> None:
    """Take the letters of a case off every desk."""
    of_case = select(Letter.id).where(Letter.case_id == case)
    gone = delete(DeskEntry).where(DeskEntry.letter_id.in_(of_case)).returning(
        DeskEntry.person_id, DeskEntry.lane).execution_options(synchronize_session=False)
    counts: Counts = Counter()
    for person, lane in db.execute(gone).all():
        counts[person, lane] -= 1
    _keep(db, counts)


def _place(db: Session, entries: list[tuple[UUID, UUID, str, datetime]], counts: Counts) -> None:
    if entries:
        db.execute(insert(DeskEntry),
                   [dict(zip(("person_id", "letter_id", "lane", "since"), entry, strict=True))
                    for entry in entries])
    counts.update((person, lane) for person, _, lane, _ in entries)


def _keep(db: Session, counts: Counts) -> None:
    readers: dict[tuple[str, int], set[UUID]] = {}
    for (person, lane), by in sorted(counts.items()):
        readers.setdefault((lane, by), set()).add(person)
    for (lane, by), people in sorted(readers.items(), key=lambda group: group[0]):
        mine = DeskCount.lane == lane, DeskCount.person_id.in_(people)
        # Locked in one order, so that two letters with the same readers cannot wait for each other.
        locked = (select(DeskCount.person_id).where(*mine).order_by(DeskCount.person_id)
                  .with_for_update())
        db.execute(update(DeskCount).where(DeskCount.lane == lane, DeskCount.person_id.in_(locked))
                   .values(letters=DeskCount.letters
                           + by).execution_options(synchronize_session=False))
