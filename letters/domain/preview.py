"""What becomes of a letter to the person harmed that is approved now: for their eyes alone (rules 19, 22 and 25)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from letters.domain.framework import Framework
from letters.domain.gates import Gate, Parties, missing
from letters.domain.pace import Pace, next_release
from letters.domain.stages import facts_in
from letters.domain.story import Story


@dataclass(frozen=True)
class Preview:
    """``at``: the moment that the pace gives, or None if it gives none within years. The others say what a letter would
    wait for first: that the person harmed is ready, goes on after a pause, or something else that is still missing.
    """

    at: datetime | None
    not_ready: bool = False
    paused: bool = False
    something_missing: bool = False


def preview(story: Story, framework: Framework, parties: Parties, reached: Sequence[datetime], now: datetime,
            zone: ZoneInfo) -> Preview:
    """When a letter that is approved now would reach the person harmed, as the story stands."""
    pace = Pace.read(story.pace)
    facts = replace(facts_in(story, framework, parties, parties.responsible, now.astimezone(zone).date()),
                    ready=story.ready or pace.as_agreed)
    shut = set(missing(facts))
    agreement = story.process.agreement(parties.harmed, parties.responsible)
    return Preview(
        next_release(pace.for_person_harmed(), reached, now, zone, agreement.terms.days if agreement else 0),
        Gate.READY in shut, Gate.NOT_PAUSED in shut, bool(shut - {Gate.READY, Gate.NOT_PAUSED}))
