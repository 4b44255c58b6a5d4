"""A facilitator's day in the browser, its clicks counted: ten letters, two alerts, one assessment
and one hand-over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from docs.counted import Walk, Window
from letters.rules.letter.lifecycle import State
from letters.workflow.cases import alerts
from tests.browser.conftest import Served
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser

MOST = {"two alerts": 6, "ten letters": 31, "one assessment": 2, "one hand-over": 3}
"""The most clicks of each part of the day; before the pages for forty cases (commit 55b10a7) they
were 8, 41 and 2, and nobody could hand over."""
WITH_A_FINDING = "I sleep again. My number is 07700 900123."


def test_a_day_of_a_facilitator_takes_so_many_clicks(chromium: Browser, cast: Cast,
                                                     served: Served) -> None:
    letters = [cast.submitted(cast.harmed, WITH_A_FINDING) for _ in range(10)]
    for words in ("She is afraid.", "He rang her."):
        alerts.open_alert(cast.platform, cast.second.me, cast.case, words, True)
    walk = Walk(chromium, served.url, cast.platform.now)
    with walk.part("sign in"):
        frances = walk.window()
        frances.page.context.add_cookies([{
            "name": "__Host-session", "value": cast.first.token.hex(), "secure": True,
            "url": served.url.replace("http:", "https:")}])
        frances.go("/today")
    parts: dict[str, Callable[[Window, Cast], None]] = {
        "two alerts": _alerts, "ten letters": _letters, "one assessment": _assess,
        "one hand-over": _hand_over}
    for title, play in parts.items():
        with walk.part(title):
            play(frances, cast)
    assert [cast.state(letter) for letter in letters] == [State.APPROVED] * 10
    taken = {one.title: one.clicks for one in walk.counts if one.title in MOST}
    assert all(taken[title] <= most for title, most in MOST.items()), taken


def _letters(frances: Window, _cast: Cast) -> None:
    frances.tab("Review desk")
    for _ in range(10):
        frances.press("Claim the next letter").tick("Fine here").press("Approve …")
        frances.fill("Your password", PASSWORD).tick("I have looked").press("Approve")


def _alerts(frances: Window, _cast: Cast) -> None:
    for _ in range(2):
        frances.tab("Today").follow("Act on a safeguarding alert")
        frances.fill("What came of it", "We spoke; she is safe.").press("Close the alert")


def _assess(frances: Window, cast: Cast) -> None:
    frances.go(f"/cases/{cast.case}/preparation").follow("Suitability and risk")
    for question in frances.page.locator(".parts .choices legend").all_inner_texts():
        frances.tick_first(question)
    frances.choose("Outcome", "SUITABLE").press("Keep this assessment")


def _hand_over(frances: Window, cast: Cast) -> None:
    frances.tab("Today").follow("Hand over while you are away")
    frances.choose("Who looks after your work?", str(cast.second.id))
    frances.fill("Until and including", "2027-01-10")
    frances.fill("What they should know", "Hanna rings on Friday.").press("Hand over")
