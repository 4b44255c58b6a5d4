"""The review desk as kept rows: which letters wait for whom, and how many, so that no page has to count or search."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from letters.domain.lifecycle import WAITING, State
from letters.storage.tables import DeskCount, DeskEntry, Letter

Counts = Counter[tuple[UUID, str]]


def furnish(db: Session, person: UUID) -> None:
    """Give a facilitator an empty desk."""
    db.execute(insert(DeskCount), [{"person_id": person, "lane": lane.value, "letters": 0} for lane in sorted(WAITING)])


def follow(db: Session, letter: UUID, readers: Iterable[UUID], before: State, entered: State,
           since: datetime | None) -> None:
    """Let the desks of these readers follow a letter's move from one state to another."""
    if before == entered:
        return
    counts: Counts = Counter()
    if before in WAITING:
        gone = delete(DeskEntry).where(DeskEntry.letter_id == letter).returning(DeskEntry.person_id)
        counts.update({(person, before.value): -1 for person in db.scalars(gone)})
    if entered in WAITING and since is not None:
        _place(db, [(person, letter, entered.value, since) for person in readers], counts)
    _keep(db, counts)


def join(db: Session, person: UUID, case: UUID) -> None:
    """Put the letters that wait in a case onto the desk of somebody who joined its team."""
    waiting = select(Letter.id, Letter.state, Letter.submitted_at).where(
        Letter.case_id == case, Letter.state.in_([state.value for state in WAITING]))
    counts: Counts = Counter()
    _place(db, [(person, letter, lane, since) for letter, lane, since in db.execute(waiting) if since],
           counts)
    _keep(db, counts)


def _place(db: Session, entries: list[tuple[UUID, UUID, str, datetime]], counts: Counts) -> None:
    if entries:
        db.execute(insert(DeskEntry), [dict(zip(("person_id", "letter_id", "lane", "since"), entry, strict=True))
                                       for entry in entries])
    counts.update((person, lane) for person, _, lane, _ in entries)


def _keep(db: Session, counts: Counts) -> None:
    readers: dict[tuple[str, int], set[UUID]] = {}
    for (person, lane), by in sorted(counts.items()):
        readers.setdefault((lane, by), set()).add(person)
    for (lane, by), people in readers.items():
        mine = DeskCount.lane == lane, DeskCount.person_id.in_(people)
        # Locked in one order, so that two letters with the same readers cannot wait for one another.
        locked = select(DeskCount.person_id).where(*mine).order_by(DeskCount.person_id).with_for_update()
        db.execute(update(DeskCount).where(DeskCount.lane == lane, DeskCount.person_id.in_(locked))
                   .values(letters=DeskCount.letters + by).execution_options(synchronize_session=False))
