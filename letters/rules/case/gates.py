"""What must hold before a letter is released. Gates are checked again at release."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from letters.rules.case.framework import Framework
from letters.rules.case.process import Outcome, Process
from letters.rules.roles import Role
from letters.rules.translatable import marked


class Gate(StrEnum):
    """One condition; its value is what the case page says when it does not hold."""

    INVITED = marked("Nobody is invited who could write or receive a letter.")
    NOT_STOPPED = marked("Somebody has stopped the exchange.")
    NOT_HALTED = marked("A facilitator has halted the exchange.")
    NOT_PAUSED = marked("The person harmed has paused the exchange.")
    NOT_CLOSED = marked("The exchange has been closed.")
    BEGUN_BY_HARMED = marked("The person harmed has not begun: there is no referral by them or "
                             "for them.")
    CHOSEN = marked("The person harmed has not chosen a facilitator of the team.")
    EXCHANGE = marked("The last assessment says: storytelling instead. Letters are written here "
                      "and not sent.")
    CONSENT_OF_SENDER = marked("The writer has not agreed to all that is asked, or withdrew, or "
                               "it is to be renewed.")
    CONSENT_OF_RECIPIENT = marked(
        "The recipient has not agreed to all that is asked, or withdrew, or it is to be renewed.")
    AGE_OF_SENDER = marked("It is not recorded that the writer is an adult, or that a guardian "
                           "has agreed.")
    AGE_OF_RECIPIENT = marked("It is not recorded that the recipient is an adult, or that a "
                              "guardian has agreed.")
    CONVICTED = marked("No conviction is recorded.")
    ACKNOWLEDGED = marked("The acknowledgement of harm is not recorded, or a second facilitator "
                          "has not confirmed it.")
    NO_ORDER = marked("A no-contact order stands.")
    SUITABLE = marked("No assessment says that this exchange is suitable, or its review date has "
                      "passed.")
    NO_RISK = marked("Somebody has reported a risk since the last assessment.")
    NO_ALERT = marked("A safeguarding alert is open.")
    PREPARED_SENDER = marked("The writer's preparation is not done.")
    PREPARED_RECIPIENT = marked("The recipient's preparation is not done.")
    AGREED = marked("The two have not yet both agreed to the same version of the agreement.")
    REPLIES_OPEN = marked("As many letters as were agreed have reached the person harmed.")
    TEAM_OF_TWO = marked("The case team has fewer than two facilitators.")
    READY = marked("The person harmed has not said that they are ready for a letter.")
    SENT_OFF = marked("The person harmed holds this letter until they say that it may go.")


@dataclass(frozen=True)
class Parties:
    """The two who write to each other in a case."""

    harmed: UUID
    responsible: UUID


@dataclass(frozen=True)
class Facts:
    """What holds in one transaction: one field for each gate, by its name."""

    invited: bool = True
    not_stopped: bool = True
    not_halted: bool = True
    not_paused: bool = True
    not_closed: bool = True
    begun_by_harmed: bool = True
    chosen: bool = True
    exchange: bool = True
    consent_of_sender: bool = True
    consent_of_recipient: bool = True
    age_of_sender: bool = True
    age_of_recipient: bool = True
    convicted: bool = True
    acknowledged: bool = True
    no_order: bool = True
    suitable: bool = True
    no_risk: bool = True
    no_alert: bool = True
    prepared_sender: bool = True
    prepared_recipient: bool = True
    agreed: bool = True
    replies_open: bool = True
    team_of_two: bool = True
    ready: bool = True
    sent_off: bool = True


def missing(facts: Facts) -> tuple[Gate, ...]:
    """The gates that are shut, in a fixed order;
    empty if all hold (rules 1 to 11, 17, 19 and 20)."""
    return tuple(gate for gate in Gate if not getattr(facts, gate.name.lower()))


def facts_of(process: Process, framework: Framework, parties: Parties, sender: UUID,
             team: frozenset[UUID],
             today: date, reached_harmed: int = 0) -> Facts:
    """What the process and the team say about a letter from ``sender``
    to the other of the two, on this day.

    ``reached_harmed``: how many letters have reached the person harmed. The caller adds with
    ``replace`` what can change from one moment to the next: a stop, a halt, a pause, being ready.
    """
    recipient = parties.responsible if sender == parties.harmed else parties.harmed
    roles = {parties.harmed: Role.HARMED, parties.responsible: Role.RESPONSIBLE}
    assessed, agreement = process.assessed, process.agreement(parties.harmed, parties.responsible)
    told = process.acknowledgement
    replies = agreement.terms.replies if agreement and recipient == parties.harmed else None
    return Facts(
        not_closed=not has_ended(process, framework, parties),
        begun_by_harmed=process.has_begun,
        chosen=process.chosen in team,
        exchange=assessed is None or assessed.outcome is not Outcome.STORYTELLING,
        consent_of_sender=consents(process, framework, sender, roles[sender], today),
        consent_of_recipient=consents(process, framework, recipient, roles[recipient], today),
        age_of_sender=sender in process.ages, age_of_recipient=recipient in process.ages,
        convicted=not framework.conviction_needed or process.convicted is True,
        acknowledged=told is not None and told.confirmed_by is not None,
        no_order=not any(process.orders_standing(today)),
        suitable=_is_suitable(process, framework, today),
        no_risk=not process.risks,
        no_alert=not process.open_alerts,
        prepared_sender=prepared(process, framework, sender, roles[sender]),
        prepared_recipient=prepared(process, framework, recipient, roles[recipient]),
        agreed=agreement is not None,
        replies_open=replies is None or reached_harmed < replies,
        team_of_two=len(team) >= 2)


def _is_suitable(process: Process, framework: Framework, today: date) -> bool:
    """True while enough members find it suitable (rule 10). Letters that are kept and not sent need
    no second look."""
    assessed = process.assessed
    if assessed is None or assessed.outcome is not Outcome.SUITABLE:
        return (assessed is not None and assessed.outcome is Outcome.STORYTELLING
                and today <= assessed.until)
    until = process.suitable_until(framework.assessment.looks)
    return until is not None and today <= until


def consents(process: Process, framework: Framework, person: UUID, role: Role, today: date) -> bool:
    """True while this person agrees to all that is required of their role (rule 2)."""
    return all(process.consents_to(person, purpose, today) for purpose in framework.needed(role))


def prepared(process: Process, framework: Framework, person: UUID, role: Role,
             closing: bool = False) -> bool:
    """True once every required step was taken with this person (rule 9)."""
    done = process.steps.get(person, {})
    return all(step.id in done for step in framework.steps(role, closing) if step.required)


def has_ended(process: Process, framework: Framework, parties: Parties) -> bool:
    """True once the closing talks were held with both: from then on nothing more is released."""
    return process.closed is not None or (process.closing is not None and all(
        prepared(process, framework, person, role, closing=True)
        for person,
        role in ((parties.harmed, Role.HARMED), (parties.responsible, Role.RESPONSIBLE))))


