"""Alerts on the pages: for the team alone, what was typed is kept, and nothing of it shows to who
takes part."""

from dataclasses import replace
from typing import Any

from letters.rehearsal.browser import Browser
from letters.screening import Category, Finding, Severity
from letters.storage.tables.desk import AlertRow
from letters.workflow.cases import alerts
from letters.workflow.notices import contact
from letters.workflow.preparation import assessment
from tests.cast import Cast, sign_in_fully
from tests.web.pages import BASE, normal

WORDS = "He waits <b>at her door</b>."


def opened(cast: Cast, browser: Browser, **fields: str) -> str:
    """Open one by the page. Returns its address."""
    path = f"/cases/{cast.case}/alerts/new"
    browser.open(path)
    page = browser.send(path, words=WORDS, **fields)
    return next(form.action for form in page.forms if "/alerts/" in form.action)


def test_who_opens_one_that_nobody_hears_of_is_told_whom_to_call(cast: Cast) -> None:
    """Without a mail server, without addresses, and not where a colleague hears of it."""
    own, alone = cast.platform, "Nobody else of the team hears of this by e-mail."
    framework = replace(own.framework,
                        safeguarding=replace(own.framework.safeguarding, call="01632 960 111"))
    try:
        for post, address, said in ((None, "sam@example.org", True), (Dies(), "", True),
                                    (Dies(), "sam@example.org", False)):
            doors = replace(own, framework=framework, post=post)
            cast.app.extensions["platform"] = lambda doors=doors: doors
            contact.choose(own, cast.second.me, address, "Messages", "An update")
            browser = cast.first.browser()
            browser.open(opened(cast, browser))
            told = [] if not said else ["01632 960 111"]
            opened(cast, browser)
            assert (alone in browser.page.text) is said
            assert [number for number in ("01632 960 111",) if number in browser.page.text] == told
            tells = cast.harmed.browser()
            tells.open("/messages")
            kept = tells.send("/messages", about="risk", words="I am afraid.").text
            heard = post is not None and bool(address)
            assert ("They see it when they next sign in." in kept) is not heard
    finally:
        cast.app.extensions["platform"] = lambda: own


class Dies:
    """A mail server that nothing is handed to here."""

    def carry(self, mail: object) -> None:
        raise AssertionError(mail)


def test_from_the_letter_to_its_end(cast: Cast) -> None:
    letter, browser = cast.approved(cast.harmed), cast.first.browser()
    page = browser.open(f"/desk/{letter}")
    assert "alert is open" not in page.text
    browser.open(page.link(f"/cases/{cast.case}/alerts/new"))
    browser.send(f"/cases/{cast.case}/alerts/new", 400, words=" ", urgent="yes")
    assert browser.page.body.count(f'value="{letter}"') == 1 and "checked" in browser.page.body
    page = browser.send(f"/cases/{cast.case}/alerts/new", words=WORDS, urgent="yes")
    assert f"/desk/{letter}" in page.links and "at her door" in page.text
    path = next(form.action for form in page.forms if "/alerts/" in form.action)
    for where in (f"/desk/{letter}", f"/cases/{cast.case}", f"/cases/{cast.case}/alerts",
                  "/alerts"):
        assert path in browser.open(where).links, where
    assert "open about this letter" in browser.open(f"/desk/{letter}").text
    assert cast.release() == 0
    browser.open(path)
    for do, wrong, right, said in (
            ("step", {"words": " "}, {"words": "Called her."}, "Called her."),
            ("hand-on", {"to": ""}, {"to": str(cast.second.id)}, "Handed on to Sam Second"),
            ("close", {"outcome": ""}, {"outcome": "She is safe."}, "She is safe.")):
        browser.send(path, 400, do=do, **wrong)
        assert said in browser.send(path, do=do, **right).text
    assert "Put it down" not in browser.page.text
    assert "No alert is open in your cases." in browser.open("/alerts").text
    assert cast.release() == 1


def test_what_a_party_told_stands_on_the_alerts_page(cast: Cast) -> None:
    assessment.report_risk(cast.platform, cast.responsible.me, cast.case, WORDS)
    browser = cast.second.browser()
    page = browser.open(browser.open("/alerts").link(f"/cases/{cast.case}/alerts/"))
    assert "at her door" in page.text and "<b>at her door" not in page.body


def test_an_alert_of_another_case_is_not_there_and_no_list_has_it(cast: Cast) -> None:
    path = opened(cast, cast.first.browser())
    assert cast.case_row().reference not in cast.stranger_facilitator.browser().open("/alerts").text
    cast.first.browser().open(path.replace(str(cast.case), str(cast.strange_case)), 404)
    cast.stranger_facilitator.browser().open(path.replace(str(cast.case), str(cast.strange_case)),
                                             404)


def test_the_supervisor_sees_who_and_how_late_and_no_word(cast: Cast) -> None:
    opened(cast, cast.first.browser(), urgent="yes")
    browser = cast.supervisor.browser()
    assert "overdue" not in browser.open("/supervision").text
    cast.clock.advance(hours=7)
    alerts.raise_overdue(cast.platform)
    for player in (cast.supervisor, cast.first):
        player.token = sign_in_fully(cast.platform, player.name)
    page = cast.supervisor.browser().open("/supervision")
    assert ("Overdue alerts" in page.text and cast.case_row().reference in page.text
            and "3 hours" in page.text)
    assert "door" not in page.text and "Hanna" not in page.text
    assert "The supervisors were told" not in page.text
    assert "supervisors were told" in cast.first.browser().open(_path(cast)).text


def test_rule_22_the_one_who_wrote_it_is_answered_like_everybody_else(cast: Cast) -> None:
    def finds(*_: object) -> tuple[Finding, ...]:
        return (Finding(Category.RISK, Severity.URGENT, 0, 1, "I", "Look.", "test"),)
    cast.open_the_way_back()
    answers = []
    risky = replace(cast.platform, screening=finds)
    for platform in (cast.platform, risky):
        cast.app.extensions["platform"] = lambda platform=platform: platform
        letter = cast.draft(cast.responsible, "I did it.")
        browser = cast.responsible.browser()
        browser.open(f"/letters/{letter}/check")
        answer = _sent(browser, f"/letters/{letter}/send", version=str(cast.row(letter).draft_id))
        shown = [normal(browser.client.get(path, base_url=BASE))
                 for path in ("/home", f"/letters/{letter}")]
        answers.append((answer.status_code, answer.headers["Content-Length"], normal(answer),
                        shown))
    assert answers[0] == answers[1] and len(cast.prepared.process().open_alerts) == 1


def _path(cast: Cast) -> str:
    with cast.platform.reading() as db:
        return f"/cases/{cast.case}/alerts/{db.query(AlertRow).one().id}"


def _sent(browser: Browser, path: str, **fields: str) -> Any:
    token = next(form.fields["csrf_token"] for form in browser.page.forms)
    return browser.client.post(path, data={**fields, "csrf_token": token}, base_url=BASE)
