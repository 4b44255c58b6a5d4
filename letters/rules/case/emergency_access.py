"""Emergency access: how long it takes and lasts, who may second whom,
and what the trail says of one request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from letters.rules.errors import Tampered
from letters.rules.events import Event

LASTS = timedelta(days=14)
"""How long a request waits for its second,
and how long emergency access stays open, at the most."""


def due(asked: datetime, delay: timedelta, safeguarding: bool) -> datetime:
    """The moment from which it may be opened:
    after the delay, or at once if somebody may be in danger (rule 30)."""
    return asked if safeguarding else asked + delay


class EmergencyFact(NamedTuple):
    """One entry of the trail about one request."""

    event: Event
    actor: UUID
    at: datetime


@dataclass
class EmergencyHistory:
    """How a request stands by the trail."""

    asked_by: UUID | None = None
    seconded_by: UUID | None = None
    broken_at: datetime | None = None
    closed: bool = False


def folded(facts: Iterable[EmergencyFact]) -> EmergencyHistory:
    """Fold the facts of one request, oldest first.
    Raises ``Tampered`` if they do not follow one another."""
    story = EmergencyHistory()
    for fact in facts:
        if story.closed or (story.asked_by is None) != (fact.event is Event.EMERGENCY_ASKED):
            raise Tampered
        if fact.event is Event.EMERGENCY_ASKED:
            story.asked_by = fact.actor
        elif fact.event is Event.EMERGENCY_SECONDED and story.seconded_by is None:
            story.seconded_by = fact.actor
        elif (fact.event is Event.EMERGENCY_OPENED and story.seconded_by is not None
              and story.broken_at is None):
            story.broken_at = fact.at
        elif fact.event is Event.EMERGENCY_CLOSED:
            story.closed = True
        else:
            raise Tampered
    return story


def independent(one: UUID, other: UUID, brought_in_by: Mapping[UUID, Iterable[UUID]]) -> bool:
    """True if neither brought the other in and nobody brought both in, over however many steps.

    Otherwise one administrator could invent a supervisor, or two, and second themselves. The
    operator does not count.
    """
    return not _line(one, brought_in_by) & _line(other, brought_in_by)


def _line(person: UUID, brought_in_by: Mapping[UUID, Iterable[UUID]]) -> set[UUID]:
    line, ahead = set[UUID](), [person]
    while ahead:
        somebody = ahead.pop()
        if somebody not in line:
            line.add(somebody)
            ahead.extend(brought_in_by.get(somebody, ()))
    return line
