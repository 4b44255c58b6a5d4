"""The first page of facilitators: what waits for them, and nothing that waits for others."""

from datetime import timedelta

from sqlalchemy import update

from letters.rehearsal.browser import ShownPage
from letters.storage.tables.letters import AuditEntry, Person
from letters.workflow.cases import alerts, open_and_halt, tasks
from letters.workflow.decision import decide
from letters.workflow.preparation import background
from letters.workflow.record import record
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.team import join_and_leave
from tests.attacks.attacker import Attacker
from tests.cast import Cast, Player, sign_in_fully
from tests.web.pages import BASE, title


def page_of(player: Player) -> ShownPage:
    return player.browser().open("/today")


def test_a_decision_stands_on_the_page_of_whoever_can_make_it(cast: Cast) -> None:
    background.withdraw_acknowledgement(cast.platform, cast.first.me, cast.case)
    background.record_acknowledgement(cast.platform, cast.first.me, cast.case, "In a letter.")
    assert "Confirm the acknowledgement" not in page_of(cast.first).text
    page = page_of(cast.second)
    assert "Confirm the acknowledgement" in page.text and "Now (1)" in page.text
    assert f"/cases/{cast.case}/acknowledgement" in page.links
    assert "Confirm the acknowledgement" not in page_of(cast.stranger_facilitator).text


def test_rule_30_an_alert_is_its_owners(cast: Cast) -> None:
    alerts.open_alert(cast.platform, cast.second.me, cast.case, "A worry.", True)
    with cast.platform.reading() as db:
        (alert,) = record.read(cast.platform, db, cast.case).process.open_alerts
    for member in (cast.first, cast.second):
        says = "Act on a safeguarding alert" in page_of(member).text
        assert says is (member.id == alert.owner)


def test_rule_13_letters_are_counted_for_those_who_have_not_read_them(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    assert "First reading (1)" in page_of(cast.first).text
    cast.approve(letter, cast.first)
    assert "Letters (0)" in page_of(cast.first).text
    assert "Second reading (1)" in page_of(cast.second).text


def test_a_held_letter_waits_for_everybody_in_the_team(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    version = cast.row(letter).submitted_id
    assert version is not None
    decide.hold(cast.platform, cast.first.me, letter, version, "A reason.",
                cast.platform.today() + timedelta(days=2))
    assert "Now (0)" in page_of(cast.first).text and "This week (1)" in page_of(cast.first).text
    cast.clock.advance(days=2)
    for player in (cast.first, cast.second):
        player.token = sign_in_fully(cast.platform, player.name)
    for member in (cast.first, cast.second):
        page = page_of(member)
        assert "Take a held letter up again" in page.text and f"/desk/{letter}" in page.links


def test_whoever_cannot_open_a_letter_is_not_asked_to_read_it(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id,
                       False)
    join_and_leave.answer(cast.platform, cast.stranger_facilitator.me, cast.case, True)
    page = page_of(cast.stranger_facilitator)
    assert "Letters (0)" in page.text and f"/desk/{letter}" not in page.links


def test_somebody_elses_altered_row_takes_nothing_away(cast: Cast) -> None:
    Attacker(cast.platform).run(update(Person).where(Person.id == cast.supervisor.id)
                                .values(mac=bytes(32)))
    assert "Your cases (1)" in page_of(cast.first).text


def test_what_is_due_this_week_and_a_team_that_asks(cast: Cast) -> None:
    tasks.set_task(cast.platform, cast.first.me, cast.case, tasks.OTHER, cast.harmed.id,
                   cast.platform.today(), "Call her.")
    assert "This week (1)" in page_of(cast.second).text
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id, True)
    asked = page_of(cast.stranger_facilitator)
    assert "Answer whether you join a team" in asked.text and "Now (2)" in asked.text
    assert "Ask a colleague to join the team" in asked.text  # to their own case
    assert f"/cases/{cast.case}/team/answer" in asked.links


def test_rule_22_that_a_letter_waits_for_her_is_said_to_the_team_and_not_to_her(
    cast: Cast,
) -> None:
    cast.open_the_way_back()
    before = page_of_harmed(cast)
    letter = cast.submitted(cast.responsible)
    for reader in (cast.first, cast.second):
        cast.approve(letter, reader)
    assert "Ready for a letter" in page_of(cast.first).text
    case = cast.first.browser().open(f"/cases/{cast.case}")
    assert "waits until the person harmed is ready" in case.text
    assert page_of_harmed(cast) == before
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    assert "Ready for a letter" not in page_of(cast.first).text


def page_of_harmed(cast: Cast) -> str:
    return cast.harmed.browser().open("/home").text


def test_names_stand_on_the_page_of_the_team_and_never_in_its_title(cast: Cast) -> None:
    assert "Hanna and Robin" in page_of(cast.first).text
    answer = cast.first.browser().client.get("/today", base_url=BASE)
    assert title(answer) == "Today – Messages"
    assert "Hanna" not in page_of(cast.stranger_facilitator).text


def test_an_empty_desk_says_how_to_begin(cast: Cast) -> None:
    for name in ("first", "second"):
        assert "You are in no case team yet" not in page_of(getattr(cast, name)).text
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    open_and_halt.open_case(cast.platform, cast.stranger_facilitator.me)
    assert "Your cases (3)" in page_of(cast.stranger_facilitator).text


def test_a_case_that_does_not_hold_takes_no_other_away(cast: Cast) -> None:
    open_and_halt.open_case(cast.platform, cast.first.me)
    Attacker(cast.platform).run(update(AuditEntry).where(
        AuditEntry.case_id == cast.case, AuditEntry.number == 3).values(entered="nothing"))
    page = page_of(cast.first)
    assert "This cannot be shown" in page.text and "Your cases (1)" in page.text
