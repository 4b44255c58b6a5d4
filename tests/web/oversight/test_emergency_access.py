"""emergency access by its pages: asked, seconded, read, closed, and what each person is shown of
it."""

from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

from letters.rehearsal.browser import Browser, last_id
from letters.rules.roles import Role
from letters.workflow.accounts import invite
from letters.workflow.cases import alerts
from letters.workflow.oversight import emergency_access
from tests.attacks.scenes import asked_at_once
from tests.cast import PASSWORD, Cast, Player
from tests.web.pages import NO_ID

REASON = "A call that worries me."


def ask(cast: Cast, how: str = "yes") -> str:
    """The supervisor asks by the page. Returns the request's address."""
    if how == "yes":
        alerts.open_alert(cast.platform, cast.first.me, cast.case, "A worry.", True)
    browser = cast.supervisor.browser()
    page = browser.open("/supervision")
    assert f"/emergency-access/ask/{cast.case}" in page.links
    browser.open(f"/emergency-access/ask/{cast.case}")
    page = browser.send(f"/emergency-access/ask/{cast.case}", reason=REASON, safeguarding=how)
    return next(form.action for form in page.forms
                if form.action.endswith("/close")).removesuffix("/close")


def second(cast: Cast, request: str) -> Browser:
    browser = cast.administrator.browser()
    browser.open("/emergency-access")
    browser.send(f"{request}/second", password=PASSWORD)
    return browser


def test_the_whole_way(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "Call me on 07700 900123.")
    request = ask(cast)
    supervisor = cast.supervisor.browser()
    supervisor.open(request, 409)
    second(cast, request)
    cast.worker.run()
    assert request in supervisor.open("/emergency-access").links
    page = supervisor.open(request)
    assert "emergency seconded, Ada Administrator" in page.text and "A guilty plea" in page.text
    page = supervisor.open(f"{request}/letters/{letter}")
    assert "07700 900123" in page.text and "Deciding stays with the case's team" in page.text
    assert {form.action for form in page.forms} == {"/sign-out"}
    supervisor.open(request)
    supervisor.send(f"{request}/close")
    supervisor.open(f"{request}/letters/{letter}", 409)
    assert "Nobody asks to read a case" in supervisor.open("/emergency-access").text


def test_the_team_sees_it_from_the_asking_on(cast: Cast) -> None:
    request = ask(cast, "no")
    for member in (cast.first, cast.second):
        page = member.browser().open("/desk")
        assert "A supervisor asks to read case" in page.text and REASON not in page.text
        page = member.browser().open(f"/cases/{cast.case}")
        for words in ("A supervisor asks to read this case", "Sunniva Supervisor", REASON,
                      "nobody yet"):
            assert words in page.text
    assert "supervisor" not in cast.stranger_facilitator.browser().open("/desk").text.lower()
    second(cast, request)
    assert "Seconded by: Ada Administrator" in cast.first.browser().open(f"/cases/{cast.case}").text
    cast.clock.advance(minutes=25)
    emergency_access.close(cast.platform, cast.supervisor.me, last_id(request))
    assert ("A supervisor asked to read this case" in cast.first.browser()
            .open(f"/cases/{cast.case}").text)
    assert "supervisor" not in cast.first.browser().open("/desk").text.lower()


def test_the_person_harmed_is_told_in_plain_words_and_nobody_else_is(cast: Cast) -> None:
    others = (cast.responsible, cast.other, cast.stranger_harmed, cast.stranger_responsible)
    before = [player.browser().open("/home").text for player in others]
    request = ask(cast)
    assert "supervisor" not in cast.harmed.browser().open("/home").text
    second(cast, request)
    cast.worker.run()
    page = cast.harmed.browser().open("/home").text
    assert "a supervisor of this service can read what your facilitators can read" in page
    assert REASON not in page and "Sunniva" not in page
    assert [player.browser().open("/home").text for player in others] == before
    emergency_access.close(cast.platform, cast.supervisor.me, last_id(request))
    assert "a supervisor of this service could read" in cast.harmed.browser().open("/home").text
    cast.clock.advance(minutes=1)


