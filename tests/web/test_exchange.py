"""The room of those who take part: home, consent, stop."""

import pytest

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
