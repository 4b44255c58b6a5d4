"""The gates: each is named when it is shut, and all must be open. Rules 1 to 11, 17, 19 and 20."""

from dataclasses import fields, replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.case.gates import Facts, Gate, missing
from letters.rules.case.history import folded
from letters.rules.case.stages import facts_in
from letters.rules.errors import NotPossibleNow
from letters.rules.events import Event, Fact
from letters.rules.letter.lifecycle import Action, LetterRole, State, after
from tests.rules.sample import (
    ACKNOWLEDGED,
    AGES,
    AGREED,
    ASSESSED,
    CASE,
    CONSENTS,
    CONVICTED,
    DAY,
    FRAMEWORK,
    FRANCES,
    HANNA,
    PARTIES,
    PREPARED,
    READY,
    REFERRED,
    ROBIN,
    SAM,
    TEAM,
    arrived,
    fact,
)

OPEN = Facts()
MOMENT = {Gate.READY, Gate.SENT_OFF}
"""What is known at the moment of release alone, and put in then."""


def shut(facts: list[Fact], sender=ROBIN, day: date = DAY, framework=FRAMEWORK) -> tuple[Gate, ...]:
    """What is missing for a letter of this sender."""
    return missing(facts_in(folded(facts), framework, PARTIES, sender, day))


def without(*gone: Fact) -> list[Fact]:
    return [one for one in READY if one not in gone]


TWO = replace(FRAMEWORK, assessment=replace(FRAMEWORK.assessment, two_for_suitable=True))


def looked(who: UUID, outcome: str = "SUITABLE", until: str = "2027-03-31") -> Fact:
    return fact(Event.ASSESSED, CASE, uuid4(), outcome, until, actor=who)


def test_rule_10_suitable_counts_once_two_came_to_it() -> None:
    ready = [one for one in READY if one.event is not Event.ASSESSED]
    risk, one, other = fact(Event.RISK_REPORTED, uuid4()), looked(FRANCES), looked(SAM)
    for facts, opens in (
            ([one], False), ([one, looked(FRANCES)], False), ([one, other], True),
            ([one, other, looked(FRANCES, "NOT_YET")], False),
            ([looked(FRANCES, "NOT_YET"), one, other], True),
            ([one, other, risk], False), ([one, other, risk, one], False),
            ([one, risk, other], False), ([one, other, risk, one, other], True),
            ([looked(FRANCES, until="2027-01-03"), other], False)):
        assert (shut([*ready, *facts], framework=TWO) == ()) is opens
    assert shut([*ready, one]) == ()


def test_rule_10_one_look_goes_with_its_member_and_two_stay_good() -> None:
    ready = [one for one in READY if one.event is not Event.ASSESSED]
    first, second, left = looked(FRANCES), looked(SAM), fact(Event.MEMBER_LEFT, SAM)
    for facts, opens in (([second, left, first], False), ([first, second, left], True),
                         ([looked(FRANCES, until="2027-01-03"), second, left, first], False)):
        missing_now = shut([*ready, *facts], framework=TWO)
        assert (Gate.SUITABLE not in missing_now) is opens
    assert Gate.SUITABLE not in shut([*ready, second, left])  # where one look is asked


def test_rule_10_a_colleagues_look_is_unseen_until_one_has_looked() -> None:
    doubt, first, again, second = (looked(FRANCES, "NOT_YET"), looked(FRANCES), looked(FRANCES),
                                   looked(SAM))
    for facts, unseen in (
            ([first], [True]), ([first, again], [True, True]), ([first, doubt], [False, False]),
            ([first, doubt, again], [False, False, True]), ([first, second], [False, False]),
            ([first, looked(SAM, until="2027-01-03"), again], [False, False, True])):
        process = folded(facts).process
        assert [process.is_unseen_by(made, SAM, DAY) for made in process.assessments] == unseen


def test_there_is_one_fact_for_each_gate() -> None:
    assert [gate.name.lower() for gate in Gate] == [one.name for one in fields(Facts)]


@given(st.sets(st.sampled_from(Gate)))
def test_every_shut_gate_is_named_in_one_order(closed: set[Gate]) -> None:
    facts = replace(OPEN, **{gate.name.lower(): False for gate in closed})
    assert missing(facts) == tuple(gate for gate in Gate if gate in closed)


def test_nothing_is_missing_where_all_was_done_for_either_direction() -> None:
    assert shut(READY, HANNA) == shut(READY, ROBIN) == ()


def test_where_nothing_was_done_every_gate_is_shut_that_has_to_be_opened() -> None:
    open_at_first = {Gate.INVITED, Gate.NOT_STOPPED, Gate.NOT_HALTED, Gate.NOT_PAUSED,
                     Gate.NOT_CLOSED,
                     Gate.EXCHANGE, Gate.NO_ORDER,
                     Gate.NO_RISK, Gate.NO_ALERT, Gate.REPLIES_OPEN} | MOMENT
    assert set(shut([])) == set(Gate) - open_at_first


STOP = [fact(Event.CLOSING_BEGUN),
        *(fact(Event.STEP_DONE, person, left="last", entered="2027-01-04")
          for person in (HANNA, ROBIN))]
