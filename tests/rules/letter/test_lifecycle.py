"""A letter's life: every state, action and part, against a table that was written down a second
time."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.errors import LettersError, NotAllowed, NotPossibleNow
from letters.rules.letter.lifecycle import (
    ARRIVED,
    TO_READ,
    TRANSITIONS,
    WAITING,
    WITH_AUTHOR,
    Action,
    LetterRole,
    State,
    after,
    readers_needed,
)

DOES = {
    "save": "author", "submit": "author", "recall": "author",
    "claim": "reader", "pass on": "reader", "approve": "reader", "hold": "reader",
    "resume": "reader",
    "return": "reader", "seal": "reader",
    "set aside": "worker", "release": "worker",
    "open": "recipient",
}
LEADS_TO = {
    "draft": {"save": "draft", "submit": "in review"},
    "in review": {"claim": "in review", "pass on": "second reading", "approve": "approved",
                  "hold": "held",
                  "return": "returned", "recall": "recalled"},
    "second reading": {"claim": "second reading", "approve": "approved", "hold": "held",
                       "return": "returned",
                       "recall": "recalled"},
    "held": {"claim": "held", "resume": "in review", "return": "returned", "recall": "recalled"},
    "returned": {"save": "returned", "submit": "in review", "recall": "recalled"},
    "approved": {"hold": "held", "recall": "recalled", "set aside": "seal again",
                 "release": "released"},
    "seal again": {"claim": "seal again", "seal": "approved", "hold": "held", "recall": "recalled"},
    "released": {"open": "opened"},
    "opened": {},
    "recalled": {},
}


def may_follow(state: State) -> set[State]:
    """Every state that any part can bring about from this one."""
    return {moved for action,
            by in product(Action, LetterRole) if (moved := attempt(state, action, by))}


def reached(start: State, closed: State | None = None) -> set[State]:
    """Every state that can be reached, by however many moves, without passing through
    ``closed``."""
    found, waiting = {start}, [start]
    while waiting:
        new = may_follow(waiting.pop()) - found - {closed}
        found |= new
        waiting += new
    return found


def attempt(state: State, action: Action, by: LetterRole) -> State | None:
    try:
        return after(state, action, by)
    except (NotAllowed, NotPossibleNow):
        return None


def expected(state: State, action: Action, by: LetterRole) -> State | type[LettersError]:
    """What the table above says: the state that follows, or the refusal."""
    if DOES[action.value] != by.value:
        return NotAllowed
    follows = LEADS_TO[state.value].get(action.value)
    return NotPossibleNow if follows is None else State(follows)


def test_every_state_action_and_part() -> None:
    wrong = []
    for tried in product(State, Action, LetterRole):
        try:
            found: State | type[LettersError] = after(*tried)
        except LettersError as refused:
            found = type(refused)
        if found is not expected(*tried):
            wrong.append((tried, found))
    assert wrong == []


def test_the_two_tables_name_the_same_states_actions_and_moves() -> None:
    assert {state.value for state in State} == {*LEADS_TO}
    assert {action.value for action in Action} == {*DOES}
    assert len(TRANSITIONS) == len({*TRANSITIONS}) == sum(map(len, LEADS_TO.values()))


def test_every_state_is_reached_from_a_draft() -> None:
    assert reached(State.DRAFT) == {*State}


@given(st.lists(st.sampled_from([*product(Action, LetterRole)]), max_size=60))
def test_no_walk_leaves_the_table(attempts: list[tuple[Action, LetterRole]]) -> None:
    state = State.DRAFT
    for action, by in attempts:
        following = attempt(state, action, by)
        assert following is None or LEADS_TO[state.value][action.value] == following.value
        state = following or state


@pytest.mark.parametrize("state, follow", [
    (State.RELEASED, {State.OPENED}), (State.OPENED, set()), (State.RECALLED, set()),
])
def test_what_has_arrived_or_was_recalled_never_goes_back(state: State, follow: set[State]) -> None:
    assert may_follow(state) == follow


@pytest.mark.parametrize("closed", [State.IN_REVIEW, State.APPROVED])
def test_nothing_arrives_without_a_review_and_an_approval(closed: State) -> None:
    assert not reached(State.DRAFT, closed) & ARRIVED


@pytest.mark.parametrize("action, by", [
    (Action.RELEASE, LetterRole.WORKER), (Action.RECALL, LetterRole.AUTHOR),
    (Action.OPEN, LetterRole.RECIPIENT),
    (Action.SAVE, LetterRole.AUTHOR), (Action.SUBMIT, LetterRole.AUTHOR),
])
def test_only_one_part_does_it(action: Action, by: LetterRole) -> None:
    """Rule 15 among them: only the writer changes words."""
    assert {part for state,
            part in product(State, LetterRole) if attempt(state, action, part)} == {by}


def test_rule_13_nobody_approves_what_they_wrote() -> None:
    reading = (Action.CLAIM, Action.PASS_ON, Action.APPROVE, Action.HOLD, Action.RESUME,
               Action.RETURN, Action.SEAL)
    for state, action, by in product(State, reading, {*LetterRole} - {LetterRole.READER}):
        with pytest.raises(NotAllowed):
            after(state, action, by)


def test_a_stranger_does_nothing() -> None:
    assert not [
        moved for state,
        action in product(State, Action) if (moved := attempt(state, action, LetterRole.STRANGER))
    ]


def test_a_letter_can_be_recalled_from_submission_until_release() -> None:
    recallable = {state for state in State if attempt(state, Action.RECALL, LetterRole.AUTHOR)}
    assert recallable == {*State} - ARRIVED - {State.DRAFT, State.RECALLED}


def test_rule_13_two_readers_for_the_person_who_harmed() -> None:
    assert readers_needed(written_by_responsible=True) == 2


def test_rule_14_one_reader_for_the_person_harmed() -> None:
    assert readers_needed(written_by_responsible=False) == 1


def test_where_a_letter_lies() -> None:
    assert {*WAITING} == {state for state in State
                          if attempt(state, Action.CLAIM, LetterRole.READER)}
    assert {*TO_READ} == {state for state in State
                          if attempt(state, Action.APPROVE, LetterRole.READER)}
    assert {*WITH_AUTHOR} == {state for state in State
                              if attempt(state, Action.SAVE, LetterRole.AUTHOR)}
    assert {*ARRIVED} == {State.RELEASED, State.OPENED}
    assert not WAITING & WITH_AUTHOR | WAITING & ARRIVED | WITH_AUTHOR & ARRIVED


@pytest.mark.parametrize("state, action, by", [
    (State.OPENED, Action.RECALL, LetterRole.AUTHOR),
    (State.DRAFT, Action.RELEASE, LetterRole.RECIPIENT),
])
def test_a_refusal_names_the_action_alone(state: State, action: Action, by: LetterRole) -> None:
    with pytest.raises(LettersError) as refused:
        after(state, action, by)
    assert refused.value.args == (action.value,)
