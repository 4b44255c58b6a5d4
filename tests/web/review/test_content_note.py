"""Her questions are not lost in silence: confirmed before her letter goes, and held against an
answer."""

from uuid import UUID

import pytest

from letters.rehearsal.browser import Browser
from letters.rules.letter.lifecycle import State
from letters.workflow.decision import questions
from letters.workflow.review import read_letter
from tests.cast import PASSWORD, Cast

ASKS = "It was cold. I want to ask you why you took the chain. Did you know that we were at home?"


def at_approval(cast: Cast, text: str) -> tuple[Browser, UUID]:
    letter, browser = cast.submitted(cast.harmed, text), cast.first.browser()
    read_letter.claim(cast.platform, cast.first.me, letter)
    browser.open(f"/desk/{letter}")
    marks = {name: "fine here" for form in browser.page.forms for name in form.fields
             if name.startswith("finding-")}
    browser.send(f"/desk/{letter}/decide", then="approve", **marks)
    return browser, letter


def kept(cast: Cast, letter: UUID) -> list[str]:
    return questions.of_letter(read_letter.letter_for(cast.platform, cast.first.me, letter))


def test_they_are_shown_and_confirmed_before_her_letter_is_approved(cast: Cast) -> None:
    browser, letter = at_approval(cast, ASKS)
    for quote in ("I want to ask you why you took the chain.",
                  "Did you know that we were at home?"):
        assert quote in browser.page.text
    page = browser.send(f"/desk/{letter}/approve", 400, password=PASSWORD)
    assert "Look at the questions first" in page.text and cast.state(letter) is State.IN_REVIEW
    browser.send(f"/desk/{letter}/approve", password=PASSWORD, questions="yes")
    assert cast.state(letter) is State.APPROVED
    assert questions.is_chosen(read_letter.letter_for(cast.platform, cast.first.me, letter))
    assert kept(cast, letter) == ["I want to ask you why you took the chain.",
                                  "Did you know that we were at home?"]


def test_that_there_is_none_is_said_too(cast: Cast) -> None:
    browser, letter = at_approval(cast, "It was cold that night.")
    assert "I have looked: this letter asks nothing" in browser.page.text
    browser.send(f"/desk/{letter}/approve", 400, password=PASSWORD)
    browser.send(f"/desk/{letter}/approve", password=PASSWORD, questions="yes")
    assert cast.state(letter) is State.APPROVED and kept(cast, letter) == []


def test_who_has_numbered_them_is_not_asked_again(cast: Cast) -> None:
    browser, letter = at_approval(cast, ASKS)
    version = cast.row(letter).submitted_id
    assert version is not None
    questions.choose(cast.platform, cast.first.me, letter, version,
                     ["Did you know that we were at home?"])
    browser.open(f"/desk/{letter}/approve")
    assert "Look at" not in browser.send(f"/desk/{letter}/approve", password=PASSWORD).text
    assert kept(cast, letter) == ["Did you know that we were at home?"]


def released_with(cast: Cast, *quotes: str) -> None:
    letter = cast.released(cast.harmed, ASKS)
    version = cast.row(letter).submitted_id
    assert version is not None
    if quotes:
        questions.choose(cast.platform, cast.first.me, letter, version, quotes)


def test_an_answer_that_is_held_against_no_question_says_so(cast: Cast) -> None:
    released_with(cast)
    answer = cast.submitted(cast.responsible)
    said = "is numbered, so this letter is held against none"
    assert said in cast.first.browser().open(f"/desk/{answer}").text


@pytest.mark.parametrize("is_numbered", [True, False])
def test_who_takes_up_a_question_in_its_own_words_makes_no_excuse(
    cast: Cast, is_numbered: bool
) -> None:
    released_with(cast, *(["Did you know that we were at home?"] if is_numbered else []))
    answer = cast.submitted(cast.responsible, "I took it. I did not know that you were at home.")
    found = read_letter.letter_for(cast.platform, cast.first.me, answer).findings
    assert any(one.severity > "note"
               for one in found), "the screening alone cannot know of the question"
    text = cast.first.browser().open(f"/desk/{answer}").text
    assert ("It answers question 1." in text) is is_numbered
    assert ("is numbered, so this letter" in text) is not is_numbered


def test_before_a_letter_is_claimed_nothing_can_be_chosen_that_would_be_lost(cast: Cast) -> None:
    letter, browser = cast.submitted(cast.harmed, "Call me on 07700 900123."), cast.first.browser()
    page = browser.open(f"/desk/{letter}")
    assert "Claim the letter to note what you make of it." in page.text
    assert not any(name.startswith(("finding-", "not-helpful-")) for form in page.forms
                   for name in form.fields)
    page = browser.send(f"/desk/{letter}/claim")
    assert any(name.startswith("finding-") for form in page.forms for name in form.fields)


def test_whose_fault_it_was_is_asked_by_nobody(cast: Cast) -> None:
    """Blame in the words of a question weighs what it weighs."""
    released_with(cast, "Did you know that we were at home?")
    answer = cast.submitted(cast.responsible, "You know it was your own fault for being at home.")
    assert "It answers question" not in cast.first.browser().open(f"/desk/{answer}").text
    read = read_letter.letter_for(cast.platform, cast.first.me, answer)
    asked = questions.questions_for(cast.platform, cast.first.me, read)
    assert questions.beside_questions(read, asked).findings == read.findings and read.findings
