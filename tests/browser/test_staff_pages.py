"""The pages of staff in a real browser: short enough to work with, and nothing goes sideways."""

from collections.abc import Callable

import pytest

from letters.workflow.cases import open_and_halt
from tests.browser.conftest import NARROW, WIDE, Person
from tests.cast import Cast

pytestmark = pytest.mark.browser

TALLEST = {"case": 1600, "letters": 1600, "people": 1600, "preparation": 1600, "agreement": 1600,
           "safety": 1600, "notes": 1600, "people/{harmed}": 1600, "halt": 1000,
           "assessment": 1600, "acknowledgement": 1600, "conviction": 1600, "orders": 1600,
           "risks": 1600, "tasks": 1600, "team": 1600, "names": 1600, "closing": 1600}
"""The most pixels of each page of an ordinary case, in a window 1,280 wide."""


MOST = {"/cases": 1600, "/supervision/numbers": 2000, "/pace": 1600}
"""The most pixels of the list of forty cases, of the numbers, and of the page of the pace."""


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
    reader.press("Save").reads("2 changes are recorded.")
    after = [box.is_checked() for box in boxes.all()]
    assert [one for one, other in zip(before, after, strict=True) if one != other] == (
        [before[min(before.index(True), before.index(False))],
         before[max(before.index(True), before.index(False))]])


def test_rule_11_a_specialist_is_asked_reads_and_advises(cast: Cast,
                                                         somebody: Callable[..., Person]) -> None:
    """From the team's page to a note that the team reads; no decision is on any of the pages."""
    letter = cast.submitted(cast.harmed, "You may know that I sleep again.")
    asks = somebody(WIDE, False).sign_in("first").go(f"/cases/{cast.case}/team")
    asks.page.get_by_label("Whom do you ask?").select_option(label="Ellis Elsewhere")
    asks.page.get_by_label("As what?").select_option("specialist")
    asks.page.get_by_label("What will they be able to read?").select_option("yes")
    asks.press("Ask").reads("As a specialist.")
    reads = somebody(NARROW, False).sign_in(cast.stranger_facilitator.name).go("/today")
    reads.follow("Answer whether you join a team").reads("you would read and advise")
    reads.page.get_by_label("Do you know any of them").select_option("none")
    reads.press("Join the team").reads("You read this case as a specialist.")
    for path in paths(cast):
        if not path.endswith("halt"):
            reads.go(path)
            buttons = reads.page.locator("main button").all_inner_texts()
            assert not {*buttons} - {"Keep for me alone", "Keep for the case team"}, path
            assert not reads.page.get_by_role("link", name="Halt …").count()
    reads.go(f"/desk/{letter}").reads("You may know that I sleep again.")
    reads.page.locator("summary", has_text="Notes").click()
    reads.fill("A note for the team", "She is ready for an answer.").press("Keep for the case team")
    asks.go(f"/desk/{letter}").reads("She is ready for an answer.")
    asks.go(f"/cases/{cast.case}/team").page.get_by_label("They shall read nothing more").check()
    asks.press("End the part of Ellis Elsewhere")
    reads.page.goto(reads.url + f"/desk/{letter}")
    assert "sleep again" not in reads.page.content()


def test_lists_of_forty_cases_and_numbers_fit_what_they_should(
    cast: Cast, somebody: Callable[..., Person]
) -> None:
    """The list of forty cases, the rows of the desk, the numbers, and the page of the pace."""
    for _ in range(39):
        open_and_halt.open_case(cast.platform, cast.first.me)
    for _ in range(25):
        cast.submitted(cast.harmed)

    def height(person: Person, path: str) -> int:
        tall: int = person.go(path).page.evaluate("document.documentElement.scrollHeight")
        return tall

    reader, supervisor = (somebody(WIDE, False).sign_in(name) for name in ("first", "supervisor"))
    harmed = somebody(WIDE, False).sign_in("harmed")
    tall = {path: height(person, path) for person, path in (
        (reader, "/cases"), (supervisor, "/supervision/numbers"), (harmed, "/pace"))}
    assert {path: most for path, most in tall.items() if most > MOST[path]} == {}
    rows = reader.go("/desk").page.locator(".queue tbody tr")
    assert rows.count() == 25
    last, first = rows.last.bounding_box(), rows.first.bounding_box()
    assert last and first and last["y"] + last["height"] - first["y"] <= 825
