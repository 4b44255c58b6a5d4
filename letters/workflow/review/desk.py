"""The letters that wait for a facilitator: the longest waiting first, then the gravest;
never a word of a letter.

The database does not know how grave a letter is, so it orders by days alone. Letters of the same
day on the same page are ordered here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.errors import NotAllowed, NotPossibleNow, Tampered
from letters.rules.letter.lifecycle import WAITING
from letters.rules.permissions import Permission
from letters.screening import Severity
from letters.storage.desk_rows import PASSED_ON
from letters.storage.queries import desk as desk_pages
from letters.storage.queries import lists
from letters.storage.queries.lists import DeskRow, Key, Page
from letters.workflow.access import case_names, directory
from letters.workflow.access.enter import letter_to_read
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.review import read_letter
from letters.workflow.review.read_letter import submitted_version
from letters.workflow.screening import weight as screening_weight
from letters.workflow.screening.weight import Weight

MINE, UNCLAIMED, ALERT = "mine", "unclaimed", "safeguarding"
TRIED = 10
"""How many letters are tried for one that is still free: others may claim at the same time."""
LANES = frozenset(state.value for state in WAITING)
LISTS = LANES | {MINE, UNCLAIMED, ALERT}
"""The lists that can be asked for, besides the whole desk."""


@dataclass(frozen=True)
class Waiting:
    """One letter in the list.

    ``weight``: None if it does not verify; the letter then counts as the gravest.
    ``handed_on``: a colleague asks somebody else to take it.
    ``approved``: this member has approved it; a colleague gives the second reading.
    """

    row: DeskRow
    weight: Weight | None
    alert: bool
    handed_on: bool
    approved: bool


@dataclass(frozen=True)
class Desk:
    """A page of the list, the key of the next page, the number of letters of each kind,
    and the names on it: of colleagues, and the first names of the two in each case."""

    waiting: Sequence[Waiting]
    next: Key | None
    numbers: dict[str, int]
    names: dict[UUID, str]
    of_case: dict[UUID, tuple[str, ...]]

    @property
    def unchecked(self) -> bool:
        """True if something on this page does not verify."""
        return any(one.weight is None for one in self.waiting)

    @property
    def all(self) -> int:
        """The number of letters that wait, in all lanes."""
        return sum(self.numbers[lane] for lane in LANES)


def desk_for(platform: Platform, me: SignedIn, which: str | None, after: Key | None = None,
             oldest_first: bool = True) -> Desk:
    """A page of one's desk; ``which`` is one of ``LISTS``, or None for all."""
    altered: list[Tampered] = []
    with platform.reading() as db:
        page = _page(platform, db, me, which, after, oldest_first)
        letters = [row.letter for row in page.rows]
        alarmed = desk_pages.cases_with_alert(db, {row.case for row in page.rows})
        handed_on = desk_pages.handed_on(db, me.person, letters, platform.now())
        waiting = [Waiting(row, _weight(platform, row, altered), row.case in alarmed,
                           row.letter in handed_on, row.lane == PASSED_ON)
                   for row in page.rows]
        named = {person for row in page.rows for person in (row.claimed_by, row.wanted_by)
                 if person}
        desk = Desk(sorted(waiting, key=lambda one: _order(platform, one, oldest_first)), page.next,
                    _numbers(platform, db, me),
                    directory.names(platform, db, named),
                    case_names.first_names(platform, db, me.person,
                                           {row.case for row in page.rows}))
    for found in altered:
        raise_alarm(platform, found)
    return desk


def claim_next(platform: Platform, me: SignedIn) -> UUID | None:
    """Claim the letter that has waited longest and is free; None if none is.
    Of each that a colleague took meanwhile, or whose case does not verify, the next is tried."""
    with platform.reading() as db:
        free = desk_pages.to_read(db, me.person, platform.now()).rows[:TRIED]
    for row in free:
        try:
            read_letter.claim(platform, me, row.letter)
        except (NotPossibleNow, NotAllowed):
            continue
        except Tampered as found:
            raise_alarm(platform, found)
        else:
            return row.letter
    return None


def is_heavy(platform: Platform, me: SignedIn, letter_id: UUID) -> bool:
    """Returns True if a letter that this member may read is heavy to read,
    or if its weight does not verify."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        version = submitted_version(db, room.letter)
        try:
            return screening_weight.opened(platform, version.id, version.weight).heavy
        except Tampered:
            return True


def _page(platform: Platform, db: Session, me: SignedIn, which: str | None,
          after: Key | None, oldest_first: bool) -> Page[DeskRow]:
    match which:
        case "mine":
            return desk_pages.claimed_by(db, me.person, platform.now(), after, oldest_first)
        case "unclaimed":
            return desk_pages.unclaimed(db, me.person, platform.now(), after, oldest_first)
        case "safeguarding":
            return desk_pages.with_alert(db, me.person, after, oldest_first)
    return lists.desk_page(db, me.person, which, after, oldest_first)


def _numbers(platform: Platform, db: Session, me: SignedIn) -> dict[str, int]:
    lanes = dict.fromkeys(LANES, 0) | lists.desk_counts(db, me.person)
    lanes.pop(PASSED_ON, 0)  # a colleague reads those
    mine, not_free, alarmed = desk_pages.numbers(db, me.person, platform.now())
    free = max(sum(lanes.values()) - not_free, 0)
    return {**lanes, MINE: mine, UNCLAIMED: free, ALERT: alarmed}


def _weight(platform: Platform, row: DeskRow, altered: list[Tampered]) -> Weight | None:
    """The weight of a letter. One row that was changed does not take the whole desk away."""
    try:
        return screening_weight.opened(platform, row.version, row.weight)
    except Tampered:
        altered.append(Tampered(row.version, row.case))
        return None


def _order(platform: Platform, one: Waiting, oldest_first: bool) -> tuple[int, int]:
    severity = one.weight.severity if one.weight else Severity.URGENT
    day = one.row.since.astimezone(platform.zone).date().toordinal()
    return day if oldest_first else -day, -severity.rank if severity else 1
