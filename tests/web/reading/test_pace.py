"""The page of the pace: each of its forms, what is typed wrongly, and that nobody else finds
anything of it."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from letters.rehearsal.browser import Browser, ShownPage
from letters.rules.pace import EVERY_DAY, Pace, Painful, Quiet, Sending
from letters.storage.tables.letters import AuditEntry
from letters.workflow.release import pace as release_pace
from tests.attacks.attacker import Attacker
from tests.cast import Cast
from tests.web.conftest import sqlite_alone
from tests.web.pages import BASE, normal

QUIET = Quiet(date(2027, 2, 1), date(2027, 2, 14))
HARD = Painful(2, 29, 3)


def own(cast: Cast) -> Pace:
    return release_pace.own_pace(cast.platform, cast.harmed.me, cast.case).pace


def press(browser: Browser, do: str, expect: int = 200, **fields: str) -> ShownPage:
    """Fill in the form with this button, and nothing that is not in it."""
    page = browser.open("/pace")
    form = re.search(rf'<form(?:(?!</form>).)*name="do"\s*value="{do}".*?</form>', page.body,
                     re.DOTALL)
    assert form is not None, do
    there = ShownPage(200, form.group(), "/pace").forms[0].fields
    there.pop("do", None)
    assert {*fields} - {f"weekday-{day}" for day in EVERY_DAY} <= {*there}, do
    return browser.forge("/pace", expect, do=do, **{**there, **fields})


WORKS: dict[str, tuple[str, dict[str, str], Pace]] = {
    "as agreed": ("mode", {"mode": "agreed"}, Pace(as_agreed=True)),
    "gap": ("gap", {"minimum_gap_days": "366"}, Pace(366)),
    "gap in another hand": ("gap", {"minimum_gap_days": " 007 "}, Pace(7)),
    "a month": ("month", {"most_a_month": "2"}, Pace(most_a_month=2)),
    "no limit": ("month", {"most_a_month": ""}, Pace()),
    "hours": ("hours", {"first_hour": "9", "last_hour": "18"}, Pace(first_hour=9, last_hour=18)),
    "quiet": ("quiet", {"quiet_first": "2027-02-01", "quiet_last": "2027-02-14"},
              Pace(quiet=(QUIET,))),
    "a hard date": ("painful", {"painful_day": "29", "painful_month": "2", "painful_margin": "3"},
                    Pace(painful=(HARD,))),
    "hold": ("sending", {"sending": "hold", "cooling_hours": "nonsense"},
             Pace(sending=Sending.HOLD)),
    "cooling": ("sending", {"sending": "cooling", "cooling_hours": "48"},
                Pace(sending=Sending.COOLING, cooling_hours=48)),
}


@sqlite_alone
def test_rule_25_each_form_sets_what_it_says(cast: Cast) -> None:
    browser = cast.harmed.browser()
    for what, (do, fields, pace) in WORKS.items():
        assert "Saved. It holds from now on." in press(browser, do, **fields).text, what
        assert own(cast) == pace, what
        release_pace.set_pace(cast.platform, cast.harmed.me, cast.case, Pace())


def test_rule_25_forms_change_their_part_and_leave_the_rest(cast: Cast) -> None:
    everything = Pace(3, True, (1, 5), 8, 20, (QUIET,), (HARD, Painful(12, 24)), 4, Sending.COOLING,
                      5)
    release_pace.set_pace(cast.platform, cast.harmed.me, cast.case, everything)
    browser = cast.harmed.browser()
    for do in ("mode", "gap", "month", "days", "hours", "sending"):
        press(browser, do)
        assert own(cast) == everything
    page = browser.open("/pace")
    assert ("1 February 2027 to 14 February 2027" in page.text
            and "29 February, with 3 days before" in page.text)
    press(browser, "no-quiet")
    press(browser, "not-painful")
    assert (own(cast).quiet, own(cast).painful) == ((), (Painful(12, 24),))
    press(browser, "painful", painful_day="24", painful_month="12", painful_margin="1")
    assert own(cast).painful == (Painful(12, 24, 1),)


@sqlite_alone
def test_rule_25_days_are_ticked_one_by_one(cast: Cast) -> None:
    browser = cast.harmed.browser()
    browser.open("/pace")
    browser.forge("/pace", 200, do="days", **{"weekday-0": "yes", "weekday-5": "yes"})
    assert own(cast).weekdays == (0, 5)
    assert browser.page.body.count('type="checkbox" value="yes" checked') == 2


WRONG: dict[str, tuple[str, str, dict[str, str]]] = {
    "how": ("mode", "mode", {"mode": "always"}),
    "no gap": ("gap", "minimum_gap_days", {"minimum_gap_days": ""}),
    "a long gap": ("gap", "minimum_gap_days", {"minimum_gap_days": "367"}),
    "a gap in words": ("gap", "minimum_gap_days", {"minimum_gap_days": "<b>ten</b>"}),
    "another script": ("gap", "minimum_gap_days", {"minimum_gap_days": "٣"}),
    "a very long gap": ("gap", "minimum_gap_days", {"minimum_gap_days": "9" * 5000}),
    "none a month": ("month", "most_a_month", {"most_a_month": "0"}),
    "hours turned": ("hours", "last_hour", {"first_hour": "18", "last_hour": "9"}),
    "hours in words": ("hours", "last_hour", {"first_hour": "\0", "last_hour": "noon"}),
    "no first day": ("quiet", "quiet_first", {"quiet_first": "", "quiet_last": "2027-02-01"}),
    "no last day": ("quiet", "quiet_last", {"quiet_first": "2027-02-01", "quiet_last": "soon"}),
    "days turned": ("quiet", "quiet_last",
                    {"quiet_first": "2027-02-02", "quiet_last": "2027-02-01"}),
    "30 February": ("painful", "painful_day", {"painful_day": "30", "painful_month": "2"}),
    "a wide margin": ("painful", "painful_margin", {"painful_day": "3", "painful_margin": "32"}),
    "how it goes": ("sending", "sending", {"sending": "never"}),
    "no hours": ("sending", "cooling_hours", {"sending": "cooling", "cooling_hours": ""}),
}


@sqlite_alone
@pytest.mark.parametrize("half", [0, 1])
def test_what_cannot_be_is_said_at_its_field_and_kept_as_typed(cast: Cast, half: int) -> None:
    browser = cast.harmed.browser()
    for what, (do, field, fields) in [*WRONG.items()][half::2]:
        page = press(browser, do, 400, **fields)
        assert f'<a href="#{field}">' in page.body and f'id="{field}-error"' in page.body, what
        assert "<title>Error: " in page.body
        shown = {name: value for form in page.forms for name, value in form.fields.items()}
        kept = {name: value for name,
                value in fields.items() if f'<select id="{name}"' not in page.body}
        assert {name: shown[name] for name in kept} == kept, what
    assert own(cast) == Pace()


@sqlite_alone
def test_no_day_at_all_is_said_kindly(cast: Cast) -> None:
    browser = cast.harmed.browser()
    browser.open("/pace")
    page = browser.forge("/pace", 400, do="days")
    assert ("Choose one day at least." in page.text and 'href="#weekdays"' in page.body
            and 'id="weekdays"' in page.body)
    assert own(cast) == Pace()


@sqlite_alone
def test_a_pace_that_leaves_no_moment_is_refused_kindly(cast: Cast) -> None:
    margins = tuple(Painful(month, 15, 16) for month in range(1, 12))
    release_pace.set_pace(cast.platform, cast.harmed.me, cast.case, Pace(painful=margins))
    page = press(cast.harmed.browser(), "painful", 400, painful_day="16", painful_month="12",
                 painful_margin="17")
    assert "no letter could ever reach you" in page.text and "pause or stop" in page.text
    assert own(cast).painful == margins


def test_ready_not_ready_pause_and_go_on(cast: Cast) -> None:
    browser = cast.harmed.browser()
    press(browser, "ready")
    assert cast.case_row().ready_at is not None
    press(browser, "not-ready")
    assert cast.case_row().ready_at is None
    press(browser, "pause")
    paused = cast.case_row().paused_at
    browser.send("/pace", do="pause")  # sent twice
    assert paused is not None and cast.case_row().paused_at == paused
    press(browser, "go-on")
    assert cast.case_row().paused_at is None


@sqlite_alone
def test_a_wish_that_is_none_changes_nothing(cast: Cast) -> None:
    before, browser = cast.case_row().audit_number, cast.harmed.browser()
    browser.open("/pace")
    for wish in ("", "READY", "stop", "\0"):
        browser.send("/pace", 400, do=wish)
    assert cast.case_row().audit_number == before


def test_rule_19_the_preview_says_when_and_what_it_would_wait_for(cast: Cast) -> None:
    browser, platform, me = cast.harmed.browser(), cast.platform, cast.harmed.me
    release_pace.set_pace(platform, me, cast.case, Pace(weekdays=(2,), first_hour=9))
    text = browser.open("/pace").text
    assert "You have not said that you are ready." in text
    assert "If you were ready now, the earliest would be Wednesday 6 January 2027, 09:00" in text
    release_pace.say_ready(platform, me, cast.case)
    assert "It would reach you on Wednesday 6 January 2027, 09:00" in browser.open("/pace").text
    release_pace.pause(platform, me, cast.case)
    assert "You have paused. It would wait until you go on." in browser.open("/pace").text
    release_pace.stop(platform, me, cast.case)
    text = browser.open("/pace").text
    assert "no day can be said" in text and "6 January" not in text


def test_rule_19_as_agreed_is_said_on_the_page_and_at_home_and_can_be_ended_at_once(
    cast: Cast,
) -> None:
    browser = cast.harmed.browser()
    press(browser, "mode", mode="agreed")
    assert "Letters come as agreed" in browser.open("/home").text
    assert "you are not asked before each" in browser.open("/pace").text
    press(browser, "not-ready")
    assert not own(cast).as_agreed and "Not ready for a letter" in browser.open("/home").text


def test_rule_21_an_approved_letter_is_let_go_or_held_on_its_own_page(cast: Cast) -> None:
    browser = cast.harmed.browser()
    press(browser, "sending", sending="hold")
    letter = cast.approved(cast.harmed)
    assert "It stays here until you let it go" in browser.open(f"/letters/{letter}").text
    assert "You have let this letter go." in browser.send(f"/pace/{letter}/let-go").text
    assert "Held. It stays here until you let it go." in browser.send(f"/pace/{letter}/hold").text
    assert cast.release() == 0
    browser.send(f"/pace/{letter}/let-go")
    assert cast.release() == 1
    assert "let it go" not in browser.open(f"/letters/{letter}").text.lower()


def test_rule_21_nothing_of_that_is_on_a_letter_that_waits_for_nothing(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    page = cast.harmed.browser().open(f"/letters/{letter}")
    assert not [form for form in page.forms if form.action.startswith("/pace")]
    browser = cast.harmed.browser()
    browser.open("/home")
    browser.forge(f"/pace/{letter}/let-go", 409)
    browser.forge(f"/pace/{letter}/hold", 409)


@pytest.fixture
def looks(cast: Cast, in_service: Flask) -> Iterator[list[tuple[object, ...]]]:
    """What the person who harmed can see before and after, at the same moment."""
    found: list[tuple[object, ...]] = []
    cast.open_the_way_back()
    letter, moment = cast.submitted(cast.responsible), cast.clock.moment

    def look() -> tuple[object, ...]:
        cast.clock.moment, client = moment, cast.responsible.browser().client
        answers = [client.get(path, base_url=BASE) for path in (
            "/home", "/letters", f"/letters/{letter}", "/for-you", "/consent", "/stop", "/pace")]
        answers.append(client.post(f"/pace/{letter}/let-go", base_url=BASE))
        return tuple((answer.status_code, normal(answer), answer.headers.get("Content-Length"))
                     for answer in answers)

    found.append(look())
    yield found
    assert look() == found[0]


@pytest.mark.parametrize("pace", [
    Pace(90, False, (2,), 3, 4, (QUIET,), (HARD,), 1, Sending.HOLD),
    Pace(as_agreed=True, sending=Sending.COOLING)],
                         ids=["strict", "as agreed"])
def test_rule_22_the_person_who_harmed_finds_nothing_of_it(
        cast: Cast, looks: list[tuple[object, ...]], pace: Pace) -> None:
    release_pace.set_pace(cast.platform, cast.harmed.me, cast.case, pace)
    hers = cast.approved(cast.harmed, "A second letter of hers.")
    if pace.holds:
        release_pace.let_go(cast.platform, cast.harmed.me, hers)
        release_pace.withhold(cast.platform, cast.harmed.me, hers)
    assert cast.release() == 0


@sqlite_alone
def test_nobody_else_comes_in(cast: Cast, in_service: Flask) -> None:
    for name in ("responsible", "other", "first", "supervisor", "administrator"):
        browser = getattr(cast, name).browser()
        browser.open("/pace", 403)
        browser.open("/account")
        browser.forge("/pace", 403, do="mode", mode="agreed")
    assert own(cast) == Pace()


def test_rule_06_pausing_leads_to_a_page_that_stands_also_where_the_record_does_not(
    cast: Cast,
) -> None:
    browser = cast.harmed.browser()
    browser.open("/pace")
    Attacker(cast.platform).run(update(AuditEntry).where(
        AuditEntry.case_id == cast.case,
        AuditEntry.number == 2).values(actor_id=cast.stranger_harmed.id))
    cast.platform.verified.clear()
    page = browser.send("/pace", do="pause")
    assert (page.url == "/stop" and "could not be checked" in page.text
            and cast.case_row().paused_at is not None)


@pytest.mark.parametrize(("first", "last", "field"), [
    ("0026-12-20", "0026-12-31", "quiet_first"), ("2026-12-20", "2026-12-31", "quiet_last"),
    ("2072-02-01", "2072-02-08", "quiet_last")])
def test_rule_20_a_year_that_is_a_slip_is_a_question(
    cast: Cast, first: str, last: str, field: str
) -> None:
    browser = cast.harmed.browser()
    browser.open("/pace")
    page = browser.send("/pace", 400, do="quiet", quiet_first=first, quiet_last=last)
    assert f'<a href="#{field}">' in page.body and "ight?" in page.text
    assert first in page.body and last in page.body


def test_quiet_days_of_an_odd_year_can_be_taken_away(cast: Cast) -> None:
    """Some were saved before years were asked about."""
    release_pace.set_pace(cast.platform, cast.harmed.me, cast.case,
                          Pace(quiet=(Quiet(date(26, 12, 20), date(26, 12, 31)),)))
    browser = cast.harmed.browser()
    browser.open("/pace")
    page = browser.send("/pace", do="no-quiet", quiet_first="0026-12-20",
                        quiet_last="0026-12-31")
    assert "0026" not in page.body
