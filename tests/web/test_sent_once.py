"""A form that arrives twice is carried out once, and whoever sent it twice is led to where the
first led."""

import re
from collections.abc import Callable
from threading import Thread
from time import sleep
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import func, select

from letters.rehearsal.browser import Browser
from letters.storage.tables.accounts import NeverSent, SentForm
from letters.storage.tables.letters import Case, Letter, Note
from letters.workflow import sent_once
from tests.cast import Cast
from tests.web.pages import BASE


def form_of(browser: Browser, page: str, action: str) -> dict[str, str]:
    return next(form.fields for form in browser.open(page).forms if form.action == action)


def messages(cast: Cast) -> tuple[Browser, str, dict[str, str], Any]:
    return (cast.harmed.browser(), "/messages", {"words": "Good morning."},
            select(func.count()).select_from(Note))


def cases(cast: Cast) -> tuple[Browser, str, dict[str, str], Any]:
    fields = {"source": "HARMED", "interest": "none", "words": "She called."}
    return cast.first.browser(), "/cases/new", fields, select(func.count()).select_from(Case)


def own_words(cast: Cast) -> tuple[Browser, str, dict[str, str], Any]:
    return (cast.harmed.browser(), "/for-myself/new", {"text": "Mine."},
            select(func.count()).select_from(NeverSent))


def letters(cast: Cast) -> tuple[Browser, str, dict[str, str], Any]:
    return cast.harmed.browser(), "/letters/new", {}, select(func.count()).select_from(Letter)


KINDS: dict[str, Callable[[Cast], tuple[Browser, str, dict[str, str], Any]]] = {
    "messages": messages, "cases": cases, "own words": own_words, "letters": letters}
PAGES = {"letters": "/letters"}


def number(cast: Cast, counted: Any) -> int:
    with cast.platform.reading() as db:
        return db.execute(counted).scalar_one()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_form_twice_makes_one(cast: Cast, kind: str) -> None:
    """A double click, or a line that broke after the words had arrived."""
    browser, action, typed, counted = KINDS[kind](cast)
    fields = {**form_of(browser, PAGES.get(kind, action), action), **typed}
    before = number(cast, counted)
    answers = [browser.client.post(action, data=fields, base_url=BASE) for _ in range(3)]
    made = number(cast, counted) - before
    assert {answer.status_code
            for answer in answers} == {302} and len({a.headers["Location"] for a in answers}) == 1
    again = {**form_of(browser, PAGES.get(kind, action), action), **typed}
    assert browser.client.post(action, data=again, base_url=BASE).status_code == 302
    assert (number(cast,
                  counted) - before == 2 * made
            and made > 0), "sent anew from a new page it is another"


def test_both_at_once_make_one_and_lead_to_the_same(cast: Cast, app: Flask) -> None:
    browser, action, typed, counted = cases(cast)
    fields, before, led = {**form_of(browser, action, action), **typed}, number(cast, counted), []
    cookies = [(name, browser.client.get_cookie(name, domain="localhost")) for name in (
        "__Host-session", "__Host-forms")]

    def send() -> None:
        client = app.test_client()
        for name, cookie in cookies:
            client.set_cookie(name, cookie.value, domain="localhost", secure=True)
        led.append(client.post(action, data=fields, base_url=BASE).headers["Location"])
    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert number(cast, counted) - before == 1 and len(led) == 2 and len(set(led)) == 1


def test_a_form_that_was_refused_can_be_sent_again(cast: Cast) -> None:
    browser, action, typed, counted = cases(cast)
    fields, before = {**form_of(browser, action, action), **typed}, number(cast, counted)
    for _ in range(2):
        assert browser.client.post(action, data={**fields, "source": ""},
                                   base_url=BASE).status_code == 400
    assert browser.client.post(action, data=fields, base_url=BASE).status_code == 302
    assert number(cast, counted) - before == 1


def test_a_code_that_is_shown_once_is_made_once(cast: Cast) -> None:
    action = f"/cases/{cast.case}/invite-again"
    browser = cast.first.browser()
    browser.open(f"/cases/{cast.case}/people")
    new = browser.send(f"/cases/{cast.case}/invite", role="other", name="Ola Odd")
    assert re.search(r"[0-9A-Z]{4}", new.text)
    fields = form_of(browser, f"/cases/{cast.case}/people", action)
    first, second = (browser.client.post(action, data=fields, base_url=BASE) for _ in range(2))
    assert (first.status_code,
            second.status_code) == (200, 409) and "This has arrived already" in second.text


def test_what_was_lost_with_its_process_is_carried_out_a_minute_later(cast: Cast) -> None:
    key = sent_once.key_of(cast.platform, cast.harmed.me, "a token", "said")
    assert sent_once.begin_form(cast.platform, key) and not sent_once.begin_form(cast.platform, key)
    cast.clock.advance(minutes=1)
    assert sent_once.begin_form(cast.platform, key) and not sent_once.begin_form(cast.platform, key)
    sent_once.end(cast.platform, key, "/home")
    cast.clock.advance(minutes=2)
    assert not sent_once.begin_form(cast.platform,
                                    key) and sent_once.led_to(cast.platform, key) == "/home"
    cast.clock.advance(days=1)
    assert sent_once.begin_form(cast.platform, key)


def test_no_word_of_a_form_is_in_the_database(cast: Cast) -> None:
    """Not even to be guessed at: the token that is hashed with it stands in the page alone."""
    keys = {sent_once.key_of(cast.platform, cast.harmed.me, token, "the same words")
            for token in ("one", "other")}
    assert len(keys) == 2
    browser, action, typed, _ = messages(cast)
    fields = {**form_of(browser, action, action), **typed}
    browser.client.post(action, data=fields, base_url=BASE)
    with cast.platform.reading() as db:
        [row] = db.scalars(select(SentForm)).all()
    assert row.led_to == action and fields["once"].encode() not in row.key


def test_a_form_that_is_refused_while_its_double_waits_is_refused_twice(
    cast: Cast, app: Flask
) -> None:
    """Each with its words, and neither is told that it arrived."""
    browser, action, _, _ = messages(cast)
    fields, view, said = {**form_of(browser, action, action),
                          "words": "goshawk " * 3000}, app.view_functions, []
    plain = view["contact_team.form"]

    def slow(**values: object) -> object:
        sleep(0.5 if request.method == "POST" else 0)
        return plain(**values)

    def send() -> None:
        client = app.test_client()
        for name in ("__Host-session", "__Host-forms"):
            client.set_cookie(name, browser.client.get_cookie(name, domain="localhost").value,
                              domain="localhost",
                              secure=True)
        said.append(client.post(action, data=fields, base_url=BASE))

    view["contact_team.form"] = slow
    try:
        threads = [Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        view["contact_team.form"] = plain
    assert [answer.status_code for answer in said] == [400, 400]
    assert all("goshawk" in answer.text and "arrived already" not in answer.text for answer in said)
