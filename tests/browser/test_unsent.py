"""What is typed and not sent is kept for who typed it, and is there again: one script for every
form with words."""

import json
from collections.abc import Callable
from datetime import timedelta
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from flask import request
from playwright.sync_api import Locator, Page, expect

from letters.storage.tables.accounts import Unsent
from letters.workflow import unsent
from letters.workflow.cases import tasks
from letters.workflow.preparation import names_list
from letters.workflow.review import read_letter
from letters.workflow.writing import for_myself, write
from tests.attacks.attacker import Attacker
from tests.browser.conftest import NARROW, Person, Served
from tests.cast import Cast, Player

pytestmark = pytest.mark.browser

KEPT = "What you typed is kept for a week, or until you send it. Only you can read it."
BACK = "What you typed here before is here again."


def held(cast: Cast) -> str:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    return f"/desk/{letter}/hold"


PLACES: dict[str, tuple[str, Callable[[Cast], str], str]] = {
    "a message": ("harmed", lambda c: "/messages", "words"),
    "words for oneself": ("harmed", lambda c: "/for-myself/new", "text"),
    "a word to the team": ("responsible", lambda c: "/messages", "words"),
    "a message of the team": ("first", lambda c: f"/cases/{c.case}/messages/{c.harmed.id}",
                              "words"),
    "an assessment": ("first", lambda c: f"/cases/{c.case}/assessment", "motivation-plan"),
    "a reason": ("first", held, "reason"),
    "a view": ("supervisor", lambda c: f"/emergency-access/ask/{c.case}", "reason"),
}


@pytest.mark.parametrize("place", PLACES)
def test_words_that_were_not_sent_are_there_again(
    served: Served, cast: Cast, somebody: Callable[..., Person], place: str
) -> None:
    name, path, field = PLACES[place]
    person = somebody(NARROW, scripts=True).sign_in(name).go(path(cast))
    unfold(person.page)
    area = person.page.locator(f"main textarea[name='{field}']").first
    area.press_sequentially("Words that took a long time")
    expect(person.page.locator("[data-unsent]")).to_contain_text(KEPT)
    here = person.page.url
    person.go("/account")
    person.page.goto(here)
    expect(person.page.locator("[data-unsent]")).to_contain_text(BACK)
    expect(person.page.locator(f"main textarea[name='{field}']").first).to_have_value(
        "Words that took a long time"
    )
    person.page.get_by_role("button", name="Throw it away", exact=True).last.click()
    expect(person.page.locator(f"main textarea[name='{field}']").first).to_have_value("")
    expect(person.page.locator("[data-unsent]")).to_be_empty()


def test_what_was_sent_is_not_offered_again(served: Served, cast: Cast,
                                            somebody: Callable[..., Person]) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/messages")
    area = person.page.locator("main textarea[name='words']").first
    area.press_sequentially("Good morning.")
    expect(person.page.locator("[data-unsent]")).to_contain_text(KEPT)
    with person.page.expect_navigation():
        person.page.locator("main form:has(textarea[name=words]) button[type=submit]").first.click()
    person.go("/messages")
    expect(person.page.locator("main textarea[name='words']").first).to_have_value("")
    with served.platform.reading() as db:
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


def test_who_leaves_quickly_is_asked_nothing(served: Served, cast: Cast,
                                             somebody: Callable[..., Person]) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/for-myself/new")
    asked: list[str] = []
    person.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    person.page.locator("main textarea").first.press_sequentially("Quick.")
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_url(served.exit)
    assert asked == []


def area(page: Page, name: str = "words") -> Locator:
    return page.locator(f"main textarea[name='{name}']:not([readonly])").first


def unfold(page: Page) -> None:
    """Open all that is folded away."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def kept(page: Page) -> None:
    expect(page.locator("[data-unsent]")).to_contain_text(KEPT)


def typed(cast: Cast, who: Player, form: str) -> str:
    return " | ".join(one.words for one in unsent.typed_before(cast.platform, who.me, [form]))


def test_two_windows_keep_what_each_of_them_typed(served: Served, cast: Cast,
                                                  somebody: Callable[..., Person]) -> None:
    """Neither keeping nor sending in one of them forgets the other's."""
    one = somebody(NARROW, scripts=True).sign_in("harmed").go("/messages")
    other = one.context.new_page()
    other.goto(f"{one.url}/messages")
    area(one.page).press_sequentially("The first window")
    kept(one.page)
    area(other).press_sequentially("The second")
    kept(other)
    both = typed(cast, cast.harmed, "%2Fmessages")
    assert "The first window" in both and "The second" in both
    with other.expect_navigation():
        other.locator("main form:has(textarea[name=words]) button[type=submit]").first.click()
    assert typed(cast, cast.harmed, "%2Fmessages").count("The ") == 1
    third = one.context.new_page()
    third.goto(f"{one.url}/messages")
    expect(area(third)).to_have_value("The first window")


