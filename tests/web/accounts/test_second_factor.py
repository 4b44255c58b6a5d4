"""The second step through the pages: a half session reaches nothing else, and every page leads
on."""

import re

from flask import Flask
from sqlalchemy import delete

from letters.rehearsal.browser import Browser
from letters.rehearsal.players import code_on, set_up_app
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.tables.accounts import SecondFactor
from letters.storage.tables.letters import AuditEntry
from letters.web.access import REACHED_HALFWAY
from letters.workflow.accounts import invite, second_factor, sign_in
from tests import cast as company
from tests.cast import PASSWORD, Cast, next_code
from tests.web.pages import BASE

ACCOUNT = "/account/second-factor"
STEP = "/sign-in/second-step"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def at_the_step(cast: Cast, name: str = "first") -> Browser:
    """Somebody who has given the password."""
    browser = Browser(cast.app)
    browser.open("/sign-in")
    browser.send("/sign-in", sign_in_name=name, password=PASSWORD)
    return browser


def newcomer(cast: Cast) -> Browser:
    """Somebody in staff who has set nothing up yet."""
    invite.enrol(cast.platform, invite.invite_staff(cast.platform, Role.FACILITATOR, "Nia New"),
                 "nia", PASSWORD)
    return at_the_step(cast, "nia")


# --- a half session: tests/addresses asks every address as one

def test_what_a_half_session_reaches_is_known_by_heart() -> None:
    assert {stage: reached for stage, (_, reached) in REACHED_HALFWAY.items()} == {
        "password": {"second_factor.second_step", "second_factor.second_step_passkey",
                     "sign_in.sign_out"},
        "setup": {"second_factor.overview", "second_factor.app", "second_factor.passkey",
                  "sign_in.sign_out"},
        "apart": {"supervised_sign_in.apart", "home.stop", "consent.withdraw", "sign_in.sign_out"},
    }


def test_a_half_session_can_go_back_and_can_leave(cast: Cast) -> None:
    browser = at_the_step(cast)
    token = browser.client.get_cookie("__Host-session", domain="localhost").value
    assert "/leave" in browser.page.links and "/safety" in browser.page.links
    assert browser.send("/sign-out").url == "/sign-in"
    assert sign_in.halfway(cast.platform, bytes.fromhex(token)) is None


# --- the step

def test_a_code_leads_in_under_a_new_cookie(cast: Cast) -> None:
    browser = at_the_step(cast)
    assert browser.page.url == STEP
    before = browser.client.get_cookie("__Host-session", domain="localhost").value
    assert browser.send(STEP, code=next_code(cast.platform, "first")).url == "/today"
    assert browser.client.get_cookie("__Host-session", domain="localhost").value != before
    assert browser.open(STEP).url == "/today"


def test_a_wrong_code_is_said_kindly_and_after_five_one_begins_again(cast: Cast) -> None:
    browser = at_the_step(cast)
    for _ in range(second_factor.TRIES):
        page = browser.send(STEP, 400, code="no code")
        assert "does not fit, or it was used already" in page.text
        assert "no code" not in page.text
        cast.clock.advance(seconds=5)
    page = browser.send(STEP, code=next_code(cast.platform, "first"))
    assert page.url == "/sign-in" and "Please sign in again from the beginning" in page.text
    assert browser.open("/desk").url == "/sign-in"


def test_a_backup_code_leads_in(cast: Cast) -> None:
    assert at_the_step(cast).send(STEP, code=cast.first.backup_codes[0]).url == "/today"


def test_factors_that_were_deleted_show_nothing_and_raise_an_alarm(
    cast: Cast, in_service: Flask
) -> None:
    browser = at_the_step(cast)
    with cast.platform.writing() as db:
        db.execute(delete(SecondFactor).where(SecondFactor.person_id == cast.first.id))
    browser.open(STEP, expect=500)
    with cast.platform.reading() as db:
        assert db.query(AuditEntry).filter(AuditEntry.event == "tampering found").count() == 1
    again = Browser(in_service)
    again.open("/sign-in")
    assert "nothing is shown" in again.send("/sign-in", 500, sign_in_name="first",
                                            password=PASSWORD).text


# --- setting it up

def test_staff_set_it_up_before_anything_else(cast: Cast) -> None:
    browser = newcomer(cast)
    assert browser.page.url == ACCOUNT and "Set up a second step first" in browser.page.text
    assert browser.open("/desk").url == ACCOUNT
    page = set_up_app(cast.platform, browser, PASSWORD)
    assert len(CODE.findall(page.text)) == second_factor.CODES
    assert browser.open("/").url == "/today"


def test_a_participant_is_offered_it_and_can_take_it_away(cast: Cast) -> None:
    browser = cast.harmed.browser()
    assert ACCOUNT in browser.open("/account").links
    assert "If you like, you can add a second step" in browser.open(ACCOUNT).text
    set_up_app(cast.platform, browser, PASSWORD)
    assert "You have 10 left" in browser.open(ACCOUNT).text
    page = browser.send(f"{ACCOUNT}/remove", 400, password="not the password")
    assert "This password is not right" in page.text
    assert "Removed." in browser.send(f"{ACCOUNT}/remove", password=PASSWORD).text
    assert at_the_step(cast, "harmed").page.url == "/home"


