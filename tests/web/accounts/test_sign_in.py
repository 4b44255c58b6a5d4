"""The door: invitation, account, sign-in, sign-out, quick exit, safety."""

import pytest
from flask import Flask
from sqlalchemy import select

from letters.rehearsal.browser import Browser
from letters.rehearsal.players import code_on
from letters.rules.roles import Role
from letters.storage.tables.letters import Person, SessionRow
from letters.workflow.accounts import invite, sign_in
from letters.workflow.cases import open_and_halt
from tests.cast import PASSWORD, Cast, next_code
from tests.web.pages import BASE, without_tokens

REFUSED = "This code does not work."
LONG = "a password that is long enough"


@pytest.fixture
def code(cast: Cast) -> str:
    """An invitation for a person harmed, by the name of Ada."""
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    return invite.invite_participant(cast.platform, cast.first.me, case, Role.HARMED,
                                     "Ada <Ångström>")


@pytest.fixture
def browser(app: Flask) -> Browser:
    opened = Browser(app)
    opened.open("/invitation/code")
    return opened


def people(cast: Cast) -> int:
    with cast.platform.reading() as db:
        return len(db.scalars(select(Person.id).where(Person.enrolled_at.is_not(None))).all())


# an invitation


def test_an_invitation_makes_an_account_and_shows_the_recovery_code_once(
    cast: Cast, browser: Browser, code: str
) -> None:
    page = browser.send("/invitation", code=code)
    assert "Hello Ada <Ångström>." in page.text
    recovery = code_on(browser.send("/invitation/account", sign_in_name="ada", password=LONG))
    assert len(recovery.replace("-", "")) == 32
    browser.open("/sign-in")
    assert browser.send("/sign-in", sign_in_name=" ADA ", password=LONG).url == "/home"


def test_an_invitation_begins_with_how_to_stay_safe_before_anything_is_typed(
    cast: Cast, app: Flask
) -> None:
    browser = Browser(app)
    page, advice = browser.open("/invitation"), browser.open("/safety")
    for words in ("Leaving quickly", "What it cannot do", "On a device that others use",
                  "Whom you can call", "Who can see what", "You decide"):
        assert words in page.text and words in advice.text
    assert page.forms == [] and "<input" not in page.body and "<textarea" not in page.body
    assert page.body.count('class="button ') == 1 and "/invitation/code" in page.links
    form = browser.open("/invitation/code")
    assert [form.action for form in form.forms] == ["/invitation"]


@pytest.mark.parametrize(
    "typed",
    ["", " ", "wrong", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG", "\0", "\u202e", "'; --", "x" * 10_000]
)
def test_a_wrong_code_is_refused_and_kept_as_typed(cast: Cast,
                                                   browser: Browser, typed: str) -> None:
    page = browser.send("/invitation", 400, code=typed)
    assert REFUSED in page.text
    assert page.forms[0].fields["code"] == typed
    assert "<title>Error: " in page.body.replace("\n", "").replace("      ", "")


def test_a_code_may_be_typed_in_any_way(cast: Cast, browser: Browser, code: str) -> None:
    browser.send("/invitation", code=f" {code.lower().replace('-', ' ')} ")


def test_an_expired_a_used_and_a_replaced_code_are_refused_alike(
    cast: Cast, browser: Browser, code: str
) -> None:
    invite.enrol(cast.platform, code, "ada", LONG)
    late = invite.invite_staff(cast.platform, Role.FACILITATOR, "Late")
    used = without_tokens(browser.send("/invitation", 400, code=code).body).replace(code, "")
    cast.clock.advance(days=14)
    expired = without_tokens(browser.send("/invitation", 400, code=late).body).replace(late, "")
    never = without_tokens(browser.send("/invitation", 400, code="AAAA").body).replace("AAAA", "")
    assert used == expired == never


def test_an_invitation_that_expires_while_the_form_is_filled_in_makes_no_account(
    cast: Cast, browser: Browser, code: str
) -> None:
    browser.send("/invitation", code=code)
    before = people(cast)
    cast.clock.advance(days=14)
    assert REFUSED in browser.send("/invitation/account", 400, sign_in_name="ada",
                                   password=LONG).text
    assert people(cast) == before


def test_a_double_submit_of_the_account_makes_one(cast: Cast, browser: Browser, code: str) -> None:
    form = browser.send("/invitation", code=code)
    browser.send("/invitation/account", sign_in_name="ada", password=LONG)
    before = people(cast)
    browser.page = form
    assert REFUSED in browser.send("/invitation/account", 400, sign_in_name="ada",
                                   password=LONG).text
    assert people(cast) == before


# the account


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("", LONG, "3 to 100 characters"),
        ("ab", LONG, "3 to 100 characters"),
        ("x" * 101, LONG, "3 to 100 characters"),
        ("harmed", LONG, "is taken"),
        (" HARMED ", LONG, "is taken"),
        ("ada", "short", "at least 12 characters"),
        ("ada", "", "at least 12 characters"),
    ],
)
def test_what_an_account_cannot_have_is_said_at_its_field(
    cast: Cast, browser: Browser, code: str, name: str, password: str, says: str
) -> None:
    browser.send("/invitation", code=code)
    before = people(cast)
    page = browser.send("/invitation/account", 400, sign_in_name=name, password=password)
    assert says in page.text
    assert page.forms[0].fields | {"csrf_token": "", "once": "", "offered": ""} == {
        "csrf_token": "", "once": "",
        "offered": "",
        "code": code,
        "sign_in_name": name,
        "password": "",
    }
    assert people(cast) == before
    browser.send("/invitation/account", sign_in_name="ada", password=LONG)