LIMITED = [*without(*AGREED), AGREED[0]._replace(entered="HARMED 1 0"), *AGREED[1:]]
SHUT: dict[Gate, list[Fact]] = {
    Gate.NOT_STOPPED: [*READY, fact(Event.STOPPED)],
    Gate.NOT_HALTED: [*READY, fact(Event.HALTED)],
    Gate.NOT_PAUSED: [*READY, fact(Event.PAUSED)],
    Gate.NOT_CLOSED: [*READY, *STOP],
    Gate.BEGUN_BY_HARMED: [REFERRED[0]._replace(entered="RESPONSIBLE"), *READY[1:]],
    Gate.CHOSEN: [*READY, REFERRED[1]._replace(subject=uuid4())],
    Gate.CONSENT_OF_SENDER: without(CONSENTS[2]),
    Gate.CONSENT_OF_RECIPIENT: without(CONSENTS[0]),
    Gate.AGE_OF_SENDER: without(AGES[1]),
    Gate.AGE_OF_RECIPIENT: without(AGES[0]),
    Gate.CONVICTED: [*READY, CONVICTED[0]._replace(entered="no")],
    Gate.ACKNOWLEDGED: without(ACKNOWLEDGED[1]),
    Gate.NO_ORDER: [*READY,
                    fact(Event.ORDER_RECORDED, uuid4(), left="2027-01-04", entered="2027-01-04")],
    Gate.SUITABLE: [*READY, ASSESSED[0]._replace(left="NOT_YET")],
    Gate.NO_RISK: [*READY, fact(Event.RISK_REPORTED, uuid4())],
    Gate.NO_ALERT: [*READY, fact(Event.ALERT_OPENED, uuid4(), SAM, f"TEAM {uuid4()}",
                                 "2027-01-05T12:00:00+00:00")],
    Gate.PREPARED_SENDER: without(PREPARED[1]),
    Gate.PREPARED_RECIPIENT: without(PREPARED[0]),
    Gate.AGREED: without(AGREED[2]),
    Gate.REPLIES_OPEN: [*LIMITED, *arrived(HANNA)],
    Gate.TEAM_OF_TWO: [*READY, fact(Event.MEMBER_LEFT, SAM, entered="3")],
}


@pytest.mark.parametrize("gate", SHUT)
def test_a_single_shut_gate_is_named(gate: Gate) -> None:
    assert shut(SHUT[gate]) == (gate,)


def test_rule_04_storytelling_instead_is_a_gate_of_its_own() -> None:
    assert shut([*READY, ASSESSED[0]._replace(left="STORYTELLING")]) == (Gate.EXCHANGE,)
    assert {*SHUT, Gate.EXCHANGE, Gate.INVITED} | MOMENT == set(Gate)


def test_rule_03_no_acknowledgement_of_harm_no_process() -> None:
    assert shut(without(*ACKNOWLEDGED)) == shut([*READY,
                                                 fact(Event.ACKNOWLEDGEMENT_WITHDRAWN)]) == (
        Gate.ACKNOWLEDGED,)


def test_rule_04_a_service_may_go_without_a_conviction_if_it_says_so() -> None:
    assert shut(without(*CONVICTED)) == (Gate.CONVICTED,)
    assert shut(without(*CONVICTED), framework=replace(FRAMEWORK, conviction_needed=False)) == ()


def test_rule_10_an_assessment_counts_to_its_last_day_and_then_lapses() -> None:
    assert shut(READY, day=date(2027, 3, 31)) == ()
    assert shut(READY, day=date(2027, 4, 1)) == (Gate.SUITABLE,)


def test_rule_02_a_consent_is_to_be_renewed() -> None:
    later = [*READY, ASSESSED[0]._replace(entered="2028-01-01")]
    assert shut(later, day=date(2027, 6, 30)) == ()
    assert shut(later, day=date(2027, 7, 1)) == (Gate.CONSENT_OF_SENDER, Gate.CONSENT_OF_RECIPIENT)


def test_rule_17_as_many_letters_reach_the_person_harmed_as_were_agreed() -> None:
    assert shut([*LIMITED, *arrived(ROBIN), *arrived(ROBIN)]) == ()
    assert shut([*LIMITED, *arrived(HANNA)], HANNA) == ()
    assert shut([*LIMITED, AGREED[0]._replace(entered="HARMED 0 0")]) == ()
    closed = [*without(*AGREED), AGREED[0]._replace(entered="HARMED 0 0"), *AGREED[1:]]
    assert shut(closed) == (Gate.REPLIES_OPEN,)


@pytest.mark.parametrize("team", range(4))
def test_rule_11_two_facilitators_a_case(team: int) -> None:
    joined = [*TEAM, fact(Event.MEMBER_JOINED, uuid4(), entered="3")][:team]
    assert (Gate.TEAM_OF_TWO in shut([*joined, *without(*TEAM)])) is (team < 2)


def test_rule_19_two_keys_approval_without_readiness_releases_nothing() -> None:
    assert after(State.APPROVED, Action.RELEASE, LetterRole.WORKER) is State.RELEASED
    assert missing(replace(OPEN, ready=False)) == (Gate.READY,)


@pytest.mark.parametrize("state", [state for state in State if state is not State.APPROVED])
def test_rule_19_two_keys_readiness_without_approval_releases_nothing(state: State) -> None:
    assert missing(OPEN) == ()
    with pytest.raises(NotPossibleNow):
        after(state, Action.RELEASE, LetterRole.WORKER)


def test_a_gate_says_in_a_sentence_what_is_missing() -> None:
    assert all(gate.value[0].isupper() and gate.value.endswith(".") for gate in Gate)
