"""The pages of a team: asking, answering, leaving, and what the person harmed sees of it."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from letters.rehearsal.browser import Browser
from letters.storage.tables.letters import AuditEntry, Case
from letters.workflow.team import join_and_leave
from tests.cast import Cast
from tests.web.pages import NO_ID


@pytest.fixture
def page(cast: Cast) -> str:
    """The address of the team's page."""
    return f"/cases/{cast.case}/team"


def spoken_words(body: str) -> str:
    found = re.search(r'<p class="code" translate="no">([a-z -]+)</p>', body)
    assert found is not None
    return found.group(1)


def ask(cast: Cast, page: str, handover: str = "yes") -> Browser:
    """The first facilitator asks the one from elsewhere."""
    browser = cast.first.browser()
    browser.open(page)
    browser.send(f"{page}/ask", colleague=str(cast.stranger_facilitator.id),
                 part="facilitator", handover=handover)
    return browser


def alarms(cast: Cast, case: UUID) -> int:
    with cast.platform.reading() as db:
        return db.query(AuditEntry).filter_by(case_id=case, event="tampering found").count()


def test_a_colleague_is_asked_sees_who_takes_part_and_joins(cast: Cast, page: str) -> None:
    asking = ask(cast, page)
    assert "Ellis Elsewhere" in asking.page.text and "with a handover" in asking.page.text
    new = cast.stranger_facilitator.browser()
    new.open(page, 404)
    shown = new.open(new.open("/cases").link(f"{page}/answer"))
    for name in ("Hanna Harmed", "Robin Responsible", "Frances First", "Sam Second"):
        assert name in shown.text
    new.send(f"{page}/answer", interest="none")
    assert new.page.url == f"/cases/{cast.case}"
    assert "Ellis Elsewhere: none" in new.open(page).text
    new.open(f"{page}/answer", 404)


@pytest.mark.parametrize("who", ["", "x", NO_ID, "harmed", "stranger_responsible"])
def test_only_a_facilitator_is_asked(cast: Cast, page: str, who: str) -> None:
    browser = cast.first.browser()
    browser.open(page)
    person = str(getattr(cast, who).id) if hasattr(cast, who) else who
    browser.send(f"{page}/ask", 404, colleague=person, part="facilitator",
                 handover="yes")


def test_a_colleague_is_asked_once_and_only_when_it_is_said_what_they_will_read(
    cast: Cast, page: str
) -> None:
    browser = cast.first.browser()
    browser.open(page)
    assert ("Choose what your colleague will be able to read." in browser.send(f"{page}/ask",
                                                                               400, handover="")
            .text)
    again = browser.page
    ask(cast, page)
    browser.page = again
    browser.send(f"{page}/ask", 409, colleague=str(cast.stranger_facilitator.id),
                 part="facilitator", handover="no")


def test_an_asking_can_be_taken_back(cast: Cast, page: str) -> None:
    ask(cast, page).send(f"{page}/withdraw")
    new = cast.stranger_facilitator.browser()
    assert f"{page}/answer" not in new.open("/cases").links
    new.open(f"{page}/answer", 404)


def test_who_says_no_gives_no_reason_and_is_asked_no_more(cast: Cast, page: str) -> None:
    ask(cast, page)
    new = cast.stranger_facilitator.browser()
    new.open(f"{page}/answer")
    new.send(f"{page}/answer", do="decline", conflict="My sister.", interest="told")
    assert new.page.url == "/cases"
    new.open(page, 404)
    assert "My sister." not in cast.first.browser().open(page).text


ANSWERS = {
    "nothing chosen": ({}, "Choose one of the two."),
    "a conflict without words": ({"interest": "told"}, "Write a few words for the team."),
    "words without a conflict": ({"interest": "none", "conflict": "Well."}, "take the words away"),
    "not known to the team": ({"interest": "told", "conflict": "We went to school."},
                              "Speak with the team first."),
    "too many words": ({"interest": "told", "conflict": "x" * 10_001, "known": "yes"},
                       "10,000 characters"),
}


@pytest.mark.parametrize("answer", list(ANSWERS))
def test_rule_11_a_conflict_of_interest_is_declared_before_joining(
    cast: Cast, page: str, answer: str
) -> None:
    ask(cast, page)
    fields, words = ANSWERS[answer]
    new = cast.stranger_facilitator.browser()
    new.open(f"{page}/answer")
    shown = new.send(f"{page}/answer", 400, **{"interest": "", **fields})
    assert words in shown.text
    form = next(form for form in shown.forms if form.action == f"{page}/answer")
    assert form.fields["conflict"] == fields.get("conflict", "")
    new.open(page, 404)


