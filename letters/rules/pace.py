"""When may the next letter reach a person? A pure decision:
settings, history, ``now`` and the zone are passed in.

Days, hours and months are those of the clock on the wall, in the zone of the service. ``written``
defines the text of a pace; it contains nobody's words.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from letters.rules.errors import NotAcceptable

MAX_GAP_DAYS = 366
MAX_QUIET_DAYS = 366
MAX_MARGIN_DAYS = 31
MAX_COOLING_HOURS = 336
MAX_A_MONTH = 31
MAX_ENTRIES = 20
HORIZON = timedelta(days=5 * 366)
"""How far ahead to look for a moment."""

EVERY_DAY = tuple(range(7))
"""Monday is 0."""

_QUARTER = timedelta(minutes=15)
"""On every clock in use, an hour begins, and the clocks change, on a quarter of an hour."""


class NotAPace(NotAcceptable, ValueError):
    """A setting that cannot be. ``field`` names it; the words say how to mend it."""


class Sending(StrEnum):
    """What holds for letters to the person who harmed."""

    APPROVED = "approved"
    HOLD = "hold"
    COOLING = "cooling"


@dataclass(frozen=True, order=True)
class Quiet:
    """Days on which nothing comes, the first and the last included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise NotAPace("quiet_last", "The last day cannot be before the first.")
        if (self.last - self.first).days >= MAX_QUIET_DAYS:
            raise NotAPace("quiet_last", f"Choose at most {MAX_QUIET_DAYS} days at once.")

    def covers(self, day: date) -> bool:
        """True on each of these days."""
        return self.first <= day <= self.last


@dataclass(frozen=True, order=True)
class Painful:
    """A day of each year, and how many days before and after it nothing comes either.

    29 February counts in every year: a year without it has 28 February and 1 March instead.
    """

    month: int
    day: int
    margin: int = 0

    def __post_init__(self) -> None:
        try:
            date(2028, self.month, self.day)
        except ValueError:
            raise NotAPace("painful_day", "This month does not have this day.") from None
        if not 0 <= self.margin <= MAX_MARGIN_DAYS:
            raise NotAPace("painful_margin",
                           f"Write a whole number of days from 0 to {MAX_MARGIN_DAYS}.")

    def covers(self, day: date) -> bool:
        """True on the day and within its margin, also across the end of a year."""
        return any(abs((day - falls).days) <= self.margin
                   for year in (day.year - 1, day.year, day.year + 1)
                   for falls in self._falls(year))

    def _falls(self, year: int) -> tuple[date, ...]:
        try:
            return (date(year, self.month, self.day),)
        except ValueError:
            return (date(year, 2, 28), date(year, 3, 1))


@dataclass(frozen=True)
class Limits:
    """The limits of a letter to one of the two. ``not_before``: a moment that has to have come."""

    minimum_gap_days: int = 0
    weekdays: tuple[int, ...] = EVERY_DAY
    first_hour: int = 0
    last_hour: int = 24
    quiet: tuple[Quiet, ...] = ()
    painful: tuple[Painful, ...] = ()
    most_a_month: int | None = None
    not_before: datetime | None = None

    def allow_day(self, day: date, reached: Sequence[date]) -> bool:
        """May a letter come on this day at all? ``reached``: the days on which letters came."""
        that_month = sum((day.year, day.month) == (other.year, other.month) for other in reached)
        return (day.weekday() in self.weekdays
                and (self.most_a_month is None or that_month < self.most_a_month)
                and not any(quiet.covers(day) for quiet in self.quiet)
                and not any(painful.covers(day) for painful in self.painful))

    def allow_hour(self, hour: int) -> bool:
        """May a letter come in the hour that begins like this?"""
        return self.first_hour <= hour < self.last_hour


