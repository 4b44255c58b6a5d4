"""Telling the facilitators: a risk (rule 10), a request (rule 6), an acknowledgement withdrawn
(rule 3)."""

import pytest

from letters.rules.case.process import Process
from letters.workflow.record import record
from tests.cast import Cast, Player
from tests.web.pages import BASE, normal


def process(cast: Cast) -> Process:
    with cast.platform.reading() as db:
        return record.to_decide(cast.platform, db, cast.case).process


def tell(player: Player, about: str, words: str = "Somebody waited at my door.",
         expect: int = 200) -> str:
    browser = player.browser()
    browser.open("/messages")
    return browser.send("/messages", expect, about=about, words=words).text


def test_rule_10_a_risk_is_told_by_anybody_and_holds_releases(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    tell(cast.other, "risk")
    assert len(process(cast).risks) == 1
    assert cast.release() == 0
    assert cast.row(letter).released_at is None


def test_a_request_of_the_person_who_harmed_is_kept_and_nothing_follows(cast: Cast) -> None:
    before = process(cast)
    tell(cast.responsible, "request", "I want to write to her.")
    after = process(cast)
    assert len(after.requests) == 1
    assert (after.sources, after.risks, after.tasks) == (before.sources, before.risks, before.tasks)
    assert "nothing follows by itself" in cast.responsible.browser().open("/messages").text


def test_rule_3_the_acknowledgement_is_withdrawn_without_a_word_and_nothing_is_released(
    cast: Cast,
) -> None:
    cast.approved(cast.harmed)
    tell(cast.responsible, "acknowledgement", "")
    assert process(cast).acknowledgement is None
    assert cast.release() == 0


def test_the_answer_is_the_same_whatever_was_told(cast: Cast) -> None:
    said = set()
    for player, about in ((cast.harmed, "risk"), (cast.harmed, "request"),
                          (cast.responsible, "risk"),
                          (cast.responsible, "request"), (cast.responsible, "acknowledgement")):
        tell(player, about)
        page = normal(player.browser().client.get("/messages/kept", base_url=BASE))
        said.add(page.split("<footer")[0])  # the foot says Stop, or Stop or pause
    assert len(said) == 1


@pytest.mark.parametrize("about", ["acknowledgement", "", "RISK"])
def test_what_is_not_offered_is_not_taken_and_what_was_typed_stays(cast: Cast, about: str) -> None:
    browser, before = cast.harmed.browser(), cast.case_row().audit_number
    assert "acknowledgement" not in browser.open("/messages").body
    page = browser.send("/messages", 400, about=about, words="My words.")
    assert "Choose what it is about." in page.text
    assert page.forms[-1].fields["words"] == "My words."
    assert cast.case_row().audit_number == before


@pytest.mark.parametrize("words", ["", " \n", "x" * 10_001])
def test_words_are_needed_and_can_be_too_many(cast: Cast, words: str) -> None:
    tell(cast.harmed, "risk", words, 400)
    assert not process(cast).risks
