"""The calendar: of a case, and across the cases in whose team one is."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from letters.rehearsal.browser import Browser
from letters.storage.tables.letters import AuditEntry, Case
from letters.web.forms import as_key
from letters.workflow.decision import decide
from letters.workflow.preparation import assessment
from letters.workflow.reading import open_letter
from tests.addresses.table import on_the_desk
from tests.cast import Cast, sign_in_fully


def later(cast: Cast, days: int) -> Browser:
    """The first facilitator, signed in anew so many days later."""
    cast.clock.advance(days=days)
    browser = Browser(cast.app)
    token = sign_in_fully(cast.platform, "first").hex()
    browser.client.set_cookie("__Host-session", token, domain="localhost", secure=True)
    return browser


def test_rule_26_contact_after_a_letter_was_opened_is_overdue_after_three_days(cast: Cast) -> None:
    open_letter.open_letter(cast.platform, cast.responsible.me, cast.released(cast.harmed))
    page = cast.first.browser().open(f"/cases/{cast.case}/calendar")
    assert ("Nothing is overdue." in page.text
            and "Speak with the person who opened a letter" in page.text)
    browser = later(cast, 4)
    for path in (f"/cases/{cast.case}", f"/cases/{cast.case}/calendar", "/cases/calendar"):
        assert "One thing is overdue." in browser.open(path).text
    text = browser.page.text
    assert (
        text.index("Speak with")
        < text.index("Overdue since")
        < text.index("Assess suitability and risk again")
    )
    assert f"Case {cast.case_row().reference}, Robin Responsible" in text
    browser.page.link(f"/cases/{cast.case}/tasks")


def test_a_held_letter_and_a_risk_stand_in_it_with_the_way_to_them(cast: Cast) -> None:
    values, _ = on_the_desk(cast)
    letter = values["letter_id"]
    decide.hold(
        cast.platform,
        cast.first.me,
        letter,
        cast.row(letter).submitted_id,
        "R.",  # type: ignore[arg-type]
        cast.platform.today() + timedelta(days=1),
    )
    assessment.report_risk(cast.platform, cast.harmed.me, cast.case, "He was at my door.")
    page = cast.second.browser().open("/cases/calendar")
    assert ("Look at a held letter again" in page.text
            and "Somebody has reported a risk" in page.text)
    assert "at my door" not in page.text  # words stay behind their own page
    page.link(f"/desk/{letter}")
    page.link(f"/cases/{cast.case}/risks")


def test_a_case_that_does_not_verify_is_named_and_the_others_stay(
    cast: Cast, in_service: Flask
) -> None:
    cast.join(cast.strange_case, cast.stranger_facilitator, cast.first)
    with cast.platform.writing() as db:
        db.execute(update(Case).where(Case.id == cast.case).values(audit_head=b"x" * 32))
        ours, theirs = (db.get_one(Case, case).reference for case in (cast.case, cast.strange_case))
    text = cast.first.browser().open("/cases/calendar").text
    assert f"Case {ours} This cannot be shown" in text and f"Case {ours}," not in text
    assert f"Case {theirs}, " in text
    with cast.platform.reading() as db:
        assert db.query(AuditEntry).filter_by(case_id=cast.case,
                                              event="tampering found").count() == 1


def test_the_calendar_shows_ones_own_cases_alone_a_page_at_a_time(cast: Cast) -> None:
    cast.join(cast.strange_case, cast.stranger_facilitator, cast.second)
    assert "Nothing waits in your cases." not in cast.second.browser().open("/cases/calendar").text
    with cast.platform.reading() as db:
        newest = db.get_one(Case, cast.strange_case)
    older = (cast.second.browser()
             .open(f"/cases/calendar?from={as_key((newest.opened_at, newest.id))}").text)
    assert f"Case {cast.case_row().reference}" in older and f"Case {newest.reference}" not in older
    assert f"Case {newest.reference}" not in cast.first.browser().open("/cases/calendar").text


def test_the_calendar_is_narrowed_to_a_kind(cast: Cast) -> None:
    open_letter.open_letter(cast.platform, cast.responsible.me, cast.released(cast.harmed))
    browser = cast.first.browser()
    everything = browser.open("/cases/calendar").text
    assert "Speak with" in everything and "Assess suitability and risk again" in everything
    tasks = browser.open("/cases/calendar?kind=task").text
    assert "Speak with" in tasks and "Assess suitability" not in tasks
    assert "Nothing of this kind is due." in browser.open("/cases/calendar?kind=order ends").text
    assert "Assess suitability" in browser.open("/cases/calendar?kind=made-up").text
