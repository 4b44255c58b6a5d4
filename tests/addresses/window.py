"""Pages in a real Chromium: WCAG 2.2 AA by axe, narrow and with wide spacing, light, and of this site alone.

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
from tests.axe import violations
from tests.web.pages import BASE

LOOKING = ("anonymous", "harmed", "responsible", "other", "first", "stranger_facilitator", "supervisor",
           "administrator")
"""Each role once, and a facilitator who is in no case of theirs."""
NO_PAGES = {
    "static": "files", "supervision.table": "a table as CSV", "door.front": "leads to somebody's first page",
    "door.leave": "leads elsewhere", "factors.second_step": "between the two steps of signing in: tests/browser"}
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
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


def shown(row: Row, role: str) -> bool:
    """True if this role gets a page there; at a door everybody is alike."""
    at_a_door = row.method == "POST" and row.statuses[0] in (200, 400)
    status = row.statuses[ROLES.index(role)]
    return row.endpoint not in NO_PAGES and status in (200, 400, 409) and (role == "anonymous" or not at_a_door)


class Shapes:
    """The shapes of pages that were looked at in this run, by whichever worker: one empty file for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def new(self, row: Row, role: str, page: bytes) -> bool:
        """True for the first page of its shape that a role is shown."""
        if role not in LOOKING or not shown(row, role):
            return False
        try:
            (self._folder / hashlib.sha256(_shape(page)).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def _shape(page: bytes) -> bytes:
    """The body of a page without its words and ids: two roles that get the same one get the same to look at and to
    operate. The frame around it is each role's own, and looked at with the pages that are theirs alone."""
    body = re.sub(rb">[^<]*<|[0-9a-f]{8}-[-0-9a-f]{27}|value=\"[^\"]*\"", b"", page.partition(b"<main")[2])
    return body + (b"wide" if b"shell-wide" in page else b"")


class Window:
    """A window that gets what the program answered a client, and the files of this site."""

    def __init__(self, chromium: Browser) -> None:
        context = chromium.new_context(viewport=NARROW, bypass_csp=True)  # type: ignore[arg-type]
        self._page: Page = context.new_page()
        self._scripts, self._weight, self._said = True, 0, list[str]()
        self._body: tuple[str, bytes] = ("", b"")
        self._page.route("**/*", self._answer)
        self._page.on("pageerror", lambda problem: self._said.append(str(problem)))

    def look(self, path: str, body: bytes) -> list[str]:
        """What is not as it is to be on any page, in each way in which it can be met."""
        self._said = []
        self._show(path, body)
        self._page.add_style_tag(content=SPACING)
        found = self._wrong()
        if len(re.findall(rb"<script", body)) > (b"exit.js" in body):  # what a script of its own adds
            self._show(path, body, scripts=False)
            found += [f"without scripts: {wrong}" for wrong in self._violations()]
        if b"shell-wide" in body:  # more columns than one
            self._page.set_viewport_size(WIDE)  # type: ignore[arg-type]
            found += [f"wide: {wrong}" for wrong in self._violations()]
            self._page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        return found + self._said

    def _show(self, path: str, body: bytes, scripts: bool = True) -> None:
        self._body, self._scripts, self._weight = (BASE + path, body), scripts, 0
        self._page.goto(BASE + path)

    def _answer(self, route: Route) -> None:
        url = route.request.url
        if url == self._body[0]:
            body, kind = self._body[1], "text/html"
        elif not url.startswith(f"{BASE}/static/"):
            self._said.append(f"asks {url}")
            return route.abort()
        elif url.endswith(".js") and not self._scripts:
            return route.abort()
        else:
            file = ROOT / url.removeprefix(f"{BASE}/")
            body, kind = file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self._weight += len(body)
        return route.fulfill(body=body, content_type=kind)

    def _wrong(self) -> list[str]:
        looks: dict[str, Any] = self._page.evaluate(LOOKS)
        found = [f"{looks['wide']} px too wide"] if looks["wide"] > 0 else []
        found += [f"{looks['heads']} main headings"] if looks["heads"] != 1 else []
        found += ["a heading leaves out a level"] if any(
            after > before + 1 for before, after in zip(looks["levels"], looks["levels"][1:], strict=False)) else []
        found += [f"{looks['cut']} texts are cut off"] if looks["cut"] else []
        found += [f"{self._weight} bytes"] if self._weight > HEAVIEST else []
        return found + self._violations()

    def _violations(self) -> list[str]:
        """What axe finds, seen from the top: below the bar that stays, everything is half hidden at some moment."""
        self._page.evaluate("scrollTo(0, 0)")
        return violations(self._page)
