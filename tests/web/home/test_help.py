"""Help: everybody reads and searches the guide of their own part, and nobody another's."""

import pytest
from flask import Flask

from letters.web.home.help import GUIDES, sections
from tests.cast import Cast


def test_each_reads_their_own_guide_first(cast: Cast) -> None:
    for player, first, others in (
            (cast.harmed, "How we may reach you", 0), (cast.other, "How we may reach you", 0),
            (cast.first, "The review desk", 2), (cast.supervisor, "What people told at the end", 3),
            (cast.administrator, "Administrators", 1)):
        page = player.browser().open("/help")
        assert first in page.text and "/help" in player.browser().open("/safety").links
        assert len({link for link in page.links
                    if "guide=" in link}) == (others + 1 if others else 0)


def test_a_guide_of_somebody_else_is_not_there(cast: Cast, app: Flask) -> None:
    for name in ("facilitators", "supervisors", "../operating", "nothing"):
        cast.harmed.browser().open(f"/help?guide={name}", 404)
        assert app.test_client().get(f"/help?guide={name}").status_code == 404
    assert "Leaving quickly" in app.test_client().get("/help").text


def test_it_is_searched_by_words(cast: Cast) -> None:
    browser = cast.harmed.browser()
    page = browser.open("/help?q=Escape+QUICKLY")
    assert "Leaving quickly" in page.text and "Our agreement" not in page.text
    assert "0 sections have these words." in browser.open("/help?q=zebra+crossing").text
    assert "<script>" not in browser.open("/help?q=%3Cscript%3E").body


@pytest.mark.parametrize("name", GUIDES)
def test_every_section_is_words_with_a_place(app: Flask, name: str) -> None:
    with app.test_request_context():
        found = sections(name)
    assert len(found) > 2 and len({one.anchor for one in found}) == len(found)
    for one in found:
        assert "![" not in one.shown and "](" not in one.shown and "<img" not in one.shown
