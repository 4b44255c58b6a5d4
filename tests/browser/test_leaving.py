"""Quick exit: the session is over, the browser keeps nothing, Back shows nothing."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error

from letters.storage.tables import SessionRow
from tests.browser.conftest import EXIT, NARROW, Person, Served
from tests.cast import Cast

pytestmark = pytest.mark.browser

SECRET = "Words that nobody else must see"


@pytest.mark.parametrize("scripts", [True, False])
def test_after_quick_exit_nothing_is_left(
    served: Served, cast: Cast, somebody: Callable[..., Person], scripts: bool
) -> None:
    letter = cast.draft(cast.harmed, SECRET)
    person = somebody(NARROW, scripts).sign_in("harmed").go(f"/letters/{letter}").reads(SECRET)
    with served.house.store.reading() as db:
        before = db.query(SessionRow).count()
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_url(EXIT)
    assert "Elsewhere" in person.page.content()
    assert [cookie for cookie in person.context.cookies() if cookie["name"].startswith("__Host-session")] == []
    with served.house.store.reading() as db:
        assert db.query(SessionRow).count() == before - 1
    for _ in range(3):
        person.page.go_back()
        assert SECRET not in person.page.content()
        assert person.page.locator("nav.nav").count() == 0
    person.page.goto(f"{served.url}/letters/{letter}")
    assert person.page.url == f"{served.url}/sign-in"


def test_where_the_line_is_dead_the_page_is_gone_all_the_same(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go(f"/letters/{cast.draft(cast.harmed, SECRET)}")
    person.page.route("**/leave", lambda route: route.abort("timedout"))
    person.page.get_by_role("link", name="Leave this site now").click()
    person.page.wait_for_timeout(100)
    assert SECRET not in person.page.content()
    assert person.page.evaluate("document.body.innerText.includes('Messages')") is False


def test_three_times_escape_leaves_unless_it_was_switched_off(
    served: Served, cast: Cast, somebody: Callable[..., Person]
) -> None:
    person = somebody(NARROW, scripts=True).sign_in("harmed").go("/account")
    person.page.get_by_label("Pressing Escape three times leaves this site").uncheck()
    person.page.locator("form", has_text="Pressing Escape").get_by_role("button", name="Save").click()
    person.go(f"/letters/{cast.draft(cast.harmed, SECRET)}")
    press(person, "Escape", "Escape", "Escape")
    person.page.wait_for_timeout(100)
    person.reads(SECRET)
    person.go("/account").page.get_by_label("Pressing Escape three times leaves this site").check()
    person.page.locator("form", has_text="Pressing Escape").get_by_role("button", name="Save").click()
    person.go("/home")
    press(person, "Escape", "Escape", "Tab", "Escape", "Escape")
    assert person.page.url.endswith("/home")
    press(person, "Escape")
    with suppress(Error):  # where the way out leads there is nobody in a test
        person.page.wait_for_url(EXIT)
    assert [cookie for cookie in person.context.cookies() if cookie["name"].startswith("__Host-session")] == []


def press(person: Person, *keys: str) -> None:
    for key in keys:
        person.page.keyboard.press(key)


def test_after_signing_out_back_shows_nothing(served: Served, cast: Cast, somebody: Callable[..., Person]) -> None:
    letter = cast.draft(cast.harmed, SECRET)
    person = somebody(NARROW).sign_in("harmed").go(f"/letters/{letter}").reads(SECRET).press("Sign out")
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
    person = somebody(NARROW).sign_in("harmed")
    kept = {cookie["name"]: cookie for cookie in person.context.cookies()}
    assert set(kept) <= {"__Host-session", "__Host-forms"} and "__Host-session" in kept
    for cookie in kept.values():
        assert (cookie["expires"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (-1, True, True, "Lax")
    assert person.page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
