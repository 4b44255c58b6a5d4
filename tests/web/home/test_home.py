"""The room of those who take part: home and stop."""

import re

import pytest
from sqlalchemy import update

from letters.rehearsal.browser import Browser, ShownPage
from letters.rules.case.process import Source, Terms
from letters.rules.roles import Role
from letters.storage.tables.letters import AuditEntry
from letters.workflow.accounts import invite
from letters.workflow.cases import close, open_and_halt
from letters.workflow.preparation import agreement, consent, referral
from tests.attacks.attacker import Attacker
from tests.cast import Cast, Player


def go(browser: Browser, path: str, **fields: str) -> Browser:
    browser.open(path)
    browser.send(path, **fields)
    return browser


@pytest.mark.parametrize("name", ["harmed", "responsible"])
def test_stop_is_one_page_one_confirm_no_reason(cast: Cast, name: str) -> None:
    browser = getattr(cast, name).browser()
    page = browser.open("/stop")
    [form] = [form for form in page.forms if form.action == "/stop"]
    assert set(form.fields) == {"csrf_token", "once"}
    assert "You have stopped" in browser.send("/stop").text
    assert cast.case_row().stopped_by == getattr(cast, name).id
    assert "You have stopped" in browser.open("/home").text


def test_stop_and_the_safety_page_are_on_every_page_of_those_who_take_part(cast: Cast) -> None:
    for player in (cast.harmed, cast.responsible):
        for path in ("/home", "/consent", "/withdraw", "/agreement", "/messages", "/letters",
                     "/for-you", "/stop"):
            assert {"/stop", "/safety"} <= set(player.browser().open(path).links)


@pytest.mark.parametrize(("name", "holds"), [("harmed", "Stop or pause"), ("responsible", "Stop"),
                                            ("other", "Stop")])
def test_the_foot_says_what_the_page_of_stopping_holds(cast: Cast, name: str, holds: str) -> None:
    browser = getattr(cast, name).browser()
    for path in ("/home", "/safety", "/stop"):
        body = browser.open(path).body
        assert re.findall(r'<a href="/stop">\s*(.*?)</a></li>', body) == [holds], path
    assert re.search(rf"<title>\s*{holds} –", body) and f"<h1>{holds}</h1>" in body


def test_home_has_one_next_step(cast: Cast) -> None:
    cast.released(cast.harmed)
    page = cast.responsible.browser().open("/home")
    assert "There is something for you. No rush." in page.text
    assert page.body.count('class="next-step"') == 1
    consent.withdraw(cast.platform, cast.responsible.me, cast.case)
    page = cast.responsible.browser().open("/home")
    assert "decide whether you want to take part" in page.text
    assert page.body.count('class="next-step"') == 1


def test_what_cannot_start_yet_is_no_link(cast: Cast) -> None:
    page = cast.responsible.browser().open("/home")
    assert "Cannot start yet" in page.text
    assert page.links.count("/letters") == 1  # the navigation alone


def newcomer(cast: Cast, role: Role) -> Player:
    """Somebody who has come into a case of their own just now."""
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    referral.refer(cast.platform, cast.first.me, case, Source.HARMED)
    code = invite.invite_participant(cast.platform, cast.first.me, case, role, "Nia Newcomer")
    return Player(cast.app, cast.platform, "newcomer", code)


def now_on(page: ShownPage) -> list[str]:
    """What the whole way marks as the present stage."""
    return re.findall(r'aria-current="step">\s*<strong>(.*?): you are here', page.body)


def test_after_stop_nobody_is_invited_to_write_what_is_never_handed_over(cast: Cast) -> None:
    browser = cast.harmed.browser()
    assert "Write a letter" in browser.open("/home").text
    browser.open("/stop")
    browser.send("/stop")
    home = browser.open("/home").text
    assert ("My letters" in home and "Nothing more is handed over" in home
            and "Write a letter" not in home)
    browser.open("/letters")


def test_everybody_sees_the_stage_in_words_and_the_whole_way(cast: Cast) -> None:
    for player in (cast.harmed, cast.responsible):
        assert now_on(player.browser().open("/home")) == ["Letters"]
    assert now_on(newcomer(cast, Role.HARMED).browser().open("/home")) == ["Beginning"]
    assert now_on(cast.stranger_responsible.browser().open("/home")) == ["Preparing"]
    assert "The whole way" not in cast.other.browser().open("/home").text
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    for player in (cast.harmed, cast.responsible):
        page = player.browser().open("/home")
        assert now_on(page) == ["Closing"]
        assert "/feedback" in page.links


def test_the_next_step_is_what_is_missing_for_oneself(cast: Cast) -> None:
    consent.withdraw(cast.platform, cast.stranger_harmed.me, cast.strange_case)
    assert ("Next: decide whether you want to take part" in cast.stranger_harmed.browser()
            .open("/home").text)
    consent.give(cast.platform, cast.stranger_harmed.me, cast.strange_case,
                 consent.required(cast.platform, cast.stranger_harmed.me))
    assert "Next: choose your facilitator" in cast.stranger_harmed.browser().open("/home").text
    wording = agreement.Wording("", "", (), {})
    agreement.propose(cast.platform, cast.first.me, cast.case, Terms(), wording)
    for player in (cast.harmed, cast.responsible):
        assert "Next: read what is proposed" in player.browser().open("/home").text


@pytest.mark.parametrize("name", ["harmed", "responsible", "other"])
def test_where_the_trail_does_not_hold_home_is_shown_and_an_alarm_is_recorded(
    cast: Cast, name: str
) -> None:
    Attacker(cast.platform).run(update(AuditEntry).where(AuditEntry.case_id
                                                               == cast.case, AuditEntry.number == 3)
                                      .values(entered="another"))
    before = cast.case_row().audit_number
    browser = getattr(cast, name).browser()
    page = browser.open("/home")
    assert "The record of your case could not be checked" in page.text
    assert "/letters" in page.links and "/stop" in page.links
    assert cast.case_row().audit_number > before
    browser.open(page.link("/withdraw"))
    assert "You have withdrawn." in browser.send("/withdraw").text
