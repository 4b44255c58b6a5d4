"""The search finds what this person may read, and puts nothing of it into an address."""

from collections.abc import Callable

import pytest

from letters.rehearsal.browser import ShownPage
from letters.workflow import search as looking
from letters.workflow.preparation import assessment, background, referral
from letters.workflow.review import notes, read_letter
from letters.workflow.review.notes import Reader
from tests.cast import Cast, Player


def searched(player: Player, words: str, status: int = 200) -> ShownPage:
    browser = player.browser()
    browser.open("/today")
    return browser.send("/search", status, words=words)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    cast.letter = cast.submitted(cast.harmed, "The  goshawk\nflew over the weir, and I was late.")
    read_letter.claim(cast.platform, cast.first.me, cast.letter)
    for reader, words in ((Reader.ME, "A goshawk, privately."), (Reader.TEAM, "Ask of the owl.")):
        notes.keep_on_letter(cast.platform, cast.first.me, cast.letter, reader, words)
    notes.keep_on_case(cast.platform, cast.second.me, cast.case, Reader.TEAM, "Begin with a WREN.")
    return cast


@pytest.mark.parametrize("words", ["GOSHAWK flew", "hawk\u0020 flew over", "weir, and"])
def test_words_of_a_letter_are_found_whatever_their_case_and_space(cast: Cast, words: str) -> None:
    page = searched(cast.first, words)
    assert f"/desk/{cast.letter}" in page.links and "1 found" in page.text
    assert "Hanna and Robin · " in page.text and words not in "".join(page.links)


@pytest.mark.parametrize(("words", "firsts", "seconds"), [
    ("privately", 1, 0), ("the owl", 1, 1), ("wren", 1, 1), ("hanna", 1, 1), ("responsible", 1, 1),
    ("nothing of this", 0, 0)])
def test_notes_names_and_codes_are_found_by_who_may_read_them(
    cast: Cast, words: str, firsts: int, seconds: int
) -> None:
    assert f"{firsts} found" in searched(cast.first, words).text
    assert f"{seconds} found" in searched(cast.second, words).text
    assert "0 found" in searched(cast.stranger_facilitator, words).text


def test_a_case_is_found_by_its_code(cast: Cast) -> None:
    page = searched(cast.first, cast.case_row().reference.lower())
    assert f"/cases/{cast.case}" in page.links and "1 found" in page.text


def test_rule_13_the_second_reader_finds_no_note_of_the_first(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, "A plain letter.")
    read_letter.claim(cast.platform, cast.first.me, letter)
    notes.keep_on_letter(cast.platform, cast.first.me, letter, Reader.TEAM, "I saw a siskin.")
    assert "1 found" in searched(cast.second, "siskin").text
    cast.approve(letter, cast.first)
    assert "0 found" in searched(cast.second, "siskin").text
    assert "1 found" in searched(cast.first, "siskin").text
    cast.approve(letter, cast.second)
    assert "1 found" in searched(cast.second, "siskin").text


def test_too_little_is_said_and_kept(cast: Cast) -> None:
    page = searched(cast.first, "a", 400)
    assert "Write from 2 to 100 characters." in page.text and 'value="a"' in page.body


def test_it_goes_on_in_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.join(cast.strange_case, cast.stranger_facilitator, cast.first)
    monkeypatch.setattr(looking, "A_STEP", 0)
    browser = cast.first.browser()
    browser.open("/today")
    page = browser.send("/search", words="a letter")
    assert "1 of your cases" in page.text and "Search the next cases" in page.text
    again = browser.send(next(form.action for form in page.forms if "done" in form.fields))
    assert "2 of your cases" in again.text and "Search the next cases" not in again.text


@pytest.mark.parametrize("says", [
    lambda c: assessment.report_risk(c.platform, c.harmed.me, c.case, "Of the egret."),
    lambda c: referral.keep_request(c.platform, c.responsible.me, c.case, "Of the egret."),
    lambda c: background.withdraw_acknowledgement(c.platform, c.responsible.me, c.case,
                                                  "Of the egret."),
], ids=["risk", "request", "taken back"])
def test_what_those_who_take_part_wrote_to_the_team_is_found(
    cast: Cast, says: Callable[[Cast], object]
) -> None:
    says(cast)
    assert looking.search(cast.platform, cast.first.me, "egret").broken == 0
    assert "1 found" in searched(cast.first, "egret").text
