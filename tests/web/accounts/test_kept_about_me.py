"""The page that says what is kept about me, and the copy that it gives."""

import json

import pytest
from werkzeug.test import TestResponse

from letters.rehearsal.browser import Browser
from letters.workflow import messages
from letters.workflow.preparation import consent
from letters.workflow.reading import in_parts
from letters.workflow.reading.in_parts import ReadingWay
from letters.workflow.release import pace
from letters.workflow.writing import for_myself
from tests.cast import PASSWORD, Cast, Player
from tests.web.pages import BASE

PLACE = "/account/kept"
ODD = "A heron <b>stood</b> & looked."


def taken(player: Player, form: str, password: str = PASSWORD) -> TestResponse:
    browser: Browser = player.browser()
    page = browser.open(PLACE)
    [fields] = [one.fields for one in page.forms if one.action == PLACE]
    return browser.client.post(
        PLACE, base_url=BASE, data={**fields, "current_password": password, "form": form})


@pytest.mark.parametrize("player", ["harmed", "responsible"])
def test_the_page_says_who_can_read_what(cast: Cast, player: str) -> None:
    browser = getattr(cast, player).browser()
    assert PLACE in browser.open("/account").links
    page = browser.open(PLACE)
    assert "Drafts, and versions you did not send Only you." in page.text
    assert "Whoever controls the running server could read" in page.text
    assert ("Words for yourself" in page.text) is (player == "harmed")


@pytest.mark.parametrize("player", ["first", "administrator"])
def test_it_is_for_those_who_take_part(cast: Cast, player: str) -> None:
    browser = getattr(cast, player).browser()
    assert PLACE not in browser.open("/account").links
    browser.open(PLACE, 403)


@pytest.mark.parametrize(("form", "name"),
                         [("page", "my-copy.html"), ("data", "my-copy.json")])
def test_it_comes_as_a_file_that_no_browser_keeps(cast: Cast, form: str, name: str) -> None:
    answer = taken(cast.harmed, form)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_password_gives_nothing(cast: Cast) -> None:
    cast.draft(cast.harmed, ODD)
    answer = taken(cast.harmed, "data", "not it")
    assert answer.status_code == 400 and "heron" not in answer.text
    assert "Content-Disposition" not in answer.headers


def test_guessing_gets_slow(cast: Cast) -> None:
    assert [taken(cast.harmed, "data", "not it").status_code for _ in range(4)][-1] == 429


def test_another_form_than_the_two_is_refused(cast: Cast) -> None:
    assert taken(cast.harmed, "pdf").status_code == 400


def test_the_copy_for_a_program_has_my_words_as_i_wrote_them(cast: Cast) -> None:
    cast.draft(cast.harmed, ODD)
    for_myself.begin_words(cast.platform, cast.harmed.me, "For nobody else.")
    messages.answer(cast.platform, cast.harmed.me, cast.case, "A word with you.")
    told = json.loads(taken(cast.harmed, "data").text)
    assert told["letters"][0]["versions"][0]["text"] == ODD
    assert told["for_myself"][0]["text"] == "For nobody else."
    assert told["messages"][0]["text"] == "A word with you." and told["messages"][0]["from"]
    assert told["pace"]["minimum_gap_days"] >= 0 and told["taking_part"]
    assert told["how_to_reach_me"]["address"] == ""


def test_the_copy_to_read_runs_nothing_and_leads_nowhere(cast: Cast) -> None:
    letter = cast.released(cast.harmed, ODD)
    in_parts.open_at(cast.platform, cast.responsible.me, letter, ReadingWay.ALL)
    body = taken(cast.responsible, "page").text
    assert "A heron &lt;b&gt;stood&lt;/b&gt; &amp; looked." in body
    assert not [tag for tag in ("<script", "<a ", "<link", "<img", "<form") if tag in body]
    assert "My pace" in taken(cast.harmed, "page").text and "My pace" not in body


def test_rule_22_what_the_other_side_decides_changes_no_copy(cast: Cast) -> None:
    """The person harmed reads, pauses and withdraws; the copy of the other stays the same."""
    cast.open_the_way_back()
    letter = cast.released(cast.responsible, ODD)

    def copy() -> dict[str, object]:
        told = json.loads(taken(cast.responsible, "data").text)
        return {name: part for name, part in told.items() if name != "made"}

    before = copy()
    assert "released" not in json.dumps(before)
    in_parts.open_at(cast.platform, cast.harmed.me, letter, ReadingWay.ALL)
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    consent.withdraw(cast.platform, cast.harmed.me, cast.case)
    assert copy() == before


def test_it_may_be_taken_twice_from_one_page(cast: Cast) -> None:
    browser = cast.harmed.browser()
    browser.open(PLACE)
    for _ in range(2):
        assert "attachment" in browser.client.post(PLACE, base_url=BASE, data={
            **next(one.fields for one in browser.page.forms if one.action == PLACE),
            "current_password": PASSWORD, "form": "data"}).headers["Content-Disposition"]
