"""The pace: never earlier than any setting allows, wherever the clocks stand. Rule 25.

Each setting is held against a predicate of its own that was written without looking at the
decision. """

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from letters.rules.errors import NotAcceptable
from letters.rules.pace import (
    HORIZON,
    MAX_COOLING_HOURS,
    MAX_GAP_DAYS,
    Limits,
    Pace,
    Painful,
    Quiet,
    Sending,
    next_release,
)

LONDON, NEW_YORK, LORD_HOWE = map(ZoneInfo,
                                  ("Europe/London", "America/New_York", "Australia/Lord_Howe"))
QUARTER = timedelta(minutes=15)
# One of each kind of change, and the days around 29 February: where it goes wrong if it does.
DELICATE = [datetime(2027, 3, 28, 0, 40), datetime(2027, 10, 31, 0, 10),
            datetime(2027, 3, 14, 6, 50),
            datetime(2027, 11, 7, 5, 20), datetime(2027, 4, 3, 14, 50),
            datetime(2027, 10, 2, 15, 20),
            datetime(2028, 2, 28, 23, 50), datetime(2027, 2, 28, 23, 50),
            datetime(2027, 12, 31, 23, 50)]

zones = st.sampled_from([LONDON, NEW_YORK, LORD_HOWE])
moments = st.one_of(
    st.builds(lambda at, by: at.replace(tzinfo=UTC) + timedelta(minutes=by),
              st.sampled_from(DELICATE),
              st.integers(-3000, 3000)),
    st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
near = st.integers(-90 * 24, 0).map(lambda hours: timedelta(hours=hours))
hours = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1])
days = st.dates(date(2026, 1, 1), date(2040, 1, 1))
quiets = st.builds(lambda first, length: Quiet(first, first + timedelta(days=length)), days,
                   st.integers(0, 60))
painfuls = st.builds(lambda day, margin: Painful(day.month, day.day, margin),
                     st.dates(date(2028, 1, 1), date(2028, 12, 31)) | st.just(date(2028, 2, 29)),
                     st.integers(0, 31))


@st.composite
def some_limits(draw: st.DrawFn) -> Limits:
    first, last = draw(hours)
    return Limits(draw(st.integers(0, 40)),
                  tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))), first, last,
                  tuple(draw(st.lists(quiets, max_size=3))),
                  tuple(draw(st.lists(painfuls, max_size=3))),
                  draw(st.none() | st.integers(1, 3)), draw(st.none() | moments))


@st.composite
def some_history(draw: st.DrawFn) -> tuple[datetime, list[datetime]]:
    now = draw(moments)
    return now, sorted({now + gone for gone in draw(st.lists(near, max_size=4))})


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows, as a time without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


def anniversaries(painful: Painful) -> set[date]:
    """Every such day of forty years, the long way round."""
    found = set()
    for year in range(2020, 2060):
        if (painful.month, painful.day) == (2, 29) and year % 4:
            found |= {date(year, 2, 28), date(year, 3, 1)}
        else:
            found.add(date(year, painful.month, painful.day))
    return found


ALLOWS: dict[str, Callable[[Limits, list[datetime], datetime, datetime, ZoneInfo], bool]] = {
    "now": lambda limits, reached, now, at, zone: at >= now,
    "gap": lambda limits, reached, now, at, zone: all(
        (at - letter).total_seconds() >= limits.minimum_gap_days * 86400 for letter in reached
    ),
    "weekdays": lambda limits, reached, now, at, zone: (
        wall(at, zone).isoweekday() - 1 in limits.weekdays
    ),
    "hours": lambda limits, reached, now, at, zone: (
        limits.first_hour * 60
        <= wall(at, zone).hour * 60 + wall(at, zone).minute
        < limits.last_hour * 60
    ),
    "quiet": lambda limits, reached, now, at, zone: (
        not any(quiet.first <= wall(at, zone).date() <= quiet.last for quiet in limits.quiet)
    ),
    "painful": lambda limits, reached, now, at, zone: (
        not any(
            wall(at, zone).date() + timedelta(days=by) in anniversaries(painful)
            for painful in limits.painful
            for by in range(-painful.margin, painful.margin + 1)
        )
    ),
    "month": lambda limits, reached, now, at, zone: (
        limits.most_a_month is None
        or sum(f"{wall(letter, zone):%Y-%m}" == f"{wall(at, zone):%Y-%m}" for letter in reached)
        < limits.most_a_month
    ),
    "not before": lambda limits, reached, now, at, zone: (
        limits.not_before is None or at >= limits.not_before
    ),
}


