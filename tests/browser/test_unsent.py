"""What is typed and not sent is kept for who typed it, and is there again: one script for every form with words."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from letters.storage.tables.accounts import Unsent
from letters.workflow import unsent
from letters.workflow.review import read_letter
from tests.attacks.attacker import Attacker
from tests.browser.conftest import NARROW, Person, Served
from tests.cast import Cast

pytestmark = pytest.mark.browser

KEPT = "What you typed is kept until you send it. Only you can read it."
BACK = "What you typed here before is here again."


def held(cast: Cast) -> str:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.house, cast.first.me, letter)
    return f"/desk/{letter}/hold"


PLACES: dict[str, tuple[str, Callable[[Cast], str], str]] = {
    "a message": ("harmed", lambda c: "/messages", "words"),
    "words for oneself": ("harmed", lambda c: "/for-myself/new", "text"),
    "a word to the team": ("responsible", lambda c: "/tell", "words"),
    "a message of the team": ("first", lambda c: f"/cases/{c.case}/messages/{c.harmed.id}", "words"),
    "an assessment": ("first", lambda c: f"/cases/{c.case}/assessment", "motivation-evidence"),
    "a reason": ("first", held, "reason"),
    "a view": ("supervisor", lambda c: f"/glass/ask/{c.case}", "reason"),
}


@pytest.mark.parametrize("place", PLACES)
def test_words_that_were_not_sent_are_there_again(
    served: Served, cast: Cast, somebody: Callable[..., Person], place: str
) -> None:
    name, path, field = PLACES[place]
    person = somebody(NARROW, scripts=True).sign_in(name).go(path(cast))
    area = person.page.locator(f"main textarea[name='{field}']").first
    area.press_sequentially("Words that took a long time")
    expect(person.page.locator("[data-unsent]")).to_contain_text(KEPT)
    here = person.page.url
    person.go("/account")
    person.page.goto(here)
    expect(person.page.locator("[data-unsent]")).to_contain_text(BACK)
    expect(person.page.locator(f"main textarea[name='{field}']").first).to_have_value("Words that took a long time")
    person.page.get_by_role("button", name="Throw it away", exact=True).last.click()
    expect(person.page.locator(f"main textarea[name='{field}']").first).to_have_value("")
    expect(person.page.locator("[data-unsent]")).to_be_empty()


def test_what_was_sent_is_not_offered_again(served: Served, cast: Cast, somebody: Callable[..., Person]) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/messages")
    area = person.page.locator("main textarea[name='words']").first
    area.press_sequentially("Good morning.")
    expect(person.page.locator("[data-unsent]")).to_contain_text(KEPT)
    with person.page.expect_navigation():
        person.page.locator("main form:has(textarea[name=words]) button[type=submit]").first.click()
    person.go("/messages")
    expect(person.page.locator("main textarea[name='words']").first).to_have_value("")
    with served.house.store.reading() as db:
        assert db.query(Unsent).count() == 0


def test_where_it_is_not_kept_nobody_leaves_unasked(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/for-myself/new")
    asked: list[str] = []
    person.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    person.page.route("**/unsent", lambda route: route.abort())
    person.page.locator("main textarea").first.press_sequentially("Not kept.")
    expect(person.page.locator("[data-unsent]")).to_contain_text("What you typed is not kept yet.")
    person.page.goto(f"{served.url}/home")
    assert asked == ["beforeunload"]
    person.complaints.clear()  # the line that was cut
    person.page.unroute("**/unsent")


def test_who_leaves_quickly_is_asked_nothing(served: Served, cast: Cast, somebody: Callable[..., Person]) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/for-myself/new")
    asked: list[str] = []
    person.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    person.page.locator("main textarea").first.press_sequentially("Quick.")
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_url(served.exit)
    assert asked == []


def test_nobody_else_reads_it_and_it_goes_in_a_week(cast: Cast) -> None:
    house, page = cast.house, f"/cases/{cast.case}/messages/{cast.harmed.id}"
    unsent.keep(house, cast.first.me, page, json.dumps({"0": {"words": "goshawk"}}))
    assert "goshawk" in unsent.look(house, cast.first.me, page)
    assert unsent.look(house, cast.second.me, page) == ""
    [row] = rows(cast)
    assert b"goshawk" not in row["sealed"] and row["about_id"] == cast.case
    cast.clock.advance(days=7)
    unsent.forget_old(house)
    assert not rows(cast)


def rows(cast: Cast) -> list[dict[str, Any]]:
    return Attacker(cast.house.store).rows(Unsent)
