"""What waits for a member of teams today, over all their cases: decisions of theirs, letters, and
what is due this week."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.case.due_dates import Due, DueKind, first_things_first
from letters.rules.case.today import Wait, WaitKind, waits
from letters.rules.errors import LettersError, Tampered
from letters.rules.permissions import Permission, has
from letters.rules.roles import Role
from letters.storage.queries import lists
from letters.storage.queries.desk import opened_by
from letters.storage.tables.desk import ContactWay
from letters.storage.tables.letters import Case, Person
from letters.workflow import duties
from letters.workflow.cases import calendar
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.decision import disagreement
from letters.workflow.notices import outbox
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.team import absence, history

WEEK = timedelta(days=7)
LETTERS = frozenset({WaitKind.LETTER, WaitKind.SEAL})
"""What the desk lists."""
OF_DESK = LETTERS | {WaitKind.HELD, WaitKind.TOGETHER}
"""What only somebody does who can open the letter: it lies on their desk."""
SAFETY = frozenset({WaitKind.ALERT, WaitKind.RISK})
"""What waits for members without the case's key, too."""
_DECIDED_ABOVE = frozenset({DueKind.ACKNOWLEDGEMENT, DueKind.RISK})
"""What the calendar lists too, and is a decision here."""
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Today:
    """``now``: decisions that wait for this person, the first due and the longest waiting first.
    ``letters``: those to read or to seal again. ``week``: what is overdue or due within seven days.
    ``asks``: the cases whose team asks one to join. ``broken``: the cases that do not verify."""

    files: list[CaseFile]
    now: list[tuple[CaseFile, Wait]]
    letters: list[tuple[CaseFile, Wait]]
    week: list[tuple[CaseFile, Due]]
    asks: Sequence[tuple[UUID, str]]
    broken: list[Case]

    def next_due(self, file: CaseFile) -> Due | None:
        """What is due first in a case."""
        return next((due for other, due in self.week if other is file), None)


@contextmanager
def today(platform: Platform, me: SignedIn) -> Iterator[Today]:
    """Everything that waits for this person in the cases of their teams."""
    asks = _or_nothing(platform, lambda: history.asks_of(platform, me.person))
    with _files(platform, me) as (files, broken):
        mine = _mine(platform, me, files)
        now = [(file, wait) for file, wait in mine
               if is_asked(me, file, wait) or (wait.kind not in LETTERS and (
                   wait.kind is not WaitKind.HELD or _is_due(platform, wait)))]
        until = platform.today() + WEEK
        week = [(file, due) for file in files for due in calendar.of_file(file)
                if due.when is not None and due.when <= until and not _is_above(due, platform)]
        week.sort(key=lambda pair: first_things_first(pair[1]))
        yield Today(files, now, [pair for pair in mine if pair[1].kind in LETTERS], week, asks,
                    broken)


def is_asked(me: SignedIn, file: CaseFile, wait: Wait) -> bool:
    """True if a colleague asked this person to read the letter that waits."""
    return (wait.kind is WaitKind.LETTER
            and file.story.letter(wait.subject).asked_reader == me.person)


def number(platform: Platform, me: SignedIn) -> int:
    """How many decisions and letters wait for this person, for the navigation."""
    return (number_of_member(platform, me.person) if has(me.role, Permission.CASE_SEE)
            else len(duties.duties(platform, me)))


def number_of_member(platform: Platform, person: UUID) -> int:
    """The same for a facilitator: by the record alone, in a few statements for all their cases.
    Cases that do not verify are said on *Today* itself."""
    found = len(_or_nothing(platform, lambda: history.asks_of(platform, person)))
    with platform.reading() as db:
        supervised = bool(_or_nothing(platform, lambda: disagreement.supervisors(platform, db)))
        opened, in_place_of = opened_by(db, person), _in_place_of(platform, db, person)
        cases = [case.id for case in lists.every_case_of_member(db, person)]
        record.read_ahead(platform, db, cases)
        held_in = lists.held_in(db, cases)
        for case in cases:
            with suppress(LettersError):
                story, held = record.to_decide(platform, db, case), held_in[case]
                found += sum(
                    _is_mine(person, wait, case, *opened, in_place_of)
                    and (wait.kind is not WaitKind.HELD
                         or _is_due(platform, replace(wait, due=held.get(wait.subject))))
                    for wait in waits(story, supervised, platform.now(),
                                      platform.framework.assessment.looks))
    return found


