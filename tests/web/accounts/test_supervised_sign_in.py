"""Signing in beside a facilitator, on the pages: asked twice, never for the person harmed, and
never before a stop."""

from flask import Flask
from sqlalchemy import update

from letters.rehearsal.browser import Browser, ShownPage
from letters.storage.tables.letters import AuditEntry, Case
from letters.workflow.accounts import sign_in
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast

OWN, APART = "/account/beside-a-facilitator", "/without-a-facilitator"


def signed_in(app: Flask, name: str, expect: int = 200) -> tuple[Browser, ShownPage]:
    browser = Browser(app)
    browser.open("/sign-in")
    return browser, browser.send("/sign-in", expect, sign_in_name=name, password=PASSWORD)


def on_her_page(cast: Cast, person: str) -> tuple[Browser, str]:
    facilitator = cast.first.browser()
    facilitator.open(f"/cases/{cast.case}/people/{getattr(cast, person).id}")
    return facilitator, f"/cases/{cast.case}/supervised"


def test_a_facilitator_sets_it_with_a_word_and_a_password_and_opens_it(
    cast: Cast, app: Flask
) -> None:
    facilitator, address = on_her_page(cast, "responsible")
    assert "Tick this box first" in facilitator.send(address, 400, password=PASSWORD).text
    assert "This is not your password" in facilitator.send(address, 400,
                                                           sure="yes", password="another").text
    assert sign_in.who_is(cast.platform, cast.responsible.token) is not None
    assert "Signs in beside a facilitator" in facilitator.send(address,
                                                               sure="yes", password=PASSWORD).text
    alone, page = signed_in(app, "responsible")
    assert page.url == APART and "Your facilitator opens this for you" in page.text
    assert "Open now" in facilitator.send(address, do="open").text
    beside, page = signed_in(app, "responsible")
    assert page.url == "/home"
    assert "You sign in beside your facilitator" in beside.open("/account/second-factor").text
    assert "In custody" in facilitator.send(address, do="off").text


def test_rule_06_it_stands_on_no_page_of_hers_and_cannot_be_sent(cast: Cast, app: Flask) -> None:
    facilitator, address = on_her_page(cast, "harmed")
    assert not any(form.action == address for form in facilitator.page.forms)
    person = str(cast.harmed.id)
    for wish in ("set", "made up", ""):
        facilitator.open(f"/cases/{cast.case}/people/{cast.harmed.id}")
        refused = 403 if wish == "set" else 400
        facilitator.forge(address, refused, person=person, do=wish, sure="yes", password=PASSWORD)
    assert sign_in.who_is(cast.platform, cast.harmed.token) is not None
    assert signed_in(app, "harmed")[1].url == "/home"


def test_where_the_record_does_not_hold_the_password_leads_to_stopping(
    cast: Cast, app: Flask,
) -> None:
    Attacker(cast.platform).run(update(AuditEntry).where(
        AuditEntry.case_id == cast.case, AuditEntry.number == 3).values(entered="nothing"))
    browser, page = signed_in(app, "harmed")
    assert page.url == APART and "Only this is open at the moment" in page.text
    assert "beside your facilitator" not in page.text
    assert "You have paused" in browser.send(APART, do="pause").text
    browser.open("/stop")
    browser.send("/stop")
    with cast.platform.reading() as db:
        assert db.get_one(Case, cast.case).stopped_at is not None


def test_rule_06_without_a_facilitator_she_still_pauses_and_stops(cast: Cast, app: Flask) -> None:
    """Her own word has set it; the password leads to these pages and to no other."""
    own = cast.harmed.browser()
    own.open(OWN)
    own.send(OWN, 400, password=PASSWORD)
    assert "It holds from the next time" in own.send(OWN, sure="yes", password=PASSWORD).text
    alone, page = signed_in(app, "harmed")
    assert page.url == APART
    for address in ("/home", "/for-you", "/letters", "/pace", "/account", "/messages", OWN):
        assert alone.open(address).url == APART
    alone.forge("/pace", 401, do="ready")
    alone.open(APART)
    assert "You have paused" in alone.send(APART, do="pause").text
    assert cast.case_row().paused_at is not None
    alone.open("/stop")
    assert "You have stopped" in alone.send("/stop").text
    assert cast.case_row().stopped_at is not None
    assert "You have withdrawn" in withdrawn(alone).text


def withdrawn(browser: Browser) -> ShownPage:
    browser.open("/withdraw")
    return browser.send("/withdraw")




def test_she_takes_her_word_back(cast: Cast, app: Flask) -> None:
    own = cast.harmed.browser()
    own.open(OWN)
    own.send(OWN, sure="yes", password=PASSWORD)
    own.open(OWN)
    own.send(OWN, do="off", password=PASSWORD)
    assert signed_in(app, "harmed")[1].url == "/home"
