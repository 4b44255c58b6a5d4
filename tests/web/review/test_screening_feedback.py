"""The screening on pages: gentle suggestions before sending, the case's list, what facilitators say
back."""

from dataclasses import replace

from letters.commands.screening_report import screening
from letters.rules.case.framework import STATISTICS
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.screening import Finding, Preferences
from letters.workflow.preparation import consent, names_list
from letters.workflow.screening import self_check
from tests.cast import Cast

PRESSING = "You have to forgive me now."
HIDDEN_FROM_WRITERS = "Call me on 07700 900123. I will find you and hurt you. M\u200beet me."
TITLE = "You could look at these again"


def test_who_harmed_is_shown_suggestions_and_can_send_all_the_same(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.draft(cast.responsible, f"{PRESSING}\n\n{HIDDEN_FROM_WRITERS}")
    browser = cast.responsible.browser()
    page = browser.open(f"/letters/{letter}/check")
    suggested = page.body[page.body.index('id="look-again"'):page.body.index("Who will read it")]
    assert TITLE in page.text and PRESSING in suggested and f"/letters/{letter}/write" in suggested
    assert not any(words in suggested for words in ("07700", "find you", "eet me"))
    browser.send(f"/letters/{letter}/send")
    assert cast.state(letter) is State.IN_REVIEW


def test_the_person_harmed_is_shown_them_only_when_she_asks(cast: Cast) -> None:
    letter = cast.draft(cast.harmed, PRESSING)
    page = cast.harmed.browser().open(f"/letters/{letter}/check")
    assert TITLE not in page.text and f"/letters/{letter}/check?look=yes#look-again" in page.links
    assert PRESSING in cast.harmed.browser().open(f"/letters/{letter}/check?look=yes").text


def test_rule_22_suggestions_tell_nothing_of_the_others_wishes_or_the_cases_list(
    cast: Cast,
) -> None:
    cast.open_the_way_back()
    letter = cast.draft(cast.responsible, "I saw Oriole.")
    before = cast.responsible.browser().open(f"/letters/{letter}/check").text
    names_list.save_names(cast.platform, cast.first.me, cast.case,
                          names_list.ListedNames(("Oriole",)))
    assert cast.responsible.browser().open(f"/letters/{letter}/check").text == before


def test_a_screening_in_trouble_shows_no_suggestion_and_no_error(cast: Cast) -> None:
    def fails(text: str, writer: Role, preferences: Preferences) -> tuple[Finding, ...]:
        raise MemoryError

    platform = replace(cast.platform, screening=fails)
    assert self_check.suggestions_for(platform, cast.responsible.me, PRESSING, False) == ()
    assert self_check.suggestions_for(cast.platform, cast.responsible.me, PRESSING, False)


def test_the_team_keeps_names_and_places(cast: Cast) -> None:
    browser = cast.first.browser()
    assert f"/cases/{cast.case}/names" in browser.open(f"/cases/{cast.case}/safety").links
    browser.open(f"/cases/{cast.case}/names")
    page = browser.send(f"/cases/{cast.case}/names", 400, names="Oriole\n" + "x" * 81, places="")
    assert "80 characters at most" in page.text and "x" * 81 in page.body
    browser.send(f"/cases/{cast.case}/names", names="Oriole\nOriole\n", places="Wagtail Lane")
    assert names_list.names_for(cast.platform, cast.second.me, cast.case) == names_list.ListedNames(
        ("Oriole",), ("Wagtail Lane",)
    )


def test_findings_are_marked_and_what_was_missed_is_kept(cast: Cast) -> None:
    consent.give(cast.platform, cast.harmed.me, cast.case, [STATISTICS])
    letter, browser = cast.submitted(cast.harmed, "Call me on 07700 900123."), cast.first.browser()
    browser.open(f"/desk/{letter}")
    browser.send(f"/desk/{letter}/claim")
    browser.send(f"/desk/{letter}/decide", **{"not-helpful-1": "yes", "then": "save"})
    assert 'name="not-helpful-1" type="checkbox" value="yes" checked' in " ".join(
        browser.open(f"/desk/{letter}").body.split())
    page = browser.send(f"/desk/{letter}/missed", 400,
                        **{"missed-category": "", "missed-words": "It hints."})
    assert "Choose what it is." in page.text and "It hints." in page.body
    browser.send(f"/desk/{letter}/missed",
                 **{"missed-category": "control", "missed-words": "It hints."})
    assert "It hints." in cast.second.browser().open(f"/desk/{letter}").text
    cast.app.cli.add_command(screening)
    told = cast.app.test_cli_runner().invoke(args=["screening", "report"])
    assert "control: fewer than five" in told.output and "It hints" not in told.output
