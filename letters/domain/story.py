"""What the trail tells of a case: its facts, folded. The rows say how things stand; this says how they came to.

Where the two differ, somebody has changed the database behind the program's back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from letters.domain.events import Event


class Fact(NamedTuple):
    """One entry of the trail, as far as the story needs it."""

    event: Event
    subject: UUID
    entered: str


@dataclass
class Story:
    """How a case stands by its trail."""

    stopped: bool = False
    halted: bool = False
    paused: bool = False
    ready: bool = False
    acknowledged: bool = False
    minimum_gap_days: int = 0
    consenting: set[UUID] = field(default_factory=set)
    team: set[UUID] = field(default_factory=set)
    letters: dict[UUID, str] = field(default_factory=dict)


_SWITCHES: dict[Event, tuple[str, bool]] = {
    Event.STOPPED: ("stopped", True),
    Event.HALTED: ("halted", True),
    Event.HALT_LIFTED: ("halted", False),
    Event.PAUSED: ("paused", True),
    Event.PAUSE_ENDED: ("paused", False),
    Event.READY_SAID: ("ready", True),
    Event.READY_UNSAID: ("ready", False),
    Event.READY_SPENT: ("ready", False),
    Event.ACKNOWLEDGEMENT_RECORDED: ("acknowledged", True),
}


def told(facts: Iterable[Fact]) -> Story:
    """Fold the facts of one case, oldest first."""
    story = Story()
    for event, subject, entered in facts:
        if event is Event.PACE_SET:
            story.minimum_gap_days = int(entered)
        elif entered:
            story.letters[subject] = entered
        if event in _SWITCHES:
            setattr(story, *_SWITCHES[event])
        elif event is Event.CONSENT_GIVEN:
            story.consenting.add(subject)
        elif event is Event.CONSENT_WITHDRAWN:
            story.consenting.discard(subject)
        elif event is Event.MEMBER_JOINED:
            story.team.add(subject)
    return story
