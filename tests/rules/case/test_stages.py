"""Where a case is on its way, for the team, and as the person who harmed may see it. Rules 1 to 11,
17 and 22."""

from uuid import uuid4

import pytest

from letters.rules.case import stages
from letters.rules.case.gates import Gate
from letters.rules.case.history import folded
from letters.rules.case.stages import Missing, Stage, facts_in, gaps, stage, stage_for_responsible
from letters.rules.events import Event, Fact
from letters.rules.roles import Role
from tests.rules.sample import (
    AGREED,
    CONSENTS,
    DAY,
    FRAMEWORK,
    HANNA,
    PARTIES,
    PREPARED,
    READY,
    REFERRED,
    ROBIN,
    TEAM,
    fact,
)

CLOSING, CLOSED = fact(Event.CLOSING_BEGUN), fact(Event.CASE_CLOSED)
TALKED = [fact(Event.STEP_DONE, person, left="last", entered="2027-01-04")
          for person in (HANNA, ROBIN)]
STOPPED, PAUSED, RISK = fact(Event.STOPPED), fact(Event.PAUSED), fact(Event.RISK_REPORTED, uuid4())
HALTED, NOT_READY = fact(Event.HALTED), fact(Event.READY_UNSAID)
STORIES = fact(Event.ASSESSED, about=uuid4(), left="STORYTELLING", entered="2027-03-31")


BOTH = {Role.HARMED: HANNA, Role.RESPONSIBLE: ROBIN}


@pytest.mark.parametrize(("facts", "expected"), [
    ([], Stage.REFERRAL),
    ([fact(Event.REFERRED, entered="RESPONSIBLE"), *READY[1:]], Stage.REFERRAL),
    (REFERRED[:1], Stage.REFERRAL), ([*REFERRED, *TEAM], Stage.PREPARATION),
    (READY, Stage.EXCHANGE),
    ([*READY, RISK], Stage.EXCHANGE), ([*READY, HALTED], Stage.EXCHANGE),
    ([*READY, fact(Event.ACKNOWLEDGEMENT_WITHDRAWN)], Stage.PREPARATION),
    ([*READY, STORIES], Stage.STORYTELLING), ([*READY, PAUSED], Stage.PAUSED),
    ([*READY, STOPPED], Stage.STOPPED),
    ([*READY, PAUSED, STOPPED], Stage.STOPPED), ([PAUSED], Stage.PAUSED),
    ([*READY, CLOSING], Stage.CLOSING), ([*READY, STOPPED, CLOSING, TALKED[0]], Stage.CLOSING),
    ([*READY, *TALKED], Stage.EXCHANGE), ([*READY, CLOSING, *TALKED], Stage.AFTERCARE),
    ([*READY, CLOSING, *TALKED, CLOSED], Stage.CLOSED), ([STOPPED, CLOSING, CLOSED], Stage.CLOSED),
    ([*READY, CLOSING, *TALKED, CLOSED, fact(Event.CLOSING_ENDED)], Stage.EXCHANGE)])
def test_the_stage_is_derived_from_facts(facts: list[Fact], expected: Stage) -> None:
    assert stage(folded(facts), FRAMEWORK, PARTIES, DAY) is expected


def test_before_both_are_invited_a_case_is_a_referral_whatever_was_done() -> None:
    assert stage(folded(READY), FRAMEWORK, None, DAY) is Stage.REFERRAL
    assert stage(folded([CLOSING]), FRAMEWORK, None, DAY) is Stage.CLOSING


@pytest.mark.parametrize("invited", [(), (Role.HARMED,), (Role.RESPONSIBLE,)])
def test_what_cannot_be_judged_is_missing(invited: tuple[Role, ...]) -> None:
    found = gaps(folded(READY), FRAMEWORK, {role: BOTH[role] for role in invited}, DAY)
    for role in BOTH:
        there = role in invited
        assert (Missing(Gate.INVITED, role) not in found) is there
        assert (Missing(Gate.CONSENT_OF_SENDER, role) not in found) is there
        assert (Missing(Gate.PREPARED_SENDER, role) not in found) is there
    assert Missing(Gate.AGREED, None) in found


def test_where_nothing_was_recorded_all_is_missing() -> None:
    gates = {gap.gate for gap in gaps(folded([]), FRAMEWORK, {}, DAY)}
    assert gates >= {Gate.INVITED, Gate.BEGUN_BY_HARMED, Gate.CHOSEN, Gate.ACKNOWLEDGED,
                     Gate.SUITABLE, Gate.TEAM_OF_TWO, Gate.AGE_OF_SENDER}


