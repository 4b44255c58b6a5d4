"""The pages of words for oneself: nothing typed is lost, nothing is shown in a list."""

import pytest

from letters.workflow.writing import for_myself
from tests.cast import Cast
from tests.web.conftest import sqlite_alone
from tests.web.pages import BASE

pytestmark = sqlite_alone
WORDS = "Only for me: <b>heron</b>."


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/for-myself/{for_myself.begin_words(cast.platform, cast.harmed.me, WORDS)}"


def test_she_writes_saves_and_finds_it_again(cast: Cast) -> None:
    browser = cast.harmed.browser()
    browser.open("/home")
    assert "/for-myself" in browser.page.links
    browser.open("/for-myself/new")
    page = browser.send("/for-myself/new", text="First words.")
    assert "Saved. Only you can read it." in page.text and "First words." in page.body
    there = page.url
    page = browser.send(there, text="Second words.")
    assert "Second words." in page.body
    listed = browser.open("/for-myself")
    rows = listed.body.split('<ul class="tasks">')[1].split("</ul>")[0]
    assert there in listed.links and "words" not in rows


def test_what_is_too_long_is_given_back(cast: Cast, address: str) -> None:
    browser = cast.harmed.browser()
    for path in ("/for-myself/new", address):
        browser.open(path)
        page = browser.send(path, 400, text="heron " * 40_000)
        assert "There is a problem" in page.text and page.body.count("heron") >= 40_000


def test_two_windows_show_both_texts(cast: Cast, address: str) -> None:
    one, other = cast.harmed.browser(), cast.harmed.browser()
    one.open(address)
    other.open(address)
    one.send(address, text="One window.")
    page = other.send(address, 409, text="The other window.")
    assert "One window." in page.body and "The other window." in page.body
    assert "The other window." in other.send(address, text="The other window.").body


def test_what_was_written_too_late_is_on_the_page(cast: Cast, address: str) -> None:
    browser = cast.harmed.browser()
    browser.open(address)
    cast.clock.advance(hours=13)
    answer = browser.client.post(address, base_url=BASE, headers={"Sec-Fetch-Site": "same-origin"},
                                 data={
        "csrf_token": browser.page.forms[-1].fields["csrf_token"], "saves": "1",
        "text": "Too late, and not lost."})
    assert answer.status_code == 401 and "Too late, and not lost." in answer.text


def test_it_is_destroyed_only_after_being_asked_once_more(cast: Cast, address: str) -> None:
    browser = cast.harmed.browser()
    browser.open(f"{address}/destroy")
    assert "Tick this box first" in browser.send(f"{address}/destroy", 400).text
    browser.open(f"{address}/destroy")
    assert "It is destroyed" in browser.send(f"{address}/destroy", sure="yes").text
    browser.open(address, 404)


def test_a_letter_made_of_it_is_a_draft(cast: Cast, address: str) -> None:
    browser = cast.harmed.browser()
    browser.open(address)
    page = browser.send(f"{address}/letter")
    assert (page.url.startswith("/letters/") and "heron" in page.body
            and "until you send it" in page.text)
