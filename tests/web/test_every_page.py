"""Every page there is, as each role gets it, in a real Chromium: WCAG 2.2 AA by axe, narrow and with wide spacing,
light, and of this site alone. The pages are what the program answers by the table of addresses; the wire is left out.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, Route

from letters.config import ROOT
from tests.axe import violations
from tests.cast import Cast
from tests.web.addresses import ROLES, TABLE, Row, address, client_of
from tests.web.conftest import Played, sqlite_alone
from tests.web.pages import BASE

LOOKING = ("anonymous", "harmed", "responsible", "other", "first", "stranger_facilitator", "supervisor",
           "administrator")
"""Each role once, and a facilitator who is in no case of theirs."""
NO_PAGES = {
    "static": "files", "supervision.table": "a table as CSV", "door.front": "leads to somebody's first page",
    "door.leave": "leads elsewhere", "factors.second_step": "between the two steps of signing in: tests/browser"}
HEAVIEST = 60 * 1024
"""Bytes of a page with everything it loads, before the server's compression, if it has one."""
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
"""Of WCAG 1.4.12. It is put on at 320 px, which is what 400 % of a window of 1280 px is (1.4.10)."""
LOOKS = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  heads: [...document.querySelectorAll("h1")].length,
  levels: [...document.querySelectorAll("h1, h2, h3, h4")].map(head => Number(head.tagName[1])),
  cut: [...document.querySelectorAll("a, button, label, h1, h2, td, th, p")].filter(
    part => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX === "hidden"
      && part.clientWidth > 1).length,
})"""

PAGES_AT_ONCE = 12

pytestmark = pytest.mark.browser


class Window:
    """A window at a width. It gets what the program answered a client, and the files of this site."""

    def __init__(self, context: BrowserContext, app: Flask) -> None:
        self.page: Page = context.new_page()
        self.files: FlaskClient = app.test_client()
        self.scripts, self.weight, self.elsewhere, self.said = True, 0, list[str](), list[str]()
        self.body: tuple[str, bytes] = ("", b"")
        self.page.route("**/*", self._answer)
        self.page.on("pageerror", lambda problem: self.said.append(str(problem)))

    def show(self, path: str, body: bytes, scripts: bool = True) -> None:
        self.body, self.scripts, self.weight = (BASE + path, body), scripts, 0
        self.page.goto(BASE + path)

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if url == self.body[0]:
            body, kind = self.body[1], "text/html"
        elif not url.startswith(f"{BASE}/static/"):
            self.elsewhere.append(url)
            return route.abort()
        elif url.endswith(".js") and not self.scripts:
            return route.abort()
        else:
            file = self.files.get(url.removeprefix(BASE), base_url=BASE)
            body, kind = file.data, file.mimetype
            file.close()
        self.weight += len(body)
        return route.fulfill(body=body, content_type=kind)

    def wrong(self) -> list[str]:
        """What is not as it is to be on any page."""
        looks: dict[str, Any] = self.page.evaluate(LOOKS)
        found = [f"{looks['wide']} px too wide"] if looks["wide"] > 0 else []
        found += [f"{looks['heads']} main headings"] if looks["heads"] != 1 else []
        found += ["a heading leaves out a level"] if any(
            after > before + 1 for before, after in zip(looks["levels"], looks["levels"][1:], strict=False)) else []
        found += [f"{looks['cut']} texts are cut off"] if looks["cut"] else []
        found += [f"{self.weight} bytes"] if self.weight > HEAVIEST else []
        return found + self.violations()

    def violations(self) -> list[str]:
        """What axe finds, seen from the top: below the bar that stays, everything is half hidden at some moment."""
        self.page.evaluate("scrollTo(0, 0)")
        return violations(self.page)


@pytest.fixture
def window(chromium: Browser, cast: Cast) -> Iterator[Window]:
    context = chromium.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True, ignore_https_errors=True)
    opened = Window(context, cast.app)
    yield opened
    context.close()
    assert (opened.elsewhere, opened.said) == ([], [])


@pytest.fixture(autouse=True)
def no_form_tokens(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    # The guard asks the application with which it was registered, which the tests share.
    monkeypatch.setitem(played.cast.app.config, "WTF_CSRF_ENABLED", False)


def shown(row: Row, role: str) -> bool:
    """True if this role gets a page there; at a door everybody is alike."""
    at_a_door = row.method == "POST" and row.statuses[0] in (200, 400)
    status = row.statuses[ROLES.index(role)]
    return row.endpoint not in NO_PAGES and status in (200, 400, 409) and (role == "anonymous" or not at_a_door)


def scenes() -> Iterator[tuple[str, list[Row]]]:
    """Rows about the same thing, which one installation is made ready for; those that only look come first."""
    rows = sorted((row for row in TABLE if any(shown(row, role) for role in LOOKING)),
                  key=lambda row: (row.about.__name__, row.method))
    for name, same in groupby(rows, key=lambda row: row.about.__name__):
        for number, some in enumerate(batched(list(same))):
            yield f"{name}-{number}", some


def batched(rows: list[Row]) -> list[list[Row]]:
    return [rows[at:at + PAGES_AT_ONCE] for at in range(0, len(rows), PAGES_AT_ONCE)]


def shape(page: bytes) -> bytes:
    """The body of a page without its words and ids: two roles that get the same one get the same to look at and to
    operate. The frame around it is each role's own, and looked at with the pages that are theirs alone."""
    return re.sub(rb">[^<]*<|[0-9a-f]{8}-[-0-9a-f]{27}|value=\"[^\"]*\"", b"", page.partition(b"<main")[2])


