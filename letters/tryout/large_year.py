"""A year in the past, lived through in the order of time: for the large demonstration."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush

from letters.workflow.cases import alerts
from letters.workflow.platform import Platform
from letters.workflow.release import release

Life = Iterator[timedelta]
"""Somebody's doings: it acts, says after how long it acts next, and so on."""
DAY = timedelta(days=1)


class SetClock:
    """It stands where it is put; each look takes a millisecond, so that nothing is at once."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def put(self, moment: datetime) -> None:
        """Set it to a later moment. It never goes back."""
        self.moment = max(moment, self.moment)


class Year:
    """Lives that go on next to one another, on one clock, until ``end``."""

    def __init__(self, platform: Platform, clock: SetClock, end: datetime) -> None:
        self.platform, self.clock, self.end = platform, clock, end
        self._next: list[tuple[datetime, int, Life]] = []
        self._begun = 0

    @property
    def left(self) -> timedelta:
        """How much of the year is left."""
        return self.end - self.clock.moment

    def begin(self, life: Life, after: timedelta = timedelta()) -> None:
        """Let a life begin, so long after the present moment."""
        self._begun += 1
        heappush(self._next, (self.clock.moment + after, self._begun, life))

    def pass_by(self) -> None:
        """Live until the end; what would come later does not happen."""
        self.begin(self._work())
        while self._next:
            at, number, life = heappop(self._next)
            if at >= self.end:
                break
            self.clock.put(at)
            after = next(life, None)
            if after is not None:
                heappush(self._next, (self.clock.moment + after, number, life))
        self.clock.put(self.end)

    def _work(self) -> Life:
        """The worker looks once a day."""
        while True:
            release.release_due(self.platform)
            alerts.raise_overdue(self.platform)
            yield DAY