def test_the_pages_secret_stays_the_same_while_one_mistypes(cast: Cast) -> None:
    browser = cast.harmed.browser()
    browser.open(f"{ACCOUNT}/app")
    first = re.search("Letters to type: ([A-Z2-7 ]+?) The app", browser.page.text)
    page = browser.send(f"{ACCOUNT}/app", 400, code="000000", password=PASSWORD)
    again = re.search("Letters to type: ([A-Z2-7 ]+?) The app", page.text)
    assert first and again and first.group(1) == again.group(1)
    assert "This code does not fit" in page.text
    page = browser.send(f"{ACCOUNT}/app", 400, code="000000", password="not the password")
    assert "This password is not right" in page.text


def test_the_picture_is_drawn_without_styles(cast: Cast) -> None:
    body = cast.harmed.browser().open(f"{ACCOUNT}/app").body
    picture = body.split("<svg", 1)[1].split("</svg>")[0]
    assert "style=" not in picture and "secret" not in picture and 'class="qr"' in picture


def test_new_codes_are_shown_once(cast: Cast) -> None:
    browser = cast.first.browser()
    browser.open(ACCOUNT)
    assert ("This password is not right" in browser.send(f"{ACCOUNT}/codes", 400, password="wrong")
            .text)
    assert len(CODE.findall(browser.send(f"{ACCOUNT}/codes", password=PASSWORD).text)) == 10
    assert CODE.findall(browser.open(ACCOUNT).text) == []


def test_the_last_factor_of_staff_is_offered_no_removal(cast: Cast) -> None:
    browser = cast.first.browser()
    assert "To replace it, set up another one first" in browser.open(ACCOUNT).text
    own = next(factor for factor in second_factor.own_factors(cast.platform, cast.first.me)
               if factor.kind == "totp")
    browser.forge(f"{ACCOUNT}/remove", 409, factor=str(own.row.id), password=PASSWORD)


def test_a_form_made_for_somebody_else_sets_nothing_up(cast: Cast) -> None:
    browser, other = cast.harmed.browser(), cast.responsible.browser()
    fields = next(form.fields for form in browser.open(f"{ACCOUNT}/app").forms
                  if "sealed" in form.fields)
    other.open(f"{ACCOUNT}/app")
    other.forge(f"{ACCOUNT}/app", 404, factor=fields["factor"], sealed=fields["sealed"], code="0",
                password=PASSWORD)
    other.open(f"{ACCOUNT}/app")
    other.forge(f"{ACCOUNT}/app", 404, factor=fields["factor"], sealed="not hex", code="0",
                password=PASSWORD)


def test_only_where_a_passkey_is_made_a_script_of_ours_may_run(cast: Cast) -> None:
    """Of the staff's pages, which have no quick exit."""
    client = cast.supervisor.browser().client
    assert "script-src 'self'" in client.get(f"{ACCOUNT}/passkey",
                                             base_url=BASE).headers["Content-Security-Policy"]
    assert "script-src" not in client.get(ACCOUNT, base_url=BASE).headers["Content-Security-Policy"]


def test_a_recovery_code_is_still_shown_to_staff_who_enrol(cast: Cast, app: Flask) -> None:
    browser = Browser(app)
    browser.open("/invitation/code")
    browser.send("/invitation",
                 code=invite.invite_staff(cast.platform, Role.FACILITATOR, "Nia New"))
    assert code_on(browser.send("/invitation/account", sign_in_name="nia", password=PASSWORD))


def test_rule_01_no_is_heard_where_the_second_step_is_not_at_hand(cast: Cast) -> None:
    """The telephone is lost: the password alone opens pausing, stopping, withdrawing and taking
    back, and nothing else."""
    letter = cast.submitted(cast.harmed)
    company.set_up_app(cast.platform, cast.harmed.me)
    browser = Browser(cast.app)
    browser.open("/sign-in")
    page = browser.send("/sign-in", sign_in_name="harmed", password=PASSWORD)
    assert "/without-a-facilitator" in page.links
    page = browser.open("/without-a-facilitator")
    assert "What your password alone opens" in page.text
    assert "You have paused" in browser.send("/without-a-facilitator", do="pause").text
    before = browser.page.text
    said = browser.send("/without-a-facilitator", do="take-back").text
    assert "What had not been handed over yet is taken back." in said
    assert cast.state(letter) is State.RECALLED
    assert browser.open("/without-a-facilitator").text == before  # it tells of no letter
    for address in ("/home", "/letters", "/for-you", "/pace", "/account", "/messages"):
        assert browser.open(address).url == "/sign-in/second-step"
    browser.open("/stop")
    browser.send("/stop")
    assert cast.case_row().stopped_at is not None


def test_staff_reach_nothing_by_their_password_alone(cast: Cast) -> None:
    browser = Browser(cast.app)
    browser.open("/sign-in")
    page = browser.send("/sign-in", sign_in_name="first", password=PASSWORD)
    assert "/without-a-facilitator" not in page.links
    assert (browser.open("/without-a-facilitator").url == browser.open("/stop").url
            == "/sign-in/second-step")
