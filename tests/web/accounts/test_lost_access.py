"""Losing and changing keys, on the pages: recovery code, reset, new keys, seven words."""

import re

import pytest
from flask import Flask

from letters.rehearsal.browser import Browser, ShownPage
from letters.rehearsal.players import code_on, set_up_app
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.tables.letters import AuditEntry, Person
from letters.workflow.accounts import invite
from tests.cast import PASSWORD, Cast
from tests.web.pages import normal, without_tokens

NEW = "words that nobody else has seen"


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def signed_in(cast: Cast, name: str, password: str = NEW) -> Browser:
    browser = Browser(cast.app)
    browser.open("/sign-in")
    page = browser.send("/sign-in", sign_in_name=name, password=password)
    if page.url.startswith("/account/second-factor"):  # staff, whose factors are gone
        set_up_app(cast.platform, browser, password)
    return browser


def recover(browser: Browser, name: str, code: str, expect: int = 200,
            password: str = NEW) -> ShownPage:
    browser.open("/recovery")
    return browser.send("/recovery", expect, sign_in_name=name, code=code, password=password)


def lost(cast: Cast, player: str, by: str = "first") -> Browser:
    """They lose both and come back with a reset code. Returns their browser, at their first
    page."""
    helper, person = getattr(cast, by).browser(), getattr(cast, player)
    helper.open(f"/resets/{person.id}")
    code = code_on(helper.send(f"/resets/{person.id}", password=PASSWORD))
    browser = Browser(cast.app)
    browser.open("/reset")
    browser.send("/reset", code=code, sign_in_name=player, password=NEW)
    return signed_in(cast, player)


def words_on(page: ShownPage) -> list[str]:
    return re.findall(r'<li translate="no">(.*?)</li>', page.body)


def confirmed(cast: Cast, member: str, player: str, **fields: str) -> ShownPage:
    browser, path = getattr(cast,
                            member).browser(), f"/cases/{cast.case}/keys/{getattr(cast, player).id}"
    browser.open(path)
    return browser.send(path, **{"heard": "yes", "password": PASSWORD, **fields})


# the recovery code


def test_a_forgotten_password_is_set_anew_and_the_new_code_shown_once(
    cast: Cast, browser: Browser
) -> None:
    code = code_on(recover(browser, "harmed", cast.harmed.recovery_code))
    assert len(code.replace("-", "")) == 32
    assert signed_in(cast, "harmed").page.url == "/home"
    recover(browser, "harmed", cast.harmed.recovery_code, 400, "other words once again")
    recover(browser, "harmed", code, 200, "other words once again")


def test_the_pages_of_a_wrong_name_and_a_wrong_code_are_the_same(
    cast: Cast, browser: Browser
) -> None:
    pages = [
        recover(browser, name, code, 400).body.replace(name, "a-name").replace(code, "a-code")
        for name, code in (
            ("harmed", "AAAA"),
            ("nobody", "AAAA"),
            ("nobody", cast.harmed.recovery_code),
            ("responsible", cast.harmed.recovery_code),
            ("first", "AAAA"),
        )
    ]
    plain = {without_tokens(page) for page in pages}
    assert len(plain) == 1


def test_what_was_typed_is_kept_and_the_password_is_not(cast: Cast, browser: Browser) -> None:
    page = recover(browser, "harmed", "AAAA <b>", 400)
    assert page.forms[0].fields | {"csrf_token": "", "once": ""} == {
        "csrf_token": "", "once": "",
        "sign_in_name": "harmed",
        "code": "AAAA <b>",
        "password": "",
    }
    assert NEW not in page.body
    assert "at least 12 characters" in recover(browser, "harmed", cast.harmed.recovery_code, 400,
                                               "short").text
    assert "at least 16" in recover(browser, "first", cast.first.recovery_code, 400,
                                    "kestrel marble9").text


def test_a_second_press_says_how_to_get_a_new_code(cast: Cast, browser: Browser) -> None:
    browser.open("/recovery")
    form, fields = browser.page, {"sign_in_name": "harmed", "code": cast.harmed.recovery_code,
                                  "password": NEW}
    browser.send("/recovery", **fields)
    browser.page = form
    assert "pressed the button twice" in browser.send("/recovery", 400, **fields).text
    mine = signed_in(cast, "harmed")
    mine.open("/account/recovery")
    code = code_on(mine.send("/account/recovery", current_password=NEW))
    recover(browser, "harmed", code, 200, "other words once again")


