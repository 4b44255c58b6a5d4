"""A real Chromium and a real server: the application on a port of this machine, people with windows
of their own."""

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from keys import keyfile
from keys.passphrase import Cost
from letters.app import create_app
from letters.config import Config
from letters.workflow.platform import Platform
from tests.cast import PASSWORD, Cast, next_code
from tests.conftest import Clock, random_bytes
from tests.stages import Played
from tests.web.conftest import copied, moved, twin, with_its_state

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
PATIENCE = 90_000
"""Milliseconds that a page may take on a machine that has other work to do."""
expect.set_options(timeout=PATIENCE)


@dataclass
class Served:
    """An application that answers at ``url``."""

    app: Flask
    platform: Platform
    url: str
    clock: Clock
    exit: str


class Elsewhere(BaseHTTPRequestHandler):
    """An ordinary page that knows nothing of this site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title>Elsewhere")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def way_out() -> Iterator[str]:
    """Where the way out leads, with somebody there who answers; by a name of its own, so that it is
    another site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    thread.join()


@pytest.fixture
def empty(empty_sqlite: Path, tmp_path: Path, compiled: FileSystemBytecodeCache,
          way_out: str) -> Iterator[Served]:
    """The application, on an installation in which nothing has happened yet."""
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(empty_sqlite, tmp_path / "data" / "letters.db")
    key_file, clock = tmp_path / "keys" / "keys.json", Clock()
    keyfile.write(key_file, keyfile.make_keys(random_bytes))
    url, cost = f"sqlite:///{tmp_path / 'data' / 'letters.db'}", Cost(memory_kib=64, passes=1)
    app = create_app(Config(tmp_path, url, key_file, exit_url=way_out, cost=cost), clock)
    app.jinja_env.bytecode_cache = compiled
    yield from _serve(app, clock, way_out)


@pytest.fixture
def served(
    played_on_sqlite: Played, tmp_path: Path, compiled: FileSystemBytecodeCache, way_out: str
) -> Iterator[Served]:
    """The application, on an installation of this test's own in which the cast has played its
    beginning."""
    clock, url = Clock(), copied(played_on_sqlite, tmp_path)
    clock.moment = played_on_sqlite.moment
    settings = played_on_sqlite.cast.app.extensions["settings"]
    own = replace(settings, home=tmp_path, database_url=url, exit_url=way_out)
    with_its_state(played_on_sqlite, own)
    yield from _serve(twin(played_on_sqlite, own, clock, compiled), clock, way_out)


@pytest.fixture
def cast(served: Served, played_on_sqlite: Played) -> Cast:
    """The company of players, in the installation that is served."""
    return moved(played_on_sqlite, served.app, served.clock)


def _serve(app: Flask, clock: Clock, way_out: str) -> Iterator[Served]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(app, app.extensions["platform"](), f"http://127.0.0.1:{server.server_port}", clock,
                 way_out)
    server.shutdown()
    thread.join()
    app.extensions["platform"]().store.engine.dispose()


@dataclass
class Person:
    """Somebody at a window; looks at every page that appears."""

    context: BrowserContext
    url: str
    platform: Platform
    exit: str
    seen: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self.seen.append(request.url))
        self.page.on("console", lambda said: self.complaints.append(said.text)
                     if "Policy" in said.text else None)
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))

    def go(self, path: str) -> "Person":
        self.page.goto(self.url + path)
        return self.look()

    def fill(self, label: str, words: str) -> "Person":
        self.page.get_by_label(label, exact=False).fill(words)
        return self

    def press(self, button: str) -> "Person":
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
        return self.look()

    def follow(self, link: str) -> "Person":
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link).first.click()
        return self.look()

    def reads(self, words: str) -> "Person":
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    def look(self) -> "Person":
        """What must be so on every page."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - "
                                       "document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"
        assert self.page.title().endswith("– Messages")
        return self

    def sign_in(self, name: str, password: str = PASSWORD) -> "Person":
        self.go("/sign-in").fill("Sign-in name", name).fill("Password", password).press("Sign in")
        if self.page.url.endswith("/second-step"):
            self.fill("Code", next_code(self.platform, name)).press("Continue")
        return self

    def elsewhere(self) -> list[str]:
        """What was asked of anybody else than this site."""
        return [url for url in self.seen if not url.startswith((self.url + "/", self.exit))]


@pytest.fixture
def somebody(chromium: Browser, served: Served) -> Iterator[Callable[..., Person]]:
    """Opens windows; in the end nothing has left the house and no window had anything to complain
    of."""
    people: list[Person] = []

    def open_window(viewport: dict[str, int] = NARROW, scripts: bool = False,
                    **more: Any) -> Person:
        context = chromium.new_context(viewport=viewport, java_script_enabled=scripts, **more)  # type: ignore[arg-type]
        people.append(Person(context, served.url, served.platform, served.exit))
        return people[-1]

    yield open_window
    for person in people:
        person.context.close()
    assert [person.elsewhere() for person in people if person.elsewhere()] == []
    assert [person.complaints for person in people if person.complaints] == []