@pytest.mark.parametrize(("facts", "expected"), [
    ([], Stage.PREPARATION), (PREPARED, Stage.PREPARATION), (AGREED, Stage.PREPARATION),
    ([*PREPARED, *AGREED], Stage.EXCHANGE), ([*READY, CLOSING], Stage.CLOSING),
    ([*READY, CLOSING, TALKED[0]], Stage.CLOSING), ([*READY, CLOSING, TALKED[1]], Stage.AFTERCARE),
    ([*READY, CLOSED], Stage.CLOSED)])
def test_the_person_who_harmed_sees_how_far_they_are_themselves(
    facts: list[Fact], expected: Stage
) -> None:
    assert stage_for_responsible(folded(facts), FRAMEWORK, PARTIES, stopped_by_me=False) is expected


def test_who_stopped_sees_that_they_did() -> None:
    assert stage_for_responsible(folded([*READY, STOPPED]), FRAMEWORK, PARTIES,
                                 stopped_by_me=True) is Stage.STOPPED


@pytest.mark.parametrize("decided", [
    STOPPED, PAUSED, HALTED, NOT_READY, RISK, STORIES,
    fact(Event.CONSENT_WITHDRAWN, HANNA, left="read"),
    fact(Event.STEP_UNDONE, HANNA, left="talk"),
    fact(Event.STEP_DONE, HANNA, left="last", entered="2027-01-04"),
    fact(Event.ANOTHER_WISHED, actor=HANNA), fact(Event.PACE_SET, HANNA, entered="3")])
@pytest.mark.parametrize("before", [REFERRED, READY, [*READY, CLOSING]])
def test_rule_22_the_person_who_harmed_sees_nothing_of_what_was_decided(
    before: list[Fact], decided: Fact
) -> None:
    shown = [stage_for_responsible(folded(facts), FRAMEWORK, PARTIES, stopped_by_me=False)
             for facts in (before, [*before, decided])]
    assert shown[0] is shown[1]


def test_what_is_missing_is_said_once_and_of_whom() -> None:
    assert gaps(folded(READY), FRAMEWORK, BOTH, DAY) == []
    facts = [*READY, PAUSED, HALTED, fact(Event.STEP_UNDONE, ROBIN, left="talk"),
             fact(Event.CONSENT_WITHDRAWN, HANNA, left="read")]
    assert set(gaps(folded(facts), FRAMEWORK, BOTH, DAY)) == {
        Missing(Gate.NOT_PAUSED, Role.HARMED), Missing(Gate.NOT_HALTED, None),
        Missing(Gate.PREPARED_SENDER, Role.RESPONSIBLE),
        Missing(Gate.CONSENT_OF_SENDER, Role.HARMED)}
    assert len(gaps(folded(facts), FRAMEWORK, BOTH, DAY)) == 4
    assert Missing(Gate.CONSENT_OF_SENDER, Role.RESPONSIBLE) in gaps(
        folded([one for one in READY if one not in CONSENTS[1:2]]), FRAMEWORK, BOTH, DAY)


def test_what_stops_one_stops_the_other_in_the_facts_too() -> None:
    facts = facts_in(folded([*READY, STOPPED, HALTED, PAUSED]), FRAMEWORK, PARTIES, ROBIN, DAY)
    assert (facts.not_stopped, facts.not_halted, facts.not_paused) == (False, False, False)


OF_PREPARATION = frozenset({
    Gate.CONSENT_OF_SENDER, Gate.CONSENT_OF_RECIPIENT, Gate.AGE_OF_SENDER, Gate.AGE_OF_RECIPIENT,
    Gate.CONVICTED, Gate.ACKNOWLEDGED, Gate.NO_ORDER, Gate.SUITABLE, Gate.PREPARED_SENDER,
    Gate.PREPARED_RECIPIENT, Gate.AGREED, Gate.TEAM_OF_TWO})
A_STAGE_OF_ITS_OWN = frozenset({
    Gate.NOT_STOPPED, Gate.NOT_PAUSED, Gate.NOT_CLOSED, Gate.EXCHANGE})
"""A new gate stands in one of these or in the code's own lists: whoever adds one decides which
stage it shuts."""


def test_of_every_gate_it_is_decided_to_which_stage_it_leads_back() -> None:
    lists = (OF_PREPARATION, A_STAGE_OF_ITS_OWN, stages._OF_EXCHANGE, stages._OF_REFERRAL)
    assert sorted(gate for one in lists for gate in one) == sorted(Gate)