def test_words_are_not_put_over_what_was_saved_since(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    """They are shown beside it, in words for oneself and in a list of the team."""
    platform, mine = (served.platform,
                      for_myself.begin_words(served.platform, cast.harmed.me, "base"))
    person = somebody(NARROW, scripts=True).sign_in("harmed").go(f"/for-myself/{mine}")
    area(person.page, "text").press_sequentially("X")
    kept(person.page)
    person.go("/account")
    for_myself.save(platform, cast.harmed.me, mine, 1, "base and a paragraph from the telephone")
    person.go(f"/for-myself/{mine}")
    expect(person.page.locator("main")).to_contain_text("what stands here is different now")
    expect(area(person.page, "text")).to_have_value("base and a paragraph from the telephone")
    person.page.get_by_role("button", name="Put it into the field").click()
    expect(area(person.page, "text")).to_have_value("Xbase")
    for_myself.destroy(platform, cast.harmed.me, mine)
    assert not rows(cast)
    staff = somebody(NARROW, scripts=True).sign_in("first").go(f"/cases/{cast.case}/names")
    area(staff.page, "names").press_sequentially("Anna")
    kept(staff.page)
    staff.go("/account")
    names_list.save_names(platform, cast.second.me, cast.case,
                          names_list.ListedNames(("A colleague's name",), ()))
    staff.go(f"/cases/{cast.case}/names")
    expect(staff.page.locator("main")).to_contain_text("what stands here is different now")
    expect(area(staff.page, "names")).to_have_value("A colleague's name")


def test_no_box_comes_back_ticked(served: Served, cast: Cast,
                                  somebody: Callable[..., Person]) -> None:
    person = somebody(NARROW, scripts=True).sign_in("first").go("/profile")
    person.page.locator("main input[type=checkbox]").first.check()
    area(person.page, "words").press_sequentially("Words with it")
    kept(person.page)
    person.go("/account").go("/profile")
    expect(area(person.page, "words")).to_have_value("Words with it")
    assert not person.page.locator("main input[type=checkbox]:checked").count()


def test_the_button_of_another_form_loses_nothing(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    for number in (5, 6):
        tasks.set_task(served.platform, cast.first.me, cast.case, "debrief", cast.first.id,
                       served.platform.today() + timedelta(days=number), f"Task {number}")
    person = somebody(NARROW, scripts=True).sign_in("first").go(f"/cases/{cast.case}/tasks")
    area(person.page).press_sequentially("Something new that took long")
    person.page.locator("main select[name^='outcome-']").first.select_option(index=1)
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Finish this").first.click()
    expect(area(person.page)).to_have_value("Something new that took long")


def test_a_form_that_was_refused_keeps_all_its_fields(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("first").go(f"/cases/{cast.case}/assessment")
    unfold(person.page)
    areas = person.page.locator("main textarea:not([readonly])")
    for number in (1, 2, 3):
        areas.nth(number).fill(f"Evidence {number}")
    kept(person.page)
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Keep this assessment").click()
    # the refused page may say already that it is kept, and keep what was refused first
    with person.page.expect_response(lambda answer: answer.url.endswith("/unsent")
                                     and "more" in (answer.request.post_data or "")):
        areas.nth(1).fill("Evidence 1, and more")
    kept(person.page)
    person.go("/account").go(f"/cases/{cast.case}/assessment")
    for number, words in ((1, "Evidence 1, and more"), (2, "Evidence 2"), (3, "Evidence 3")):
        expect(areas.nth(number)).to_have_value(words)


def test_what_was_said_of_one_finding_is_not_offered_at_another(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, "Call me at 030 1234567.\n\nIt was your own fault.")
    claims_of(cast, letter)
    person = somebody(NARROW, scripts=True).sign_in("first").go(f"/desk/{letter}/words?finding=1")
    area(person.page).press_sequentially("For the first alone")
    kept(person.page)
    person.go(f"/desk/{letter}/words?finding=2")
    person.page.wait_for_load_state("networkidle")
    expect(area(person.page)).to_have_value("")


def claims_of(cast: Cast, letter: UUID) -> None:
    read_letter.claim(cast.platform, cast.first.me, letter)


def test_a_long_text_of_any_script_is_kept(served: Served, cast: Cast,
                                           somebody: Callable[..., Person]) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/for-myself/new")
    area(person.page, "text").fill("я" * 15_000)
    kept(person.page)


def test_keeping_is_tried_again_and_after_a_stopped_sending_too(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/messages")
    tries: list[str] = []
    person.page.route("**/unsent", lambda route: (
        tries.append("try"), route.abort() if len(tries) == 1 else route.continue_()))
    person.page.route("**/messages", lambda route: (
        route.abort("aborted") if route.request.method == "POST" else route.continue_()))
    area(person.page).fill("First words")
    kept(person.page)
    person.page.locator("main form:has(textarea[name=words]) button[type=submit]").first.click(
        no_wait_after=True
    )
    area(person.page).press_sequentially(" and more")
    expect(person.page.locator("[data-unsent]")).to_contain_text(KEPT)
    person.page.wait_for_function("document.querySelector('main textarea').value.endsWith('more')")
    until(person.page, lambda: "First words and more" in typed(cast, cast.harmed, "%2Fmessages"))
    person.complaints.clear()


def test_two_clicks_send_one_message(served: Served, cast: Cast,
                                     somebody: Callable[..., Person]) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/messages")
    view, posts = served.app.view_functions["contact_team.form"], []

    def slow(**values: object) -> object:
        if request.method == "POST":
            posts.append(request.path)
            sleep(1)
        return view(**values)

    served.app.view_functions["contact_team.form"] = slow  # type: ignore[assignment]
    try:
        area(person.page).fill("Only once")
        button = "main form:has(textarea[name=words]) button[type=submit]"
        send = f"document.querySelector('{button}').click()"
        person.page.evaluate(f"{send}; setTimeout(() => {{ {send} }}, 300)")
        until(person.page, lambda: person.page.locator(".note-words").count() > 0)
        person.go("/messages")
        assert person.page.locator(".note-words").count() == 1
    finally:
        served.app.view_functions["contact_team.form"] = view


def test_two_texts_put_together_are_kept_and_offered_on_the_letters_page(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    letter = cast.draft(cast.harmed, "As it was.")
    person = somebody(NARROW, scripts=False).sign_in("harmed").go(f"/letters/{letter}/write")
    write.save(served.platform, cast.harmed.me, letter, cast.row(letter).draft_id,
               "From the telephone.")
    area(person.page, "text").fill("Mine.")
    person.press("Save").reads("There are two versions")
    scripted = somebody(NARROW, scripts=True).sign_in("harmed").go(f"/letters/{letter}/write")
    path = f"/letters/{letter}/write".replace("/", "%2F")
    unsent.keep_typed(served.platform, cast.harmed.me, path, "w",
                      json.dumps({"text": ["Mine, and theirs.", "Mine."]}))
    scripted.go(f"/letters/{letter}/write")
    expect(scripted.page.locator("main")).to_contain_text("You typed this here before")
    scripted.page.get_by_role("button", name="Put it into the field").click()
    expect(area(scripted.page, "text")).to_have_value("Mine, and theirs.")


def until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never was so")


def test_nobody_else_reads_it_and_it_goes_in_a_week(cast: Cast) -> None:
    platform, form = cast.platform, f"/cases/{cast.case}/messages/{cast.harmed.id}"
    unsent.keep_typed(platform, cast.first.me, form, "w", json.dumps({"words": ["goshawk", ""]}))
    assert "goshawk" in typed(cast, cast.first, form)
    assert typed(cast, cast.second, form) == ""
    [row] = rows(cast)
    assert b"goshawk" not in row["sealed"] and row["about_id"] == cast.case
    cast.clock.advance(days=7)
    unsent.forget_old(platform)
    assert not rows(cast)


def rows(cast: Cast) -> list[dict[str, Any]]:
    return Attacker(cast.platform).rows(Unsent)
