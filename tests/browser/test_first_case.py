"""The first case of a new installation, from the first code to the first letter handed over: it can
be gone by the pages alone, and takes what the documentation says."""

import pytest
from playwright.sync_api import Browser

from docs import first_case
from letters.rehearsal.players import WorkerByHand
from letters.rules.roles import Role
from letters.workflow.accounts.invite import invite_staff
from tests.browser.conftest import Served

pytestmark = pytest.mark.browser


def test_the_way_to_the_first_letter_takes_what_is_said(chromium: Browser, empty: Served) -> None:
    code = invite_staff(empty.platform, Role.ADMINISTRATOR, "Ada")
    counts = first_case.go(chromium, empty.url, empty.platform.now, code,
                           WorkerByHand(empty.app.extensions["platform"]).run)
    assert first_case.text(counts) == first_case.FILE.read_text("utf-8")
    assert sum(one.clicks for one in counts) <= 84
    preparation = next(one for one in counts if "preparation" in one.title)
    assert preparation.clicks <= 14
