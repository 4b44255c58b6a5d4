"""No home page is without a next step: all that a person can have, at every stage."""

from itertools import product
from uuid import uuid4

import pytest
from flask import Flask

from letters.rules.case.stages import Stage
from letters.web.home.next_step import OwnPart, next_step
from letters.workflow.cases import close
from letters.workflow.cases.progress import Progress
from letters.workflow.release import pace
from tests.cast import Cast

YES_NO = (False, True)


@pytest.mark.parametrize("stage", [None, *Stage])
def test_there_is_one_for_every_role_and_stage(app: Flask, stage: Stage | None) -> None:
    ways = [None, *(Progress(stage, agrees, agreement, chosen, feedback=feedback)
                    for agrees, agreement, chosen, feedback
                    in product(YES_NO, (None, *YES_NO), YES_NO, YES_NO))]
    parts = [OwnPart(stopped, paused, unopened, writes, draft, sent, paces, ready=not paces or sent)
             for stopped, paused,
             unopened in ((False,) * 3, (True, False, True), (False, True, True))
             for writes, sent, paces in product(YES_NO, repeat=3) for draft in (None, uuid4())]
    with app.test_request_context():
        for way, mine in product(ways, parts):
            step = next_step(way, mine)
            assert step.title and step.label and step.url.startswith("/"), (way, mine)
            if mine.stopped or (way is not None and stage in (Stage.STOPPED, Stage.CLOSED)):
                assert "rite" not in step.label


def test_rule_20_what_is_said_to_whom_in_the_exchange(cast: Cast) -> None:
    """Nobody is led to a page that they cannot use, and who waits is told for whom."""
    harmed, responsible = cast.harmed.browser(), cast.responsible.browser()
    assert "write your first letter" in harmed.open("/home").text
    assert "the other person writes first" in responsible.open("/home").text
    cast.draft(cast.harmed)
    assert "go on with your letter" in harmed.open("/home").text
    cast.open_the_way_back()
    assert "There is something for you" in responsible.open("/home").text
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    assert "a pause, as long as you like" in harmed.open("/home").text
    assert "a pause" not in responsible.open("/home").text
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    assert "Nothing more is to be done here" in harmed.open("/home").text
    for browser in (harmed, responsible):
        assert browser.page.body.count('class="next-step"') == 1


def test_staff_have_one_on_their_first_page_too(cast: Cast) -> None:
    for waits in (False, True):
        for player in (cast.first, cast.supervisor, cast.administrator):
            page = player.browser().open("/", 200)
            assert page.body.count('class="next-step"') == 1
        text = cast.first.browser().open("/desk").text
        assert ("Claim the next letter" in text) is waits
        if not waits:
            cast.submitted(cast.harmed)
