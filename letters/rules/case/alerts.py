"""Safeguarding (rule 30): who must act by when.
An open alert holds every release of its case, in both directions.

Alerts are folded from the trail like the rest of the process: deleting a row does not close an
alert. ``process.py`` says how each fact is recorded.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from letters.rules.case.framework import Safeguarding
from letters.rules.events import Event, Fact
from letters.rules.translatable import marked

HANDED_ON, RISEN = "handed on", "risen"
"""Steps without words: another member acts from now on;
it was overdue, and the supervisors were told."""


class Cause(StrEnum):
    """What opened an alert."""

    LETTER = marked("what was found in a letter, or a letter that was not screened")
    TOLD = marked("what somebody who takes part told the team")
    TEAM = marked("a facilitator")


@dataclass(frozen=True)
class Alert:
    """``thing``: the letter or the reported risk that it is about, or the case.
    ``owner`` acts until ``act_by``."""

    id: UUID
    opened: datetime
    opened_by: UUID
    owner: UUID
    act_by: datetime
    cause: Cause
    thing: UUID
    risen: datetime | None = None
    closed: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        """True while it is open and its time is over."""
        return self.closed is None and self.act_by <= now


ALERTS = frozenset({Event.ALERT_OPENED, Event.ALERT_STEP, Event.ALERT_CLOSED})
"""The facts about alerts."""


def tell(alerts: dict[UUID, Alert], fact: "Fact") -> None:
    """Apply one fact of ``ALERTS``. A fact about an alert that was never opened is ignored."""
    if fact.event is Event.ALERT_OPENED:
        cause, _, thing = fact.left.partition(" ")
        alerts[fact.subject] = Alert(fact.subject, fact.at, fact.actor, fact.about,
                                     datetime.fromisoformat(fact.entered), Cause[cause],
                                     UUID(thing))
        return
    alert = alerts.get(fact.subject)
    if alert is None:
        return
    if fact.event is Event.ALERT_CLOSED:
        alert = replace(alert, closed=alert.closed or fact.at)
    elif fact.left == HANDED_ON:
        alert = replace(alert, owner=fact.about)
    elif fact.left == RISEN:
        alert = replace(alert, risen=alert.risen or fact.at)
    alerts[alert.id] = alert


def open_ones(alerts: dict[UUID, Alert]) -> Iterator[Alert]:
    """The alerts that nobody has closed."""
    return (alert for alert in alerts.values() if alert.closed is None)


def act_by(now: datetime, urgent: bool, within: Safeguarding) -> datetime:
    """The moment by which somebody must act."""
    return now + timedelta(hours=within.urgent_hours if urgent else within.hours)


def first_owner(chosen: UUID | None, joined: Sequence[UUID], team: Collection[UUID]) -> UUID | None:
    """The first owner: the facilitator whom the person harmed chose, if in the team, else its first
    member by ``joined``."""
    return next((one for one in (chosen, *joined) if one is not None and one in team), None)
