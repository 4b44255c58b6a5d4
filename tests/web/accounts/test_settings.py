"""The pages of one's account: sessions, password, and what is offered when an account is made."""

import re

import pytest
from flask import Flask

from letters.rehearsal.browser import Browser, ShownPage
from letters.rules.roles import Role
from letters.workflow.accounts import invite, sign_in
from letters.workflow.accounts.password_rules import is_passphrase
from letters.workflow.cases import open_and_halt
from tests.cast import PASSWORD, Cast
from tests.web.pages import BASE

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"
NEW = "other words that nobody knows"


def offered_on(page: ShownPage) -> str:
    """The passphrase that a page shows."""
    words = re.search(r'<span class="code-text">([a-z -]+)</span>', page.body)
    assert words is not None and is_passphrase(words.group(1))
    return words.group(1)


def sign_in_as(app: Flask, name: str, password: str = PASSWORD, expect: int = 200,
               **fields: str) -> Browser:
    browser = Browser(app)
    browser.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    browser.open("/sign-in")
    browser.send("/sign-in", expect, sign_in_name=name, password=password, **fields)
    return browser


@pytest.mark.parametrize("who", ["harmed", "responsible", "first"])
def test_everybody_has_their_account_in_the_navigation(cast: Cast, who: str) -> None:
    browser = getattr(cast, who).browser()
    page = browser.open("/")
    assert "/account" in page.links
    page = browser.open("/account")
    assert {"/account/sessions", "/account/password"} <= set(page.links)


# sessions


def test_i_see_where_i_am_signed_in_and_end_it(cast: Cast, app: Flask) -> None:
    here = sign_in_as(app, "harmed", idle_minutes="60")
    page = here.open("/account/sessions")
    assert "Firefox on Windows (here)" in page.text and "After 60 quiet minutes" in page.text
    assert page.text.count("Sign out there") == 1 and "Robin" not in page.text
    other = next(form for form in page.forms if form.action == "/account/sessions/end"
                 and form.fields["session"] != page.forms[1].fields["session"])
    here.send("/account/sessions/end", session=other.fields["session"])
    assert cast.harmed.browser().client.get("/home", base_url=BASE).status_code == 302
    page = here.open("/account/sessions")
    assert "Sign out there" not in page.text and "everywhere else" not in page.text


def test_ending_this_one_is_signing_out(cast: Cast) -> None:
    browser = cast.harmed.browser()
    browser.open("/account/sessions")
    assert browser.send("/account/sessions/end").url == "/sign-in"
    assert browser.client.get("/home", base_url=BASE).status_code == 302


def test_all_others_end_at_once(cast: Cast, app: Flask) -> None:
    there = sign_in_as(app, "harmed")
    here = sign_in_as(app, "harmed")
    here.open("/account/sessions")
    here.send("/account/sessions/end-others")
    statuses = [browser.client.get("/home", base_url=BASE).status_code for browser in (here, there)]
    assert statuses == [200, 302] and here.page.text.count("quiet minutes, and after") == 1


@pytest.mark.parametrize("session", ["", "x", "00" * 32, "0" * 10_000, "theirs"])
def test_a_session_that_is_not_mine_is_not_there(cast: Cast, session: str) -> None:
    browser = cast.harmed.browser()
    browser.open("/account/sessions")
    made_up = cast.responsible.me.session.hex() if session == "theirs" else session
    browser.forge("/account/sessions/end", 404, session=made_up)
    assert cast.responsible.browser().client.get("/home", base_url=BASE).status_code == 200


@pytest.mark.parametrize(("fields", "minutes"), [
    ({}, 30), ({"idle_minutes": "15"}, 15), ({"idle_minutes": "150"}, 150), ({"shared": "yes"}, 15),
    ({"shared": "yes", "idle_minutes": "150"}, 15)])
def test_the_quiet_time_is_chosen_at_sign_in(
        cast: Cast, app: Flask, fields: dict[str, str], minutes: int) -> None:
    browser = sign_in_as(app, "harmed", **fields)
    cookie = browser.client.get_cookie("__Host-session", domain="localhost")
    assert cookie is not None and cookie.max_age is None and cookie.expires is None
    cast.clock.advance(minutes=minutes - 1)
    assert browser.client.get("/home", base_url=BASE).status_code == 200
    cast.clock.advance(minutes=minutes)
    assert browser.client.get("/home", base_url=BASE).status_code == 302


@pytest.mark.parametrize("minutes", ["0", "31", "151", "x", "999999999", "-30"])
def test_no_other_time_can_be_chosen(cast: Cast, app: Flask, minutes: str) -> None:
    page = sign_in_as(app, "harmed", expect=400, idle_minutes=minutes).page
    assert ("Choose one of these times." in page.text
            and page.forms[0].fields["sign_in_name"] == "harmed")


# the password


