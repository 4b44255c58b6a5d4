"""When may the next letter reach a person? A pure decision: settings, history and ``now`` are passed in."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MAX_GAP_DAYS = 366


@dataclass(frozen=True)
class Pace:
    """The person harmed's settings. ``minimum_gap_days``: whole days between two letters that reach the same person."""

    minimum_gap_days: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.minimum_gap_days <= MAX_GAP_DAYS:
            raise ValueError("the gap is 0 to 366 days")


def next_release(pace: Pace, last_release: datetime | None, now: datetime) -> datetime:
    """The earliest moment, never before ``now``, at which a letter may reach the person.

    ``last_release``: when a letter last reached this person in this case, or None. All times carry a time zone.
    """
    if last_release is None:
        return now
    return max(now.astimezone(UTC), last_release.astimezone(UTC) + timedelta(days=pace.minimum_gap_days))
