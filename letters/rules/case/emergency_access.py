"""Emergency access: how long it takes and lasts, who may second whom,
and what the trail says of one request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from letters.rules.errors import NotAllowed, NotIndependent, NotPossibleNow, Tampered
from letters.rules.events import Event, Fact
from letters.rules.permissions import Permission

LASTS = timedelta(days=14)
"""How long a request waits for its second,
and how long emergency access stays open, at the most."""


def due(asked: datetime, delay: timedelta, safeguarding: bool) -> datetime:
    """The moment from which it may be opened:
    after the delay, or at once if somebody may be in danger (rule 30)."""
    return asked if safeguarding else asked + delay


@dataclass(frozen=True)
class EmergencyHistory:
    """How a request stands by the trail."""

    asked_by: UUID | None = None
    seconded_by: UUID | None = None
    broken_at: datetime | None = None
    closed: bool = False


OF_EMERGENCIES = frozenset({Event.EMERGENCY_ASKED, Event.EMERGENCY_SECONDED,
                            Event.EMERGENCY_OPENED, Event.EMERGENCY_CLOSED})
"""The facts about requests for emergency access."""


def after(story: EmergencyHistory, fact: Fact) -> EmergencyHistory:
    """A request after one more fact. Raises ``Tampered`` if it does not follow from those
    before."""
    if story.closed or (story.asked_by is None) != (fact.event is Event.EMERGENCY_ASKED):
        raise Tampered(fact.subject)
    if fact.event is Event.EMERGENCY_ASKED:
        return replace(story, asked_by=fact.actor)
    if fact.event is Event.EMERGENCY_CLOSED:
        return replace(story, closed=True)
    if fact.event is Event.EMERGENCY_SECONDED and story.seconded_by is None:
        return replace(story, seconded_by=fact.actor)
    if (fact.event is Event.EMERGENCY_OPENED and story.seconded_by is not None
            and story.broken_at is None):
        return replace(story, broken_at=fact.at)
    raise Tampered(fact.subject)


def require_not_asked(stories: Iterable[EmergencyHistory], by: UUID) -> None:
    """Raises ``NotPossibleNow`` while an earlier request of one's own is not closed."""
    if any(one.asked_by == by and not one.closed for one in stories):
        raise NotPossibleNow("asked already")


def require_not_closed(story: EmergencyHistory) -> None:
    """Raises ``NotPossibleNow`` for a request that was closed."""
    if story.closed:
        raise NotPossibleNow("closed already")


def require_can_second(story: EmergencyHistory, by: UUID,
                       brought_in_by: Mapping[UUID, Iterable[UUID]]) -> None:
    """Raises ``NotAllowed`` for one's own request, ``NotPossibleNow`` if it was seconded or closed,
    and ``NotIndependent`` for a colleague whom one brought in."""
    if story.asked_by is None or story.asked_by == by:
        raise NotAllowed(Permission.EMERGENCY_SECOND.value)
    if story.closed or story.seconded_by is not None:
        raise NotPossibleNow("seconded or closed already")
    if not independent(story.asked_by, by, brought_in_by):
        raise NotIndependent


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
