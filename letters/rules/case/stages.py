"""Where a case is on its way, and what is missing for the next stage:
derived from facts, never set by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from letters.rules.case.framework import Framework
from letters.rules.case.gates import Facts, Gate, Parties, facts_of, has_ended, missing, prepared
from letters.rules.case.history import CaseHistory
from letters.rules.case.process import Outcome
from letters.rules.roles import Role


class Stage(StrEnum):
    """The way of a case. ``PAUSED`` and ``STOPPED`` can be entered from anywhere before the end."""

    REFERRAL = "referral"
    PREPARATION = "preparation"
    EXCHANGE = "exchange"
    CLOSING = "closing"
    AFTERCARE = "aftercare"
    CLOSED = "closed"
    PAUSED = "paused"
    STOPPED = "stopped"
    STORYTELLING = "storytelling"


WAY = (Stage.REFERRAL, Stage.PREPARATION, Stage.EXCHANGE, Stage.CLOSING, Stage.AFTERCARE,
       Stage.CLOSED)
"""The stages in their order, as everybody is shown them."""

_OF_REFERRAL = frozenset({Gate.INVITED, Gate.BEGUN_BY_HARMED, Gate.CHOSEN})
_OF_EXCHANGE = frozenset({Gate.READY, Gate.SENT_OFF, Gate.NOT_HALTED, Gate.NO_RISK, Gate.NO_ALERT,
                          Gate.REPLIES_OPEN})
"""The gates that open and shut within the exchange, and do not lead back to preparation."""


class Missing(NamedTuple):
    """Something that is missing; ``role``: with whom, or None for the team. A gate that asks the
    same of sender and recipient is here as the sender's."""

    gate: Gate
    role: Role | None


def stage(story: CaseHistory, framework: Framework, parties: Parties | None, today: date) -> Stage:
    """The stage as the team and the person harmed see it."""
    process = story.process
    if process.closed is not None:
        return Stage.CLOSED
    if parties is not None and has_ended(process, framework, parties):
        return Stage.AFTERCARE
    if process.closing is not None:
        return Stage.CLOSING
    if story.stopped:
        return Stage.STOPPED
    if story.paused:
        return Stage.PAUSED
    if process.assessed is not None and process.assessed.outcome is Outcome.STORYTELLING:
        return Stage.STORYTELLING
    if parties is None:
        return Stage.REFERRAL
    people = {Role.HARMED: parties.harmed, Role.RESPONSIBLE: parties.responsible}
    shut = {gap.gate for gap in gaps(story, framework, people, today)} - _OF_EXCHANGE
    if shut & _OF_REFERRAL:
        return Stage.REFERRAL
    return Stage.PREPARATION if shut else Stage.EXCHANGE


def stage_for_responsible(story: CaseHistory, framework: Framework, parties: Parties,
                          stopped_by_me: bool) -> Stage:
    """The stage as the person who harmed sees it. It tells nothing of what the person harmed did or
    decided (rule 22), except the agreement, which both were told."""
    process = story.process
    if process.closed is not None:
        return Stage.CLOSED
    if stopped_by_me:
        return Stage.STOPPED
    if process.closing is not None:
        return Stage.AFTERCARE if prepared(process, framework, parties.responsible,
                                           Role.RESPONSIBLE,
                                           closing=True) else Stage.CLOSING
    agreed = process.agreement(parties.harmed, parties.responsible) is not None
    ready = prepared(process, framework, parties.responsible, Role.RESPONSIBLE)
    return Stage.EXCHANGE if agreed and ready else Stage.PREPARATION


_NOT_HERE = {Role.HARMED: UUID(int=1), Role.RESPONSIBLE: UUID(int=2)}
"""Stand for somebody who is not invited: the trail tells nothing of them."""


def gaps(story: CaseHistory, framework: Framework, people: Mapping[Role, UUID],
         today: date) -> list[Missing]:
    """What is missing before a letter can be released in either direction, and for whom.

    ``people``: those of the two who are invited. What cannot be judged without them is missing.
    """
    both = {role: people.get(role, nobody) for role, nobody in _NOT_HERE.items()}
    parties = Parties(both[Role.HARMED], both[Role.RESPONSIBLE])
    found: dict[Missing, None] = {Missing(Gate.INVITED, role): None
                                  for role in _NOT_HERE if role not in people}
    for sender in (parties.harmed, parties.responsible):
        for gate in missing(facts_in(story, framework, parties, sender, today)):
            found[_whose(gate, sender == parties.harmed)] = None
    return list(found)


def facts_in(story: CaseHistory, framework: Framework, parties: Parties, sender: UUID,
             today: date) -> Facts:
    """The facts of ``facts_of``, and whether the exchange is stopped,
    halted or paused by the trail."""
    reached = len(story.reached.get(parties.harmed, []))
    return replace(facts_of(story.process, framework, parties, sender, frozenset(story.team), today,
                            reached),
                   not_stopped=not story.stopped, not_halted=not story.halted,
                   not_paused=not story.paused)


_OF_BOTH = {Gate.CONSENT_OF_RECIPIENT: Gate.CONSENT_OF_SENDER,
            Gate.AGE_OF_RECIPIENT: Gate.AGE_OF_SENDER,
            Gate.PREPARED_RECIPIENT: Gate.PREPARED_SENDER}
_OF_HARMED = frozenset({Gate.BEGUN_BY_HARMED, Gate.CHOSEN, Gate.NOT_PAUSED})


def _whose(gate: Gate, sender_is_harmed: bool) -> Missing:
    if gate in _OF_BOTH:
        return Missing(_OF_BOTH[gate], Role.RESPONSIBLE if sender_is_harmed else Role.HARMED)
    if gate in _OF_BOTH.values():
        return Missing(gate, Role.HARMED if sender_is_harmed else Role.RESPONSIBLE)
    return Missing(gate, Role.HARMED if gate in _OF_HARMED else None)
