"""Rule 6: the person harmed chooses the facilitator, from profiles that facilitators write
themselves."""

import pytest

from letters.storage.tables.team import Profile
from letters.workflow.platform import SignedIn
from letters.workflow.record import record
from tests.attacks.attacker import Attacker
from tests.cast import Cast, Player

WORDS = {"languages": "English, Welsh", "gender": "a woman", "experience": "Nine years.",
         "words": "I listen <b>first</b>", "what-0": "Facilitating", "when-0": "March 2025",
         "what-21": "Sexual harm", "when-21": ""}


def tell(player: Player, **changed: str) -> None:
    browser = player.browser()
    browser.open("/profile")
    browser.send("/profile", **{**WORDS, **changed})


def chosen(cast: Cast) -> tuple[object, bool]:
    with cast.platform.reading() as db:
        process = record.to_decide(cast.platform, db, cast.case).process
    return process.chosen, process.wishes_another is not None


def test_rule_6_profiles_are_read_and_one_of_the_team_is_chosen(cast: Cast) -> None:
    tell(cast.first)
    browser = cast.harmed.browser()
    page = browser.open("/facilitators")
    for words in ("Frances First", "Sam Second", "English, Welsh", "a woman", "Nine years.",
                  "I listen <b>first</b>",
                  "Facilitating, March 2025", "Sexual harm", "You have chosen Frances First."):
        assert words in page.text
    assert "<b>" not in page.body
    browser.forge("/facilitators/choose", 200, facilitator=str(cast.second.id))
    assert chosen(cast) == (cast.second.id, False)
    assert "You have chosen Sam Second." in browser.page.text


def test_who_may_be_asked_is_shown_and_can_be_wished_for_and_nobody_else(cast: Cast) -> None:
    browser = cast.harmed.browser()
    tell(cast.stranger_facilitator)
    assert "Ellis Elsewhere" not in browser.open("/facilitators").text
    tell(cast.stranger_facilitator, may_be_asked="yes")
    assert "Ellis Elsewhere" in browser.open("/facilitators").text
    # not in the team
    browser.forge("/facilitators/choose", 409, facilitator=str(cast.stranger_facilitator.id))
    browser.open("/facilitators")
    assert "You asked for another facilitator" in browser.forge(
        "/facilitators/wish", 200, facilitator=str(cast.stranger_facilitator.id)).text
    assert chosen(cast) == (cast.first.id, True)
    assert "You asked for another" in browser.open("/home").text
    browser.open("/facilitators")
    browser.forge("/facilitators/choose", 200, facilitator=str(cast.first.id))  # stay after all
    assert chosen(cast) == (cast.first.id, False)


def test_another_can_be_wished_for_without_saying_whom(cast: Cast) -> None:
    browser = cast.harmed.browser()
    browser.open("/facilitators")
    browser.forge("/facilitators/wish", 200)
    assert chosen(cast) == (cast.first.id, True)


def test_a_profile_is_changed_and_what_is_wrong_is_kept_as_typed(cast: Cast) -> None:
    tell(cast.first)
    browser = cast.first.browser()
    assert browser.open("/profile").forms[-1].fields["words"] == "I listen <b>first</b>"
    page = browser.send("/profile", 400, experience="x" * 1001,
                        **{"what-0": "", "when-0": "May 2026"})
    assert "more than 1,000 characters" in page.text
    assert page.forms[-1].fields["experience"] == "x" * 1001
    browser.send("/profile", 400, experience="", **{"what-0": "", "when-0": "May 2026"})
    assert "Write what this training was" in browser.page.text
    browser.send("/profile", words="", **{"what-0": "", "when-0": "", "what-1": "", "when-1": ""})
    assert "I listen" not in cast.harmed.browser().open("/facilitators").text


def test_a_profile_cannot_be_put_under_another_name(cast: Cast, in_service: object) -> None:
    tell(cast.stranger_facilitator)
    attacker = Attacker(cast.platform)
    kept = attacker.rows(Profile)[0]
    assert b"Welsh" not in kept["sealed"]
    attacker.put(Profile, kept, person_id=cast.first.id)
    cast.harmed.browser().open("/facilitators", 500)


@pytest.mark.parametrize("name", ["harmed", "supervisor", "administrator"])
def test_only_facilitators_have_a_profile(cast: Cast, name: str) -> None:
    from letters.rules.errors import NotAllowed
    from letters.workflow.preparation import facilitators

    me: SignedIn = getattr(cast, name).me
    for verb in (
        lambda: facilitators.own_profile(cast.platform, me),
        lambda: facilitators.save_profile(cast.platform, me, facilitators.ProfileText()),
    ):
        with pytest.raises(NotAllowed):
            verb()
