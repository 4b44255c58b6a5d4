"""Numbers of help: on every page that speaks of help, for each side its own."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from letters.app import create_app
from letters.config import Config
from letters.rehearsal.browser import Browser
from letters.rules.support import ForWhom, Helpline, Support
from letters.workflow.reading import in_parts
from letters.workflow.reading.in_parts import ReadingWay
from tests.cast import Cast

PRESENT = "call a helpline that you trust, by day or by night"
OURS = Support((
    Helpline("Heron", "0800 000 001", ForWhom.HARMED, "day and night"),
    Helpline("Kite", "0800 000 002", ForWhom.RESPONSIBLE, "9 to 5", "Welsh"),
    Helpline("Finch", "0800 000 003", ForWhom.ALL, "at night"),
))
PAGES = ("/safety", "/stop", "/messages/kept", "/messages", "/withdraw")


@pytest.fixture
def with_numbers(cast: Cast) -> Iterator[Cast]:
    before = cast.app.extensions["support"]
    cast.app.extensions["support"] = OURS
    yield cast
    cast.app.extensions["support"] = before


@pytest.mark.parametrize("path", PAGES)
def test_without_a_file_the_present_sentence_stands(cast: Cast, path: str) -> None:
    text = cast.harmed.browser().open(path).text
    assert PRESENT in text and "999 or 112" in text


@pytest.mark.parametrize("path", PAGES)
def test_each_side_finds_its_own_numbers(with_numbers: Cast, path: str) -> None:
    text = with_numbers.harmed.browser().open(path).text
    assert "Heron: 0800 000 001 (day and night)" in text and "Finch" in text
    assert "Kite" not in text and PRESENT not in text
    text = with_numbers.responsible.browser().open(path).text
    assert "Kite: 0800 000 002 (9 to 5; Welsh)" in text and "Heron" not in text


def test_they_stand_before_a_letter_and_after_it(with_numbers: Cast) -> None:
    letter = with_numbers.released(with_numbers.harmed)
    browser = with_numbers.responsible.browser()
    assert "Kite: 0800 000 002" in browser.open(f"/for-you/{letter}").text
    in_parts.open_at(with_numbers.platform, with_numbers.responsible.me, letter, ReadingWay.ALL)
    text = browser.open(f"/for-you/{letter}").text
    assert "A letter for you" in text and "Kite: 0800 000 002" in text
    assert "Kite: 0800 000 002" in browser.open(f"/for-you/{letter}/destroy").text


def test_who_is_not_signed_in_is_shown_only_those_for_everybody(with_numbers: Cast) -> None:
    text = Browser(with_numbers.app).open("/safety").text
    assert "Finch: 0800 000 003" in text and "Heron" not in text and "Kite" not in text


def test_an_alert_names_the_emergency_number(cast: Cast) -> None:
    assert "call 999 or 112 first" in cast.first.browser().open(
        f"/cases/{cast.case}/alerts/new").text


def test_staff_are_told_that_numbers_are_missing(cast: Cast) -> None:
    assert "No numbers of help are set" in cast.first.browser().open("/running").text


def test_staff_are_not_told_so_when_both_sides_have_some(with_numbers: Cast) -> None:
    assert "No numbers of help" not in with_numbers.first.browser().open("/running").text


@pytest.mark.parametrize(("words", "missing"), [
    (None, True),
    ("helplines: [{name: Finch, number: '0800 000 003', whom: all, hours: at night}]", False)])
def test_the_log_says_so_at_the_start(tmp_path: Path, caplog: pytest.LogCaptureFixture,
                                      words: str | None, missing: bool) -> None:
    config = Config.from_env({"LETTERS_HOME": str(tmp_path / "home"), "FLASK_RUN_FROM_CLI": "true"})
    if words is not None:
        own = tmp_path / "support.yaml"
        own.write_text(words)
        config = replace(config, support_file=own)
    with caplog.at_level(logging.WARNING, "letters"):
        create_app(config)
    assert ("SUPPORT names no helpline" in caplog.text) is missing
