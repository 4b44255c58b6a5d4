"""What becomes of a letter that is approved now (rules 19, 20 and 25): for the person harmed, of a letter to them; for
the team, of either. For nobody else's eyes (rule 22)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from letters.rules.case.framework import Framework
from letters.rules.case.gates import Gate, Parties, missing
from letters.rules.case.history import CaseHistory
from letters.rules.case.process import Source, Terms
from letters.rules.case.stages import facts_in
from letters.rules.pace import Pace, next_release


@dataclass(frozen=True)
class Preview:
    """``at``: the moment that the pace gives, or None if it gives none within years. The others say what a letter would
    wait for first: that the person harmed is ready, goes on after a pause, or something else that is still missing.
    """

    at: datetime | None
    not_ready: bool = False
    paused: bool = False
    something_missing: bool = False


def preview(story: CaseHistory, framework: Framework, parties: Parties, reached: Sequence[datetime], now: datetime,
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


@dataclass(frozen=True)
class Foreseen:
    """For the team. ``at``: the moment that the pace gives, or None if it gives none within years. ``shut``: the gates
    that a letter would wait for; ``too_soon``: the person harmed writes first, and has not been read yet."""

    at: datetime | None
    shut: tuple[Gate, ...] = ()
    too_soon: bool = False


def foresee(story: CaseHistory, framework: Framework, parties: Parties, sender: UUID, reached: Sequence[datetime],
            now: datetime, zone: ZoneInfo) -> Foreseen:
    """When a letter of ``sender`` that is approved now would reach the other of the two, as the story stands.

    ``reached``: when letters reached the other. The worker asks all of it again before it releases anything."""
    pace, to_harmed = Pace.read(story.pace), sender != parties.harmed
    facts = replace(facts_in(story, framework, parties, sender, now.astimezone(zone).date()),
                    ready=not to_harmed or story.ready or pace.as_agreed, sent_off=to_harmed or not pace.holds)
    agreement = story.process.agreement(parties.harmed, parties.responsible)
    terms = agreement.terms if agreement else Terms()
    limits = pace.for_person_harmed() if to_harmed else pace.for_responsible(now)
    return Foreseen(next_release(limits, reached, now, zone, terms.days), missing(facts),
                    to_harmed and terms.first is Source.HARMED and sender not in story.reached)
