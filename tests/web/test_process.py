"""The rooms of the process, as the case's team meets them: each form works, and keeps what was typed."""

import pytest

from letters.rehearsal.browser import Browser
from tests.cast import Cast

ROOMS = ("", "/referral", "/conviction", "/acknowledgement", "/orders", "/assessment", "/risks", "/agreement", "/tasks", "/closing", "/calendar")

def test_smoke(cast: Cast) -> None:
    browser = cast.first.browser()
    for room in ROOMS:
        browser.open(f"/cases/{cast.case}{room}")
    for who in (cast.harmed, cast.responsible, cast.other):
        browser.open(f"/cases/{cast.case}/people/{who.id}")
    browser.open("/cases/calendar")
    browser.open("/cases/new")