@given(some_limits(), some_history(), zones)
def test_rule_25_never_earlier_than_any_single_setting_allows(
        limits: Limits, history: tuple[datetime, list[datetime]], zone: ZoneInfo) -> None:
    now, reached = history
    due = next_release(limits, reached, now, zone)
    if due is None:
        assert (limits.not_before is not None
                and limits.not_before > now + HORIZON - timedelta(days=600))
        return
    assert [name for name,
            allows in ALLOWS.items() if not allows(limits, reached, now, due, zone)] == []


@given(some_limits(), some_history(), zones)
def test_nor_later_than_need_be(limits: Limits, history: tuple[datetime, list[datetime]],
                                zone: ZoneInfo) -> None:
    now, reached = history
    due = next_release(limits, reached, now, zone)
    if due is None:
        return
    earlier = max(now, due - timedelta(days=9))
    on_the_quarter = datetime.fromtimestamp(-(-earlier.timestamp() // 900) * 900, UTC)
    tried = [now, *(letter + timedelta(days=limits.minimum_gap_days) for letter in reached),
             *([limits.not_before] if limits.not_before else []),
             *(on_the_quarter + number * QUARTER for number in range(9 * 96))]
    assert [at for at in tried if at < due
            and all(allows(limits, reached, now, at, zone) for allows in ALLOWS.values())] == []


STRICTER: dict[str, Callable[[Limits], Limits]] = {
    "a longer gap": lambda limits: replace(limits, minimum_gap_days=limits.minimum_gap_days + 9),
    "fewer days": lambda limits: replace(limits, weekdays=limits.weekdays[-1:]),
    "fewer hours": lambda limits: replace(limits, first_hour=limits.last_hour - 1),
    "an earlier end": lambda limits: replace(limits, last_hour=limits.first_hour + 1),
    "quiet weeks": lambda limits: replace(limits,
                                          quiet=(*limits.quiet,
                                                 Quiet(date(2027, 3, 1), date(2027, 11, 9)))),
    "a date": lambda limits: replace(limits, painful=(*limits.painful, Painful(2, 29, 4))),
    "a wider margin": lambda limits: replace(limits, painful=tuple(
        replace(painful, margin=min(painful.margin + 5, 31)) for painful in limits.painful)),
    "fewer letters": lambda limits: replace(limits, most_a_month=1),
    "a later beginning": lambda limits: replace(limits, not_before=datetime(2028, 2, 29, tzinfo=UTC)
                                                if limits.not_before is None else
                                                limits.not_before + timedelta(hours=7)),
}


@given(some_limits(), some_history(), zones, st.sampled_from(sorted(STRICTER)))
def test_rule_25_a_stricter_setting_is_never_sooner(
        limits: Limits, history: tuple[datetime, list[datetime]], zone: ZoneInfo,
        stricter: str) -> None:
    now, reached = history
    loose, strict = (next_release(each, reached, now, zone)
                     for each in (limits, STRICTER[stricter](limits)))
    assert strict is None or (loose is not None and loose <= strict)


@given(some_limits(), some_history(), zones, st.integers(0, 60), near)
def test_a_look_at_the_moment_that_was_said_says_it_again_and_a_later_look_nothing_sooner(
        limits: Limits, history: tuple[datetime, list[datetime]], zone: ZoneInfo, agreed: int,
        ago: timedelta) -> None:
    now, reached = history
    due = next_release(limits, reached, now, zone, agreed)
    if due is None:
        return
    assert next_release(limits, [*reversed(reached)], due, zone, agreed) == due
    before = next_release(limits, reached, now + ago, zone, agreed)
    assert due > now + ago + HORIZON if before is None else before <= due
    assert all(due - letter >= timedelta(days=agreed) for letter in reached)


@given(st.integers(0, MAX_GAP_DAYS), st.booleans(), st.sets(st.integers(0, 6), min_size=1), hours,
       st.lists(quiets, max_size=3), st.lists(painfuls, max_size=3), st.none() | st.integers(1, 31),
       st.sampled_from(Sending), st.integers(1, MAX_COOLING_HOURS))
def test_what_is_written_down_is_read_again_and_each_pace_has_one_text(
        gap: int, as_agreed: bool, weekdays: set[int], hours: tuple[int, int], quiet: list[Quiet],
        painful: list[Painful], month: int | None, sending: Sending, cooling: int) -> None:
    pace = Pace(gap, as_agreed, tuple(weekdays), *hours, tuple(quiet), tuple(painful), month,
                sending, cooling)
    turned = replace(pace, quiet=tuple(reversed(quiet)), painful=(*painful, *painful))
    assert Pace.read(pace.written()) == pace == turned
    assert turned.written() == pace.written() and " " not in pace.written()


def test_nothing_is_the_default_and_a_number_alone_is_a_gap_as_it_once_was() -> None:
    assert Pace.read("") == Pace() == Pace.read("0")
    assert Pace.read("7") == Pace(7)


PACE = Pace(7, quiet=(Quiet(date(2027, 1, 1), date(2027, 1, 2)),)).written()


@pytest.mark.parametrize("written", [
    "-1", "367", "1.5", "true", "null", "[]", "{}", '"x"', "seven", "٣", PACE + " ", PACE[:-1],
    PACE.replace("7", "07"),
    PACE.replace('"approved"', '"at once"'), PACE.replace("2027-01-02", "2026-01-02"),
    PACE.replace("{", '{"x":1,'),
    PACE.replace('"minimum_gap_days":7,', ""), PACE.replace("[0,1,2,3,4,5,6]", "[1,0]"),
    PACE.replace("[0,1,2,3,4,5,6]", '["1"]'), PACE.replace('[["', '["').replace('"]]', '"]')])
def test_what_is_no_pace_is_not_read(written: str) -> None:
    with pytest.raises(ValueError):
        Pace.read(written)


MANY = tuple(Quiet(date(2027, 1, number), date(2027, 1, number)) for number in range(1, 22))
WRONG: dict[str, list[Callable[[], object]]] = {
    "minimum_gap_days": [lambda: Pace(-1), lambda: Pace(MAX_GAP_DAYS + 1), lambda: Pace(10**9)],
    "weekdays": [lambda: Pace(weekdays=()), lambda: Pace(weekdays=(7,)),
                 lambda: Pace(weekdays=(-1, 0))],
    "last_hour": [lambda: Pace(first_hour=9, last_hour=9), lambda: Pace(first_hour=22, last_hour=6),
                  lambda: Pace(first_hour=-1), lambda: Pace(last_hour=25)],
    "most_a_month": [lambda: Pace(most_a_month=0), lambda: Pace(most_a_month=32)],
    "quiet_first": [lambda: Pace(quiet=MANY)],
    "quiet_last": [lambda: Quiet(date(2027, 2, 2), date(2027, 2, 1)),
                   lambda: Quiet(date(2027, 1, 1), date(2028, 1, 2))],
    "painful_day": [lambda: Painful(2, 30), lambda: Painful(13, 1), lambda: Painful(0, 1),
                    lambda: Painful(1, -1),
                    lambda: Pace(painful=tuple(Painful(1, number) for number in range(1, 22)))],
    "painful_margin": [lambda: Painful(1, 1, -1), lambda: Painful(1, 1, 32)],
    "cooling_hours": [lambda: Pace(cooling_hours=0),
                      lambda: Pace(cooling_hours=MAX_COOLING_HOURS + 1)],
}


@pytest.mark.parametrize("field", WRONG)
def test_what_cannot_be_names_its_field(field: str) -> None:
    for made in WRONG[field]:
        with pytest.raises(NotAcceptable) as refused:
            made()
        assert refused.value.field == field and isinstance(refused.value, ValueError)


def test_what_is_just_possible_can_be_set() -> None:
    assert Quiet(date(2027, 1, 1), date(2028, 1, 1)).covers(date(2028, 1, 1))
    assert Painful(2, 29, 31).covers(date(2027, 4, 1))
    assert Pace(MAX_GAP_DAYS, first_hour=23, most_a_month=31, quiet=MANY[:20],
                cooling_hours=MAX_COOLING_HOURS)


def test_rule_25_on_the_way_to_the_other_only_the_gap_and_the_cooling_off_hold() -> None:
    approved, noon = datetime(2027, 1, 4, 10, tzinfo=UTC), datetime(2027, 1, 4, 12, tzinfo=UTC)
    strict = Pace(7, True, (6,), 3, 4, (Quiet(date(2027, 1, 1), date(2027, 2, 1)),),
                  (Painful(1, 4),), 1)
    assert strict.for_responsible(approved) == Limits(7)
    assert replace(strict, sending=Sending.HOLD).for_responsible(None) == Limits(7)
    assert replace(strict, sending=Sending.HOLD).holds and not strict.holds
    cooling = Pace(sending=Sending.COOLING, cooling_hours=5)
    assert next_release(cooling.for_responsible(approved), (), noon,
                        LONDON) == approved + timedelta(hours=5)
    assert next_release(cooling.for_responsible(approved), (), noon + timedelta(days=1),
                        NEW_YORK) == noon + timedelta(
        days=1)
    assert next_release(cooling.for_responsible(None), (), noon, LONDON) is None
    assert strict.for_person_harmed() == Limits(7, (6,), 3, 4, strict.quiet, strict.painful, 1)


@pytest.mark.parametrize(("zone", "limits", "now", "due"), [
    # London goes forward at 01:00: what may come from 01:00 comes when the clock shows 02:00, and
    # where only 01:00 to
    # 02:00 is left, on the next day.
    (LONDON, Limits(first_hour=1), "2027-03-28T00:10+00:00", "2027-03-28T01:00+00:00"),
    (LONDON, Limits(first_hour=1, last_hour=2), "2027-03-28T00:10+00:00", "2027-03-29T00:00+00:00"),
    # and back at 02:00: 01:00 to 02:00 comes twice, and the first is taken.
    (LONDON, Limits(first_hour=1, last_hour=2), "2027-10-30T23:10+00:00", "2027-10-31T00:00+00:00"),
    (LONDON, Limits(first_hour=1, last_hour=2), "2027-10-31T01:30+00:00", "2027-10-31T01:30+00:00"),
    (LONDON, Limits(first_hour=2), "2027-10-31T00:10+00:00", "2027-10-31T02:00+00:00"),
    (NEW_YORK, Limits(first_hour=2, last_hour=3), "2027-03-14T06:50+00:00",
     "2027-03-15T06:00+00:00"),
    (NEW_YORK, Limits(first_hour=9), "2027-11-07T05:20+00:00", "2027-11-07T14:00+00:00"),
    # Lord Howe's clock goes forward by half an hour, at 02:00 to 02:30, and back from 02:00 to
    # 01:30.
    (LORD_HOWE, Limits(first_hour=2, last_hour=3), "2027-10-02T15:10+00:00",
     "2027-10-02T15:30+00:00"),
    (LORD_HOWE, Limits(first_hour=2, last_hour=3), "2027-04-03T14:40+00:00",
     "2027-04-03T15:30+00:00"),
    # Sunday begins on Lord Howe while it is Saturday in London.
    (LORD_HOWE, Limits(weekdays=(6,)), "2027-01-09T12:00+00:00", "2027-01-09T13:00+00:00"),
    # 29 February: its own day where there is one, both neighbours where there is none.
    (LONDON, Limits(painful=(Painful(2, 29),)), "2028-02-29T00:00+00:00", "2028-03-01T00:00+00:00"),
    (LONDON, Limits(painful=(Painful(2, 29),)), "2028-02-28T09:00+00:00", "2028-02-28T09:00+00:00"),
    (LONDON, Limits(painful=(Painful(2, 29),)), "2027-02-28T09:00+00:00", "2027-03-02T00:00+00:00"),
    (LONDON, Limits(painful=(Painful(2, 28, 1),)), "2028-02-27T00:00+00:00",
     "2028-03-01T00:00+00:00"),
    (LONDON, Limits(painful=(Painful(1, 1, 3),)), "2027-12-29T00:00+00:00",
     "2028-01-05T00:00+00:00"),
    (LONDON, Limits(painful=(Painful(12, 30, 5),)), "2028-01-01T12:00+00:00",
     "2028-01-05T00:00+00:00"),
    (NEW_YORK, Limits(quiet=(Quiet(date(2028, 2, 28), date(2028, 2, 29)),)),
     "2028-02-28T12:00+00:00",
     "2028-03-01T05:00+00:00"),
])
def test_rule_25_summer_time_leap_days_and_places(zone: ZoneInfo, limits: Limits, now: str,
                                                  due: str) -> None:
    assert next_release(limits, (), datetime.fromisoformat(now),
                        zone) == datetime.fromisoformat(due)


@pytest.mark.parametrize(("last", "gap", "due"), [
    ("2028-02-28T09:00+00:00", 1, "2028-02-29T09:00+00:00"),
    ("2028-02-29T09:00+00:00", 366, "2029-03-01T09:00+00:00"),
    ("2027-02-28T09:00+00:00", 1, "2027-03-01T09:00+00:00"),
    # a day has 24 hours, whatever the clocks do
    ("2027-03-27T12:00+00:00", 1, "2027-03-28T13:00+01:00"),
    ("2027-10-30T02:45+01:00", 1, "2027-10-31T01:45+00:00"),
])
def test_rule_25_a_gap_is_whole_days_of_24_hours(last: str, gap: int, due: str) -> None:
    reached, expected = datetime.fromisoformat(last), datetime.fromisoformat(due)
    assert next_release(Limits(gap), (reached,), reached, LONDON) == expected
    assert next_release(Limits(1), (reached,), reached, LONDON, days=gap) == expected


def test_rule_25_a_month_is_the_months_of_the_clock_on_the_wall() -> None:
    """In New York it is still January when the second letter comes, in London already February."""
    reached = [datetime(2027, 1, 10, tzinfo=UTC), datetime(2027, 2, 1, 3, tzinfo=UTC)]
    now = datetime(2027, 2, 1, 4, tzinfo=UTC)
    assert next_release(Limits(most_a_month=2), reached, now, LONDON) == now
    assert next_release(Limits(most_a_month=2), reached, now,
                        NEW_YORK) == datetime(2027, 2, 1, 5, tzinfo=UTC)
    assert next_release(Limits(most_a_month=1), reached, now,
                        LONDON) == datetime(2027, 3, 1, tzinfo=UTC)
    in_a_year = datetime(2028, 1, 31, tzinfo=UTC)
    assert next_release(Limits(most_a_month=1), reached, in_a_year, LONDON) == in_a_year


EVERY_MONTH = tuple(Painful(month, 15, 16) for month in range(1, 13))


@example(datetime(2027, 1, 4, tzinfo=UTC), LONDON)
@settings(max_examples=5)
@given(moments, zones)
def test_where_nothing_is_left_of_a_year_there_is_no_moment(now: datetime, zone: ZoneInfo) -> None:
    assert next_release(Limits(painful=EVERY_MONTH), (), now, zone) is None
    assert next_release(Limits(), (), now, zone) == now
