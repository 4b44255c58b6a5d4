"""The list of cases: narrowed by how they stand, in either order, page by page."""

import pytest

from letters.storage.queries import lists
from letters.workflow.cases import open_and_halt
from letters.workflow.preparation.referral import Source
from tests.cast import Cast


def listed(cast: Cast, asked: str) -> list[str]:
    page = cast.first.browser().open(f"/cases{asked}")
    return [link.removeprefix("/cases/") for link in page.links
            if link.count("/") == 2 and link.startswith("/cases/") and link.count("-") == 4]


@pytest.fixture
def halted(cast: Cast) -> str:
    case = open_and_halt.open_case(cast.platform, cast.first.me, Source.AGENCY, "A call.", False)
    open_and_halt.halt(cast.platform, cast.first.me, case)
    return str(case)


def test_it_is_narrowed_and_turned_round(cast: Cast, halted: str) -> None:
    going_on = str(cast.case)
    assert listed(cast, "") == [halted, going_on]
    assert listed(cast, "?order=oldest") == [going_on, halted]
    assert listed(cast, "?standing=halted") == [halted]
    assert listed(cast, "?standing=open") == [going_on]
    assert listed(cast, "?standing=made-up&order=made-up") == [halted, going_on]
    assert "None of your cases stands so." in cast.first.browser().open(
        "/cases?standing=ended").text


def test_the_next_page_is_narrowed_and_ordered_alike(
        cast: Cast, halted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 1)
    browser = cast.first.browser()
    page = browser.open("/cases?order=oldest")
    more = next(link for link in page.links if "from=" in link)
    assert "order=oldest" in more and f"/cases/{halted}" in browser.open(more).links
    assert not [link for link in browser.open("/cases?standing=halted").links if "from=" in link]