@pytest.mark.parametrize("who", ["harmed", "first"])
def test_the_password_is_changed(cast: Cast, app: Flask, who: str) -> None:
    elsewhere = sign_in_as(app, who)
    browser = getattr(cast, who).browser()
    browser.open("/account/password")
    page = browser.send("/account/password", old=PASSWORD, password=NEW)
    assert (page.url, "Your password is changed." in page.text) == ("/account", True)
    assert elsewhere.client.get("/account", base_url=BASE).status_code == 302
    sign_in_as(app, who, PASSWORD, 400)
    assert sign_in_as(app, who, NEW).page.status == 200


@pytest.mark.parametrize(("fields", "says"), [
    ({"old": "wrong", "password": NEW}, "This is not your password."),
    ({"old": PASSWORD, "password": "short"}, "at least 12 characters"),
    ({"old": PASSWORD, "password": "123456789012"}, "among the first that somebody would try"),
    ({"old": PASSWORD, "password": PASSWORD}, "This is the password that you have.")])
def test_what_is_refused_is_said_and_changes_nothing(
        cast: Cast, app: Flask, fields: dict[str, str], says: str) -> None:
    browser = cast.harmed.browser()
    offered = offered_on(browser.open("/account/password"))
    page = browser.send("/account/password", 400, **fields)
    assert says in page.text and offered_on(page) == offered
    assert not {PASSWORD, NEW} & set(page.forms[-1].fields.values())
    assert sign_in_as(app, "harmed").page.url == "/home"


def test_guessing_the_old_password_gets_slow(cast: Cast) -> None:
    browser = cast.harmed.browser()
    browser.open("/account/password")
    for status in (400, 400, 400, 429):
        page = browser.send("/account/password", status, old="wrong", password=NEW)
    assert "Please wait 1 second and try again." in page.text


# what is offered


@pytest.fixture
def code(cast: Cast) -> str:
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    return invite.invite_participant(cast.platform, cast.first.me, case, Role.HARMED, "Ada")


def test_seven_words_are_offered_and_can_be_taken(cast: Cast, app: Flask, code: str) -> None:
    browser = Browser(app)
    browser.open("/invitation/code")
    offered = offered_on(browser.send("/invitation", code=code))
    page = browser.send("/invitation/account", 400, sign_in_name="ab", choice="offered")
    assert offered_on(page) == offered  # it may be written down already
    page = browser.send("/invitation/account", sign_in_name="ada", choice="offered")
    assert offered not in page.text
    assert sign_in_as(app, "ada", offered).page.url == "/home"


def test_each_page_offers_other_words(cast: Cast) -> None:
    browser = cast.harmed.browser()
    assert len({offered_on(browser.open("/account/password")) for _ in range(5)}) == 5


def test_the_offer_is_not_taken_where_own_words_were_typed(cast: Cast, app: Flask) -> None:
    browser = cast.harmed.browser()
    browser.open("/account/password")
    browser.send("/account/password", old=PASSWORD, password=NEW)
    assert sign_in_as(app, "harmed", NEW).page.url == "/home"


@pytest.mark.parametrize("made_up", ["Call me on 07700 900123", "<b>words</b>", "abacus " * 7])
def test_nothing_but_seven_words_of_the_list_is_shown_as_an_offer(cast: Cast, made_up: str) -> None:
    browser = cast.harmed.browser()
    browser.open("/account/password")
    page = browser.send("/account/password", 400, old="wrong", password=NEW, offered=made_up)
    assert made_up not in page.body and offered_on(page)


def test_passwords_can_be_pasted_and_stored(cast: Cast, app: Flask, code: str) -> None:
    browser = Browser(app)
    browser.open("/invitation/code")
    for page in (browser.send("/invitation", code=code),
                 cast.harmed.browser().open("/account/password")):
        assert 'autocomplete="new-password"' in page.body and "onpaste" not in page.body
    assert sign_in.IDLE_MINUTES == 30


@pytest.mark.parametrize("password", ["ada of the woods 1", "Password1234!!", "messages messages"])
def test_a_password_that_is_easily_guessed_keeps_the_name_that_was_typed(
        cast: Cast, app: Flask, code: str, password: str) -> None:
    browser = Browser(app)
    browser.open("/invitation/code")
    browser.send("/invitation", code=code)
    page = browser.send("/invitation/account", 400, sign_in_name="ada of the woods",
                        password=password)
    assert "Please choose another password" in page.text
    assert page.forms[0].fields["sign_in_name"] == "ada of the woods"


def test_a_password_store_knows_whose_new_password_it_is(cast: Cast) -> None:
    """It fills the name in by itself: the service does not know it, and it is not sent."""
    page = cast.harmed.browser().open("/account/password")
    field = re.search(r"<input[^>]* autocomplete=\"username\"[^>]*>", page.body)
    assert field is not None and " readonly" in field.group() and " hidden" in field.group()
    assert "name=" not in field.group()
    assert page.body.index(field.group()) < page.body.index('id="old"')