def test_a_new_code_takes_the_password(cast: Cast) -> None:
    for name in ("harmed", "first"):
        browser = getattr(cast, name).browser()
        browser.open(browser.open("/account/keys").link("/account/recovery"))
        assert "not your password" in browser.send("/account/recovery",
                                                   400, current_password="not it").text
        code_on(browser.send("/account/recovery", current_password=PASSWORD))


# my password may be known


def test_new_keys_keep_what_is_ones_own_and_sign_out_everywhere(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, "Mine alone.")
    elsewhere, browser = cast.harmed.browser(), cast.harmed.browser()
    browser.open(browser.open("/account/keys").link("/account/new-identity"))
    page = browser.send("/account/new-identity", current_password=PASSWORD, password=NEW)
    code_on(page)
    assert "Sign out" not in page.text
    for gone in (elsewhere, browser):
        assert gone.open("/home").url == "/sign-in"
    assert "Mine alone." in signed_in(cast, "harmed").open(f"/letters/{letter}/write").body


@pytest.mark.parametrize(
    ("current", "new", "says"),
    [
        ("not it", NEW, "not your password"),
        (PASSWORD, PASSWORD, "another password than the one that may be known"),
        (PASSWORD, "short", "at least 12"),
    ],
)
def test_what_will_not_do_changes_no_keys(cast: Cast, current: str, new: str, says: str) -> None:
    browser = cast.harmed.browser()
    browser.open("/account/new-identity")
    page = browser.send("/account/new-identity", 400, current_password=current, password=new)
    assert says in page.text and current not in page.body
    assert browser.open("/home").url == "/home"


# both lost


def test_two_hear_the_words_and_the_letters_are_back(cast: Cast) -> None:
    arrived = cast.open_the_way_back()
    sent = cast.submitted(cast.responsible, "An answer.")
    theirs = lost(cast, "responsible")
    words = words_on(theirs.page)
    assert len(words) == 7
    assert "Seven words come first" in theirs.open(f"/for-you/{arrived}", 409).text
    helper = cast.first.browser()
    page = helper.open(helper.open(f"/cases/{cast.case}/people").link(f"/cases/{cast.case}/keys/"))
    assert words_on(page) == words
    assert "One more colleague" in confirmed(cast, "first", "responsible").text
    assert words_on(theirs.open("/home")) == words
    assert "Letters that they can read again: 2." in confirmed(cast, "second", "responsible").text
    assert words_on(theirs.open("/home")) == []
    theirs.open(f"/for-you/{arrived}")
    assert "The first letter." in theirs.send(f"/for-you/{arrived}/open").body
    assert "An answer." in theirs.open(f"/letters/{sent}").body


def test_the_pages_go_on_while_the_words_are_awaited(cast: Cast) -> None:
    letters = [cast.draft(cast.harmed), cast.submitted(cast.harmed)]
    theirs = lost(cast, "harmed")
    for letter in letters:
        for page in ("", "/write", "/versions", "/read-back"):
            theirs.open(f"/letters/{letter}{page}")
    for page in ("/home", "/letters", "/for-you", "/consent", "/pace", "/stop"):
        theirs.open(page)
    theirs.open(f"/letters/{letters[0]}/write")
    theirs.send(f"/letters/{letters[0]}/write", text="Written anew.", then="check")
    theirs.open(f"/letters/{letters[0]}/check")
    assert "Seven words come first" in theirs.send(f"/letters/{letters[0]}/send", 409).text
    assert cast.state(letters[0]) is State.DRAFT


def test_the_tick_and_the_password_are_asked_for_and_said_kindly(cast: Cast) -> None:
    lost(cast, "harmed")
    browser, path = cast.first.browser(), f"/cases/{cast.case}/keys/{cast.harmed.id}"
    browser.open(path)
    assert "Tick this once you have heard" in browser.send(path, 400, password=PASSWORD).text
    assert "not your password" in browser.send(path, 400, heard="yes", password="not it").text
    browser.send(path, heard="yes", password=PASSWORD)
    assert "You have confirmed these words." in browser.page.text
    browser.forge(path, 404, kid="no hash", heard="yes", password=PASSWORD)
    browser.forge(path, 409, kid="00" * 32, heard="yes", password=PASSWORD)


