"""The tour through the demonstration, taken in a browser as a newcomer takes it: for the pictures
in the documentation, and for the test that it can be taken."""

from collections.abc import Callable, Iterator
from time import sleep

from playwright.sync_api import Page

from letters.tryout.demo import PASSWORD
from letters.tryout.tour import STEPS

PATIENCE = 30
"""The most half seconds that the worker may take to hand a letter over."""


def walk(page: Page, address: str) -> Iterator[int]:
    """Take every step. Yields its number when its page is open, before anything is done there."""
    for number, act in enumerate(ACTS):
        page.goto(f"{address}/demonstration/")
        page.get_by_role("button", name=f"Do it as {STEPS[number].person.capitalize()}").click()
        yield number
        act(page)
        _wait_until_done(page, address, number)


def _wait_until_done(page: Page, address: str, number: int) -> None:
    for _ in range(PATIENCE):
        page.goto(f"{address}/demonstration/")
        if page.locator(".tour > li").nth(number).get_by_text("(done)").count():
            return
        sleep(0.5)
    raise AssertionError(f"“{STEPS[number].title}” was not done")


def _press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()


def _send(page: Page) -> None:
    _press(page, "Send it to the facilitators")


def _read(page: Page) -> None:
    _press(page, "Claim this letter")
    for choice in page.get_by_label("Fine here").all():
        choice.check()
    _press(page, "Approve …")
    page.get_by_label("What speaks for it").fill("He names what he did, and asks for nothing.")
    page.get_by_label("Your password, to sign your approval").fill(PASSWORD)
    _press(page, "Approve")


def _be_ready(page: Page) -> None:
    _press(page, "I am ready for one letter")
    _press(page, "A day later")


def _open(page: Page) -> None:
    page.locator(".task-what a").first.click()
    _press(page, "Open it part by part")


def _answer(page: Page) -> None:
    _press(page, "Write a new letter")


def _stop(page: Page) -> None:
    _press(page, "Stop now")


ACTS: tuple[Callable[[Page], None], ...] = (_send, _read, _read, _be_ready, _open, _answer, _stop)
