"""The gates: each is named when it is shut, and all must be open. Rules 1, 3, 11, 19 and 20."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.domain.errors import NotPossibleNow
from letters.domain.gates import Facts, Gate, missing
from letters.domain.lifecycle import Action, Part, State, after

OPEN = Facts(stopped=False, halted=False, paused=False, sender_consents=True, recipient_consents=True,
             acknowledged=True, team=2, to_person_harmed=True, ready=True)
SHUT: list[tuple[Gate, dict[str, Any]]] = [
    (Gate.NOT_STOPPED, {"stopped": True}),
    (Gate.NOT_HALTED, {"halted": True}),
    (Gate.NOT_PAUSED, {"paused": True}),
    (Gate.CONSENT_OF_SENDER, {"sender_consents": False}),
    (Gate.CONSENT_OF_RECIPIENT, {"recipient_consents": False}),
    (Gate.ACKNOWLEDGED, {"acknowledged": False}),
    (Gate.TEAM_OF_TWO, {"team": 1}),
    (Gate.READY, {"ready": False}),
]


@pytest.mark.parametrize("facts", [
    OPEN, replace(OPEN, team=9), replace(OPEN, to_person_harmed=False),
])
def test_nothing_is_missing_when_all_hold(facts: Facts) -> None:
    assert missing(facts) == ()


@pytest.mark.parametrize("gate, fact", SHUT)
def test_a_single_shut_gate_is_named(gate: Gate, fact: dict[str, Any]) -> None:
    assert missing(replace(OPEN, **fact)) == (gate,)


@given(st.sets(st.integers(0, len(SHUT) - 1)))
def test_every_shut_gate_is_named_in_one_order(shut: set[int]) -> None:
    facts = OPEN
    for number in shut:
        facts = replace(facts, **SHUT[number][1])
    assert missing(facts) == tuple(gate for number, (gate, _) in enumerate(SHUT) if number in shut)


def test_no_gate_is_left_out() -> None:
    assert [gate for gate, _ in SHUT] == [*Gate]


@pytest.mark.parametrize("team, shut", [(0, True), (1, True), (2, False), (3, False)])
def test_rule_11_two_facilitators_a_case(team: int, shut: bool) -> None:
    assert (Gate.TEAM_OF_TWO in missing(replace(OPEN, team=team))) is shut


def test_rule_19_two_keys_approval_without_readiness_releases_nothing() -> None:
    assert after(State.APPROVED, Action.RELEASE, Part.WORKER) is State.RELEASED
    assert missing(replace(OPEN, ready=False)) == (Gate.READY,)


@pytest.mark.parametrize("state", [state for state in State if state is not State.APPROVED])
def test_rule_19_two_keys_readiness_without_approval_releases_nothing(state: State) -> None:
    assert missing(OPEN) == ()
    with pytest.raises(NotPossibleNow):
        after(state, Action.RELEASE, Part.WORKER)


def test_rule_19_the_person_who_harmed_need_not_be_ready() -> None:
    assert missing(replace(OPEN, to_person_harmed=False, ready=False)) == ()


@pytest.mark.parametrize("gate, fact", SHUT)
def test_rule_20_a_gate_that_shut_after_submission_is_shut_at_release(gate: Gate, fact: dict[str, Any]) -> None:
    """Nothing is remembered from the first look: the answer is of these facts alone, and it turns back with them."""
    at_submission, at_release = OPEN, replace(OPEN, **fact)
    assert [missing(at_submission), missing(at_release), missing(at_submission)] == [(), (gate,), ()]


def test_a_gate_says_in_a_sentence_what_is_missing() -> None:
    assert all(gate.value[0].isupper() and gate.value.endswith(".") for gate in Gate)
