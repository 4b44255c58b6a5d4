"""Somebody at a browser whose pages, clicks and fields are counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from playwright.sync_api import Browser, Locator, Page


@dataclass
class Count:
    """What one part of the way took."""

    title: str
    pages: int = 0
    clicks: int = 0
    fields: int = 0


@dataclass
class Walk:
    """Everybody's windows, and what was counted so far."""

    browser: Browser
    address: str
    now: Callable[[], datetime]
    counts: list[Count] = field(default_factory=list)

    @contextmanager
    def part(self, title: str) -> Iterator[None]:
        """One part of the way: what follows is counted here."""
        self.counts.append(Count(title))
        yield

    def window(self) -> "Window":
        """A browser of somebody's own, without scripts."""
        page = self.browser.new_context(viewport={"width": 1280, "height": 800},
                                        java_script_enabled=False).new_page()
        page.on("load", lambda _: self._loaded())
        return Window(self, page)

    def _loaded(self) -> None:
        self.counts[-1].pages += 1


@dataclass
class Window:
    """Somebody at a browser. What they do is counted."""

    walk: Walk
    page: Page
    secret: str = ""

    def go(self, path: str) -> "Window":
        """Type an address, or come back to a page that is a bookmark."""
        self.page.goto(self.walk.address + path)
        return self

    def press(self, button: str) -> "Window":
        """Press a button, by its whole name."""
        return self.click(self.page.get_by_role("button", name=button, exact=True))

    def follow(self, link: str) -> "Window":
        """Follow a link, in the page before the navigation."""
        there = self.page.get_by_role("link", name=link)
        inside = self.page.locator("main").get_by_role("link", name=link)
        return self.click(inside if inside.count() else there)

    def tab(self, name: str) -> "Window":
        """Go to another page by the navigation."""
        return self.click(self.page.locator("nav").get_by_role("link", name=name))

    def click(self, what: Locator) -> "Window":
        """Press or follow the first of these."""
        self.walk.counts[-1].clicks += 1
        what.first.click()
        self.page.wait_for_load_state()
        return self

    def fill(self, label: str, words: str) -> "Window":
        """Type into a field."""
        self.walk.counts[-1].fields += 1
        self.page.get_by_label(label).first.fill(words)
        return self

    def choose(self, label: str, value: str) -> "Window":
        """Choose from a list."""
        self.walk.counts[-1].fields += 1
        self.page.get_by_label(label).first.select_option(value)
        return self

    def tick(self, *labels: str) -> "Window":
        """Tick boxes, or choose buttons of a kind."""
        for label in labels:
            for box in self.page.get_by_label(label).all():
                self.walk.counts[-1].fields += 1
                box.check()
        return self

    def tick_first(self, question: str) -> "Window":
        """Choose the first answer to a question."""
        self.walk.counts[-1].fields += 1
        group = self.page.locator("fieldset").filter(has_text=question)
        group.first.get_by_role("radio").first.check()
        return self

    def code(self) -> str:
        """The code that a page shows once."""
        return self.page.locator(".code").first.inner_text().split(":")[-1].strip()

    def reads(self, words: str) -> "Window":
        """Raises ``AssertionError`` unless the page says this."""
        assert words in self.page.inner_text("main"), (words, self.page.inner_text("main"))
        return self
