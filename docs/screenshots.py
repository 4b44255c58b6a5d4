"""Pictures of the running program, remade by ``./run.sh screenshots``: the
demonstration's pages in Chromium."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from docs import first_case, tour
from letters.config import Config
from letters.rehearsal.players import WorkerByHand
from letters.rules.roles import Role
from letters.storage.tables.accounts import NeverSent
from letters.storage.tables.letters import Case, Letter
from letters.tryout import demo, temporary
from letters.tryout.demonstration import SUPPORT, prepare, served
from letters.tryout.large import Size
from letters.workflow.accounts.invite import invite_staff

IMAGES = Path(__file__).parent / "images"
TAKE_PART = ("hanna", "robin")
"""The people whose pages are also shown on a telephone."""
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
TALL = {"width": 1280, "height": 1300}
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, list[tuple[str, str]]], dict[str, list[str]]]]:
    """The address of a served demonstration, its pages to take, and everybody's backup codes."""
    with temporary.installation() as app:
        platform = app.extensions["platform"]()
        codes = {person.name: person.codes for person in demo.seed(platform)}
        with platform.reading() as db:
            written = db.scalars(select(Letter).order_by(Letter.began_at)).all()
            case = f"/cases/{db.scalars(select(Case)).one().id}"
            mine = db.scalars(select(NeverSent)).one().id
        pages = _pages({letter.state: str(letter.id) for letter in written}, case,
                       f"{case}/people/{written[0].author_id}", str(mine))
        server = make_server("127.0.0.1", 0, app, threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.port}", pages, codes
        server.shutdown()


def sign_in(browser: Browser, address: str, name: str, codes: list[str],
            size: dict[str, int]) -> Page:
    """A browser without scripts in which somebody is signed in."""
    page = browser.new_context(viewport=size, java_script_enabled=False).new_page()
    page.goto(f"{address}/sign-in")
    page.fill("#sign_in_name", name)
    page.fill("#password", demo.PASSWORD)
    page.click("main button")
    if codes:
        page.fill("#code", codes.pop())
        page.get_by_role("button", name="Continue").click()
    return page


def take_tour(folder: Path = IMAGES) -> None:
    """A picture of each step of the tour through the demonstration."""
    with temporary.folder() as home, sync_playwright() as play:
        env = {"LETTERS_HOME": str(home), "SUPPORT": str(SUPPORT)}
        prepare(Config.from_env(env))
        server = make_server("127.0.0.1", 0, served(env), threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport=DESK, java_script_enabled=False).new_page()
        for number in tour.walk(page, f"http://localhost:{server.port}"):
            page.screenshot(path=folder / f"tour-{number + 1}.png", full_page=True)
        browser.close()
        server.shutdown()


OF_A_YEAR = {"frances": [("today", "/today"), ("desk", "/desk"), ("cases", "/cases")],
             "sunniva": [("load", "/supervision"), ("numbers", "/supervision/numbers")]}
"""The lists of staff, as they are in a service of a year."""


def take_lists(folder: Path = IMAGES, size: Size | None = None) -> None:
    """What staff see of a service with two hundred cases, as far as it fits into a window."""
    with temporary.folder() as home, sync_playwright() as play:
        env = {"LETTERS_HOME": str(home), "SUPPORT": str(SUPPORT)}
        prepare(Config.from_env(env), size or Size())
        server = make_server("127.0.0.1", 0, served(env), threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, pictures in OF_A_YEAR.items():
            page = browser.new_context(viewport=TALL, java_script_enabled=False).new_page()
            page.goto(f"http://localhost:{server.port}/demonstration/")
            page.get_by_role("button", name=f"Be {name.capitalize()}", exact=True).click()
            for picture, path in pictures:
                page.goto(f"http://localhost:{server.port}{path}")
                page.screenshot(path=folder / f"{picture}.png")
        browser.close()
        server.shutdown()


def main(folder: Path = IMAGES) -> None:
    """Make every picture in the documentation."""
    folder.mkdir(exist_ok=True)
    take_tour(folder)
    take_lists(folder)
    with sync_playwright() as play, demonstration() as (address, pages_of, codes):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        count_first_case(browser)
        for label, size in (("", DESK), ("-phone", PHONE)):
            guest = browser.new_context(viewport=size, java_script_enabled=False).new_page()
            guest.goto(f"{address}/sign-in")
            guest.screenshot(path=folder / f"sign-in{label}.png", full_page=True)
            for name in pages_of if size is DESK else TAKE_PART:
                page = sign_in(browser, address, name, codes[name], size)
                for picture, path in pages_of[name]:
                    page.goto(address + path)
                    page.screenshot(path=folder / f"{picture}{label}.png", full_page=True)
        browser.close()


def count_first_case(browser: Browser) -> None:
    """Go the way of a first case, and write down what it takes."""
    with temporary.installation() as app:
        platform = app.extensions["platform"]()
        code = invite_staff(platform, Role.ADMINISTRATOR, "Ada")
        server = make_server("127.0.0.1", 0, app, threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        counts = first_case.go(browser, f"http://localhost:{server.port}", platform.now, code,
                               WorkerByHand(app.extensions["platform"]).run)
        first_case.FILE.write_text(first_case.text(counts), "utf-8")
        server.shutdown()


def _pages(letters: dict[str, str], case: str, person: str,
           mine: str) -> dict[str, list[tuple[str, str]]]:
    opened, answer, waiting = letters["opened"], letters["released"], letters["in review"]
    return {
        "hanna": [("home", "/home"), ("pace", "/pace"), ("for-you", f"/for-you/{answer}"),
                  ("stop", "/stop"),
                  ("before-opening", f"/for-you/{answer}/before"),
                  ("my-letter", f"/letters/{opened}"), ("consent", "/consent"),
                  ("facilitators", "/facilitators"),
                  ("agreement", "/agreement"),
                  ("account", "/account"), ("password", "/account/password"),
                  ("team", "/who-is-in-the-team"),
                  ("guidance", "/letters/guidance"), ("for-myself", f"/for-myself/{mine}"),
                  ("messages", "/messages"), ("comfort", "/account/comfort"), ("safety", "/safety"),
                  ("answers", f"/for-you/{answer}/answers"),
                  ("print-warning", f"/print/yours/{mine}")],
        "robin": [("home-responsible", "/home"), ("reading", f"/for-you/{opened}"),
                  ("guidance-responsible", "/letters/guidance"),
                  ("neutral-status", f"/letters/{waiting}")],
        "frances": [("desk-letter", f"/desk/{waiting}"), ("case", case), ("person", person),
                    ("assessment", f"{case}/assessment"),
                    ("calendar", f"{case}/calendar"), ("closing", f"{case}/closing"),
                    ("content-note", f"/desk/{waiting}/note"),
                    ("suggest", f"/desk/{waiting}/words"),
                    ("case-messages", f"{case}/messages"), ("alerts", f"{case}/alerts")],
        "ada": [("staff", "/house")],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