def test_a_password_over_1024_bytes_is_a_page_that_says_so(cast: Cast,
                                                           browser: Browser, code: str) -> None:
    browser.send("/invitation", code=code)
    page = browser.send("/invitation/account", 400, sign_in_name="ada", password="ä" * 1024)
    assert "too long" in page.text
    assert "ä" not in page.text


@pytest.mark.parametrize(
    "name",
    ["<b>ada</b>", "Nguye\u0302\u0303n A\u0301nh", "O'Neill; DROP",
     "\U0001f511\U0001f511\U0001f511"]
)
def test_any_characters_that_are_seen_can_be_a_sign_in_name(
        cast: Cast, browser: Browser, code: str, name: str) -> None:
    browser.send("/invitation", code=code)
    browser.send("/invitation/account", sign_in_name=name, password=LONG)
    browser.open("/sign-in")
    assert browser.send("/sign-in", sign_in_name=name, password=LONG).url == "/home"


@pytest.mark.parametrize("name", ["ada\0b", "ada\u202eb", "ada\u200bb"], ids=ascii)
def test_a_sign_in_name_that_cannot_be_seen_whole_is_refused_at_its_field(
        cast: Cast, browser: Browser, code: str, name: str) -> None:
    browser.send("/invitation", code=code)
    page = browser.send("/invitation/account", 400, sign_in_name=name, password=LONG)
    assert "cannot be seen" in page.text and 'href="#sign_in_name"' in page.body


def test_staff_need_a_longer_password(cast: Cast, browser: Browser) -> None:
    browser.send("/invitation", code=invite.invite_staff(cast.platform, Role.FACILITATOR, "Fritz"))
    assert "at least 16" in browser.send("/invitation/account", 400, sign_in_name="fritz",
                                         password="x" * 15).text


# signing in


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("harmed", "wrong password"),
        ("nobody", PASSWORD),
        ("", ""),
        ("harmed", ""),
        ("harmed", PASSWORD.upper()),
        ("harmed\0", PASSWORD),
        ("harmed", PASSWORD + "\0"),
        ("\udcff".encode("utf-8", "replace").decode(), "\u202e"),
    ],
)
def test_one_error_for_a_wrong_name_and_a_wrong_password(
    cast: Cast, app: Flask, name: str, password: str
) -> None:
    browser = Browser(app)
    browser.open("/sign-in")
    page = browser.send("/sign-in", 400, sign_in_name=name, password=password)
    assert "The name and the password do not go together." in page.text
    assert page.forms[0].fields["sign_in_name"] == name
    assert not password or page.forms[0].fields["password"] == ""
    assert browser.client.get_cookie("__Host-session", domain="localhost") is None


