"""Errors of one part on the pages of another: a page that was foreseen, with a next step."""

from tests.cast import Cast


def test_a_lost_state_file_is_told_of_on_the_pages_that_ask_it(cast: Cast) -> None:
    cast.platform.state_file.path.unlink()
    page = cast.first.browser().open(f"/cases/{cast.case}/team", 503)
    assert "Please tell those who run it" in page.text
