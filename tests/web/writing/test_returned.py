"""Suggestions and leaving out on the pages: without scripts, in words, and nothing to be seen by
the other side."""

import re
from uuid import UUID

import pytest
from flask import Flask

from letters.rehearsal.browser import Browser
from letters.rules.letter.lifecycle import State
from letters.rules.letter.redacted import MARK
from letters.workflow.reading import open_letter
from letters.workflow.review import read_letter
from tests.cast import Cast, Player
from tests.web.test_rule_22_opacity import look as measured
from tests.web.test_rule_22_opacity import looks_at

TEXT = "It was dark. <b>You</b> ran, *and* it was dark.\u200b My number is 07700 900123."
SIGN = "[Something was left out here, with the writer's agreement.]"


def at_the_desk(cast: Cast, letter: UUID, reader: Player) -> Browser:
    browser = reader.browser()
    browser.open(f"/desk/{letter}")
    browser.send(f"/desk/{letter}/claim")
    browser.open(f"/desk/{letter}/words")
    return browser


def give_back(browser: Browser, letter: UUID) -> None:
    browser.open(f"/desk/{letter}/return")
    browser.send(f"/desk/{letter}/return", reason="R.", note="N.")


@pytest.fixture
def letter(cast: Cast) -> UUID:
    from letters.workflow.writing import write
    made = write.begin_letter(cast.platform, cast.harmed.me, cast.channel(cast.harmed))
    version = write.save(cast.platform, cast.harmed.me, made, None, TEXT)
    write.submit(cast.platform, cast.harmed.me, made, version)
    return made


def test_rule_15_from_the_desk_to_the_writer_and_back(cast: Cast, letter: UUID) -> None:
    desk = at_the_desk(cast, letter, cast.first)
    page = desk.send(f"/desk/{letter}/words", 400, passage="it was bright", wish="WORDS",
                     words="I was there.")
    assert "Copy words of this letter" in page.text and "I was there." in page.body
    desk.send(f"/desk/{letter}/words", passage="You</b> ran", wish="WORDS",
              words="You <walked> & ran")
    assert "You <walked> & ran" in desk.page.text
    give_back(desk, letter)
    writer = cast.harmed.browser()
    assert f"/letters/{letter}/suggestions" in writer.open(f"/letters/{letter}").links
    page = writer.open(f"/letters/{letter}/suggestions")
    assert "You <walked> & ran" in page.text and "<walked>" not in page.body
    writer.send(f"/letters/{letter}/suggestions", do="accept")
    assert "You put these words in." in writer.page.text
    assert cast.state(letter) is State.RETURNED
    writer.open(f"/letters/{letter}/check")
    writer.send(f"/letters/{letter}/send")
    page = cast.second.browser().open(f"/desk/{letter}")
    assert "The writer put these words in." in page.text and "Changed paragraphs: 1." in page.text
    page = cast.second.browser().open(f"/desk/{letter}/changes")
    assert re.search(r"<del><span[^>]*> \[removed:\] </span>.*?ran", page.body)
    assert re.search(r"<ins><span[^>]*> \[added:\] </span>", page.body)
    assert '<span class="unseen">U+200B</span>' in page.body and "\u200b" not in page.body
    assert "<b>" not in page.body and "<walked>" not in page.body


def test_words_that_stand_twice_are_asked_about(cast: Cast, letter: UUID) -> None:
    desk = at_the_desk(cast, letter, cast.first)
    page = desk.send(f"/desk/{letter}/words", 400, passage="was dark", wish="COMMENT",
                     words="Which evening?")
    assert "These words stand there more than once." in page.text and "Which evening?" in page.body
    places = re.findall(r'<option value="(\d+)"', page.body)
    assert len(places) == 2
    desk.send(f"/desk/{letter}/words", passage="was dark", at=places[1], wish="COMMENT",
              words="Which evening?")
    assert "Kept for the team." in desk.page.text
    page = desk.send(f"/desk/{letter}/words", 400, passage="It was bright", wish="COMMENT",
                     words="X.")
    assert "Copy words of this letter" in page.text
    page = desk.send(f"/desk/{letter}/words", 400, passage="bright", wish="", words="X.")
    assert "Choose what you suggest." in page.text


def test_a_finding_brings_its_passage(cast: Cast, letter: UUID) -> None:
    desk = at_the_desk(cast, letter, cast.first)
    found = read_letter.letter_for(cast.platform, cast.first.me, letter).findings
    number = 1 + next(n for n, one in enumerate(found) if "900123" in one.quote)
    assert "The passage, from finding" in desk.open(f"/desk/{letter}/words?finding={number}").text
    desk.send(f"/desk/{letter}/words", wish="LEAVE_OUT")
    assert "Kept for the team." in desk.page.text
    for odd in ("0", "99999", "x", "-1", "9" * 50):
        desk.open(f"/desk/{letter}/words?finding={odd}")


