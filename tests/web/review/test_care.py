"""What a facilitator sets for themselves: saved wording, and words that are covered at first."""

import pytest

from letters.rehearsal.browser import Browser
from letters.rules.letter.lifecycle import State
from letters.workflow.review import care, phrases, read_letter
from letters.workflow.review.phrases import PhraseKind
from tests.cast import Cast

NUMBER = "Call me on 07700 900123."
KIND = "Thank you for your letter.\n\nPlease leave the number out."


def settings(cast: Cast, expect: int = 200, **fields: str) -> Browser:
    browser = cast.first.browser()
    browser.open("/desk/settings")
    browser.send("/desk/settings", expect, most_a_day="", **fields)
    return browser


def test_a_phrase_is_put_into_the_form_and_sent_by_nobody_else(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, NUMBER)
    browser = settings(cast, **{"phrases-return": KIND})
    assert phrases.own_phrases(cast.platform, cast.first.me)[PhraseKind.RETURN] == tuple(
        KIND.split("\n\n"))
    read_letter.claim(cast.platform, cast.first.me, letter)
    browser.open(f"/desk/{letter}/return")
    page = browser.send(f"/desk/{letter}/return", reason="A number.", note="Dear you,", phrase="1")
    form = next(form for form in page.forms if "note" in form.fields)
    assert form.fields["note"] == "Dear you,\n\nPlease leave the number out."
    assert form.fields["reason"] == "A number." and cast.state(letter) is State.IN_REVIEW
    browser.send(f"/desk/{letter}/return", **{**form.fields})
    assert cast.state(letter) is State.RETURNED
    assert not any(phrases.own_phrases(cast.platform, cast.second.me).values())


@pytest.mark.parametrize("phrase", ["7", "x", "-1", ""])
def test_a_phrase_that_is_not_there_changes_nothing(cast: Cast, phrase: str) -> None:
    letter = cast.submitted(cast.harmed, NUMBER)
    read_letter.claim(cast.platform, cast.first.me, letter)
    browser = settings(cast, **{"phrases-hold": "We wait."})
    browser.open(f"/desk/{letter}/hold")
    page = browser.send(f"/desk/{letter}/hold", reason="Mine.", phrase=phrase)
    assert next(form.fields["reason"] for form in page.forms if "reason" in form.fields) == "Mine."
    assert cast.state(letter) is State.IN_REVIEW


def test_too_many_phrases_are_kept_as_typed(cast: Cast) -> None:
    many = "\n\n".join(f"Phrase {number}." for number in range(phrases.MOST + 1))
    browser = settings(cast, 400, **{"phrases-hold": many})
    assert "Keep at most 30 phrases" in browser.page.text and "Phrase 30." in browser.page.text
    assert not any(phrases.own_phrases(cast.platform, cast.first.me).values())


def test_grave_letters_are_covered_for_who_wants_that(cast: Cast) -> None:
    grave, plain = cast.submitted(cast.harmed, "I will kill you."), cast.submitted(cast.harmed)
    assert "read on" not in cast.first.browser().open(f"/desk/{grave}").text
    settings(cast, covers="yes")
    assert care.own_care(cast.platform, cast.first.me).covers
    page = cast.first.browser().open(f"/desk/{grave}")
    assert "covered: read on" in page.text and "Threat" in page.text
    assert "read on" not in cast.first.browser().open(f"/desk/{plain}").text
    assert "read on" not in cast.second.browser().open(f"/desk/{grave}").text
