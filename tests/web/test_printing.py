"""On paper: a warning first, then the words that may be read now, and nothing else that tells."""

import pytest

from letters.workflow import never_sent, opening
from letters.workflow.opening import Way
from tests.cast import Cast
from tests.web.conftest import sqlite_alone

pytestmark = sqlite_alone
THREE = "First part.\n\nSecond part.\n\nThird part."


def test_a_warning_comes_first_and_has_none_of_the_words(cast: Cast) -> None:
    own, browser = never_sent.begin(cast.house, cast.harmed.me, "My own words."), cast.harmed.browser()
    assert f"/print/yours/{own}" in browser.open(f"/for-myself/{own}").links
    page = browser.open(f"/print/yours/{own}")
    assert "cannot be taken back" in page.text and "My own words." not in page.text
    page = browser.open(f"/print/yours/{own}/paper?size=large")
    assert "My own words." in page.text and "paper-large" in page.body
    draft = cast.draft(cast.harmed, "A draft of hers.")
    assert f"/print/written/{draft}" in browser.open(f"/letters/{draft}").links
    assert "A draft of hers." in browser.open(f"/print/written/{draft}/paper").text


def test_rule_23_what_was_received_is_printed_as_far_as_it_was_opened(cast: Cast) -> None:
    letter = cast.released(cast.harmed, THREE)
    house, me, browser = cast.house, cast.responsible.me, cast.responsible.browser()
    paper = f"/print/received/{letter}/paper"
    assert browser.open(paper).url == f"/for-you/{letter}" and "First part." not in browser.page.text
    opening.open_at(house, me, letter, Way.PARTS)
    page = browser.open(paper)
    parts = [words for words in ("First part.", "Second part.", "Third part.") if words in page.text]
    assert parts == [words for words in ("First part.", "Second part.", "Third part.")
                     if words in browser.open(f"/for-you/{letter}").text] and len(parts) < 3
    opening.open_at(house, me, letter, Way.ALL)
    assert "Third part." in browser.open(paper).text
    opening.give_back(house, me, letter)
    assert browser.open(paper).url == f"/for-you/{letter}" and "First part." not in browser.page.text
    opening.take_back(house, me, letter)
    opening.destroy(house, me, letter)
    browser.open(paper, 404)


@pytest.mark.parametrize("what", ["anything", "desk"])
def test_nothing_else_is_printed(cast: Cast, what: str) -> None:
    cast.harmed.browser().open(f"/print/{what}/{cast.draft(cast.harmed)}", 404)
