"""Who may do what, for every address there is: strangers 404, insiders without the right 403, nobody to the door."""

import pytest
from flask import Flask

from letters.web.access import OPEN_TO_ALL
from tests.cast import Cast
from tests.web.addresses import ROLES, SENDING, TABLE, Row, address, client_of, named
from tests.web.conftest import Played, sqlite_alone
from tests.web.pages import BASE, normal


@pytest.fixture(autouse=True)
def no_form_tokens(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    # The guard asks the application with which it was registered, which the tests share.
    monkeypatch.setitem(played.cast.app.config, "WTF_CSRF_ENABLED", False)


def test_every_address_is_in_the_table(app: Flask) -> None:
    there = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert {pair for pair in there if pair[1] not in ("HEAD", "OPTIONS")} == {
        (row.endpoint, row.method) for row in TABLE
    }


def test_what_is_open_to_all_is_known_by_heart() -> None:
    assert {row.endpoint for row in TABLE if row.statuses[0] not in (302, 401)} | {
        "door.front",
        "door.leave",
    } == OPEN_TO_ALL


@pytest.mark.parametrize(**named(SENDING))
def test_each_role_may_send_as_the_table_says(cast: Cast, row: Row) -> None:
    assert answered(cast, row) == row.statuses


@sqlite_alone
@pytest.mark.parametrize(**named([row for row in TABLE if row.method == "GET"]))
def test_each_role_is_shown_as_the_table_says(cast: Cast, row: Row) -> None:
    assert answered(cast, row) == row.statuses


def answered(cast: Cast, row: Row) -> tuple[int, ...]:
    """What each of ``ROLES`` is answered, where what is refused is asked before what is not."""
    values, fields = row.about(cast)
    path, told = address(cast.app, row, values), dict[str, int]()
    for role in sorted(ROLES, key=lambda role: -row.statuses[ROLES.index(role)]):
        answer = client_of(cast, role).open(path, method=row.method, data=fields or None, base_url=BASE)
        told[role] = answer.status_code
        cast.clock.advance(minutes=1)  # as long as anybody has to wait who was refused at a door
        if role == "anonymous" and row.endpoint not in OPEN_TO_ALL and row.method == "GET":
            assert answer.headers["Location"] == "/sign-in"
    return tuple(told[role] for role in ROLES)


LOOKING = [row for row in TABLE if row.method == "GET" and 404 in row.statuses]


@pytest.mark.parametrize(**named(LOOKING))
def test_what_does_not_exist_is_answered_like_what_belongs_to_others(cast: Cast, in_service: Flask, row: Row) -> None:
    values, _ = row.about(cast)
    client, path = client_of(cast, ROLES[row.statuses.index(404)]), address(cast.app, row, values)
    kept = next(part for part in path.split("/") if len(part) == 36)
    others = client.get(path, base_url=BASE)
    made_up = client.get(path.replace(kept, "00000000-0000-4000-8000-000000000000"), base_url=BASE)
    assert (others.status_code, made_up.status_code) == (404, 404)
    assert (normal(others), others.headers["Content-Length"]) == (normal(made_up), made_up.headers["Content-Length"])
    for thing in ("not-an-id", "00000000", "%00", "..%2f..", "%F0%9F%94%91", "9" * 5000):
        assert client.get(path.replace(kept, thing), base_url=BASE).status_code == 404, thing


def test_a_wrong_method_is_a_page(cast: Cast) -> None:
    client, files = client_of(cast, "first"), {"filename": "style.css"}
    for rule in cast.app.url_map.iter_rules():
        with cast.app.test_request_context():
            path = cast.app.url_for(rule.endpoint, **{name: files.get(name, cast.case) for name in rule.arguments})
        known = {
            method for other in cast.app.url_map.iter_rules() if other.rule == rule.rule for method in other.methods
        }
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - known:
            answer = client.open(path, method=method, base_url=BASE)
            assert answer.status_code == 405, (rule, method)
            assert b"Go to your first page" in answer.data


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "TRACE"])
def test_no_other_method_shows_anything_to_nobody(cast: Cast, method: str) -> None:
    for path in ("/home", "/letters", "/desk", "/cases", "/for-you"):
        assert cast.app.test_client().open(path, method=method, base_url=BASE).status_code in (401, 405)


@pytest.mark.parametrize("cookie", ["", "zz", "00" * 32, "00" * 31, "é", "00" * 5000])
def test_a_made_up_cookie_is_nobody(cast: Cast, cookie: str) -> None:
    answer = cast.app.test_client().get("/home", base_url=BASE, headers={"Cookie": f"__Host-session={cookie}"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
