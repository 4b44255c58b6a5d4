"""Events and errors carry ids, never a word of a letter."""

import re
from uuid import UUID

import pytest

from letters.rules import errors
from letters.rules.errors import LettersError, NotAcceptable, Tampered, Unwitnessed
from letters.rules.events import WITNESSED, Event
from letters.rules.letter.lifecycle import TRANSITIONS, Action

RECORDED_AS = {
    Action.SUBMIT: Event.LETTER_SUBMITTED, Action.CLAIM: Event.LETTER_CLAIMED,
    Action.PASS_ON: Event.LETTER_PASSED_ON,
    Action.APPROVE: Event.LETTER_APPROVED, Action.HOLD: Event.LETTER_HELD,
    Action.RESUME: Event.LETTER_RESUMED,
    Action.RETURN: Event.LETTER_RETURNED, Action.RECALL: Event.LETTER_RECALLED,
    Action.SEAL: Event.LETTER_SEALED,
    Action.SET_ASIDE: Event.LETTER_SET_ASIDE, Action.RELEASE: Event.LETTER_RELEASED,
    Action.OPEN: Event.LETTER_OPENED,
}
TREE = [each for each in vars(errors).values() if isinstance(each, type)
        and issubclass(each, Exception)]


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
    assert (Unwitnessed("It is missing.").why,
            str(Unwitnessed("It is missing."))) == ("It is missing.", "")


def test_a_field_that_will_not_do_is_named_with_how_to_mend_it() -> None:
    refused = NotAcceptable("name", "Please fill this in.")
    assert (refused.field, refused.words,
            str(refused)) == ("name", "Please fill this in.", "Please fill this in.")


MAY_BE_UNDONE = frozenset({
    Event.FACILITATOR_AWAY, Event.FACILITATOR_BACK,
    Event.READING_ASKED, Event.COLLEAGUE_SUGGESTED, Event.COLLEAGUE_NOT_ASKED,
    Event.CASE_OPENED, Event.PERSON_ENROLLED, Event.MEMBER_ASKED, Event.KEY_CONFIRMED,
    Event.LETTERS_REGRANTED, Event.SUPERVISED_OPENED, Event.REFERRED, Event.REQUEST_KEPT,
    Event.FACILITATOR_CHOSEN, Event.ANOTHER_WISHED, Event.ACKNOWLEDGEMENT_CONFIRMED,
    Event.ORDER_ENDED, Event.AGREEMENT_PROPOSED, Event.TASK_SET, Event.TASK_DONE,
    Event.CLOSING_ENDED, Event.CONSENT_GIVEN, Event.READY_SAID, Event.PAUSE_ENDED,
    Event.HALT_LIFTED, Event.SENDING_ALLOWED, Event.LETTER_BEGUN, Event.LETTER_CLAIMED,
    Event.LETTER_PASSED_ON, Event.LETTER_APPROVED, Event.LETTER_RESUMED, Event.LETTER_SEALED,
    Event.LETTER_OPENED, Event.CLAIM_ASKED, Event.LETTER_HANDED_ON, Event.SUGGESTED,
    Event.SUGGESTION_ANSWERED, Event.REDACTION_PROPOSED, Event.WHY_ASKED, Event.VIEW_GIVEN,
    Event.ALERT_CLOSED, Event.MESSAGE_WRITTEN, Event.NOTE_SEALED, Event.LETTER_TAKEN_BACK,
    Event.NOTICE_CAME_BACK, Event.TAMPERING_FOUND, Event.RULE_QUIETED})
"""What can be lost with a database that is put back, and shuts no gate by being gone. A new event
stands here or among those that the state file hears of: whoever adds one decides which."""


def test_of_every_event_it_is_decided_whether_the_state_file_hears_of_it() -> None:
    assert {*Event} == WITNESSED | MAY_BE_UNDONE and not WITNESSED & MAY_BE_UNDONE
