"""The lists of the desk besides the lanes: claimed letters, free ones, those with an open
alert; their signs and numbers.

Claims expire by themselves, so they cannot be stored as counts. Claims that are still valid
are few, and an index finds them.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from letters.rules.letter.lifecycle import TO_READ
from letters.storage.desk_rows import PASSED_ON
from letters.storage.queries.lists import DeskRow, Key, Page, desk_rows
from letters.storage.tables.desk import AlertRow
from letters.storage.tables.letters import CaseKey, DeskEntry, Letter, Member


def claimed_by(db: Session, person: UUID, now: datetime, after: Key | None = None,
               oldest_first: bool = True) -> Page[DeskRow]:
    """The letters that somebody has claimed and still holds."""
    return desk_rows(db, person, [DeskEntry.letter_id.in_(_lasting(db, now, person))], after,
                     oldest_first)


def unclaimed(db: Session, person: UUID, now: datetime, after: Key | None = None,
              oldest_first: bool = True) -> Page[DeskRow]:
    """The letters that somebody could claim now, without those that they handed on just now and
    those that they approved already."""
    return desk_rows(db, person, [*_free(now), DeskEntry.lane != PASSED_ON], after, oldest_first)


def to_read(db: Session, person: UUID, now: datetime) -> Page[DeskRow]:
    """Those of them that wait to be read; a held letter has been."""
    return desk_rows(db, person, [*_free(now), DeskEntry.lane.in_(_LANES)], None)


_LANES = [state.value for state in TO_READ]


def _free(now: datetime) -> list[ColumnElement[bool]]:
    return [or_(Letter.claimed_until.is_(None), Letter.claimed_until <= now),
            or_(DeskEntry.aside_until.is_(None), DeskEntry.aside_until <= now)]


def with_alert(db: Session, person: UUID, after: Key | None = None,
               oldest_first: bool = True) -> Page[DeskRow]:
    """The letters of cases in which a safeguarding alert is open."""
    return desk_rows(db, person, [Letter.case_id.in_(_alarmed(db, person))], after, oldest_first)


def numbers(db: Session, person: UUID, now: datetime) -> tuple[int, int, int]:
    """The number of letters that somebody holds, of letters on their desk that are not free for
    them, and of letters that an alert concerns. Those that they passed on are counted already."""
    def on_desk(*which: ColumnElement[bool]) -> set[UUID]:
        return set(db.scalars(select(DeskEntry.letter_id).where(DeskEntry.person_id == person,
                                                                *which)))
    mine = on_desk(DeskEntry.letter_id.in_(_lasting(db, now, person)))
    not_free = on_desk(or_(DeskEntry.letter_id.in_(_lasting(db, now)),
                           DeskEntry.aside_until > now), DeskEntry.lane != PASSED_ON)
    alarmed = _alarmed(db, person)
    concerned = db.scalar(select(func.count()).select_from(Letter).join(
        DeskEntry, (DeskEntry.letter_id == Letter.id) & (DeskEntry.person_id == person))
                          .where(Letter.case_id.in_(alarmed))) if alarmed else 0
    return len(mine), len(not_free), concerned or 0


def cases_with_alert(db: Session, cases: Collection[UUID]) -> set[UUID]:
    """The cases, of these, in which a safeguarding alert is open."""
    return set(
        db.scalars(
            select(AlertRow.case_id).where(
                AlertRow.case_id.in_(cases), AlertRow.closed_at.is_(None)
            )
        )
    )


def handed_on(db: Session, person: UUID, letters: Collection[UUID], now: datetime) -> set[UUID]:
    """The letters, of these, that somebody else handed on a short while ago
    and that wait for a colleague."""
    return set(db.scalars(select(DeskEntry.letter_id).where(
        DeskEntry.letter_id.in_(letters), DeskEntry.person_id != person,
        DeskEntry.aside_until > now)))


def _lasting(db: Session, now: datetime, holder: UUID | None = None) -> list[UUID]:
    """The letters that are claimed now: one or a few for each facilitator at work."""
    claimed = select(Letter.id).where(Letter.claimed_until > now)
    return list(db.scalars(claimed if holder is None
                           else claimed.where(Letter.claimed_by == holder)))


def _alarmed(db: Session, person: UUID) -> list[UUID]:
    """The cases of this person in which an alert is open."""
    return list(
        set(
            db.scalars(
                select(AlertRow.case_id)
                .join(Member, Member.case_id == AlertRow.case_id)
                .where(AlertRow.closed_at.is_(None), Member.person_id == person)
            )
        )
    )


def opened_by(db: Session, person: UUID) -> tuple[set[UUID], set[UUID]]:
    """The cases of which somebody holds a key, and the letters on their desk, which they can
    open."""
    return (set(db.scalars(select(CaseKey.case_id).where(CaseKey.member_id == person))),
            set(db.scalars(select(DeskEntry.letter_id).where(DeskEntry.person_id == person))))
