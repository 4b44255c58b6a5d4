"""Rule 27: what was promised is followed up, and the person harmed hears of it, kept or not."""

from datetime import timedelta

import pytest

from letters.rules.case.process import TaskOutcome
from letters.rules.errors import NotAllowed
from letters.workflow.cases import tasks
from tests.cast import Cast

WORDS = "He pays for the window."


def test_rule_27_the_person_harmed_hears_of_it_kept_or_not(cast: Cast) -> None:
    due = cast.platform.today() + timedelta(days=30)
    task = tasks.set_task(cast.platform, cast.first.me, cast.case, tasks.PROMISE,
                          cast.responsible.id, due, WORDS)
    tasks.set_task(cast.platform, cast.first.me, cast.case, tasks.OTHER, cast.harmed.id, due,
                   "Ring her.")
    browser = cast.harmed.browser()
    page = browser.open(browser.open("/home").link("/promises"))
    assert WORDS in page.text and "Still open" in page.text and "Ring her." not in page.text
    assert f"{due.day} {due:%B %Y}" in page.text
    tasks.finish_task(cast.platform, cast.first.me, cast.case, task, TaskOutcome.NOT,
                      "He has not paid.")
    page = browser.open("/promises")
    assert "Not kept" in page.text and "He has not paid." in page.text


def test_the_person_who_harmed_sees_nothing_of_it(cast: Cast) -> None:
    due = cast.platform.today() + timedelta(days=30)
    tasks.set_task(cast.platform, cast.first.me, cast.case, tasks.PROMISE, cast.responsible.id, due,
                   WORDS)
    browser = cast.responsible.browser()
    assert "/promises" not in browser.open("/home").links
    browser.open("/promises", 403)
    with pytest.raises(NotAllowed):
        tasks.promises(cast.platform, cast.responsible.me, cast.case)
