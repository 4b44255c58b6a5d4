"""Pages in a real Chromium: WCAG 2.2 AA by axe, narrow and with wide spacing, light, and of this
site alone.

What the program answered a client is shown as it came; the wire is left out.
"""

import hashlib
import mimetypes
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from letters.config import ROOT
from tests.addresses.table import ROLES, Row
from tests.axe import load, violations
from tests.night import NIGHT
from tests.web.pages import BASE

LOOKING = ("anonymous", "harmed", "responsible", "other", "first", "stranger_facilitator",
           "supervisor",
           "administrator")
"""Each role once, and a facilitator who is in no case of theirs."""
NO_PAGES = {
    "static": "files", "load.table": "a table as CSV",
    "sign_in.front": "leads to somebody's first page",
    "sign_in.leave": "leads elsewhere", "unsent.look": "JSON for its script",
    "second_factor.second_step": "between the two steps of signing in: tests/browser"}
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
HEAVIEST = 60 * 1024
"""Bytes of a page with everything it loads, before the server's compression, if it has one."""
CONTRAST = NIGHT
"""By day the colours are held by ``tests/web/test_contrast.py``, in the stylesheet where they all
stand."""
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
"""Of WCAG 1.4.12. It is put on at 320 px, which is what 400 % of a window of 1280 px is
(1.4.10)."""
LOOKS = """() => ({
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  heads: [...document.querySelectorAll("h1")].length,
  levels: [...document.querySelectorAll("h1, h2, h3, h4")].map(head => Number(head.tagName[1])),
  cut: [...document.querySelectorAll("a, button, label, h1, h2, td, th, p")].filter(
    part => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX === "hidden"
      && part.clientWidth > 1).length,
})"""


def shown(row: Row, role: str) -> bool:
    """True if this role gets a page there; at a door everybody is alike."""
    at_a_door = row.method == "POST" and row.statuses[0] in (200, 400)
    status = row.statuses[ROLES.index(role)]
    return (
        row.endpoint not in NO_PAGES
        and status in (200, 400, 409)
        and (role == "anonymous" or not at_a_door)
    )


class Shapes:
    """The shapes of pages that were looked at in this run, by whichever worker: one empty file for
    each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def new(self, row: Row, role: str, page: bytes) -> bool:
        """True for the first page of its shape that a role is shown."""
        if not page or role not in LOOKING or not shown(row, role):
            return False
        try:
            (self._folder / hashlib.sha256(_shape(page)).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def _shape(page: bytes) -> bytes:
    """The body of a page without its words and ids: two roles that get the same one get the same to
    look at and to operate. The frame around it is each role's own, and looked at with the pages
    that are theirs alone."""
    body = re.sub(rb">[^<]*<|[0-9a-f]{8}-[-0-9a-f]{27}|value=\"[^\"]*\"", b"",
                  page.partition(b"<main")[2])
    return body + (b"wide" if b"shell-wide" in page else b"")


PUT = """({html, sheets}) => {
  const made = new DOMParser().parseFromString(html, "text/html");
  made.querySelectorAll("link[rel=stylesheet], script").forEach(one => one.remove());
  document.replaceChild(document.adoptNode(made.documentElement), document.documentElement);
  document.adoptedStyleSheets = sheets.map(text => {
    const one = new CSSStyleSheet();
    one.replaceSync(text);
    return one;
  });
  scrollTo(0, 0);
}"""
"""A page without its scripts, in place of the one before it: the window stays, and axe with it,
which is twice as quick as to go there."""


class Window:
    """A window that gets what the program answered a client, and the files of this site."""

    def __init__(self, chromium: Browser) -> None:
        self._style = (ROOT / "static" / "style.css").read_text("utf-8")
        context = chromium.new_context(viewport=NARROW, bypass_csp=True)  # type: ignore[arg-type]
        self._still, self._alive = context.new_page(), context.new_page()
        self._said: list[str] = []
        self._body: tuple[str, bytes] = (f"{BASE}/", b"<!doctype html><title>Nothing yet</title>")
        for page in (self._still, self._alive):
            page.route("**/*", self._answer)
            page.on("pageerror", lambda problem: self._said.append(str(problem)))
        self._still.goto(f"{BASE}/")
        load(self._still)

    def look(self, path: str, body: bytes) -> list[str]:
        """What is not as it is to be on any page, in each way in which it can be met."""
        self._said = []
        found = self._put(body, SPACING)
        found += _wrong(self._still) + [f"{weight} bytes" for weight in [_weight(body)]
                                        if weight > HEAVIEST]
        if b"shell-wide" in body:  # more columns than one
            self._still.set_viewport_size(WIDE)  # type: ignore[arg-type]
            found += [f"wide: {wrong}" for wrong in self._put(body)]
            self._still.set_viewport_size(NARROW)  # type: ignore[arg-type]
        # what a script of its own adds
        if len(re.findall(rb"<script", body)) > (b"exit.js" in body):
            self._body = (BASE + path, body)
            self._alive.goto(BASE + path)
            self._alive.add_style_tag(content=SPACING)
            load(self._alive)
            self._alive.evaluate("scrollTo(0, 0)")
            found += [f"with its script: {wrong}"
                      for wrong in _wrong(self._alive) + violations(self._alive, CONTRAST)]
        return found + self._said

    def _put(self, body: bytes, *more: str) -> list[str]:
        """Show it without scripts, and ask axe from the top: below the bar that stays, everything
        is half hidden."""
        self._still.evaluate(PUT, {"html": body.decode(), "sheets": [self._style, *more]})
        return violations(self._still, CONTRAST)

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if url == self._body[0]:
            return route.fulfill(body=self._body[1], content_type="text/html")
        if url == f"{BASE}/unsent/look":  # whether something was typed here before: nothing was
            return route.fulfill(body="[]", content_type="application/json")
        if not url.startswith(f"{BASE}/static/"):
            self._said.append(f"asks {url}")
            return route.abort()
        file = ROOT / url.removeprefix(f"{BASE}/")
        return route.fulfill(body=file.read_bytes(),
                             content_type=mimetypes.guess_type(file.name)[0])


def _weight(body: bytes) -> int:
    """Bytes of a page with the files of this site that it loads."""
    files = {*re.findall(r'(?:src|href)="/(static/[^"]+)"', body.decode())}
    return len(body) + sum((ROOT / file).stat().st_size for file in files)


def _wrong(page: Page) -> list[str]:
    looks: dict[str, Any] = page.evaluate(LOOKS)
    found = [f"{looks['wide']} px too wide"] if looks["wide"] > 0 else []
    found += [f"{looks['heads']} main headings"] if looks["heads"] != 1 else []
    found += ["a heading leaves out a level"] if any(
        after > before + 1 for before,
        after in zip(looks["levels"], looks["levels"][1:], strict=False)) else []
    return found + ([f"{looks['cut']} texts are cut off"] if looks["cut"] else [])
