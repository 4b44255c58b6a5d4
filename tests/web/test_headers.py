"""What every answer says about itself: nothing runs, nothing is kept, nobody is told, titles give nothing away."""

import re

import pytest
from flask import Flask

from tests.cast import PASSWORD, Cast
from tests.web.addresses import ASKING, GROUPS, ROLES, TABLE, Row, address, client_of, named
from tests.web.conftest import sqlite_alone
from tests.web.pages import BASE, title

pytestmark = sqlite_alone

NAMES = re.compile(r"frances|sam|ellis|hanna|robin|noor|uwe|oda|olle|sunniva", re.IGNORECASE)
TELLING = re.compile(
    r"harm|responsib|offend|victim|surviv|justice|restorat|facilitat|case|crime|consent", re.IGNORECASE
)
SCRIPTS = {"factors.passkey": "passkey.js"} | dict.fromkeys(
    ("desk.letter", "desk.claim", "desk.approve", "desk.hold", "desk.give_back", "desk.seal"), "desk.js"
) | dict.fromkeys(("writing.edit", "writing.guided"), "write.js")
PARTICIPANTS = GROUPS["participants"]


@pytest.fixture(autouse=True)
def as_in_service(in_service: Flask) -> None:
    in_service.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize(**named(TABLE))
def test_every_answer_is_private_and_gives_nothing_away(cast: Cast, row: Row) -> None:
    values, fields = row.about(cast)
    path = address(cast.app, row, values)
    assert not NAMES.search(path)
    for role in ROLES:
        answer = client_of(cast, role).open(path, method=row.method, data=fields or None, base_url=BASE)
        headers = answer.headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["form-action"] == policy["style-src"] == "'self'"
        assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        body = answer.get_data(as_text=True)
        runs = re.findall(r"<script[^>]*>[^<]*", body)
        if "script-src" in policy:  # where there is a quick exit, a passkey is made, and at the desk: files of our own
            own = [SCRIPTS[row.endpoint]] if row.endpoint in SCRIPTS else []
            scripts = ["exit.js"] * ('class="exit"' in body) + own * any(f"/static/{name}" in body for name in own)
            assert policy["script-src"] == "'self'"
            assert ("connect-src" in policy) == bool({"desk.js", "write.js"} & {*scripts})
            assert scripts and runs == [f'<script src="/static/{script}" defer>' for script in scripts]
        else:
            assert runs == []
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == ("max-age=3600" if row.endpoint == "static" else "no-store")
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Robots-Tag"] == "noindex"
        assert not NAMES.search(headers.get("Location", ""))
        if answer.mimetype == "text/html" and answer.status_code != 302:
            assert title(answer).endswith("Messages"), title(answer)
            assert not NAMES.search(title(answer)), title(answer)
            assert " style=" not in body and not re.search(r"<[^>]+\son\w+=", body)
            if role in PARTICIPANTS or role == "anonymous":
                assert not TELLING.search(title(answer)), title(answer)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", ["/nothing", "/letters/nothing", "/home?from=x"])
def test_error_pages_are_not_kept_either(cast: Cast, role: str, path: str) -> None:
    answer = client_of(cast, role).get(path, base_url=BASE)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_page_for_a_missing_file_is_not_kept(cast: Cast) -> None:
    answer = client_of(cast, "harmed").get("/static/nothing.css", base_url=BASE)
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(**named([row for row in ASKING if row.statuses[0] == 302]))
def test_no_page_leads_away_or_carries_words_in_an_address(cast: Cast, row: Row) -> None:
    values, _ = row.about(cast)
    for role in ROLES[1:]:
        body = client_of(cast, role).get(address(cast.app, row, values), base_url=BASE).get_data(as_text=True)
        for target in re.findall(r'(?:href|src|action)="([^"]*)"', body):
            assert target.startswith(("/", "#")) and not target.startswith("//"), target
            assert not NAMES.search(target), target
            assert re.fullmatch(r"[a-z0-9/#.?=_+-]*", target), target


def test_the_session_cookie_is_the_strictest_there_is(cast: Cast) -> None:
    client = cast.app.test_client()
    client.get("/sign-in", base_url=BASE)
    answer = client.post("/sign-in", data={"sign_in_name": "harmed", "password": PASSWORD}, base_url=BASE)
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("__Host-session=") for cookie in cookies)
    for cookie in cookies:
        name, *attributes = (part.strip() for part in cookie.split(";"))
        assert name.startswith("__Host-")
        if not name.endswith("="):
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} == set(attributes), cookie


def test_the_cookie_of_the_forms_is_as_strict(cast: Cast) -> None:
    cast.app.config["WTF_CSRF_ENABLED"] = True
    cookies = cast.app.test_client().get("/sign-in", base_url=BASE).headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-forms"]
    assert {part.strip() for part in cookies[0].split(";")[1:]} == {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}


@pytest.mark.parametrize("role", ["harmed", "first"])
@pytest.mark.parametrize(("path", "method"), [("/leave", "GET"), ("/sign-out", "POST")])
def test_leaving_ends_the_session_on_both_sides(cast: Cast, role: str, path: str, method: str) -> None:
    client = client_of(cast, role)
    kept = client.get_cookie("__Host-session", domain="localhost")
    answer = client.open(path, method=method, base_url=BASE)
    assert client.get_cookie("__Host-session", domain="localhost") is None
    if path == "/leave":
        assert answer.headers["Location"] == "https://en.wikipedia.org/wiki/Main_Page"
        assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert kept is not None
    client.set_cookie("__Host-session", kept.value, domain="localhost", secure=True)
    assert client.get("/", base_url=BASE).headers["Location"] == "/sign-in"
