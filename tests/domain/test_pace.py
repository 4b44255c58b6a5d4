"""The pace: never before now, never before the gap is over, wherever the clocks stand. Rule 25."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.domain.pace import MAX_GAP_DAYS, Pace, next_release

BERLIN = ZoneInfo("Europe/Berlin")
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC) | OFFSETS)
GAPS = st.integers(0, MAX_GAP_DAYS)


@given(GAPS, MOMENTS)
def test_a_first_letter_may_come_now(gap: int, now: datetime) -> None:
    assert next_release(Pace(gap), None, now) == now


@given(GAPS, MOMENTS, MOMENTS)
def test_never_before_now_nor_before_the_gap_is_over_nor_later_than_need_be(
        gap: int, last: datetime, now: datetime) -> None:
    due = next_release(Pace(gap), last, now)
    assert due >= now and due - last >= timedelta(days=gap)
    assert due == now or due - last == timedelta(days=gap)


@given(GAPS, GAPS, MOMENTS, MOMENTS)
def test_a_longer_gap_is_never_sooner(gap: int, other: int, last: datetime, now: datetime) -> None:
    shorter, longer = sorted((gap, other))
    assert next_release(Pace(shorter), last, now) <= next_release(Pace(longer), last, now)


@given(GAPS, MOMENTS, MOMENTS, MOMENTS)
def test_a_later_letter_or_look_is_never_sooner(gap: int, last: datetime, one: datetime, other: datetime) -> None:
    earlier, later = sorted((one, other))
    assert next_release(Pace(gap), last, earlier) <= next_release(Pace(gap), last, later)
    assert next_release(Pace(gap), earlier, last) <= next_release(Pace(gap), later, last)


@given(GAPS, MOMENTS, MOMENTS, OFFSETS, OFFSETS)
def test_it_is_the_same_moment_everywhere(
        gap: int, last: datetime, now: datetime, here: timezone, there: timezone) -> None:
    assert next_release(Pace(gap), last.astimezone(here), now.astimezone(there)) == next_release(Pace(gap), last, now)


@pytest.mark.parametrize("last, gap, due", [
    (datetime(2028, 2, 28, 9, tzinfo=UTC), 1, datetime(2028, 2, 29, 9, tzinfo=UTC)),
    (datetime(2028, 2, 29, 9, tzinfo=UTC), 366, datetime(2029, 3, 1, 9, tzinfo=UTC)),
    (datetime(2027, 2, 28, 9, tzinfo=UTC), 1, datetime(2027, 3, 1, 9, tzinfo=UTC)),
    (datetime(2027, 12, 31, 23, 59, tzinfo=UTC), 1, datetime(2028, 1, 1, 23, 59, tzinfo=UTC)),
    (datetime(2027, 3, 27, 12, tzinfo=UTC), 1, datetime(2027, 3, 28, 14, tzinfo=BERLIN)),
    (datetime(2027, 10, 30, 12, tzinfo=UTC), 1, datetime(2027, 10, 31, 13, tzinfo=BERLIN)),
])
def test_leap_days_year_ends_and_summer_time_change_nothing(last: datetime, gap: int, due: datetime) -> None:
    found = next_release(Pace(gap), last, last)
    assert found.astimezone(UTC) == due.astimezone(UTC)


def test_a_day_has_24_hours_when_the_clocks_go_forward() -> None:
    last = datetime(2027, 3, 27, 12, tzinfo=BERLIN)
    due = next_release(Pace(1), last, last)
    assert due.astimezone(UTC) - last.astimezone(UTC) >= timedelta(days=1)


def test_never_before_now_in_the_hour_that_comes_twice() -> None:
    last = datetime(2027, 10, 30, 2, 45, tzinfo=BERLIN)
    now = datetime(2027, 10, 31, 2, 30, fold=1, tzinfo=BERLIN)
    assert next_release(Pace(1), last, now).astimezone(UTC) >= now.astimezone(UTC)


@pytest.mark.parametrize("gap", [0, 1, MAX_GAP_DAYS])
def test_a_gap_has_whole_days_up_to_a_year(gap: int) -> None:
    assert Pace(gap).minimum_gap_days == gap


@pytest.mark.parametrize("gap", [-1, MAX_GAP_DAYS + 1, 10**9])
def test_no_other_gap_can_be_set(gap: int) -> None:
    with pytest.raises(ValueError):
        Pace(gap)


def test_nothing_set_is_no_gap() -> None:
    assert Pace() == Pace(0)
