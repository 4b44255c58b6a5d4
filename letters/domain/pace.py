"""When may the next letter reach a person? A pure decision: settings, history and ``now`` are passed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MAX_GAP_DAYS = 366


@dataclass(frozen=True)
class Pace:
    """The person harmed's settings. ``minimum_gap_days``: whole days between two letters that reach the same person."""

    minimum_gap_days: int = 0
    as_agreed: bool = False
    holds: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.minimum_gap_days <= MAX_GAP_DAYS:
            raise ValueError("the gap is 0 to 366 days")

    def written(self) -> str:
        """As it stands in the trail."""
        return str(self.minimum_gap_days)

    @classmethod
    def read(cls, written: str) -> "Pace":
        """What ``written`` gave; the default for nothing."""
        return cls(int(written or 0))

    def for_person_harmed(self) -> "Pace":
        return self

    def for_responsible(self, approved_at: datetime | None) -> "Pace":
        return self


def next_release(pace: Pace, reached: Sequence[datetime], now: datetime, zone: ZoneInfo,
                 days: int = 0) -> datetime | None:
    """The earliest moment, never before ``now``, at which a letter may reach the person.

    ``last_release``: when a letter last reached this person in this case, or None. All times carry a time zone.
    """
    gap = timedelta(days=max(pace.minimum_gap_days, days))
    return max([now.astimezone(UTC), *(moment.astimezone(UTC) + gap for moment in reached)])
