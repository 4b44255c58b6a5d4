"""When a closed case is erased (rule 28): a pure decision.
It is announced first, and never done before that day."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from letters.rules.case.framework import Retention

MOST_LATER = timedelta(days=366)
"""How far ahead, at most, a facilitator may put the day off at a time."""


class RetentionStep(StrEnum):
    """What the daily check does about a closed case."""

    WAIT = "wait"
    SAY = "say"
    CALL_OFF = "call off"
    ERASE = "erase"


def earliest(closed: date, months: int) -> date:
    """The same day of the month, so many months later. In a month that is too short for it, the
    first day of the next month."""
    year, month = divmod(closed.month - 1 + months, 12)
    year, month = closed.year + year, month + 1
    if closed.day <= monthrange(year, month)[1]:
        return date(year, month, closed.day)
    return date(year, month, monthrange(year, month)[1]) + timedelta(days=1)


def next_step(retention: Retention, closed: date, said: date | None, today: date) -> RetentionStep:
    """What is due today. If the service now keeps letters longer than when a day was announced,
    that day is called off and a new one is announced when it is near."""
    if retention.months is None:
        return RetentionStep.CALL_OFF if said else RetentionStep.WAIT
    first = earliest(closed, retention.months)
    if said is None:
        return (RetentionStep.SAY if first - today <= timedelta(days=retention.notice_days)
                else RetentionStep.WAIT)
    if said < first:
        return RetentionStep.CALL_OFF
    return RetentionStep.ERASE if said <= today else RetentionStep.WAIT


def day_to_say(retention: Retention, closed: date, today: date) -> date:
    """The day to announce today: after the whole time, and never before the whole notice."""
    notice = today + timedelta(days=retention.notice_days)
    return notice if retention.months is None else max(earliest(closed, retention.months), notice)


def may_be_put_off(said: date, until: date, today: date) -> bool:
    """True for a future day, later than the announced one, within a year."""
    return max(said, today) < until <= today + MOST_LATER