def _is_mine(person: UUID, wait: Wait, case: UUID, cases: set[UUID], letters: set[UUID],
             in_place_of: frozenset[UUID]) -> bool:
    """True if this person can decide it: those without the case's key cannot. Whoever stands in for
    a colleague finds the alerts that are theirs alone; all else waits for the team, or is kept from
    this person by a rule."""
    theirs = wait.kind is WaitKind.ALERT and not in_place_of.isdisjoint(wait.of)
    return ((person in wait.of or theirs) and (wait.kind in SAFETY or case in cases)
            and (wait.kind not in OF_DESK or wait.subject in letters))


def _in_place_of(platform: Platform, db: Session, person: UUID) -> frozenset[UUID]:
    return frozenset(absent for absent, told in absence.away(platform, db).items()
                     if told.stands_in == person)


@contextmanager
def _files(platform: Platform, me: SignedIn) -> Iterator[tuple[list[CaseFile], list[Case]]]:
    """The files of all cases in which one decides, and the cases that do not verify."""
    files, broken, before = list[CaseFile](), list[Case](), None
    with ExitStack() as pages:
        while True:
            page = pages.enter_context(calendar.files(platform, me, before))
            files += [file for file in page.files if me.person in file.room.team]
            broken, before = broken + page.broken, page.next
            if before is None:
                break
        yield files, broken


def _mine(platform: Platform, me: SignedIn, files: list[CaseFile]) -> list[tuple[CaseFile, Wait]]:
    """What this person can decide, the first due and the longest waiting first."""
    if not files:
        return []
    db = files[0].db
    supervised = bool(_or_nothing(platform, lambda: disagreement.supervisors(platform, db)))
    opened, in_place_of = opened_by(db, me.person), _in_place_of(platform, db, me.person)
    mine = [(file, _dated(file, wait)) for file in files
            for wait in waits(file.story, supervised, platform.now(),
                              platform.framework.assessment.looks)
            if _is_mine(me.person, wait, file.case.id, *opened, in_place_of)]
    return sorted(mine, key=lambda pair: _first(pair[1]))


def _or_nothing(platform: Platform, ask: Callable[[], Sequence[Answer]]) -> Sequence[Answer]:
    """What is asked, or nothing where it does not verify: that takes no case away."""
    try:
        return ask()
    except Tampered as problem:
        raise_alarm(platform, problem)
        return ()


def _dated(file: CaseFile, wait: Wait) -> Wait:
    """A held letter is due on the day that its reader named."""
    if wait.kind is not WaitKind.HELD:
        return wait
    return replace(wait, due=file.held.get(wait.subject))


def _is_due(platform: Platform, wait: Wait) -> bool:
    return wait.due is None or wait.due.astimezone(platform.zone).date() <= platform.today()


def _is_above(due: Due, platform: Platform) -> bool:
    """True if the calendar has this too, and it stands among the decisions."""
    return due.kind in _DECIDED_ABOVE or (
        due.kind is DueKind.HELD and due.when is not None and due.when <= platform.today())


def _first(wait: Wait) -> tuple[datetime, datetime]:
    late = datetime.max.replace(tzinfo=UTC)
    return wait.due or late, wait.since or late


def tell_once_a_day(platform: Platform) -> None:
    """The worker's work of every day: facilitators who chose notices get one if something waits for
    them and they are not away. It reads like any other, and says nothing of what or how much."""
    with platform.reading() as db:
        away = absence.away(platform, db)
        wanting = db.scalars(select(Person.id).join(ContactWay, ContactWay.person_id == Person.id)
                             .where(Person.role == Role.FACILITATOR.value)
                             .order_by(Person.id)).all()
    for person in wanting:
        if person in away:
            continue
        try:
            if number_of_member(platform, person):
                with platform.writing() as db:
                    outbox.notify(platform, db, person, outbox.NoticeKind.UPDATE)
        except Tampered as problem:
            raise_alarm(platform, problem)
