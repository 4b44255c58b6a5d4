"""*Suitable* takes two members' own looks (rule 10): blind, in time, of who is in the team."""

from datetime import timedelta

import pytest

from letters.rules.case.process import Outcome
from letters.rules.letter.lifecycle import State
from letters.workflow.preparation import assessment
from letters.workflow.team import join_and_leave
from tests.cast import Cast, Player, sign_in_fully


def look(cast: Cast, member: Player, outcome: Outcome = Outcome.SUITABLE,
         evidence: str = "Seen.") -> None:
    asked = cast.platform.framework.assessment
    answers = {one.id: {"rating": asked.ratings[0], "evidence": evidence, "plan": ""}
               for one in asked.dimensions}
    assessment.assess(cast.platform, member.me, cast.case, answers, outcome,
                      cast.platform.today() + timedelta(days=30))


@pytest.fixture(autouse=True)
def doubted(cast: Cast) -> None:
    look(cast, cast.first, Outcome.NOT_YET)


def test_rule_10_two_looks_stay_good_after_one_of_the_two_has_left(cast: Cast) -> None:
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    letter = cast.approved(cast.harmed)
    look(cast, cast.first)
    look(cast, cast.second)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    cast.release()
    assert cast.state(letter) is State.RELEASED


def test_rule_10_the_only_look_counts_no_longer_once_its_member_has_left(cast: Cast) -> None:
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    letter = cast.approved(cast.harmed)
    look(cast, cast.second)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    look(cast, cast.first)
    cast.release()
    assert cast.state(letter) is State.APPROVED
    look(cast, cast.stranger_facilitator)
    cast.release()
    assert cast.state(letter) is State.RELEASED


def test_rule_10_a_colleagues_look_is_not_read_before_ones_own_however_often_it_was_mended(
    cast: Cast,
) -> None:
    look(cast, cast.first, evidence="The goshawk.")
    look(cast, cast.first, evidence="The wren.")
    browser = cast.second.browser()
    page = browser.open(f"/cases/{cast.case}/assessment")
    seen = [page, *(browser.open(link) for link in page.links if "/assessment/" in link)]
    assert not any(bird in one.body for one in seen for bird in ("goshawk", "wren"))
    look(cast, cast.second)
    assert "wren" in " ".join(
        browser.open(link).body for link in browser.open(f"/cases/{cast.case}/assessment").links
        if "/assessment/" in link)


def test_rule_10_who_has_to_look_again_does_not_read_the_renewed_look_first(cast: Cast) -> None:
    look(cast, cast.first)
    look(cast, cast.second)
    cast.clock.advance(days=20)
    cast.first.token = sign_in_fully(cast.platform, "first")
    look(cast, cast.first, evidence="The wren.")
    cast.clock.advance(days=11)
    cast.second.token = sign_in_fully(cast.platform, "second")
    assert "wren" not in cast.second.browser().open(f"/cases/{cast.case}/assessment").body


def test_an_earlier_assessment_stands_next_to_the_newest(cast: Cast) -> None:
    """Part by part, with what was rated otherwise; what one may not see yet stays away."""
    look(cast, cast.first, evidence="The goshawk.")
    look(cast, cast.second, Outcome.NOT_YET, evidence="The wren.")
    browser = cast.first.browser()
    links = [link for link in browser.open(f"/cases/{cast.case}/assessment").links
             if "/assessment/" in link]
    page = browser.open(links[0])
    assert "The goshawk." in page.text and "The wren." in page.text
    assert page.text.index("Part") < page.text.index("Motivation") < page.text.index("The goshawk.")
    asked = cast.platform.framework.assessment
    answers = {one.id: {"rating": asked.ratings[1], "evidence": "", "plan": ""}
               for one in asked.dimensions}
    assessment.assess(cast.platform, cast.first.me, cast.case, answers, Outcome.NOT_YET,
                      cast.platform.today() + timedelta(days=30))
    assert browser.open(links[0]).text.count("rated otherwise") == len(asked.dimensions)
