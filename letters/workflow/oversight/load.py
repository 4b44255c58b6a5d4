"""What a supervisor sees of the work: load, waiting, holds and returns, cases that nobody looks at.

No case is named, and no number under five about the content of letters is shown: with few cases it
would tell of one (decision 0031).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.screening import Category
from letters.storage.queries import lists, oversight
from letters.storage.queries.lists import CaseStanding, Key, Page
from letters.storage.queries.oversight import AlertListed
from letters.storage.tables.letters import Case
from letters.workflow.access import directory
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.screening import counts, weight

FEWEST = 5
"""Numbers below this, also 0, are not shown outside the team."""
LATELY = timedelta(weeks=4)
QUIET = timedelta(days=30)
"""After so long without a record, a case is among those that nobody looks at."""
MONTHS = 12

BINS = ((timedelta(days=1), marked("Less than a day")), (timedelta(days=3), marked("1 to 3 days")),
        (timedelta(days=7), marked("3 to 7 days")),
        (timedelta(days=14), marked("1 to 2 weeks")), (timedelta.max, marked("2 weeks or longer")))


@dataclass(frozen=True)
class FacilitatorLoad:
    """The cases and letters of one facilitator.

    ``heavy``: how many letters they decided on lately that may be heavy to read; None if too few to
    be shown.
    """

    person: UUID
    name: str
    cases: int
    letters: int
    oldest: datetime | None
    heavy: int | None


@dataclass(frozen=True)
class Overdue:
    """An alert on which nobody has acted in time, and its owner."""

    row: AlertListed
    owner: str


@dataclass(frozen=True)
class Unseen:
    """A case, and why it is among those that nobody looks at."""

    reference: str
    lapsed: date | None
    held: datetime | None
    quiet: datetime | None


def enough(number: int) -> int | None:
    """The number if it can be shown outside the team, else None."""
    return number if number >= FEWEST else None


def load(platform: Platform, me: SignedIn) -> list[FacilitatorLoad]:
    """Each facilitator's load, by name: this is no ranking."""
    may(me.actor, Permission.LOAD_SEE)
    with platform.reading() as db:
        heavy = Counter(reader for reader, version,
                        blob in oversight.weights_read(db, platform.now() - LATELY)
                        if weight.opened(platform, version, blob).heavy)
        found = [
            (
                entry.person.id,
                FacilitatorLoad(
                    entry.person.id,
                    directory.name_of(platform, entry.person),
                    entry.cases,
                    entry.letters,
                    entry.oldest,
                    enough(heavy[entry.person.id]),
                ),
            )
            for entry in lists.load(db)
        ]
    return [carried for _,
            carried in sorted(found, key=lambda pair: (pair[1].name.casefold(), pair[0]))]


def all_cases(platform: Platform, me: SignedIn, after: Key | None = None,
              standing: CaseStanding | None = None, oldest_first: bool = False) -> Page[Case]:
    """A page of all cases, of which only the reference is shown."""
    may(me.actor, Permission.LOAD_SEE)
    with platform.reading() as db:
        return lists.all_cases(db, after, standing, oldest_first)


def waiting(platform: Platform, me: SignedIn) -> list[tuple[str, int | None]]:
    """How many letters have waited for how long."""
    may(me.actor, Permission.LOAD_SEE)
    now = platform.now()
    with platform.reading() as db:
        waits = [now - since for since in oversight.waiting_since(db)]
    told = Counter(next(words for end, words in BINS if wait < end) for wait in waits)
    return [(words, enough(told[words])) for _, words in BINS]


def decisions(platform: Platform, me: SignedIn,
              verdict: counts.Verdict) -> list[tuple[str, int | None]]:
    """Why letters were held or returned in the last twelve months, by the practice's categories."""
    may(me.actor, Permission.LOAD_SEE)
    told: Counter[str] = Counter()
    with platform.reading() as db:
        for month in _months(platform.today()):
            told.update(counts.counted(platform, db, counts.month(verdict, month)))
    return [(one, enough(told[one])) for one in (*Category, counts.NOT_NAMED)]


def overdue(platform: Platform, me: SignedIn) -> list[Overdue]:
    """The alerts that have risen to the supervisors, the longest overdue first,
    without their words."""
    may(me.actor, Permission.LOAD_SEE)
    with platform.reading() as db:
        rows = oversight.overdue_alerts(db, platform.now())
        names = directory.names(platform, db, {row.owner for row in rows})
    return [Overdue(row, names[row.owner]) for row in rows]


def without_review(platform: Platform, me: SignedIn) -> Sequence[Unseen]:
    """The cases that nobody seems to look at."""
    may(me.actor, Permission.LOAD_SEE)
    now, today = platform.now(), platform.today()
    with platform.reading() as db:
        rows = oversight.without_review(db, today.isoformat(), now, now - QUIET)
    found = []
    for row in rows:
        until = date.fromisoformat(row.until) if row.until else None
        found.append(Unseen(row.reference, until if until and until < today else None, row.held,
                            row.last if row.last <= now - QUIET else None))
    return found


def _months(today: date) -> list[date]:
    """The first days of the last twelve months, this month included."""
    month, found = today.replace(day=1), []
    for _ in range(MONTHS):
        found.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return found
