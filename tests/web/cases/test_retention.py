"""The page on which a team sees what is erased of a case; and that every page that lists or opens
one stays sane."""

from datetime import timedelta

from letters.rehearsal.browser import Browser
from letters.workflow.cases import close
from letters.workflow.release import pace
from letters.workflow.upkeep import retention
from tests.cast import Cast


def closed(cast: Cast) -> Browser:
    """The case was closed on the 4th of January 2027, after a letter. The first facilitator's
    browser."""
    cast.submitted(cast.harmed, "A letter that nobody read.")
    pace.stop(cast.platform, cast.responsible.me, cast.case)
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    close.close(cast.platform, cast.first.me, cast.case)
    return cast.first.browser()


def long_after(cast: Cast, days: int) -> int:
    """The worker's look so many days later; the browsers stay signed in by being opened anew."""
    moment = cast.clock.moment
    cast.clock.advance(days=days)
    try:
        return retention.say_and_erase_due(cast.platform)
    finally:
        cast.clock.moment = moment


def test_rule_28_the_team_sees_beforehand_what_goes_and_when(cast: Cast) -> None:
    page = cast.first.browser().open(f"/cases/{cast.case}/erasing")
    assert ("Nothing of an open case is erased." in page.text
            and "12 months after it is closed" in page.text)
    browser = closed(cast)
    assert f"/cases/{cast.case}/erasing" in browser.open(f"/cases/{cast.case}").links
    page = browser.open(f"/cases/{cast.case}/erasing")
    assert ("at the earliest" in page.text and "1 letter in 2 versions" in page.text
            and not page.forms[1:])
    assert long_after(cast, 335) == 0
    page = browser.open(f"/cases/{cast.case}/erasing")
    assert "It is erased on 4 January 2028" in page.text and "3 accounts" in page.text


def test_a_day_that_cannot_be_is_kept_as_it_was_typed(cast: Cast) -> None:
    browser = closed(cast)
    long_after(cast, 335)
    address, day = f"/cases/{cast.case}/erasing", cast.platform.today()
    browser.open(address)
    for typed in ("", "soon", "2028-01-04", (day + timedelta(days=3000)).isoformat()):
        page = browser.send(address, 400, until=typed)
        assert "Choose a later day" in page.text
        assert next(form.fields["until"] for form in page.forms if "until" in form.fields) == typed
    cast.clock.advance(minutes=1)
    # more than a year from today, since today is long before
    page = browser.send(address, 400, until="2028-02-01")
    assert "within a year" in page.text


def test_after_it_was_erased_every_page_stays_sane(cast: Cast) -> None:
    browser = closed(cast)
    letter = next(link for link in browser.open("/desk").links if link.startswith("/desk/"))
    assert [long_after(cast, 335), long_after(cast, 371)] == [0, 1]
    page = browser.open(f"/cases/{cast.case}")
    assert (page.url == f"/cases/{cast.case}/erasing" and "was erased" in page.text
            and not page.forms[1:])
    assert "Erased on" in browser.open("/cases").text
    assert letter not in browser.open("/desk").links
    browser.open(letter, 404)
    browser.open(f"/cases/{cast.case}/team", 410)
    browser.forge(f"/cases/{cast.case}/halt", 410)
    supervisor = cast.supervisor.browser()
    page = supervisor.open("/supervision")
    assert "Erased on" in page.text and f"/emergency-access/ask/{cast.case}" not in page.links
    supervisor.open(f"/emergency-access/ask/{cast.case}", 410)
    cast.administrator.browser().open("/emergency-access")
    assert cast.harmed.browser().open("/home").url == "/sign-in"
    cast.stranger_facilitator.browser().open(f"/cases/{cast.case}/erasing", 404)
