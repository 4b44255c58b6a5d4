"""Rules 17 and 24: what is agreed before the first letter, for each of the two in their own
words."""

import pytest

from letters.rules.case.process import Source, Terms
from letters.workflow.preparation import agreement
from tests.cast import Cast


@pytest.fixture
def newer(cast: Cast) -> None:
    """A version that waits for both."""
    own = {cast.harmed.id: "You hear of the trial.", cast.responsible.id: "You tell of the trial."}
    wording = agreement.Wording("The trial.", "Ms Harmed", ("darling", "sorry if"), own)
    agreement.propose(cast.platform, cast.first.me, cast.case, Terms(Source.HARMED, 3, 14), wording)


def test_rule_17_each_reads_the_terms_in_words_and_their_own_alone(cast: Cast, newer: None) -> None:
    harmed, responsible = (player.browser().open("/agreement").text
                           for player in (cast.harmed, cast.responsible))
    for page in (harmed, responsible):
        for words in ("The trial.", "Ms Harmed", "darling, sorry if",
                      "At least 14 days lie between two letters."):
            assert words in page
        assert "What stands until then" in page and "What happened that night, and since." in page
    assert "Who writes first You" in harmed and "At most 3 letters may reach you in all." in harmed
    assert ("Who writes first The other person" in responsible
            and "At most 3 letters of yours" in responsible)
    assert "You hear of the trial." in harmed and "You hear of the trial." not in responsible
    assert "You tell of the trial." in responsible and "You tell of the trial." not in harmed


@pytest.mark.parametrize(("first", "other"), [("harmed", "responsible"), ("responsible", "harmed")])
def test_nobody_sees_whether_the_other_has_agreed_until_both_have(
    cast: Cast, newer: None, first: str, other: str
) -> None:
    one, two = getattr(cast, first).browser(), getattr(cast, other).browser()
    before = two.open("/agreement").text
    one.open("/agreement")
    page = one.send("/agreement")
    assert "You have agreed to this version." in page.text and "This is agreed." not in page.text
    assert two.open("/agreement").text == before
    assert "This is agreed." in two.send("/agreement").text
    assert "This is agreed." in one.open("/agreement").text
    assert "What stands until then" not in one.page.text


def test_a_newer_version_is_not_agreed_to_by_the_form_of_an_older_one(
    cast: Cast, newer: None
) -> None:
    browser = cast.harmed.browser()
    browser.open("/agreement")
    agreement.propose(cast.platform, cast.first.me, cast.case, Terms(),
                      agreement.Wording("", "", (), {}))
    assert "There is a newer version by now." in browser.send("/agreement", 409).text
    assert not agreement.agreement_for(cast.platform, cast.harmed.me, cast.case).i_agreed


def test_before_there_is_one_the_page_says_so(cast: Cast) -> None:
    for player in (cast.stranger_harmed, cast.stranger_responsible):
        assert "There is no agreement yet." in player.browser().open("/agreement").text
