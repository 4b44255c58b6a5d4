"""When a closed case is erased: after its whole time, after its whole notice, and never while the
service keeps it."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from letters.rules.case.framework import Retention
from letters.rules.case.retention import (
    MOST_LATER,
    RetentionStep,
    day_to_say,
    earliest,
    may_be_put_off,
    next_step,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 1, 1))
RETENTIONS = st.builds(Retention, st.none() | st.integers(1, 120), st.integers(7, 366))


@pytest.mark.parametrize(("closed", "months", "day"), [
    (date(2027, 3, 5), 12, date(2028, 3, 5)), (date(2027, 12, 31), 1, date(2028, 1, 31)),
    (date(2027, 8, 31), 6, date(2028, 3, 1)), (date(2028, 2, 29), 12, date(2029, 3, 1)),
    (date(2027, 1, 31), 1, date(2027, 3, 1)), (date(2027, 12, 1), 120, date(2037, 12, 1))])
def test_rule_28_months_are_counted_whole(closed: date, months: int, day: date) -> None:
    assert earliest(closed, months) == day


@given(DAYS, RETENTIONS, st.integers(0, 4000))
def test_rule_28_never_before_the_time_or_the_notice_is_over(
    closed: date, retention: Retention, gone: int
) -> None:
    today = closed + timedelta(days=gone)
    step = next_step(retention, closed, None, today)
    assert step in (RetentionStep.WAIT, RetentionStep.SAY)
    if step is RetentionStep.SAY:
        said = day_to_say(retention, closed, today)
        assert retention.months is not None and said >= earliest(closed, retention.months)
        assert said - today >= timedelta(days=retention.notice_days)
        assert next_step(retention, closed, said, said - timedelta(days=1)) is RetentionStep.WAIT
        assert next_step(retention, closed, said, said) is RetentionStep.ERASE
    elif retention.months is not None:
        assert earliest(closed, retention.months) - today > timedelta(days=retention.notice_days)


@given(DAYS, RETENTIONS, DAYS, DAYS)
@example(date(2027, 3, 5), Retention(12), date(2027, 4, 5), date(2027, 4, 1))  # said too early
@example(date(2027, 3, 5), Retention(12), date(2028, 4, 5), date(2028, 4, 5))
def test_rule_28_a_day_that_was_said_holds_only_after_the_time_that_is_kept_now(
        closed: date, retention: Retention, said: date, today: date) -> None:
    step = next_step(retention, closed, said, today)
    if retention.months is None or said < earliest(closed, retention.months):
        assert step is RetentionStep.CALL_OFF
    else:
        assert step is (RetentionStep.ERASE if today >= said else RetentionStep.WAIT)


def test_without_a_time_the_day_to_say_is_still_after_the_notice() -> None:
    assert day_to_say(Retention(None), date(2027, 1, 1), date(2027, 1, 1)) == date(2027, 1, 31)


def test_a_day_is_put_off_forward_and_within_a_year() -> None:
    said, today = date(2027, 5, 1), date(2027, 4, 20)
    assert may_be_put_off(said, said + timedelta(days=1),
                          today) and may_be_put_off(said, today + MOST_LATER, today)
    assert not any(may_be_put_off(said, until, today)
                   for until in (said, said - timedelta(days=1),
                                 today + MOST_LATER + timedelta(days=1)))
    # the worker was away
    assert not may_be_put_off(said, said + timedelta(days=1), said + timedelta(days=1))
