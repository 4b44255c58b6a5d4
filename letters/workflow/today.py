"""What waits for a member of teams today, over all their cases: decisions of theirs, letters, and
what is due this week."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from letters.rules.case.due_dates import Due, DueKind, first_things_first
from letters.rules.case.today import Wait, WaitKind, waits
from letters.storage.tables.letters import Case
from letters.workflow.cases import calendar
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.decision import disagreement
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.team import history

WEEK = timedelta(days=7)
LETTERS = frozenset({WaitKind.LETTER, WaitKind.SEAL})
"""What the desk lists."""
_DECIDED_ABOVE = frozenset({DueKind.ACKNOWLEDGEMENT, DueKind.RISK, DueKind.HELD})
"""What the calendar lists too, and is a decision here."""


@dataclass(frozen=True)
class Today:
    """``now``: decisions that wait for this person, the first due and the longest waiting first.
    ``letters``: those to read or to seal again. ``week``: what is overdue or due within seven days.
    ``asks``: the cases whose team asks one to join. ``broken``: the cases that do not verify."""

    files: list[CaseFile]
    now: list[tuple[CaseFile, Wait]]
    letters: list[tuple[CaseFile, Wait]]
    week: list[tuple[CaseFile, Due]]
    asks: list[tuple[UUID, str]]
    broken: list[Case]

    def next_due(self, file: CaseFile) -> Due | None:
        """What is due first in a case."""
        return next((due for other, due in self.week if other is file), None)


@contextmanager
def today(platform: Platform, me: SignedIn) -> Iterator[Today]:
    """Everything that waits for this person in the newest cases of their teams."""
    asks = history.asks_of(platform, me)
    with calendar.files(platform, me) as found:
        supervised = bool(found.files) and bool(
            disagreement.supervisors(platform, found.files[0].db))
        mine = [(file, wait) for file in found.files for wait in waits(file.story, supervised)
                if me.person in wait.of]
        mine.sort(key=lambda pair: _first(pair[1]))
        until = platform.today() + WEEK
        week = [(file, due) for file in found.files for due in calendar.of_file(file)
                if due.when is not None and due.when <= until and due.kind not in _DECIDED_ABOVE]
        week.sort(key=lambda pair: first_things_first(pair[1]))
        yield Today(found.files, [pair for pair in mine if pair[1].kind not in LETTERS],
                    [pair for pair in mine if pair[1].kind in LETTERS], week, asks,
                    found.broken)


def _first(wait: Wait) -> tuple[datetime, datetime]:
    late = datetime.max.replace(tzinfo=UTC)
    return wait.due or late, wait.since or late
