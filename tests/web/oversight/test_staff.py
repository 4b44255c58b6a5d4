"""The administrator's room: who works here and invitations. And the other participants, whom
facilitators invite."""

from uuid import UUID

import pytest

from letters.rehearsal.browser import Browser
from letters.rehearsal.players import code_on
from letters.rules.errors import InvitationRefused, NotAllowed
from letters.rules.roles import Role
from letters.storage.tables.letters import Channel
from letters.workflow.accounts import invite
from tests.cast import Cast, Player
from tests.web.pages import NO_ID


@pytest.fixture
def browser(cast: Cast) -> Browser:
    """Of the administrator, in their room."""
    opened = cast.administrator.browser()
    opened.open("/house")
    return opened


@pytest.mark.parametrize("role", ["facilitator", "supervisor", "administrator"])
def test_a_colleague_is_invited_and_comes_in(cast: Cast, browser: Browser, role: str) -> None:
    code = code_on(browser.send("/house/invite", role=role, name="Bea Borg"))
    assert invite.read_invitation(cast.platform, code).role == role
    page = browser.open("/house")
    assert ("Bea Borg" in page.text and "Invited, not made yet" in page.text
            and code not in page.body)
    newcomer = Player(cast.app, cast.platform, "bea", code)
    first = {"facilitator": "Review desk", "supervisor": "Load and cases", "administrator": "Staff"}
    assert first[role] in newcomer.browser().open("/").text
    assert "Invited, not made yet" not in browser.open("/house").text


def test_a_lost_code_is_made_anew_and_the_first_works_no_more(cast: Cast, browser: Browser) -> None:
    lost = code_on(browser.send("/house/invite", role="facilitator", name="Bea"))
    page = browser.open("/house")
    action = next(form.action for form in page.forms if form.action.endswith("/invite-again"))
    code = code_on(browser.send(action))
    with pytest.raises(InvitationRefused):
        invite.read_invitation(cast.platform, lost)
    Player(cast.app, cast.platform, "bea", code)
    browser.forge(action, 409)


def test_nobody_but_staff_not_enrolled_gets_a_new_code(cast: Cast, browser: Browser) -> None:
    for person, expect in ((cast.first.id, 409), (cast.harmed.id, 404), (UUID(NO_ID), 404)):
        browser.open("/house")
        browser.forge(f"/house/staff/{person}/invite-again", expect)


@pytest.mark.parametrize(("role", "name"),
                         [("harmed", "Bea"), ("", "Bea"), ("nobody", "Bea"), ("facilitator", ""),
                          ("supervisor", "x" * 101)])
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    browser: Browser, role: str, name: str
) -> None:
    page = browser.forge("/house/invite", 400, role=role, name=name)
    assert "There is a problem" in page.text
    assert f'value="{name}"' in page.body


def test_the_page_names_staff_alone(cast: Cast, browser: Browser) -> None:
    for name in ("Ada Administrator", "Sunniva Supervisor", "Frances First", "Sam Second",
                 "Ellis Elsewhere"):
        assert name in browser.page.text
    for hidden in ("Hanna", "Robin", "Oda", "Noor", cast.case_row().reference):
        assert hidden not in browser.page.text


def test_a_facilitator_cannot_invent_a_colleague(cast: Cast) -> None:
    browser = cast.first.browser()
    assert "Invite a facilitator" not in browser.open("/cases").text
    browser.forge("/house/invite", 403, role="facilitator", name="Nobody Real")
    for who in (cast.first, cast.supervisor, cast.harmed):
        with pytest.raises(NotAllowed):
            invite.invite_staff(cast.platform, Role.FACILITATOR, "Nobody Real", who.me)


# --- other participants


def test_several_others_are_invited_and_no_channel_leads_to_them(cast: Cast) -> None:
    browser = cast.first.browser()
    for name in ("Oma Other", "A Charity"):
        browser.open(f"/cases/{cast.case}")
        code = code_on(browser.forge(f"/cases/{cast.case}/invite", 200, role="other", name=name))
        Player(cast.app, cast.platform, name.lower(), code)
    page = browser.open(f"/cases/{cast.case}").text
    assert "Oma Other" in page and "A Charity" in page and "Oda Other" in page
    with cast.platform.reading() as db:

        assert db.query(Channel).filter(Channel.case_id == cast.case).count() == 2


def test_another_participant_is_told_kindly_that_there_are_no_letters(cast: Cast) -> None:
    browser = cast.other.browser()
    assert "No letters are written to you or by you" in browser.open("/home").text
    assert "Your part here has no letters" in browser.open("/letters").text
    assert "There is nothing for you at the moment" in browser.open("/for-you").text
    assert "family" in browser.open("/consent/part-other").text
    browser.send("/consent/part-other", answer="withdraw")
    assert "Your facilitators see it" in browser.page.text
    assert ("– withdrawn" in cast.first.browser().open(f"/cases/{cast.case}/people/{cast.other.id}")
            .text)


def test_another_participant_who_withdraws_keeps_no_letter_back_and_who_stops_does(
    cast: Cast,
) -> None:
    letter = cast.approved(cast.harmed)
    browser = cast.other.browser()
    browser.open("/withdraw")
    browser.send("/withdraw")
    assert cast.release() == 1
    browser.open("/stop")
    browser.send("/stop")
    assert cast.case_row().stopped_at is not None
    assert cast.state(letter) == "released"


def test_the_parties_do_not_learn_of_other_participants(cast: Cast) -> None:
    for player in (cast.harmed, cast.responsible):
        browser = player.browser()
        for path in ("/home", "/letters", "/for-you", "/consent", "/agreement"):
            assert "Oda" not in browser.open(path).text