def test_an_unknown_name_costs_the_same_stretch(cast: Cast, app: Flask,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    stretched = []
    stretch = type(cast.platform.stretcher).stretch
    monkeypatch.setattr(
        type(cast.platform.stretcher),
        "stretch",
        lambda self, password, salt: (stretched.append(len(salt)),
                                      stretch(self, password, salt))[1],
    )
    browser = Browser(app)
    browser.open("/sign-in")
    browser.send("/sign-in", 400, sign_in_name="harmed", password="wrong")
    browser.send("/sign-in", 400, sign_in_name="nobody", password="wrong")
    assert stretched == [16, 16]


def test_too_many_at_once_are_asked_to_wait(cast: Cast, in_service: Flask,
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cast.platform.stretcher, "_patience", 0.01)
    turns = cast.platform.stretcher._turns
    while turns.acquire(blocking=False):
        pass
    browser = Browser(in_service)
    browser.open("/sign-in")
    assert "wait a moment" in browser.send("/sign-in", 503, sign_in_name="harmed",
                                           password=PASSWORD).text


@pytest.mark.parametrize(("role", "first_page"),
                         [("harmed", "/home"), ("responsible", "/home"), ("first", "/today")])
def test_everybody_is_led_to_their_first_page(cast: Cast, app: Flask, role: str,
                                              first_page: str) -> None:
    browser = Browser(app)
    browser.open("/sign-in")
    page = browser.send("/sign-in", sign_in_name=role, password=PASSWORD)
    if role == "first":
        assert page.url == "/sign-in/second-step"
        page = browser.send("/sign-in/second-step", code=next_code(cast.platform, role))
    assert page.url == first_page


def test_a_session_ends_after_a_quiet_time_and_after_half_a_day(cast: Cast) -> None:
    client = cast.harmed.browser().client
    for _ in range(25):
        assert client.get("/home", base_url=BASE).status_code == 200
        cast.clock.advance(minutes=29)
    assert client.get("/home", base_url=BASE).headers["Location"] == "/sign-in"
    quiet = cast.responsible.browser().client
    assert quiet.get("/home", base_url=BASE).status_code == 302


@pytest.mark.parametrize(("path", "data"), [("/home", None), ("/safety", None),
                                            ("/stop", {"sure": "yes"})])
def test_who_left_without_a_line_is_signed_out_before_anything_is_shown_or_done(
    cast: Cast, app: Flask, path: str, data: dict[str, str] | None
) -> None:
    client = cast.harmed.browser().client
    session = client.get_cookie("__Host-session", domain="localhost")
    assert session is not None
    client.set_cookie("__Host-view", "1", domain="localhost", secure=True)
    answer = client.open(path, method="GET" if data is None else "POST", data=data, base_url=BASE,
                         headers={"Sec-Fetch-Site": "none"})
    assert (answer.status_code, answer.headers.get("Location")) == (
        (302, "/sign-in") if data is None else (401, None))
    assert ("Clear-Site-Data" in answer.headers) == (data is None)
    assert client.get_cookie("__Host-view", domain="localhost") is None
    client.set_cookie("__Host-session", session.value, domain="localhost", secure=True)
    assert client.get("/home", base_url=BASE).headers["Location"] == "/sign-in"


def test_signing_in_on_a_page_that_was_open_before_the_way_out_holds(app: Flask,
                                                                     cast: Cast) -> None:
    browser = Browser(app)
    browser.open("/sign-in")
    browser.client.set_cookie("__Host-view", "1", domain="localhost", secure=True)
    assert browser.send("/sign-in", sign_in_name="harmed", password=PASSWORD).url == "/home"


def test_the_safety_page_says_what_quick_exit_cannot_do(cast: Cast, app: Flask) -> None:
    page = Browser(app).open("/safety")
    assert "cannot take this site's address out of your browser's history" in page.text
    assert "/leave" in page.links


def test_quick_exit_is_on_every_page_of_those_who_take_part(cast: Cast, app: Flask) -> None:
    for browser in (Browser(app), cast.harmed.browser(), cast.responsible.browser()):
        for path in ("/safety", "/sign-in", "/home", "/letters", "/for-you", "/stop",
                     "/nothing-here"):
            browser._arrive(path, "GET", {}, (200, 404))
            assert "/leave" in browser.page.links, path


def test_who_makes_an_account_is_signed_in_in_place_of_whoever_was_here(cast: Cast) -> None:
    """In a facilitator's browser, whose session ends with it; and for a short time where they say
    that the device is shared."""
    code = invite.invite_participant(cast.platform, cast.first.me, open_and_halt.open_case(
        cast.platform, cast.first.me), Role.HARMED, "Ada")
    browser, before = cast.first.browser(), cast.first.token
    browser.open("/invitation/code")
    browser.send("/invitation", code=code)
    page = browser.send("/invitation/account", sign_in_name="ada", shared="yes",
                        password="a password that is long enough")
    assert "You are signed in now" in page.text and "Review desk" not in page.text
    assert browser.open("/home").url == "/home"
    assert sign_in.who_is(cast.platform, before) is None
    [session] = settings_sessions(cast, "ada")
    assert session.idle_minutes == sign_in.ON_SHARED_DEVICE


def settings_sessions(cast: Cast, name: str) -> list[SessionRow]:
    person = invite.sign_in_lookup(cast.platform, name)
    with cast.platform.reading() as db:
        return list(db.scalars(select(SessionRow).join(
            Person, Person.id == SessionRow.person_id).where(Person.lookup == person)))
