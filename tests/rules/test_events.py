"""Events and errors carry ids, never a word of a letter."""

import re
from uuid import UUID

import pytest

from letters.rules import errors
from letters.rules.errors import LettersError, NotAcceptable, Tampered, Unwitnessed
from letters.rules.events import Event
from letters.rules.letter.lifecycle import TRANSITIONS, Action

RECORDED_AS = {
    Action.SUBMIT: Event.LETTER_SUBMITTED, Action.CLAIM: Event.LETTER_CLAIMED, Action.PASS_ON: Event.LETTER_PASSED_ON,
    Action.APPROVE: Event.LETTER_APPROVED, Action.HOLD: Event.LETTER_HELD, Action.RESUME: Event.LETTER_RESUMED,
    Action.RETURN: Event.LETTER_RETURNED, Action.RECALL: Event.LETTER_RECALLED, Action.SEAL: Event.LETTER_SEALED,
    Action.SET_ASIDE: Event.LETTER_SET_ASIDE, Action.RELEASE: Event.LETTER_RELEASED, Action.OPEN: Event.LETTER_OPENED,
}
TREE = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]


@pytest.mark.parametrize("event", Event)
def test_a_fact_is_a_few_plain_words(event: Event) -> None:
    assert event.value == event.name.lower().replace("_", " ")
    assert re.fullmatch(r"[a-z ]+", event.value)


def test_every_move_of_a_letter_has_its_fact() -> None:
    assert {move.action for move in TRANSITIONS if move.before is not move.after} <= {*RECORDED_AS}
    assert len({*RECORDED_AS.values()}) == len(RECORDED_AS)


@pytest.mark.parametrize("error", TREE)
def test_every_error_is_of_one_tree_and_says_what_it_means(error: type[Exception]) -> None:
    assert issubclass(error, LettersError) and error.__doc__


@pytest.mark.parametrize("error", [each for each in TREE if each is not NotAcceptable])
def test_an_error_says_nothing_by_itself(error: type[Exception]) -> None:
    assert (str(error()), error().args) == ("", ())


def test_tampering_names_the_thing_and_its_case_by_id() -> None:
    found = Tampered(UUID(int=1), UUID(int=2))
    assert (found.subject, found.case, str(found)) == (UUID(int=1), UUID(int=2), "")
    assert (Tampered().subject, Tampered().case) == (None, None)


def test_what_keeps_letters_back_is_told_to_operators_alone() -> None:
    assert (Unwitnessed("It is missing.").why, str(Unwitnessed("It is missing."))) == ("It is missing.", "")


def test_a_field_that_will_not_do_is_named_with_how_to_mend_it() -> None:
    refused = NotAcceptable("name", "Please fill this in.")
    assert (refused.field, refused.words, str(refused)) == ("name", "Please fill this in.", "Please fill this in.")
