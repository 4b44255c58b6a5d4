"""The story: a case's facts, folded. The last word on each thing counts."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.domain.events import Event
from letters.domain.lifecycle import State
from letters.domain.story import Fact, Story, told

ONE, OTHER = UUID(int=1), UUID(int=2)
SWITCHED = {
    "stopped": {Event.STOPPED: True},
    "halted": {Event.HALTED: True, Event.HALT_LIFTED: False},
    "paused": {Event.PAUSED: True, Event.PAUSE_ENDED: False},
    "ready": {Event.READY_SAID: True, Event.READY_UNSAID: False, Event.READY_SPENT: False},
    "acknowledged": {Event.ACKNOWLEDGEMENT_RECORDED: True},
}
CONSENT = {Event.CONSENT_GIVEN: True, Event.CONSENT_WITHDRAWN: False}
OF_LETTERS = [event for event in Event if event.name.startswith("LETTER_")]
TELLS = {Event.PACE_SET, Event.MEMBER_JOINED, *CONSENT, *(event for switch in SWITCHED.values() for event in switch)}


def happened(*events: Event, subject: UUID = ONE) -> list[Fact]:
    return [Fact(event, subject, "") for event in events]


def test_a_case_without_facts_has_nothing_open() -> None:
    assert told([]) == Story()
    assert not any(vars(told([])).values())


@pytest.mark.parametrize("name, event, on", [(name, *each) for name, both in SWITCHED.items() for each in both.items()])
def test_each_fact_turns_one_thing(name: str, event: Event, on: bool) -> None:
    turned_on = [fact for other, is_on in SWITCHED[name].items() if is_on for fact in happened(other)]
    assert told(happened(event)) == Story(**{name: on})
    assert told(turned_on + happened(event)) == Story(**{name: on})


@given(st.lists(st.sampled_from([event for switch in SWITCHED.values() for event in switch])))
def test_the_last_word_counts(events: list[Event]) -> None:
    story = told(happened(*events))
    for name, switch in SWITCHED.items():
        said = [switch[event] for event in events if event in switch]
        assert getattr(story, name) is (said[-1] if said else False)


@given(st.lists(st.tuples(st.sampled_from([*CONSENT]), st.sampled_from([ONE, OTHER]))))
def test_each_person_consents_for_themselves(said: list[tuple[Event, UUID]]) -> None:
    last = {person: CONSENT[event] for event, person in said}
    assert told(Fact(*each, "") for each in said) == Story(consenting={person for person, yes in last.items() if yes})


def test_members_join() -> None:
    facts = happened(Event.MEMBER_JOINED) + happened(Event.MEMBER_JOINED, subject=OTHER) * 2
    assert told(facts) == Story(team={ONE, OTHER})


@given(st.lists(st.integers(0, 366), min_size=1))
def test_the_last_pace_counts_and_is_no_letter(gaps: list[int]) -> None:
    assert told(Fact(Event.PACE_SET, ONE, str(gap)) for gap in gaps) == Story(minimum_gap_days=gaps[-1])


@given(st.lists(st.tuples(st.sampled_from(OF_LETTERS), st.sampled_from([ONE, OTHER]),
                          st.sampled_from([state.value for state in State]))))
def test_a_letter_stands_where_it_went_last(moves: list[tuple[Event, UUID, str]]) -> None:
    assert told(Fact(*move) for move in moves) == Story(letters={letter: entered for _, letter, entered in moves})


@pytest.mark.parametrize("event", [event for event in Event if event not in TELLS])
def test_other_facts_tell_nothing_of_how_a_case_stands(event: Event) -> None:
    assert told(happened(event)) == Story()


def test_one_story_is_not_another() -> None:
    told(happened(Event.CONSENT_GIVEN, Event.MEMBER_JOINED) + [Fact(Event.LETTER_BEGUN, ONE, "draft")])
    assert told([]) == Story()