def test_a_reset_code_is_for_whom_it_was_made(cast: Cast, browser: Browser) -> None:
    helper = cast.first.browser()
    page = helper.open(helper.open(f"/cases/{cast.case}/people/{cast.harmed.id}").link("/resets/"))
    assert "A reset code for" in page.text
    for name, code, says in (("harmed", "AAAA", "This code does not work"),
                             ("x", "AAAA", "3 to 100")):
        browser.open("/reset")
        assert says in browser.send("/reset", 400, sign_in_name=name, code=code, password=NEW).text
    path = f"/resets/{cast.harmed.id}"
    helper.open(path)
    assert "not your password" in helper.send(path, 400, password="not it").text
    code = code_on(helper.send(path, password=PASSWORD))
    browser.open("/reset")
    assert "is taken" in browser.send("/reset", 400, sign_in_name="responsible", code=code,
                                      password=NEW).text
    browser.send("/reset", sign_in_name="harmed", code=code, password=NEW)
    browser.open("/reset")
    again = browser.send("/reset", 400, sign_in_name="harmed", code=code, password=NEW)
    assert "pressed the button twice" in again.text


def test_a_reset_colleague_is_told_kindly_that_cases_come_back_by_handover(cast: Cast) -> None:
    cast.ada = cast.administrator  # type: ignore[attr-defined]
    letter = cast.submitted(cast.harmed)
    theirs = lost(cast, "second", by="ada")
    theirs.open("/cases")
    page = theirs.open(f"/cases/{cast.case}")
    assert page.url == f"/cases/{cast.case}/team" and "handed over to you again" in page.text
    assert "Your new keys" in page.text and len(words_on(page)) == 7
    assert "handed over to you again" in theirs.open(f"/desk/{letter}", 403).text
    helper = cast.first.browser()
    helper.open(f"/cases/{cast.case}/team")
    assert "New keys of Sam Second" in helper.page.text
    assert "Signed" in helper.send(f"/cases/{cast.case}/team/keys", heard="yes").text
    theirs.open(f"/cases/{cast.case}/team/leave")
    theirs.send(f"/cases/{cast.case}/team/leave")
    with cast.platform.reading() as db:
        assert db.query(AuditEntry).filter(AuditEntry.event == "tampering found").count() == 0
        assert db.get_one(Person, cast.second.id).serial == 2


def test_an_account_made_twice_says_how_to_get_a_code(cast: Cast, browser: Browser) -> None:
    code = invite.invite_staff(cast.platform, Role.FACILITATOR, "Fritz Facilitator")
    browser.open("/invitation/code")
    form = browser.send("/invitation", code=code)
    assert "colleagues hand your cases over to you again" in form.text
    for expect in (200, 400):
        browser.page = form
        page = browser.send("/invitation/account", expect, sign_in_name="fritz", password=NEW)
    assert "pressed the button twice" in page.text
    mine = signed_in(cast, "fritz")
    mine.open("/account/recovery")
    code_on(mine.send("/account/recovery", current_password=NEW))


def test_no_page_with_a_code_is_kept_by_a_browser(cast: Cast, browser: Browser) -> None:
    client = cast.harmed.browser()
    client.open("/account/recovery")
    token = client.page.forms[-1].fields["csrf_token"]
    answer = client.client.post(
        "/account/recovery",
        data={"csrf_token": token, "current_password": PASSWORD},
        base_url="https://localhost",
    )
    assert "no-store" in answer.headers["Cache-Control"] and normal(answer)


def test_an_administrator_is_told_no_name_of_a_case(cast: Cast) -> None:
    helper = cast.administrator.browser()
    page = helper.open(f"/resets/{cast.harmed.id}")
    assert "A reset code for this person" in page.text and "Hanna" not in page.text
    assert "Sam Second" in helper.open(f"/resets/{cast.second.id}").text
