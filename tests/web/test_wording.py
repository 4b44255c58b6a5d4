"""Sentences that once said the opposite, or what was not so, asked for in the state in which they
stood. What a page says then is what is so."""

import re
from datetime import UTC, datetime

from flask import Flask

from letters.rules.case.process import Source, Terms
from letters.web import words
from letters.workflow.cases import open_and_halt
from letters.workflow.preparation import agreement, background, referral
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from tests.cast import Cast


def case_text(cast: Cast, case: object = None) -> str:
    return cast.first.browser().open(f"/cases/{case or cast.case}").text


def test_a_case_in_which_nobody_is_invited_is_not_complete(cast: Cast) -> None:
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    said = case_text(cast, case)
    assert "Invite them, under" in said and "Nothing. What is approved" not in said
    referral.refer(cast.platform, cast.first.me, case, Source.HARMED)
    said = case_text(cast, case)
    assert "Invite them, under" in said and "Not done yet." in said


def test_a_complete_case_waits_for_the_word_of_the_person_harmed(cast: Cast) -> None:
    assert "Ready, except: the person harmed has not said that they are ready" in case_text(cast)
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    said = case_text(cast)
    assert "Ready, except" not in said and "handed over at the pace of the person harmed" in said


def test_who_has_not_agreed_is_said_and_not_the_opposite(cast: Cast) -> None:
    before = case_text(cast)
    wording = agreement.Wording("The trial.", "", (), {})
    agreement.propose(cast.platform, cast.first.me, cast.case, Terms(), wording)
    assert "Both have not agreed" not in case_text(cast) + before
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    assert ("The person harmed and the person who harmed have not yet both agreed"
            in case_text(cast, case))


def test_a_new_agreement_says_whether_an_earlier_one_stands(cast: Cast) -> None:
    browser, there = cast.first.browser(), f"/cases/{cast.case}/agreement"
    browser.open(there)
    said = browser.send(there, first="HARMED", days="0").text
    assert "Sent to both. The earlier version stands" in said and "before both" not in said


def test_an_acknowledgement_that_waits_says_for_whom(cast: Cast) -> None:
    background.withdraw_acknowledgement(cast.platform, cast.responsible.me, cast.case, "")
    assert "One of you records it, another confirms it. Not done yet." in case_text(cast)
    background.record_acknowledgement(cast.platform, cast.first.me, cast.case, "A plea.")
    page = cast.first.browser().open(f"/cases/{cast.case}/acknowledgement")
    assert "It counts when a colleague has confirmed it." in page.text


def test_what_can_go_at_once_says_now_and_no_moment_that_is_over(cast: Cast) -> None:
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible)
    read_letter.claim(cast.platform, cast.first.me, letter)
    page = cast.first.browser().open(f"/desk/{letter}/approve")
    assert "as soon as both readers have approved" in page.text
    assert "not before" not in page.text


def test_times_are_of_the_service_in_summer_too(app: Flask) -> None:
    with app.test_request_context():
        assert words.moment(datetime(2027, 7, 1, 10, tzinfo=UTC)) == "1 July 2027, 11:00"
        assert words.moment(datetime(2027, 1, 31, 23, 30, tzinfo=UTC)) == "31 January 2027, 23:30"
        assert words.day(datetime(2027, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2027"
        assert words.clock() == "British Time"


def test_a_tab_names_the_case_by_its_code_and_nobody(cast: Cast) -> None:
    code = cast.case_row().reference
    letter = cast.submitted(cast.harmed)
    for path in (f"/cases/{cast.case}", f"/cases/{cast.case}/team", f"/desk/{letter}",
                 f"/cases/{cast.case}/people/{cast.harmed.id}"):
        body = cast.first.browser().open(path).body
        title = body.split("<title>")[1].split("</title>")[0]
        assert title.startswith(f"{code}: ") and "Hanna" not in title
    for path in ("/home", "/letters", f"/letters/{letter}"):
        title = cast.harmed.browser().open(path).body.split("<title>")[1].split("</title>")[0]
        assert code not in title


def test_staff_are_not_told_what_is_so_for_participants(cast: Cast) -> None:
    for player, said in ((cast.first, False), (cast.harmed, True)):
        page = player.browser().open("/account/new-identity")
        assert ("A letter that was about to reach you" in page.text) is said


def test_one_entry_of_the_navigation_is_marked(cast: Cast) -> None:
    for path, entry in ((f"/cases/{cast.case}", "Cases"), ("/cases/calendar", "Calendar"),
                        ("/cases", "Cases"), (f"/cases/{cast.case}/calendar", "Cases")):
        body = cast.first.browser().open(path).body
        nav = body.split("<nav")[1].split("</nav>")[0]
        assert re.findall(r'aria-current="page">([^<]*)<', nav) == [entry], path