def redacted(cast: Cast, letter: UUID) -> Browser:
    """Agreed to by its writer, on their pages."""
    desk = at_the_desk(cast, letter, cast.first)
    desk.send(f"/desk/{letter}/words", passage="My number is 07700 900123.", wish="LEAVE_OUT")
    give_back(desk, letter)
    writer = cast.harmed.browser()
    page = writer.open(f"/letters/{letter}/left-out")
    assert SIGN in page.text and '<span class="left-out">' in page.body and MARK not in page.body
    writer.send(f"/letters/{letter}/left-out", do="agree")
    return writer


def test_rule_16_the_recipient_sees_that_something_was_left_out_and_asks_why(
    cast: Cast, letter: UUID
) -> None:
    writer = redacted(cast, letter)
    sheet = writer.page.body.split('class="letter-text"')[1]
    assert '<span class="left-out">' in sheet and "900123" not in sheet
    page = cast.first.browser().open(f"/desk/{letter}/approve")
    assert '<span class="left-out">' in page.body and "900123" not in page.body
    cast.approve(letter, cast.first)
    assert cast.release() == 1
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    recipient = cast.responsible.browser()
    page = recipient.open(f"/for-you/{letter}")
    assert ("in 1 place." in page.text and SIGN in page.text and "900123" not in page.body
            and MARK not in page.body)
    before = measured_by(cast, writer, letter)
    recipient.open(f"/for-you/{letter}/why")
    assert (
        "have not answered yet"
        in recipient.send(f"/for-you/{letter}/why", words="Why, please?").text
    )
    desk, said = cast.second.browser(), "Its recipient asks why something was left out."
    assert said in desk.open(f"/cases/{cast.case}").text
    assert "Why, please?" in desk.open(f"/desk/{letter}").text
    desk.open(f"/desk/{letter}/why")
    assert "Write a few words here." in desk.send(f"/desk/{letter}/why", 400, words=" ").text
    desk.send(f"/desk/{letter}/why", words="A number.")
    assert said not in desk.open(f"/cases/{cast.case}").text
    assert "Your facilitators answer: A number." in recipient.open(f"/for-you/{letter}/why").text
    assert measured_by(cast, writer, letter) == before  # the writer sees nothing of it


def measured_by(cast: Cast, browser: Browser, letter: UUID) -> list[str]:
    return [re.sub(r'value="[^"]*"', "", browser.open(path).body)
            for path in (f"/letters/{letter}", "/letters")]


def test_the_sign_cannot_be_typed(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, f"I {MARK} know. {SIGN} <span class='left-out'>x</span>")
    cast.approve(letter, cast.first)
    cast.release()
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    page = cast.responsible.browser().open(f"/for-you/{letter}")
    assert 'class="left-out"' not in page.body and "Ask why" not in page.text


def test_not_agreeing_needs_no_reason(cast: Cast, letter: UUID) -> None:
    desk = at_the_desk(cast, letter, cast.first)
    desk.send(f"/desk/{letter}/words", passage="dark. <b>", wish="LEAVE_OUT")
    give_back(desk, letter)
    writer = cast.harmed.browser()
    writer.open(f"/letters/{letter}/left-out")
    writer.send(f"/letters/{letter}/left-out", do="refuse")
    assert "Nothing is left out." in writer.page.text
    assert "You did not agree." in writer.open(f"/letters/{letter}/left-out").text
    writer.open(f"/letters/{letter}/check")
    writer.send(f"/letters/{letter}/send")
    assert ("The writer did not agree to leave something out" in cast.first.browser()
            .open(f"/desk/{letter}").text)


def test_rule_22_a_redacted_letter_looks_the_same_whatever_becomes_of_it(
    cast: Cast, in_service: Flask
) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, "I did it. My number is 07700 900123.")
    desk = at_the_desk(cast, letter, cast.first)
    desk.send(f"/desk/{letter}/words", passage="My number is 07700 900123.", wish="LEAVE_OUT")
    give_back(desk, letter)
    writer = cast.responsible.browser()
    writer.open(f"/letters/{letter}/left-out")
    writer.send(f"/letters/{letter}/left-out", do="agree")
    pages = [*looks_at(cast, letter), f"/letters/{letter}/suggestions",
             f"/letters/{letter}/left-out"]
    moment, before = cast.clock.moment, [measured(cast, path) for path in pages]
    for reader in (cast.first, cast.second):
        cast.approve(letter, reader)
    cast.clock.moment = moment
    assert [measured(cast, path) for path in pages] == before