def test_what_is_told_of_a_conflict_is_for_the_team_alone_and_shown_as_text(
    cast: Cast, page: str
) -> None:
    ask(cast, page, "no")
    new = cast.stranger_facilitator.browser()
    new.open(f"{page}/answer")
    new.send(f"{page}/answer", interest="told", conflict="We went <so> to school {{ 7*7 }}.",
             known="yes")
    for member in (cast.first, cast.second, cast.stranger_facilitator):
        shown = member.browser().open(page)
        assert ("We went <so> to school {{ 7*7 }}." in shown.text
                and "stated to the team" in shown.text)
    assert "school" not in cast.harmed.browser().open("/who-is-in-the-team").text


def test_leaving_says_why_not_and_otherwise_what_it_means(cast: Cast, page: str) -> None:
    cast.released(cast.harmed)
    browser = cast.second.browser()
    assert "two facilitators at least" in browser.open(page).text
    browser.open(f"{page}/leave")
    browser.forge(f"{page}/leave", 409)
    assert "two facilitators at least" in browser.page.text
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    browser.open(f"{page}/leave")
    browser.send(f"{page}/leave")
    browser.open(page, 404)
    browser.open(f"/cases/{cast.case}", 404)


def test_the_person_harmed_sees_every_change_and_who_can_read_each_letter(
    cast: Cast, page: str
) -> None:
    letter = cast.submitted(cast.harmed)
    browser = cast.harmed.browser()
    assert "Not looked at yet" in browser.open("/home").text
    first_look = browser.open(browser.open("/home").link("/who-is-in-the-team"))
    assert ("Frances First, since" in first_look.text
            and "The team has changed" not in first_look.text)
    assert "As you know it" in browser.open("/home").text
    ask(cast, page, "no")
    # to be asked is not to be in it
    assert "The team has changed" not in browser.open("/home").text
    join_and_leave.answer(cast.platform, cast.stranger_facilitator.me, cast.case, joins=True)
    join_and_leave.leave(cast.platform, cast.stranger_facilitator.me, cast.case)
    home = browser.open("/home")
    assert "The team has changed" in home.text and "Ellis" not in home.text
    shown = browser.open("/who-is-in-the-team")
    assert "The team has changed" in shown.text
    assert re.search(r"Ellis Elsewhere, since .* until .*; can open nothing here any more",
                     shown.text)
    readers = shown.body.split("Your letter of")[1].split("</ul>")[0]
    assert [name in readers
            for name in ("Frances First", "Sam Second", "Ellis Elsewhere")] == [True, True, False]
    assert "The team has changed" not in browser.open("/home").text
    assert cast.row(letter).id == letter


def test_everybody_sees_the_same_words_and_others_after_a_change(cast: Cast, page: str) -> None:
    def seen() -> set[str]:
        pages = [(cast.first, page), (cast.second, page), (cast.harmed, "/who-is-in-the-team")]
        return {spoken_words(who.browser().open(where).body) for who, where in pages}

    before = seen()
    assert len(before) == 1 and len(next(iter(before)).split()) >= 6
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    assert len(seen()) == 1 and seen() != before


def test_a_team_that_does_not_verify_leaves_the_home_page_there_and_shows_no_team(
        cast: Cast, in_service: Flask, page: str) -> None:
    with cast.platform.writing() as db:
        db.execute(update(Case).where(Case.id == cast.case).values(epoch=7))
    home = cast.harmed.browser().open("/home")
    assert "could not be checked" in home.text
    assert alarms(cast, cast.case) == 1  # of the stage and of the team, which are one subject
    for who, where in ((cast.harmed, "/who-is-in-the-team"), (cast.first, page)):
        assert "This cannot be shown" in who.browser().open(where, 500).text
    cast.harmed.browser().open("/stop")


def test_somebody_who_joined_without_a_handover_is_not_led_to_earlier_letters(
    cast: Cast, page: str
) -> None:
    letter = cast.submitted(cast.harmed)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    new = cast.stranger_facilitator.browser()
    assert f"/desk/{letter}" not in new.open("/desk").links
    new.open(f"/desk/{letter}", 403)
    assert f"/desk/{letter}" not in new.open(f"/cases/{cast.case}").links
