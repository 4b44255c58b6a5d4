"""On paper: a warning first, then the words that may be read now, and nothing else that tells."""

import pytest

from letters.workflow.reading import in_parts
from letters.workflow.reading.in_parts import ReadingWay
from letters.workflow.writing import for_myself
from tests.cast import Cast
from tests.web.conftest import sqlite_alone

pytestmark = sqlite_alone
THREE = "First part.\n\nSecond part.\n\nThird part."


def test_a_warning_comes_first_and_has_none_of_the_words(cast: Cast) -> None:
    own, browser = for_myself.begin_words(cast.platform, cast.harmed.me,
                                          "My own words."), cast.harmed.browser()
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
    platform, me, browser = cast.platform, cast.responsible.me, cast.responsible.browser()
    paper = f"/print/received/{letter}/paper"
    assert (browser.open(paper).url == f"/for-you/{letter}"
            and "First part." not in browser.page.text)
    in_parts.open_at(platform, me, letter, ReadingWay.PARTS)
    page = browser.open(paper)
    parts = [words for words in ("First part.", "Second part.", "Third part.")
             if words in page.text]
    assert parts == [words for words in ("First part.", "Second part.", "Third part.")
                     if words in browser.open(f"/for-you/{letter}").text] and len(parts) < 3
    in_parts.open_at(platform, me, letter, ReadingWay.ALL)
    assert "Third part." in browser.open(paper).text
    in_parts.give_back(platform, me, letter)
    assert (browser.open(paper).url == f"/for-you/{letter}"
            and "First part." not in browser.page.text)
    in_parts.take_back(platform, me, letter)
    in_parts.destroy(platform, me, letter)
    browser.open(paper, 404)


@pytest.mark.parametrize("what", ["anything", "desk"])
def test_nothing_else_is_printed(cast: Cast, what: str) -> None:
    cast.harmed.browser().open(f"/print/{what}/{cast.draft(cast.harmed)}", 404)
