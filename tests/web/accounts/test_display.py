"""How pages are for somebody: their own choice, on their own pages, and nowhere else."""

import re

import pytest
from sqlalchemy import update

from letters.rules.display import DisplayChoice, ForHarmed, ForResponsible
from letters.rules.errors import NotPossibleNow
from letters.storage.tables.accounts import DisplayRow as Row
from letters.workflow.accounts import display, sign_in
from letters.workflow.reading import in_parts
from letters.workflow.reading.in_parts import ReadingWay
from letters.workflow.writing import for_myself
from tests.cast import Cast, Player
from tests.web.conftest import sqlite_alone
from tests.web.pages import BASE, normal

pytestmark = sqlite_alone

ALL = DisplayChoice(True, True, ForHarmed.SURVIVOR, ForResponsible.PERSON_RESPONSIBLE)


def test_without_a_choice_nothing_is_large_and_nothing_reads(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    in_parts.open_at(cast.platform, cast.responsible.me, letter, ReadingWay.ALL)
    browser = cast.responsible.browser()
    page = browser.open(f"/for-you/{letter}").body
    assert 'class="large-type"' not in page and "aloud" not in page
    browser.open("/account/comfort")
    browser.send("/account/comfort", large="yes", aloud="yes")
    page = browser.open(f"/for-you/{letter}").body
    assert '<html lang="en-GB" class="large-type">' in page and "/static/aloud.js" in page


def test_reading_aloud_is_where_words_are_shown_and_nowhere_else(cast: Cast) -> None:
    draft, own = (cast.draft(cast.harmed),
                  for_myself.begin_words(cast.platform, cast.harmed.me, "For me."))
    browser = cast.harmed.browser()
    browser.open("/account/comfort")
    browser.send("/account/comfort", aloud="yes")
    with_it = [path for path in ("/home", "/pace", "/for-you", f"/letters/{draft}/write",
                                 f"/letters/{draft}/read-back", f"/for-myself/{own}")
               if "/static/aloud.js" in browser.open(path).body]
    assert with_it == [f"/letters/{draft}/read-back", f"/for-myself/{own}"]


def test_whoever_takes_part_or_works_here_has_their_own_words(cast: Cast) -> None:
    browser = cast.harmed.browser()
    assert "the person harmed sets" in browser.open("/safety").text
    browser.open("/account/comfort")
    browser.send("/account/comfort", harmed="survivor", responsible="person-responsible")
    assert "the survivor sets" in browser.open("/safety").text
    desk = cast.first.browser()
    cast.submitted(cast.harmed)
    assert "Person harmed" in desk.open("/desk").text
    desk.open("/account/comfort")
    desk.send("/account/comfort", harmed="victim", responsible="person-responsible")
    page = desk.open("/desk").text
    assert "Victim" in page and "Person harmed" not in page
    case = desk.open(f"/cases/{cast.case}").text.lower()
    assert ("person responsible" in case and "person harmed" not in case
            and "person who harmed" not in case)


@pytest.mark.parametrize(("field", "word"),
                         [("harmed", "fool"), ("responsible", "offender"), ("harmed", "")])
def test_a_word_that_is_not_on_the_list_is_refused_and_the_rest_kept_as_chosen(
    cast: Cast, field: str, word: str
) -> None:
    browser = cast.harmed.browser()
    browser.open("/account/comfort")
    sent = {"large": "yes", "harmed": "survivor",
            "responsible": "person-responsible"} | {field: word}
    page = browser.send("/account/comfort", 400, **sent)
    assert "Choose one of those that are offered." in page.text
    assert re.search(r'id="large" name="large" type="checkbox" value="yes" checked', page.body)
    assert "large-type" not in browser.open("/safety").body


def test_a_row_that_somebody_wrote_cannot_bring_a_word(cast: Cast) -> None:
    display.choose(cast.platform, cast.harmed.me, ALL)
    with cast.platform.writing() as db:
        db.execute(update(Row).values(word_harmed="liar", word_responsible="offender"))
    page = cast.harmed.browser().open("/safety")
    assert "the person harmed sets" in page.text and "liar" not in page.body


def test_a_session_that_has_ended_leaves_no_row(cast: Cast) -> None:
    me = cast.harmed.me
    sign_in.sign_out(cast.platform, cast.harmed.token)
    with pytest.raises(NotPossibleNow):
        display.choose(cast.platform, me, ALL)


def test_rule_22_what_one_chooses_changes_no_byte_for_anybody_else(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    in_parts.open_at(cast.platform, cast.responsible.me, letter, ReadingWay.ALL)
    cast.submitted(cast.harmed)
    mine = ("/home", "/safety", "/letters", "/for-you", f"/for-you/{letter}", "/agreement",
            "/account")
    others = [(cast.responsible, mine),
              (cast.first,
               ("/desk", f"/cases/{cast.case}", f"/cases/{cast.case}/people/{cast.harmed.id}"))]
    before = [seen(player, paths) for player, paths in others]
    display.choose(cast.platform, cast.harmed.me, ALL)
    assert [seen(player, paths) for player, paths in others] == before


def seen(player: Player, paths: tuple[str, ...]) -> list[tuple[list[tuple[str, str]], str]]:
    client = player.browser().client
    answers = [client.get(path, base_url=BASE) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return [(sorted(one for one in answer.headers.items() if one[0] != "Set-Cookie"),
             normal(answer))
            for answer in answers]
