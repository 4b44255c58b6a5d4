"""Both are lost: the whole way back in real windows, narrow, without scripts; then once more by
axe."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import NARROW, Person
from tests.browser.test_accessibility import violations
from tests.cast import PASSWORD, Cast
from tests.workflow.losing import NEW, lost

pytestmark = pytest.mark.browser


def test_somebody_comes_back_with_seven_words(cast: Cast, somebody: Callable[..., Person]) -> None:
    letter = cast.submitted(cast.harmed, "What I wrote before.")
    helpers = [somebody().sign_in(name) for name in ("first", "second")]
    page = helpers[0].go(f"/cases/{cast.case}").follow("Hanna Harmed")
    page.page.get_by_text("Signing in").click()
    page.follow("Lost password or code: help Hanna Harmed")
    page.fill("Your password", PASSWORD).press("Make a reset code")
    code = page.page.locator(".code-text").inner_text()
    person = somebody().go("/sign-in").follow("Get access again")
    person.fill("Reset code", code).fill("Sign-in name", "hanna").fill("New password", NEW)
    person.press("Set up my access again").follow("I have written it down: sign in").sign_in(
        "hanna", NEW
    )
    words = person.reads("Seven words to read out").page.locator(".words li").all_inner_texts()
    for helper in helpers:
        helper.go(f"/cases/{cast.case}/people").follow("Confirm the key of Hanna Harmed")
        assert helper.page.locator(".words li").all_inner_texts() == words
        helper.page.get_by_label("I heard these words from them").check()
        helper.fill("Your password", PASSWORD).press("Confirm the key")
    person.go(f"/letters/{letter}").reads("What I wrote before.")


def test_the_pages_of_the_seven_words_are_accessible(cast: Cast,
                                                   somebody: Callable[..., Person]) -> None:
    lost(cast, cast.harmed)
    found = []
    person, helper = (somebody(NARROW, scripts=True, bypass_csp=True) for _ in range(2))
    found += violations(person.sign_in("harmed", NEW))
    found += violations(helper.sign_in("first").go(f"/cases/{cast.case}/keys/{cast.harmed.id}"))
    found += violations(helper.press("Confirm the key"))
    found += violations(somebody(NARROW, scripts=True,
                                 bypass_csp=True).go("/recovery").press("Set the new password"))
    assert found == []
