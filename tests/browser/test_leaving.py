"""Quick exit: the session is over, the browser keeps nothing, Back shows nothing."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error, expect

from letters.storage.tables.letters import SessionRow
from letters.workflow.accounts import sessions as sessions_of
from tests.browser.conftest import NARROW, Person, Served
from tests.cast import Cast

pytestmark = pytest.mark.browser

SECRET = "Words that nobody else must see"


@pytest.mark.parametrize("scripts", [True, False])
def test_after_quick_exit_nothing_is_left(
    served: Served, cast: Cast, somebody: Callable[..., Person], scripts: bool
) -> None:
    letter = cast.draft(cast.harmed, SECRET)
    person = somebody(NARROW, scripts).sign_in("harmed").go(f"/letters/{letter}").reads(SECRET)
    with served.platform.reading() as db:
        before = db.query(SessionRow).count()
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_url(served.exit)
    assert "Elsewhere" in person.page.content()
    assert [cookie for cookie in person.context.cookies()
            if cookie["name"].startswith("__Host-")] == []
    with served.platform.reading() as db:
        assert db.query(SessionRow).count() == before - 1
    for _ in range(3):
        person.page.go_back()
        assert SECRET not in person.page.content()
        assert person.page.locator("nav.nav").count() == 0
    person.page.go_forward()
    assert SECRET not in person.page.content()
    person.page.goto(f"{served.url}/letters/{letter}")
    assert person.page.url == f"{served.url}/sign-in"


@pytest.mark.parametrize("by", ["picture", "frame", "link", "form"])
def test_another_site_signs_nobody_out(
    served: Served, cast: Cast, somebody: Callable[..., Person], by: str
) -> None:
    """A page elsewhere asks for the quick exit, by a picture or by leading there."""
    address = f"{served.url}/leave"
    there = {"picture": f'<img src="{address}">', "frame": f'<iframe src="{address}"></iframe>',
             "link": f'<a id="go" href="{address}">Look</a>',
             "form": f'<form action="{address}"><button id="go">Look</button></form>'}[by]
    person = somebody(NARROW, True).sign_in("harmed")
    person.page.route("http://another-site.test/", lambda route: route.fulfill(
        content_type="text/html", body=f"<!doctype html><title>Another</title>{there}"))
    with person.page.expect_request("**/leave*"):
        person.page.goto("http://another-site.test/")
        if by in ("link", "form"):
            person.page.click("#go")
    person.page.wait_for_load_state()
    assert person.go("/home").page.url.endswith("/home")
    assert any(cookie["name"] == "__Host-device" for cookie in person.context.cookies())
    person.seen.remove("http://another-site.test/")


def test_where_nothing_leads_away_the_page_is_gone_and_the_session_ends_later(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = (somebody(NARROW,
                      scripts=True).sign_in("harmed")
              .go(f"/letters/{cast.draft(cast.harmed, SECRET)}"))
    # nothing comes that leads away
    person.page.route("**/leave", lambda route: route.fulfill(status=204))
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_url("about:blank")
    nothing_is_shown(person)
    person.page.unroute("**/leave")
    assert person.go("/home").page.url.endswith("/sign-in")


def nothing_is_shown(person: Person) -> None:
    """Neither words, nor a title, nor the name of a host."""
    assert person.page.url == "about:blank" and person.page.title().strip() == ""
    assert person.page.evaluate("document.documentElement.innerText.trim()") == ""


def cut(person: Person) -> None:
    """No request of this browser gets through. Emulated offline lets one that outlives its page
    through, now and then."""
    person.context.route("**/*", lambda route: route.abort("internetdisconnected"))


def mend(person: Person) -> None:
    """The network is back; a browser tells its pages so."""
    person.context.unroute("**/*")


def sessions(served: Served) -> int:
    with served.platform.reading() as db:
        return db.query(SessionRow).count()


@pytest.mark.parametrize("by", ["link", "keys"])
def test_without_a_network_nothing_is_left_and_the_session_ends_with_the_next_page(
    served: Served, cast: Cast, somebody: Callable[..., Person], by: str
) -> None:
    letter = cast.draft(cast.harmed, SECRET)
    person = somebody(NARROW, scripts=True).sign_in("harmed").go(f"/letters/{letter}")
    person.page.evaluate("localStorage.setItem('a', 'b'); sessionStorage.setItem('a', 'b')")
    before = sessions(served)
    cut(person)
    if by == "link":
        person.page.get_by_role("link", name="Leave this site now").click()
    else:
        press(person, "Escape", "Escape", "Escape")
    person.page.wait_for_url("about:blank")
    nothing_is_shown(person)
    assert person.page.evaluate("[localStorage.length, sessionStorage.length, name]") == [0, 0, ""]
    with suppress(Error):  # the page before it cannot be asked for
        person.page.go_back()
    person.page.wait_for_timeout(300)
    assert SECRET not in person.page.content() and person.page.locator("main, nav").count() == 0
    assert sessions(served) == before
    mend(person)
    person.page.goto(f"{served.url}/letters/{letter}")
    assert person.page.url == f"{served.url}/sign-in" and SECRET not in person.page.content()
    assert sessions(served) == before - 1
    assert [cookie for cookie in person.context.cookies()
            if cookie["name"] in ("__Host-session", "__Host-device", "__Host-view")] == []
    assert person.sign_in("harmed").go("/home").page.url.endswith("/home")


def test_a_slow_line_leads_to_an_empty_page_and_the_request_goes_on(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/home")
    person.page.route("**/leave", lambda route: None)  # no answer
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_url("about:blank")
    nothing_is_shown(person)


def test_another_tab_ends_the_session_as_soon_as_there_is_a_network(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/home")
    second = person.context.new_page()
    second.goto(f"{served.url}/home")
    before = sessions(served)
    cut(person)
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_url("about:blank")
    mend(person)
    with second.expect_response("**/leave"):
        second.evaluate("dispatchEvent(new Event('online'))")
    assert sessions(served) == before - 1


@pytest.mark.parametrize("how", [{"modifiers": ["Control"]}, {"modifiers": ["Shift"]},
                                 {"button": "middle"}])
def test_any_click_leaves_in_this_very_tab_and_nothing_is_asked(
    served: Served, cast: Cast, somebody: Callable[..., Person], how: dict[str, Any]
) -> None:
    person = (somebody(NARROW,
                      scripts=True).sign_in("harmed")
              .go(f"/letters/{cast.draft(cast.harmed, SECRET)}/write"))
    person.fill("Your letter", f"{SECRET}, and words that are not saved")
    # as at the desk
    person.page.evaluate("addEventListener('beforeunload', event => event.preventDefault())")
    asked: list[str] = []
    person.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    person.page.get_by_role("link", name="Leave this site now").click(**how)
    person.page.wait_for_url(served.exit)
    assert asked == [] and len(person.context.pages) == 1


def test_a_second_tab_is_signed_out_too(served: Served, cast: Cast,
                                        somebody: Callable[..., Person]) -> None:
    letter = cast.draft(cast.harmed, SECRET)
    person = somebody(NARROW, scripts=True).sign_in("harmed").go(f"/letters/{letter}")
    second = person.context.new_page()
    second.goto(f"{served.url}/letters/{letter}")
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_url(served.exit)
    second.reload()
    assert second.url == f"{served.url}/sign-in" and SECRET not in second.content()


def test_a_page_that_the_browser_kept_in_memory_is_asked_for_anew(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    """Chromium keeps no page that says no-store, so the event comes from the test: other browsers
    do send it."""
    person = (somebody(NARROW,
                      scripts=True).sign_in("harmed")
              .go(f"/letters/{cast.draft(cast.harmed, SECRET)}"))
    person.context.clear_cookies()
    with person.page.expect_navigation():
        hidden = person.page.evaluate(
            "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));"
            "document.documentElement.style.visibility"
        )
    assert hidden == "hidden" and person.page.url == f"{served.url}/sign-in"


def test_three_times_escape_leaves_unless_it_was_switched_off(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/account")
    person.page.get_by_label("Pressing Escape three times leaves this site").uncheck()
    person.page.locator("form",
                        has_text="Pressing Escape").get_by_role("button", name="Save").click()
    person.go(f"/letters/{cast.draft(cast.harmed, SECRET)}")
    press(person, "Escape", "Escape", "Escape")
    person.page.wait_for_timeout(100)
    person.reads(SECRET)
    person.go("/account").page.get_by_label("Pressing Escape three times leaves this site").check()
    person.page.locator("form",
                        has_text="Pressing Escape").get_by_role("button", name="Save").click()
    person.go("/home")
    press(person, "Escape", "Escape", "Tab", "Escape", "Escape")
    assert person.page.url.endswith("/home")
    press(person, "Escape")
    person.page.wait_for_url(served.exit)
    assert [cookie for cookie in person.context.cookies()
            if cookie["name"].startswith("__Host-")] == []
    person.page.go_back()
    assert "Messages" not in person.page.title() or person.page.url.endswith("/sign-in")
    assert person.page.locator("nav.nav").count() == 0


def test_the_exit_keys_are_heard_and_not_seen_and_only_when_they_are_pressed(
    served: Served, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/home")
    heard = person.page.locator("body > [aria-live=polite]")
    box = heard.bounding_box()
    assert box is not None and box["width"] <= 1 and box["height"] <= 1
    assert heard.text_content() == ""
    for key, words in (("Escape", "Press Escape two more times to leave this site."), ("Tab", ""),
                       ("Escape", "Press Escape two more times to leave this site."),
                       ("Escape", "Press Escape once more to leave this site.")):
        press(person, key)
        assert heard.text_content() == words
    expect(heard).to_have_text("")  # silent again when the two seconds are over
    person.page.route("**/leave", lambda route: None)
    press(person, "Escape", "Escape", "Escape")
    assert heard.text_content() == "Leaving."
    box = heard.bounding_box()
    assert box is not None and box["width"] <= 1 and box["height"] <= 1
    person.page.wait_for_url("about:blank")
    # the link says nothing: who pressed it knows
    person.page.goto(f"{served.url}/sign-in")
    person.page.get_by_role("link", name="Leave this site now").click()
    assert heard.count() == 0


def test_where_the_keys_are_switched_off_nothing_is_said(
    cast: Cast, somebody: Callable[..., Person]
) -> None:
    sessions_of.choose_exit_keys(cast.platform, cast.harmed.me, False)
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/home")
    press(person, "Escape", "Escape")
    assert person.page.locator("[data-exit-said]").count() == 0


def press(person: Person, *keys: str) -> None:
    for key in keys:
        person.page.keyboard.press(key)


def test_after_signing_out_back_shows_nothing(served: Served, cast: Cast,
                                              somebody: Callable[..., Person]) -> None:
    letter = cast.draft(cast.harmed, SECRET)
    person = (somebody(NARROW).sign_in("harmed").go(f"/letters/{letter}").reads(SECRET)
              .press("Sign out"))
    person.page.go_back()
    assert SECRET not in person.page.content()


def test_the_exit_is_on_screen_wherever_one_has_scrolled(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    letter = cast.draft(cast.harmed, "\n\n".join([SECRET] * 60))
    person = somebody(NARROW).sign_in("harmed").go(f"/letters/{letter}")
    for _ in range(2):
        box = person.page.get_by_role("link", name="Leave this site now").bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= NARROW["height"]
        person.page.mouse.wheel(0, 100_000)


def test_the_cookies_of_a_browser_that_was_closed_are_gone(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    """But for the mark by which a device need not wait, which signs nobody in."""
    person = somebody(NARROW).sign_in("harmed")
    kept = {cookie["name"]: cookie for cookie in person.context.cookies()}
    mark = kept.pop("__Host-device")
    assert mark["expires"] > 0 and mark["secure"] and mark["httpOnly"]
    assert set(kept) <= {"__Host-session", "__Host-forms"} and "__Host-session" in kept
    for cookie in kept.values():
        assert (cookie["expires"], cookie["secure"], cookie["httpOnly"],
                cookie["sameSite"]) == (-1, True, True, "Lax")
    assert (person.page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
            == ["", 0, 0])
