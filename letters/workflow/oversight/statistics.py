"""Numbers for those who fund and run a service: cases by stage, letters, and how long they take.

Only cases count whose two people agree to be counted. No number under five is shown, and none that
could be told from a total.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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


@dataclass(frozen=True)
class Days:
    """How many days something takes: the middle, and what nine of ten do not exceed; None of too
    few."""

    number: int | None
    median: float | None = None
    p90: float | None = None


@dataclass
class Statistics:
    """What is counted since a day. ``counted``: the cases that agreed, None of too few; ``all``:
    all cases, whether or not they agreed."""

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
    cases: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    weights: Counter[str] = field(default_factory=Counter)
    handed_in: int = 0
    handed_over: int = 0
    reading: list[timedelta] = field(default_factory=list)
    release: list[timedelta] = field(default_factory=list)


def statistics(platform: Platform, me: SignedIn, since: date | None = None) -> Statistics:
    """The numbers of all cases that agreed to be counted, of letters handed in from this day on."""
    may(me.actor, Permission.LOAD_SEE)
    counted, number = _Counted(), 0
    with platform.reading() as db:
        roles = _roles(db)
        for case in db.scalars(select(Case).order_by(Case.id)):
            number += 1
            try:
                _count(platform, db, case, roles.get(case.id, {}), since, counted)
            except Tampered:  # said where it is looked at; a number is no place for it
                continue
    return Statistics(_enough(number), _enough(counted.cases),
                      shown((one.value, counted.stages[one.value]) for one in Stage),
                      shown((one, counted.weights[one]) for one in (NOTHING_FOUND, *Severity)),
                      _enough(counted.handed_in), _enough(counted.handed_over),
                      days(counted.reading), days(counted.release))


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
           since: date | None, counted: _Counted) -> None:
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
    counted.cases += 1
    counted.stages[stage(story, platform.framework, parties, platform.today()).value] += 1
    _count_letters(entries, since, counted)
    for version, blob, at in db.execute(
            select(Version.id, Version.weight, Letter.submitted_at)
            .join(Letter, Letter.submitted_id == Version.id).where(Letter.case_id == case.id)):
        if at is not None and (since is None or at.date() >= since):
            severity = weight.opened(platform, version, blob).severity
            counted.weights[severity or NOTHING_FOUND] += 1


def _count_letters(entries: Sequence[ChainEntry], since: date | None, counted: _Counted) -> None:
    first: dict[UUID, datetime] = {}
    unread: dict[UUID, datetime] = {}
    for entry in entries:
        letter = entry.subject_id
        if entry.event == Event.LETTER_SUBMITTED and (since is None or entry.at.date() >= since):
            if letter not in first:
                counted.handed_in += 1
            first.setdefault(letter, entry.at)
            unread[letter] = entry.at
        elif entry.event in _FIRST_READING and letter in unread:
            counted.reading.append(entry.at - unread.pop(letter))
        elif entry.event == Event.LETTER_RELEASED and letter in first:
            counted.handed_over += 1
            counted.release.append(entry.at - first[letter])


def _roles(db: Session) -> dict[UUID, dict[Role, UUID]]:
    found: dict[UUID, dict[Role, UUID]] = {}
    for case, role, person in db.execute(
            select(Participant.case_id, Person.role, Person.id)
            .join(Person, Person.id == Participant.person_id)):
        found.setdefault(case, {})[Role(role)] = person
    return found


def _enough(number: int) -> int | None:
    return number if number >= FEWEST else None
