"""Numbers for those who fund and run a service: cases by stage, letters, and how long they take.

Only cases count whose two people agree to be counted. No number under five is shown, none of fewer
than five cases, and none that could be told from a total. They are counted from the beginning of a
year, so that no two pages tell of one day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median, quantiles
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.case.framework import STATISTICS
from letters.rules.case.gates import Parties
from letters.rules.case.history import folded
from letters.rules.case.stages import Stage, stage
from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.screening import Severity
from letters.storage.tables.letters import Case, Letter, Participant, Person, Version
from letters.workflow.oversight.load import FEWEST
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record, verify
from letters.workflow.record.verify import ChainEntry
from letters.workflow.screening import weight

_FIRST_READING = frozenset({Event.LETTER_PASSED_ON.value, Event.LETTER_APPROVED.value,
                            Event.LETTER_HELD.value, Event.LETTER_RETURNED.value})
NOTHING_FOUND = "nothing found"
_CASES, _IN, _OVER, _READING, _RELEASE = "cases", "in", "over", "reading", "release"


@dataclass(frozen=True)
class Days:
    """How many days something takes: the middle, and what nine of ten do not exceed; None of too
    few."""

    number: int | None
    median: float | None = None
    p90: float | None = None


@dataclass
class Statistics:
    """What is counted since a year began. ``counted``: the cases that agreed, None of too few;
    ``all``: all cases, whether or not they agreed."""

    all: int | None
    counted: int | None
    stages: Sequence[tuple[str, int | None]]
    weights: Sequence[tuple[str, int | None]]
    handed_in: int | None
    handed_over: int | None
    first_reading: Days
    to_release: Days


@dataclass
class _Counted:
    """Numbers by name, the cases that each comes from, and how long things took."""

    numbers: Counter[str] = field(default_factory=Counter)
    behind: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    took: dict[str, list[timedelta]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, case: UUID) -> None:
        """Count one of this case."""
        self.numbers[name] += 1
        self.behind[name].add(case)

    def take(self, name: str, case: UUID, time: timedelta) -> None:
        """Count one of this case that took so long."""
        self.add(name, case)
        self.took[name].append(time)

    def shown(self, name: str) -> int | None:
        """The number, unless it is too small or comes from too few cases."""
        return _enough(self.numbers[name]) if _enough(len(self.behind[name])) else None

    def rows(self, names: Iterable[str]) -> Sequence[tuple[str, int | None]]:
        """These numbers, as far as they may stand next to one another."""
        return shown((name, self.shown(name) or 0) for name in names)

    def days(self, name: str) -> Days:
        """How long these took."""
        return Days(None) if self.shown(name) is None else days(self.took[name])


def statistics(platform: Platform, me: SignedIn, year: int | None = None) -> Statistics:
    """The numbers of all cases that agreed to be counted, of letters handed in since the beginning
    of this year."""
    may(me.actor, Permission.LOAD_SEE)
    counted, number = _Counted(), 0
    with platform.reading() as db:
        roles = _roles(db)
        for case in db.scalars(select(Case).order_by(Case.id)):
            number += 1
            try:
                _count(platform, db, case, roles.get(case.id, {}), year or 0, counted)
            except Tampered:  # said where it is looked at; a number is no place for it
                continue
    refused = number - counted.numbers[_CASES]
    return Statistics(_enough(number),
                      counted.shown(_CASES) if refused == 0 or _enough(refused) else None,
                      counted.rows(one.value for one in Stage),
                      counted.rows((NOTHING_FOUND, *Severity)),
                      counted.shown(_IN), counted.shown(_OVER),
                      counted.days(_READING), counted.days(_RELEASE))


def shown(rows: Iterable[tuple[str, int]]) -> Sequence[tuple[str, int | None]]:
    """Rows without numbers under five. Where one alone would be hidden, the next smallest is, too:
    it could be told from the total."""
    rows = list(rows)
    small = [label for label, number in rows if number < FEWEST]
    if len(small) == 1 and len(rows) > 1:
        small.append(min((number, label) for label, number in rows if number >= FEWEST)[1])
    return [(label, None if label in small else number) for label, number in rows]


def days(taken: Sequence[timedelta]) -> Days:
    """The middle and the ninth tenth of these, in days."""
    if len(taken) < max(FEWEST, 2):
        return Days(None)
    found = [one / timedelta(days=1) for one in taken]
    return Days(len(found), round(median(found), 1), round(quantiles(found, n=10)[-1], 1))


def _count(platform: Platform, db: Session, case: Case, roles: Mapping[Role, UUID],
           year: int, counted: _Counted) -> None:
    entries, broken = record.whole(platform, db, case.id)
    if broken is not None:
        raise Tampered(case.id, case.id)
    story = folded(map(verify.fact, entries))
    asked = any(purpose.id == STATISTICS for purpose in platform.framework.consents)
    both = [roles.get(role) for role in (Role.HARMED, Role.RESPONSIBLE)]
    if asked and not all(person and story.process.consents_to(person, STATISTICS, platform.today())
                         for person in both):
        return
    harmed, responsible = both
    parties = Parties(harmed, responsible) if harmed and responsible else None
    counted.add(_CASES, case.id)
    counted.add(stage(story, platform.framework, parties, platform.today()).value, case.id)
    _count_letters(entries, case.id, year, counted)
    for version, blob, at in db.execute(
            select(Version.id, Version.weight, Letter.submitted_at)
            .join(Letter, Letter.submitted_id == Version.id).where(Letter.case_id == case.id)):
        if at is not None and at.year >= year:
            severity = weight.opened(platform, version, blob).severity
            counted.add(severity or NOTHING_FOUND, case.id)


def _count_letters(entries: Sequence[ChainEntry], case: UUID, year: int,
                   counted: _Counted) -> None:
    first: dict[UUID, datetime] = {}
    unread: dict[UUID, datetime] = {}
    for entry in entries:
        letter = entry.subject_id
        if entry.event == Event.LETTER_SUBMITTED and entry.at.year >= year:
            if letter not in first:
                counted.add(_IN, case)
            first.setdefault(letter, entry.at)
            unread[letter] = entry.at
        elif entry.event in _FIRST_READING and letter in unread:
            counted.take(_READING, case, entry.at - unread.pop(letter))
        elif entry.event == Event.LETTER_RELEASED and letter in first:
            counted.add(_OVER, case)
            counted.take(_RELEASE, case, entry.at - first[letter])


def _roles(db: Session) -> dict[UUID, dict[Role, UUID]]:
    found: dict[UUID, dict[Role, UUID]] = {}
    for case, role, person in db.execute(
            select(Participant.case_id, Person.role, Person.id)
            .join(Person, Person.id == Participant.person_id)):
        found.setdefault(case, {})[Role(role)] = person
    return found


def _enough(number: int) -> int | None:
    return number if number >= FEWEST else None
