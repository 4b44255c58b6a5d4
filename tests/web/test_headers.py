"""Headers and cookies of what is no address of the table. ``tests/addresses`` looks at every
answer."""

from urllib.parse import unquote
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from tests.addresses.table import ROLES, client_of
from tests.cast import PASSWORD, Cast
from tests.web.pages import BASE


@pytest.fixture(autouse=True)
def as_in_service(in_service: Flask) -> None:
    in_service.config["WTF_CSRF_ENABLED"] = False


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


def test_the_session_cookie_is_the_strictest_there_is(cast: Cast) -> None:
    client = cast.app.test_client()
    client.get("/sign-in", base_url=BASE)
    answer = client.post("/sign-in", data={"sign_in_name": "harmed", "password": PASSWORD},
                         base_url=BASE)
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("__Host-session=") for cookie in cookies)
    for cookie in cookies:
        name, *attributes = (part.strip() for part in cookie.split(";"))
        assert name.startswith("__Host-")
        if name.startswith("__Host-device"):  # the one that stays; it signs nobody in
            attributes = [part for part in attributes
                          if not part.startswith(("Max-Age=", "Expires="))]
        if not name.endswith("="):
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} == set(attributes), cookie


def test_the_cookie_of_the_forms_is_as_strict(cast: Cast) -> None:
    cast.app.config["WTF_CSRF_ENABLED"] = True
    cookies = cast.app.test_client().get("/sign-in", base_url=BASE).headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["__Host-forms"]
    assert {part.strip() for part in cookies[0].split(";")[1:]} == {
        "Secure",
        "HttpOnly",
        "SameSite=Lax",
        "Path=/",
    }


@pytest.mark.parametrize("role", ["harmed", "first"])
@pytest.mark.parametrize(("path", "method"), [("/leave", "GET"), ("/sign-out", "POST")])
def test_leaving_ends_the_session_on_both_sides(cast: Cast, role: str, path: str,
                                                method: str) -> None:
    client = client_of(cast, role)
    kept = client.get_cookie("__Host-session", domain="localhost")
    answer = client.open(path, method=method, base_url=BASE,
                         headers={"Sec-Fetch-Site": "same-origin"})
    assert client.get_cookie("__Host-session", domain="localhost") is None
    if path == "/leave":
        assert answer.headers["Location"] == "https://en.wikipedia.org/wiki/Main_Page"
        assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert kept is not None
    client.set_cookie("__Host-session", kept.value, domain="localhost", secure=True)
    assert client.get("/", base_url=BASE).headers["Location"] == "/sign-in"


# a slash at the end

def asks(client: FlaskClient, asked: str, method: str = "GET") -> Response:
    """What a browser sends, which the test client would read as the name of a host."""
    path, _, query = asked.partition("?")
    return client.open("/", method=method, base_url=BASE, query_string=query,
                       environ_overrides={"PATH_INFO": unquote(path)})


@pytest.mark.parametrize(("asked", "leads_to"), [
    ("/home/", "/home"), ("/sign-in/", "/sign-in"), ("/account/password//", "/account/password"),
    ("/letters/?from=1_2&x=%3C", "/letters?from=1_2&x=%3C"),
    ("/home/?_external=1", "/home?_external=1"),
    ("//home/", "/home"), (f"/letters/{UUID(int=1)}/", f"/letters/{UUID(int=1)}"),
])
def test_an_address_with_a_slash_leads_to_the_page(cast: Cast, asked: str, leads_to: str) -> None:
    """The page itself asks who is there: strangers get what they get without the slash."""
    for role in ("anonymous", "harmed", "first"):
        client = client_of(cast, role)
        answer = asks(client, asked)
        assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)
        assert asks(client, asked, "HEAD").headers["Location"] == leads_to
        assert asks(client, asked, "POST").status_code in (400, 404)
    answer = cast.app.test_client().get("/home/", base_url=BASE, follow_redirects=True)
    assert answer.request.path == "/sign-in"


@pytest.mark.parametrize("asked", [
    "/nothing/", "//evil.example/", "/%2Fevil.example/", "//evil.example//", "/\\evil.example/",
    "/https://evil.example/", "/letters/nothing/"])
def test_a_slash_leads_to_no_page_that_is_not_here(cast: Cast, asked: str) -> None:
    for role in ("anonymous", "harmed"):
        answer = asks(client_of(cast, role), asked)
        assert answer.status_code in (404, 308)
        if answer.status_code == 308:  # two slashes are made one first, on this site
            assert answer.headers["Location"] == f"{BASE}/evil.example/"
