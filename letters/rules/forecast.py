"""What becomes of a letter that is approved now (rules 19, 20 and 25).

The person harmed sees it for a letter to them, the team for either direction. Nobody else sees it
(rule 22).
"""

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
    """When a letter would reach the person harmed, and what it would wait for first.

    ``at``: the moment that the pace gives, or None if it gives none within years. The others: the
    person harmed is not ready, has paused, or something else is still missing.
    """

    at: datetime | None
    not_ready: bool = False
    paused: bool = False
    something_missing: bool = False


def preview(story: CaseHistory, framework: Framework, parties: Parties, reached: Sequence[datetime],
            now: datetime,
            zone: ZoneInfo) -> Preview:
    """When a letter that is approved now would reach the person harmed, as the history stands."""
    pace = Pace.read(story.pace)
    facts = replace(facts_in(story, framework, parties, parties.responsible,
                             now.astimezone(zone).date()),
                    ready=story.ready or pace.as_agreed)
    shut = set(missing(facts))
    agreement = story.process.agreement(parties.harmed, parties.responsible)
    return Preview(
        next_release(pace.for_person_harmed(), reached, now, zone,
                     agreement.terms.days if agreement else 0),
        Gate.READY in shut, Gate.NOT_PAUSED in shut, bool(shut - {Gate.READY, Gate.NOT_PAUSED}))


@dataclass(frozen=True)
class Foreseen:
    """The same for the team. ``at``: the moment that the pace gives,
    or None if it gives none within years.

    ``shut``: the gates that a letter would wait for. ``too_soon``: the person harmed writes first,
    and no letter of theirs has been released yet.
    """

    at: datetime | None
    shut: tuple[Gate, ...] = ()
    too_soon: bool = False


def foresee(story: CaseHistory, framework: Framework, parties: Parties, sender: UUID,
            reached: Sequence[datetime],
            now: datetime, zone: ZoneInfo) -> Foreseen:
    """When a letter of ``sender`` that is approved now would reach the other one,
    as the history stands.

    ``reached``: when letters reached the other one. The worker checks all of it again before it
    releases anything.
    """
    pace, to_harmed = Pace.read(story.pace), sender != parties.harmed
    facts = replace(facts_in(story, framework, parties, sender, now.astimezone(zone).date()),
                    ready=not to_harmed or story.ready or pace.as_agreed,
                    sent_off=to_harmed or not pace.holds)
    agreement = story.process.agreement(parties.harmed, parties.responsible)
    terms = agreement.terms if agreement else Terms()
    limits = pace.for_person_harmed() if to_harmed else pace.for_responsible(now)
    return Foreseen(next_release(limits, reached, now, zone, terms.days), missing(facts),
                    to_harmed and terms.first is Source.HARMED and sender not in story.reached)
