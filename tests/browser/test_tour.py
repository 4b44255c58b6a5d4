"""The demonstration: a newcomer is anybody in one click, moves time on, and goes the whole way. In
no other process is there such a way in."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from docs.tour import walk
from letters.config import Config
from letters.tryout import demonstration, tour
from letters.tryout.demonstration import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("demonstration")
    env = {"LETTERS_HOME": str(home)}
    demonstration.prepare(Config.from_env(env))
    server = make_server("127.0.0.1", 0, served(env), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.port}"
    server.shutdown()


def test_a_newcomer_goes_the_whole_way(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640},
                                   java_script_enabled=False)
    page = context.new_page()
    seen = []
    for number in walk(page, address):
        banner = page.locator(".demonstration")
        assert tour.STEPS[number].person.capitalize() in banner.inner_text()
        assert "This is a demonstration" in banner.inner_text()
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0, f"step {number} is too wide"
        seen.append(number)
    assert seen == list(range(len(tour.STEPS)))
    assert "That was the whole way." in page.inner_text("main")
    for name in ("hanna", "robin", "frances", "sam", "sunniva", "ada"):
        page.goto(f"{address}/demonstration/")
        page.get_by_role("button", name=f"Be {name.capitalize()}", exact=True).click()
        assert name.capitalize() in page.locator(".demonstration").inner_text()
        assert page.get_by_role("button", name="Sign out").count() == 1
    context.close()


def test_the_way_in_is_in_no_other_process(app: Flask) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if "demonstration" in rule.rule]
    client = app.test_client()
    for path in ("/demonstration/", "/demonstration/be/hanna", "/demonstration/later/day"):
        assert client.post(path).status_code in (401, 404)
        assert "hanna" not in client.get(path, follow_redirects=True).text
    assert "This is a demonstration" not in client.get("/sign-in").text