@dataclass(frozen=True)
class Pace:
    """The person harmed's settings.

    ``minimum_gap_days``: whole days between two letters that reach the same person, in either
    direction. ``as_agreed``: letters come without being asked for each time. ``sending`` and
    ``cooling_hours`` hold for letters of theirs, all else for letters to them.
    Raises ``NotAPace`` for a setting that cannot be.
    """

    minimum_gap_days: int = 0
    as_agreed: bool = False
    weekdays: tuple[int, ...] = EVERY_DAY
    first_hour: int = 0
    last_hour: int = 24
    quiet: tuple[Quiet, ...] = ()
    painful: tuple[Painful, ...] = ()
    most_a_month: int | None = None
    sending: Sending = Sending.APPROVED
    cooling_hours: int = 24

    def __post_init__(self) -> None:
        for name in ("weekdays", "quiet", "painful"):  # in one order: each pace has one text
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        for field, wrong, words in self._wrong():
            if wrong:
                raise NotAPace(field, words)

    def _wrong(self) -> Iterator[tuple[str, bool, str]]:
        yield ("minimum_gap_days", not 0 <= self.minimum_gap_days <= MAX_GAP_DAYS,
               f"Write a whole number of days from 0 to {MAX_GAP_DAYS}.")
        yield (
            "weekdays",
            not self.weekdays,
            "Choose one day at least. To have no letters at all, pause.",
        )
        yield (
            "weekdays",
            not set(self.weekdays) <= set(EVERY_DAY),
            "Choose from the days of the week.",
        )
        yield ("last_hour", not 0 <= self.first_hour < self.last_hour <= 24,
               "Choose a later hour here than the one from which letters may come.")
        yield ("most_a_month",
               self.most_a_month is not None and not 1 <= self.most_a_month <= MAX_A_MONTH,
               f"Write a whole number from 1 to {MAX_A_MONTH}, or leave it empty for no limit.")
        yield ("quiet_first", len(self.quiet) > MAX_ENTRIES,
               f"There is room for {MAX_ENTRIES}. Take one away that is over.")
        yield (
            "painful_day",
            len(self.painful) > MAX_ENTRIES,
            f"There is room for {MAX_ENTRIES}. Take one away first.",
        )
        yield ("cooling_hours", not 1 <= self.cooling_hours <= MAX_COOLING_HOURS,
               f"Write a whole number of hours from 1 to {MAX_COOLING_HOURS}.")

    @property
    def holds(self) -> bool:
        """True if each letter of the person harmed waits until they say that it may go."""
        return self.sending is Sending.HOLD

    def for_person_harmed(self) -> Limits:
        """The limits for letters to the person harmed."""
        return Limits(self.minimum_gap_days, self.weekdays, self.first_hour, self.last_hour,
                      self.quiet, self.painful,
                      self.most_a_month)

    def for_responsible(self, approved_at: datetime | None) -> Limits:
        """The limits for a letter to the person who harmed that was approved at this moment.

        They have no weekdays, hours, dates or numbers. A letter that has to cool off and was never
        approved never goes.
        """
        if self.sending is not Sending.COOLING:
            return Limits(self.minimum_gap_days)
        never = datetime.max.replace(tzinfo=UTC)
        return Limits(self.minimum_gap_days, not_before=never if approved_at is None else
                      approved_at.astimezone(UTC) + timedelta(hours=self.cooling_hours))

    def written(self) -> str:
        """The text in the trail: each pace has exactly one."""
        return json.dumps({
            **asdict(self),
            "quiet": [[quiet.first.isoformat(), quiet.last.isoformat()] for quiet in self.quiet],
            "painful": [[painful.month, painful.day, painful.margin] for painful in self.painful]},
                          separators=(",", ":"), sort_keys=True)

    @classmethod
    def read(cls, written: str) -> "Pace":
        """The pace with this text; the default for an empty one,
        and a gap for a number alone, the earlier format.

        Raises ``ValueError`` for anything else.
        """
        told = json.loads(written or "0")
        if type(told) is int:
            return cls(told)
        try:
            pace = cls(**{
                **told, "weekdays": tuple(told["weekdays"]), "sending": Sending(told["sending"]),
                "quiet": tuple(Quiet(*map(date.fromisoformat, quiet)) for quiet in told["quiet"]),
                "painful": tuple(Painful(*painful) for painful in told["painful"])})
        except (TypeError, KeyError) as problem:
            raise ValueError("this is no pace") from problem
        if pace.written() != written:
            raise ValueError("this pace has another text")
        return pace


def next_release(limits: Limits, reached: Sequence[datetime], now: datetime, zone: ZoneInfo,
                 days: int = 0) -> datetime | None:
    """The earliest moment, never before ``now``, at which a letter may reach somebody.

    ``reached``: when letters reached them in this case, each once. ``days``: a gap that was agreed;
    the longer one holds. A day of a gap has 24 hours, whatever the clocks do. All times carry a
    time zone.
    Returns None if there is none before the ``HORIZON``.
    """
    now, gap = now.astimezone(UTC), timedelta(days=max(limits.minimum_gap_days, days))
    earliest = max([now, *(moment.astimezone(UTC) + gap for moment in reached)])
    earliest = (earliest if limits.not_before is None
                else max(earliest, limits.not_before.astimezone(UTC)))
    came = [moment.astimezone(zone).date() for moment in reached]
    end = now + HORIZON
    if earliest > end:
        return None
    day, last = earliest.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        if limits.allow_day(day, came):
            for moment in _moments(day, earliest, zone):
                if limits.allow_hour(moment.astimezone(zone).hour):
                    return moment
        day += timedelta(days=1)
    return None


def _moments(day: date, earliest: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The moments of a day at which it can begin to be allowed, none before ``earliest``: that one,
    and each quarter of an hour. Trying each of them keeps it right when the clocks change."""
    begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    if begins < earliest:
        yield earliest
        begins = earliest - (earliest - datetime.min.replace(tzinfo=UTC)) % _QUARTER + _QUARTER
    while begins.astimezone(zone).date() == day:
        yield begins
        begins += _QUARTER