@sqlite_alone
@pytest.mark.parametrize("rows", [pytest.param(rows, id=name) for name, rows in scenes()])
def test_every_page_is_accessible_and_light(cast: Cast, window: Window, rows: list[Row]) -> None:
    found, seen = [], set[tuple[str, bytes]]()
    values, fields = rows[0].about(cast)
    for row, role in ((row, role) for row in rows for role in LOOKING if shown(row, role)):
        path = address(cast.app, row, values)
        answer = client_of(cast, role).open(path, method=row.method, data=fields or None, base_url=BASE)
        if row.method == "POST":
            cast.clock.advance(minutes=1)  # as long as anybody has to wait who was refused at a door
        if answer.status_code not in (200, 400, 409) or answer.mimetype != "text/html":
            found.append(f"{row.name} for {role}: {answer.status_code}")
            continue
        if (row.name, shape(answer.data)) in seen:
            continue
        seen.add((row.name, shape(answer.data)))
        window.show(path, answer.data)
        window.page.add_style_tag(content=SPACING)
        found += [f"{row.name} for {role}: {wrong}" for wrong in window.wrong()]
        if len(re.findall(rb"<script", answer.data)) > (b"exit.js" in answer.data):  # what a script of its own adds
            window.show(path, answer.data, scripts=False)
            found += [f"{row.name} for {role}, without scripts: {wrong}" for wrong in window.violations()]
        if b"shell-wide" in answer.data:  # more columns than one
            window.page.set_viewport_size({"width": 1280, "height": 900})
            found += [f"{row.name} for {role}, wide: {wrong}" for wrong in window.violations()]
            window.page.set_viewport_size({"width": 320, "height": 640})
    assert found == []


@sqlite_alone
@pytest.mark.parametrize("role", ["anonymous", "harmed", "first"])
def test_being_refused_is_an_accessible_page(cast: Cast, window: Window, role: str) -> None:
    found = []
    for path in ("/nothing-here", f"/cases/{cast.strange_case}", "/house", "/for-myself"):
        answer = client_of(cast, role).get(path, base_url=BASE)
        if answer.status_code in (403, 404):
            window.show(path, answer.data)
            found += [f"{path}: {wrong}" for wrong in window.wrong()]
    assert found == []


@sqlite_alone
def test_every_address_is_looked_at(app: Flask) -> None:
    there = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {row.endpoint for row in TABLE for role in LOOKING if row.method == "GET" and shown(row, role)}
    assert there - NO_PAGES.keys() == looked_at


def test_no_two_pages_have_the_same_title() -> None:
    titles: dict[str, list[str]] = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for title in re.findall(r"{% block title %}(.*?){% endblock %}", path.read_text("utf-8")):
            titles.setdefault(re.sub(r"{%.*?%}", "", title), []).append(str(path.relative_to(ROOT / "templates")))
    assert {title: pages for title, pages in titles.items() if len(pages) > 1 and title != "{{ kind.title }}"} == {}
