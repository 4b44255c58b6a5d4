"""Rights stand in one table, which every page asks."""

import pytest
from flask import Flask

from letters.rules.permissions import RIGHTS, Permission
from letters.web import rights
from letters.web.access import OPEN_TO_ALL


def test_every_right_is_in_the_table_with_somebody_who_has_it() -> None:
    assert {*RIGHTS} == {*Permission} and all(right.roles and right.words
                                              for right in RIGHTS.values())


def test_a_page_without_a_right_keeps_the_application_from_starting(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights.register(app)
    monkeypatch.setattr(rights, "PAGES",
                        {page: right for page, right in rights.PAGES.items() if page != "pace"})
    with pytest.raises(LookupError, match=r"pace\.pace"):
        rights.register(app)


def test_the_table_names_no_page_that_is_not_there(app: Flask) -> None:
    there = {*app.view_functions} | {endpoint.partition(".")[0] for endpoint in app.view_functions}
    assert not {*rights.PAGES} - there and not OPEN_TO_ALL - there
