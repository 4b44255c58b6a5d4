"""Facts about the two before any letter goes: age and companions, conviction, acknowledgement,
orders."""

from datetime import date
from uuid import UUID

from letters.rules.case import decisions
from letters.rules.case.process import Age
from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.workflow.access import case_keys, sealed_notes
from letters.workflow.access.record_fact import Recording, recording
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

COMPANIONS = ("interpreter", "adviser", "guardian")


def record_age(platform: Platform, me: SignedIn, case_id: UUID, person: UUID, age: Age) -> None:
    """Record that somebody is an adult, or that a guardian has agreed, whom a companion's record
    must name (rule 7).
    Raises ``NotAcceptable`` if the guardian is not recorded yet."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        age_recorded(case, person, age, "age")


def age_recorded(case: Recording, person: UUID, age: Age, field: str) -> None:
    """The same in a case that was entered already. ``field``: what an error is about."""
    case.role_of(person)
    if age is Age.GUARDIAN and (person, "guardian") not in case.process.companions.values():
        raise NotAcceptable(field, marked("First record the guardian, and how they agreed."))
    case.fact(Event.AGE_RECORDED, person, entered=age.name)


def record_companion(platform: Platform, me: SignedIn, case_id: UUID, person: UUID, kind: str,
                     words: str) -> None:
    """Record somebody's companion: an interpreter, an adviser, or a guardian with how they agreed.
    Raises ``NotAcceptable`` for another kind, or without words."""
    words = sealed_notes.checked("words", words)
    if kind not in COMPANIONS:
        raise NotAcceptable("kind", marked("Choose what this companion is."))
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        case.role_of(person)
        case.fact(Event.COMPANION_RECORDED, case.words("companion", words), person, entered=kind)


def record_conviction(platform: Platform, me: SignedIn, case_id: UUID, convicted: bool,
                      words: str) -> None:
    """Record whether there is a conviction, and what is known of it (rule 4)."""
    words = sealed_notes.checked("words", words)
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        case.fact(Event.CONVICTION_RECORDED, case.words("conviction", words),
                  entered="yes" if convicted else "no")


def record_acknowledgement(platform: Platform, me: SignedIn, case_id: UUID, evidence: str) -> None:
    """Record that the person who harmed acknowledges the harm, with the evidence (rule 3): a plea,
    a statement, words in a talk. It counts once another facilitator has confirmed it."""
    evidence = sealed_notes.checked("evidence", evidence)
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        case.fact(Event.ACKNOWLEDGEMENT_RECORDED, case.words("evidence", evidence))


def confirm_acknowledgement(platform: Platform, me: SignedIn, case_id: UUID, told: UUID) -> None:
    """Confirm what another facilitator recorded.
    Raises ``NotPossibleNow`` for one's own record, if it has changed meanwhile, or for a
    facilitator who joined without a handover and cannot read the evidence."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        stands = decisions.acknowledgement_to_confirm(case.process, told, me.person)
        held = case_keys.open_all(platform, case.db, me, case_id)
        if not sealed_notes.opened_by_team(platform, case.db, held, case_id, told,
                                           frozenset({stands.recorded_by})):
            raise NotPossibleNow("this facilitator cannot read on what it rests")
        if stands.confirmed_by is None:
            case.fact(Event.ACKNOWLEDGEMENT_CONFIRMED, told)


def withdraw_acknowledgement(platform: Platform, me: SignedIn, case_id: UUID,
                             words: str = "") -> None:
    """Record that the acknowledgement no longer holds: the person who harmed says so, or a
    facilitator who heard it from them. Nothing is released until it is recorded and confirmed
    again."""
    may(me.actor, Permission.CASE_ACKNOWLEDGE)
    with recording(platform, me, case_id, Permission.CASE_TELL) as case:
        stands, why = case.process.acknowledgement, record.NOBODY
        if words.strip():
            why = case.words("acknowledgement withdrawn", sealed_notes.checked("words", words))
        case.fact(Event.ACKNOWLEDGEMENT_WITHDRAWN, stands.id if stands else None, why)


def record_order(
    platform: Platform, me: SignedIn, case_id: UUID, begins: date | None, ends: date | None,
    words: str
) -> None:
    """Record a no-contact order, its days and its conditions (rule 5). Without a last day it holds
    until it is ended here.
    Raises ``NotAcceptable`` without a first day or words, or if the last day is before the
    first."""
    words = sealed_notes.checked("words", words)
    if begins is None:
        raise NotAcceptable("begins", marked("Write the day from which the order stands."))
    if ends is not None and ends < begins:
        raise NotAcceptable("ends", marked("This day is before the first day of the order."))
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        case.fact(Event.ORDER_RECORDED, case.words("order", words), left=begins.isoformat(),
                  entered=ends.isoformat() if ends else "")


def end_order(platform: Platform, me: SignedIn, case_id: UUID, order: UUID) -> None:
    """End an order that was lifted, or recorded by mistake.
    Raises ``NotPossibleNow`` if it has ended already."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        decisions.order_to_end(case.process, order)
        case.fact(Event.ORDER_ENDED, order)
