"""Being away: a colleague looks after what waits, with a note, until a day."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from letters.rules.errors import NotAcceptable
from letters.storage.tables.desk import Tally
from letters.storage.tables.letters import Case
from letters.workflow import today
from letters.workflow.cases import alerts, open_and_halt
from letters.workflow.preparation.referral import Source
from letters.workflow.team import absence
from tests.attacks.attacker import Attacker
from tests.cast import Cast


def hand_over(cast: Cast, days: int = 7, note: str = "The kettle leaks.", **more: str) -> None:
    browser = cast.first.browser()
    browser.open("/today/away")
    browser.send("/today/away", colleague=str(cast.second.id), note=note,
                 until=f"{cast.platform.today() + timedelta(days=days):%Y-%m-%d}", **more)


def test_the_colleague_reads_the_note_until_the_day_and_nobody_else_does(cast: Cast) -> None:
    hand_over(cast)
    page = cast.second.browser().open("/today")
    assert "You stand in for Frances" in page.text and "The kettle leaks." in page.text
    own = cast.first.browser().open("/today")
    assert "You are away" in own.text and "kettle" not in own.text
    assert "You stand in" not in cast.stranger_facilitator.browser().open("/today").text
    copy = Attacker(cast.platform).rows(Tally)
    assert copy and not any(b"kettle" in row["sealed"] for row in copy)
    cast.clock.advance(days=8)
    assert "You stand in" not in cast.second.browser().open("/today").text
    assert "You are away" not in cast.first.browser().open("/today").text


def test_who_is_back_early_says_so(cast: Cast) -> None:
    hand_over(cast)
    browser = cast.first.browser()
    browser.open("/today/away")
    browser.send("/today/away/back")
    assert "You stand in" not in cast.second.browser().open("/today").text
    absence.come_back(cast.platform, cast.first.me)  # nothing to come back from


def test_rule_30_an_alert_that_is_the_absent_persons_waits_for_the_colleague(cast: Cast) -> None:
    alerts.open_alert(cast.platform, cast.first.me, cast.case, "A worry.", True)
    before = today.number_of_member(cast.platform, cast.second.id)
    hand_over(cast)
    assert today.number_of_member(cast.platform, cast.second.id) == before + 1
    assert "Act on a safeguarding alert" in cast.second.browser().open("/today").text
    absence.come_back(cast.platform, cast.first.me)
    assert today.number_of_member(cast.platform, cast.second.id) == before


def test_everybody_in_the_case_sees_who_answers_meanwhile(cast: Cast) -> None:
    hand_over(cast)
    for player in (cast.harmed, cast.responsible):
        page = player.browser().open("/who-is-in-the-team").text
        assert "away until" in page and "meanwhile Sam Second answers" in page
        assert "kettle" not in page
    absence.go_away(cast.platform, cast.first.me, cast.stranger_facilitator.id,
                    cast.platform.today(), "Not in this team.", False)
    assert "away until" not in cast.harmed.browser().open("/who-is-in-the-team").text


def test_a_colleague_from_outside_is_asked_into_every_team_and_gets_in_by_saying_yes(
        cast: Cast) -> None:
    browser = cast.first.browser()
    browser.open("/today/away")
    page = browser.send("/today/away", colleague=str(cast.stranger_facilitator.id),
                        note="Thank you.", into_teams="yes",
                        until=f"{cast.platform.today():%Y-%m-%d}")
    assert "They are asked to join 1 team." in page.text
    colleague = cast.stranger_facilitator.browser()
    colleague.open(f"/cases/{cast.case}", 404)
    assert "Answer whether you join a team" in colleague.open("/today").text
    again = absence.go_away(cast.platform, cast.first.me, cast.stranger_facilitator.id,
                            cast.platform.today(), "Thank you.", True)
    assert again == 0  # asked already


def test_a_team_that_cannot_be_entered_keeps_nobody_from_the_others(cast: Cast) -> None:
    other = open_and_halt.open_case(cast.platform, cast.first.me, Source.AGENCY, "A call.", False)
    Attacker(cast.platform).run(update(Case).where(Case.id == other).values(epoch=7))
    asked = absence.go_away(cast.platform, cast.first.me, cast.stranger_facilitator.id,
                            cast.platform.today(), "Thank you.", into_teams=True)
    assert asked == 1
    assert absence.of_oneself(cast.platform, cast.first.me)[0] is not None
    assert "Answer whether you join a team" in (
        cast.stranger_facilitator.browser().open("/today").text)


@pytest.mark.parametrize(("field", "said"), [
    ("until", {"until": "2020-01-01"}), ("until", {"until": ""}),
    ("until", {"until": "2099-01-01"}),
    ("note", {"note": " "}), ("colleague", {"colleague": ""}),
])
def test_what_cannot_be_kept_stays_as_typed(cast: Cast, field: str, said: dict[str, str]) -> None:
    browser = cast.first.browser()
    browser.open("/today/away")
    form = {"colleague": str(cast.second.id), "note": "The kettle leaks.",
            "until": f"{cast.platform.today():%Y-%m-%d}"} | said
    page = browser.send("/today/away", 400, **form)
    assert page.forms[-1].fields["note"] == form["note"]
    assert absence.of_oneself(cast.platform, cast.first.me) == (None, [])


def test_nobody_hands_over_to_themselves_or_to_somebody_who_does_no_such_work(cast: Cast) -> None:
    for colleague in (cast.first.id, cast.harmed.id, cast.supervisor.id):
        with pytest.raises(NotAcceptable):
            absence.go_away(cast.platform, cast.first.me, colleague, cast.platform.today(), "A.",
                            False)
