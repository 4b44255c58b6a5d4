"""When a closed case is erased (rule 28): a pure decision. It is said first, and never done before that day."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from letters.rules.case.framework import Retention

MOST_LATER = timedelta(days=366)
"""So far ahead, at most, a facilitator may put the day off at a time."""


class RetentionStep(StrEnum):
    """What the daily look does about a closed case."""

    WAIT = "wait"
    SAY = "say"
    CALL_OFF = "call off"
    ERASE = "erase"


def earliest(closed: date, months: int) -> date:
    """The same day of the month, so many months later; where that month is shorter, the first of the one after."""
    year, month = divmod(closed.month - 1 + months, 12)
    year, month = closed.year + year, month + 1
    if closed.day <= monthrange(year, month)[1]:
        return date(year, month, closed.day)
    return date(year, month, monthrange(year, month)[1]) + timedelta(days=1)


def next_step(retention: Retention, closed: date, said: date | None, today: date) -> RetentionStep:
    """What is due today. A day that was said under a shorter time than the service keeps letters now is called off, and
    said anew when it is near."""
    if retention.months is None:
        return RetentionStep.CALL_OFF if said else RetentionStep.WAIT
    first = earliest(closed, retention.months)
    if said is None:
        return RetentionStep.SAY if first - today <= timedelta(days=retention.notice_days) else RetentionStep.WAIT
    if said < first:
        return RetentionStep.CALL_OFF
    return RetentionStep.ERASE if said <= today else RetentionStep.WAIT


def day_to_say(retention: Retention, closed: date, today: date) -> date:
    """The day to be said today: after the whole time, and never before the whole notice."""
    notice = today + timedelta(days=retention.notice_days)
    return notice if retention.months is None else max(earliest(closed, retention.months), notice)


def may_be_put_off(said: date, until: date, today: date) -> bool:
    """True for a day to come, later than was said, within a year."""
    return max(said, today) < until <= today + MOST_LATER
