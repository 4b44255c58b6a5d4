"""The gates: conditions that must all hold before anything is released. They are looked at again at release."""

from dataclasses import dataclass
from enum import StrEnum


class Gate(StrEnum):
    """One condition; its value is what the case page says when it does not hold."""

    NOT_STOPPED = "Somebody has stopped the exchange."
    NOT_HALTED = "A facilitator has halted the exchange."
    NOT_PAUSED = "The person harmed has paused the exchange."
    CONSENT_OF_SENDER = "The writer has not agreed to take part, or has withdrawn."
    CONSENT_OF_RECIPIENT = "The recipient has not agreed to take part, or has withdrawn."
    ACKNOWLEDGED = "The acknowledgement of harm is not recorded."
    TEAM_OF_TWO = "The case team has fewer than two facilitators."
    READY = "The person harmed has not said that they are ready for a letter."


@dataclass(frozen=True)
class Facts:
    """What the gates look at, as it stands in one transaction."""

    stopped: bool
    halted: bool
    paused: bool
    sender_consents: bool
    recipient_consents: bool
    acknowledged: bool
    team: int
    to_person_harmed: bool
    ready: bool


def missing(facts: Facts) -> tuple[Gate, ...]:
    """The gates that are shut, in a fixed order; empty when all hold (rules 1, 3, 11, 19 and 20)."""
    open_when = {
        Gate.NOT_STOPPED: not facts.stopped,
        Gate.NOT_HALTED: not facts.halted,
        Gate.NOT_PAUSED: not facts.paused,
        Gate.CONSENT_OF_SENDER: facts.sender_consents,
        Gate.CONSENT_OF_RECIPIENT: facts.recipient_consents,
        Gate.ACKNOWLEDGED: facts.acknowledged,
        Gate.TEAM_OF_TWO: facts.team >= 2,
        Gate.READY: facts.ready or not facts.to_person_harmed,
    }
    return tuple(gate for gate, holds in open_when.items() if not holds)
