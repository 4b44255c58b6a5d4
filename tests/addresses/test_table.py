"""The table names every address there is, and nothing is open that is not known by heart."""

import re

import pytest
from flask import Flask

from letters.config import ROOT
from letters.web.access import OPEN_TO_ALL
from tests.addresses.table import TABLE, client_of
from tests.addresses.window import LOOKING, NO_PAGES, Window, shown
from tests.cast import Cast
from tests.stages import Played
from tests.web.pages import BASE


@pytest.fixture(autouse=True)
def no_form_tokens(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    # The guard asks the application with which it was registered, which the tests share.
    monkeypatch.setitem(played.cast.app.config, "WTF_CSRF_ENABLED", False)


def test_every_address_is_in_the_table(app: Flask) -> None:
    there = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods
             or ()}
    assert {pair for pair in there if pair[1] not in ("HEAD", "OPTIONS")} == {
        (row.endpoint, row.method) for row in TABLE
    }


def test_what_is_open_to_all_is_known_by_heart() -> None:
    assert {row.endpoint for row in TABLE if row.statuses[0] not in (302, 401)} | {
        "sign_in.front",
        "sign_in.leave",
    } == OPEN_TO_ALL


def test_a_wrong_method_is_a_page(cast: Cast) -> None:
    client, files = client_of(cast, "first"), {"filename": "style.css"}
    for rule in cast.app.url_map.iter_rules():
        with cast.app.test_request_context():
            path = cast.app.url_for(rule.endpoint,
                                    **{name: files.get(name, cast.case) for name in rule.arguments})
        known = {
            method for other in cast.app.url_map.iter_rules() if other.rule == rule.rule
            for method in other.methods
        }
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - known:
            answer = client.open(path, method=method, base_url=BASE)
            assert answer.status_code == 405, (rule, method)
            assert b"Go to your first page" in answer.data


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "TRACE"])
def test_no_other_method_shows_anything_to_nobody(cast: Cast, method: str) -> None:
    for path in ("/home", "/letters", "/desk", "/cases", "/for-you"):
        assert cast.app.test_client().open(path, method=method,
                                           base_url=BASE).status_code in (401, 405)


@pytest.mark.parametrize("cookie", ["", "zz", "00" * 32, "00" * 31, "é", "00" * 5000])
def test_a_made_up_cookie_is_nobody(cast: Cast, cookie: str) -> None:
    answer = cast.app.test_client().get("/home", base_url=BASE,
                                        headers={"Cookie": f"__Host-session={cookie}"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")


@pytest.mark.browser
@pytest.mark.parametrize("role", ["anonymous", "harmed", "first"])
def test_being_refused_is_an_accessible_page(cast: Cast, in_service: Flask, window: Window,
                                             role: str) -> None:
    found = []
    for path in ("/nothing-here", f"/cases/{cast.strange_case}", "/house", "/for-myself"):
        answer = client_of(cast, role).get(path, base_url=BASE)
        if answer.status_code in (403, 404):
            found += [f"{path}: {wrong}" for wrong in window.look(path, answer.data)]
    assert found == []


def test_every_address_is_looked_at(app: Flask) -> None:
    there = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {row.endpoint for row in TABLE for role in LOOKING if row.method == "GET"
                 and shown(row, role)}
    assert there - NO_PAGES.keys() == looked_at


def test_no_two_pages_have_the_same_title() -> None:
    titles: dict[str, list[str]] = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for title in re.findall(r"{% block title %}(.*?){% endblock %}", path.read_text("utf-8")):
            titles.setdefault(re.sub(r"{%.*?%}", "", title),
                              []).append(str(path.relative_to(ROOT / "templates")))
    assert {title: pages for title,
            pages in titles.items() if len(pages) > 1 and title != "{{ kind.title }}"} == {}