def test_a_service_can_choose_not_to_tell(cast: Cast, app: Flask) -> None:
    doors = app.extensions["platform"]
    doors._platform = replace(doors(), emergency_tells_person_harmed=False)
    second(cast, ask(cast))
    cast.worker.run()
    assert "supervisor" not in cast.harmed.browser().open("/home").text


def test_who_seconds_sees_no_reason_and_no_name_of_the_case(cast: Cast) -> None:
    ask(cast)
    page = cast.administrator.browser().open("/emergency-access").text
    assert "Sunniva Supervisor" in page and cast.case_row().reference in page
    for hidden in (REASON, "Hanna", "Robin", "Frances"):
        assert hidden not in page


def test_a_wrong_password_seconds_nothing(cast: Cast) -> None:
    request, browser = ask(cast), cast.administrator.browser()
    browser.open("/emergency-access")
    page = browser.send(f"{request}/second", 400, password="not my password at all")
    assert "This is not your password" in page.text
    assert (f'href="#password-{last_id(request)}"' in page.body
            and f'id="password-{last_id(request)}"' in page.body)
    cast.worker.run()
    cast.supervisor.browser().open(request, 409)


def test_without_a_reason_nothing_is_asked(cast: Cast) -> None:
    browser = cast.supervisor.browser()
    browser.open(f"/emergency-access/ask/{cast.case}")
    page = browser.send(f"/emergency-access/ask/{cast.case}", 400, reason="  ")
    assert "Write a few words here." in page.text
    assert "Nobody asks to read a case" in browser.open("/emergency-access").text


def test_the_inventor_of_a_supervisor_is_told_kindly_that_another_must_second(cast: Cast) -> None:
    code = invite.invite_staff(cast.platform, Role.SUPERVISOR, "Puppet", cast.administrator.me)
    puppet = Player(cast.app, cast.platform, "puppet", code)
    request = asked_at_once(cast, puppet.me, cast.case, "I say so.")
    browser = cast.administrator.browser()
    browser.open("/emergency-access")
    assert (
        "Somebody else has to second this"
        in browser.send(f"/emergency-access/{request}/second", 409, password=PASSWORD).text
    )


def test_a_supervisor_who_came_later_gets_a_spare_when_a_member_looks(cast: Cast) -> None:
    late = Player(cast.app, cast.platform, "late",
                  invite.invite_staff(cast.platform, Role.SUPERVISOR, "Late"))
    request = asked_at_once(cast, late.me, cast.case, "A worry.")
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    cast.worker.run()
    late.browser().open(f"/emergency-access/{request}", 409)
    cast.second.browser().open(f"/cases/{cast.case}")
    cast.worker.run()
    late.browser().open(f"/emergency-access/{request}")


@pytest.mark.parametrize("what", ["another's request", "nothing"])
def test_what_is_not_ones_own_is_not_there(cast: Cast, in_service: Flask, what: str) -> None:
    other = Player(cast.app, cast.platform, "sigrid",
                   invite.invite_staff(cast.platform, Role.SUPERVISOR, "Sigrid"))
    letter = cast.submitted(cast.harmed)
    request = UUID(NO_ID) if what == "nothing" else last_id(ask(cast))
    browser = other.browser()
    browser.open(f"/emergency-access/{request}", 404)
    browser.open(f"/emergency-access/{request}/letters/{letter}", 404)
    browser.open("/emergency-access")
    browser.forge(f"/emergency-access/{request}/close", 404)
    browser.open(f"/emergency-access/ask/{NO_ID}", 404)


# --- the supervisor's load


def test_load_counts_and_names_no_case(cast: Cast) -> None:
    cast.submitted(cast.harmed)
    cast.submitted(cast.stranger_harmed)
    cast.clock.advance(minutes=25)
    page = cast.supervisor.browser().open("/supervision").text
    for name in ("Frances First", "Sam Second", "Ellis Elsewhere"):
        assert name in page
    # by name: it is no ranking
    assert page.index("Ellis") < page.index("Frances") < page.index("Sam")
    for hidden in ("Hanna", "Robin", "Noor"):
        assert hidden not in page
    assert cast.case_row().reference in page
