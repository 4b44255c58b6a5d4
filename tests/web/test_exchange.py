"""The room of those who take part: home, consent, pace, stop."""

import pytest
from flask import Flask

from letters.rehearsal.browser import Browser
from letters.storage.queries import case_of_participant
from letters.workflow import exchange
from tests.cast import Cast


def consents(cast: Cast, name: str) -> bool:
    with cast.house.store.reading() as db:
        found = case_of_participant(db, getattr(cast, name).id)
    assert found is not None
    return found[1].consented_at is not None and found[1].withdrawn_at is None


def go(browser: Browser, path: str, **fields: str) -> Browser:
    browser.open(path)
    browser.send(path, **fields)
    return browser


@pytest.mark.parametrize("name", ["harmed", "responsible"])
def test_consent_is_withdrawn_where_it_was_given_and_given_again(cast: Cast, name: str) -> None:
    browser = getattr(cast, name).browser()
    go(browser, "/consent", answer="withdraw")
    assert "You have withdrawn." in browser.page.text
    assert not consents(cast, name)
    go(browser, "/consent", answer="yes")
    assert consents(cast, name)


@pytest.mark.parametrize("answer", ["", "YES", "no", "yes\0", "<b>yes</b>"])
def test_an_answer_that_is_none_changes_nothing(cast: Cast, answer: str) -> None:
    go(cast.harmed.browser(), "/consent", answer=answer)
    assert consents(cast, "harmed")


def test_taking_part_changes_nothing_in_a_sentence_and_the_one_concerned_is_told(cast: Cast) -> None:
    told = "Taking part changes nothing in a sentence, parole or status."
    assert told in cast.responsible.browser().open("/consent").text
    assert told not in cast.harmed.browser().open("/consent").text


@pytest.mark.parametrize(("typed", "days"), [("0", 0), ("366", 366), (" 7 ", 7), ("007", 7)])
def test_a_gap_is_kept(cast: Cast, typed: str, days: int) -> None:
    go(cast.harmed.browser(), "/pace", do="gap", minimum_gap_days=typed)
    assert cast.case_row().minimum_gap_days == days


@pytest.mark.parametrize("typed", ["", "-1", "367", "1.5", "ten", "9" * 5000, "²", "٣", "1e2", "\0", "<b>"])
def test_a_gap_that_is_none_is_said_at_its_field_and_kept_as_typed(cast: Cast, typed: str) -> None:
    browser = cast.harmed.browser()
    browser.open("/pace")
    page = browser.send("/pace", 400, do="gap", minimum_gap_days=typed)
    assert "Write a whole number of days from 0 to 366." in page.text
    assert next(form.fields["minimum_gap_days"] for form in page.forms if "minimum_gap_days" in form.fields) == typed
    assert cast.case_row().minimum_gap_days == 0


def test_ready_not_ready_pause_and_go_on(cast: Cast) -> None:
    browser = cast.harmed.browser()
    go(browser, "/pace", do="ready")
    assert cast.case_row().ready_at is not None
    go(browser, "/pace", do="not-ready")
    assert cast.case_row().ready_at is None
    go(browser, "/pace", do="pause")
    assert cast.case_row().paused_at is not None
    assert "You have paused" in browser.open("/home").text
    go(browser, "/pace", do="go-on")
    assert cast.case_row().paused_at is None


@pytest.mark.parametrize("wish", ["", "READY", "stop", "\0"])
def test_a_wish_that_is_none_changes_nothing(cast: Cast, wish: str) -> None:
    before = cast.case_row().audit_number
    go(cast.harmed.browser(), "/pace", do=wish)
    assert cast.case_row().audit_number == before


def test_a_double_submit_counts_once(cast: Cast) -> None:
    browser = go(cast.harmed.browser(), "/pace", do="pause")
    after_one = cast.case_row()
    browser.send("/pace", do="pause")
    assert cast.case_row().paused_at == after_one.paused_at


@pytest.mark.parametrize("name", ["harmed", "responsible"])
def test_stop_is_one_page_one_confirm_no_reason(cast: Cast, name: str) -> None:
    browser = getattr(cast, name).browser()
    page = browser.open("/stop")
    assert all(field == "csrf_token" for form in page.forms if form.action == "/stop" for field in form.fields)
    assert "You have stopped" in browser.send("/stop").text
    assert cast.case_row().stopped_by == getattr(cast, name).id
    assert "You have stopped" in browser.open("/home").text


def test_stop_and_the_safety_page_are_on_every_page_of_those_who_take_part(cast: Cast) -> None:
    for player in (cast.harmed, cast.responsible):
        for path in ("/home", "/consent", "/letters", "/for-you", "/stop"):
            assert {"/stop", "/safety"} <= set(player.browser().open(path).links)


def test_home_has_one_next_step(cast: Cast) -> None:
    cast.released(cast.harmed)
    page = cast.responsible.browser().open("/home")
    assert "There is something for you. No rush." in page.text
    assert page.body.count('class="next-step"') == 1
    exchange.withdraw_consent(cast.house, cast.responsible.me, cast.case)
    page = cast.responsible.browser().open("/home")
    assert "decide whether you want to take part" in page.text
    assert page.body.count('class="next-step"') == 1


def test_what_cannot_start_yet_is_no_link(cast: Cast) -> None:
    page = cast.responsible.browser().open("/home")
    assert "Cannot start yet" in page.text
    assert page.links.count("/letters") == 1  # the navigation alone


def test_the_other_side_sees_nothing_of_the_pace(cast: Cast, in_service: Flask) -> None:
    before = cast.responsible.browser().open("/home").body
    exchange.pause(cast.house, cast.harmed.me, cast.case)
    exchange.set_pace(cast.house, cast.harmed.me, cast.case, 30)
    from tests.web.pages import TOKEN

    assert TOKEN.sub("", cast.responsible.browser().open("/home").body) == TOKEN.sub("", before)
    cast.responsible.browser().open("/pace", expect=403)
