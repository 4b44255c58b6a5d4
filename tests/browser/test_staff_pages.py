"""The pages of staff in a real browser: short enough to work with, and nothing goes sideways."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import NARROW, WIDE, Person
from tests.cast import Cast

pytestmark = pytest.mark.browser

TALLEST = {"case": 1600, "letters": 1600, "people": 1600, "preparation": 1600, "agreement": 1600,
           "safety": 1600, "notes": 1600, "people/{harmed}": 1600, "halt": 1000,
           "assessment": 1600, "acknowledgement": 1600, "conviction": 1600, "orders": 1600,
           "risks": 1600, "tasks": 1600, "team": 1600, "names": 1600, "closing": 1600}
"""The most pixels of each page of an ordinary case, in a window 1,280 wide."""


def paths(cast: Cast) -> dict[str, int]:
    return {f"/cases/{cast.case}" + ("" if page == "case" else
                                     "/" + page.format(harmed=cast.harmed.id)): most
            for page, most in TALLEST.items()}


def test_each_page_of_a_case_is_as_short_as_it_should_be(cast: Cast,
                                                         somebody: Callable[..., Person]) -> None:
    reader = somebody(WIDE, True).sign_in("first")
    tall = {}
    for path, most in paths(cast).items():
        reader.go(path)
        height = reader.page.evaluate("document.documentElement.scrollHeight")
        if height > most:
            tall[path] = height
        assert reader.page.get_by_role("link", name="Halt …").is_visible()
    assert not tall


def test_no_page_of_a_case_goes_sideways_on_a_telephone(cast: Cast,
                                                        somebody: Callable[..., Person]) -> None:
    reader = somebody(NARROW, False).sign_in("first")
    for path in (*paths(cast), f"/cases/{cast.case}/timeline", "/today", "/desk", "/search"):
        reader.go(path)
        assert reader.page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_steps_with_both_are_recorded_at_once(cast: Cast, somebody: Callable[..., Person]) -> None:
    """A step ticked without a day was taken today; one whose tick is taken away was not; and what
    a page did not change stays as a colleague recorded it."""
    reader = somebody(WIDE, False).sign_in("first").go(f"/cases/{cast.case}/preparation")
    boxes = reader.page.locator(".step input[type=checkbox]")
    before = [box.is_checked() for box in boxes.all()]
    boxes.nth(before.index(False)).check()
    boxes.nth(before.index(True)).uncheck()
    reader.press("Save").reads("2 steps are recorded.")
    after = [box.is_checked() for box in boxes.all()]
    assert [one for one, other in zip(before, after, strict=True) if one != other] == (
        [before[min(before.index(True), before.index(False))],
         before[max(before.index(True), before.index(False))]])
