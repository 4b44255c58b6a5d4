"""How somebody wants to hear: their own page, what the team sees of it, and who is shown that a
message came back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from letters.mail_server import Security, Server, SmtpPost
from letters.workflow.notices import contact, outbox, send
from letters.workflow.preparation import consent
from tests.cast import Cast
from tests.mailserver import Box, Plain

ADDRESS = "somebody@example.net"
CHOSEN = {"how": "email", "address": f" {ADDRESS} ", "sender": "own", "own_sender": "Aunt Polly",
          "subject": "An update", "own_subject": "", "telephone": "Mondays.\nSay you are Sam."}
WITHOUT = {"how": "none", "address": ADDRESS, "sender": "own", "own_sender": "", "subject": "own",
           "own_subject": "!"}


def test_the_way_is_chosen_kept_and_given_up(cast: Cast) -> None:
    browser = cast.harmed.browser()
    page = browser.open("/account/reach")
    assert 'value="none" selected' in page.body
    page = browser.send("/account/reach", **CHOSEN)
    kept = contact.own_contact(cast.platform, cast.harmed.me).way
    assert (kept.address, kept.sender, kept.subject) == (ADDRESS, "Aunt Polly", "An update")
    for shown in (f'value="{ADDRESS}"', 'value="email" selected', 'value="own" selected',
                  'value="Aunt Polly"',
                  "Say you are Sam."):
        assert shown in page.body
    assert "No message is sent to you until you agree to it." in page.text
    consent.give(cast.platform, cast.harmed.me, cast.case, ["notices"])
    assert "until you agree to it" not in browser.open("/account/reach").text
    page = browser.send("/account/reach", **WITHOUT)  # whatever else stands there
    assert contact.own_contact(cast.platform,
                               cast.harmed.me).way.address == "" and ADDRESS not in page.body


@pytest.mark.parametrize(("changed", "said"), [
    ({"how": ""}, "Choose one of the two."),
    ({"address": ""}, "or choose no messages at all"),
    ({"own_sender": "The prison"}, "could tell somebody what this is about"),
    ({"telephone": "x" * 1001}, "more than 1,000 characters"),
])
def test_what_is_wrong_is_said_and_all_else_stays_as_typed(
    cast: Cast, changed: dict[str, str], said: str
) -> None:
    browser = cast.responsible.browser()
    browser.open("/account/reach")
    page = browser.send("/account/reach", 400, **{**CHOSEN, **changed})
    assert said in page.text and "Mondays." in page.body or "telephone" in changed
    assert contact.own_contact(cast.platform, cast.responsible.me).way == contact.ContactChoice()


def test_staff_choose_an_address_and_no_words_of_their_own(cast: Cast) -> None:
    browser = cast.first.browser()
    page = browser.open("/account/reach")
    assert "An alert comes at once." in page.text and "in your own words" not in page.text
    assert "call you" not in page.text
    assert "Choose one of these." in browser.forge("/account/reach", 400, **CHOSEN).text
    browser.open("/account/reach")
    browser.send("/account/reach", how="email", address=ADDRESS, sender="Post", subject="An update")
    assert contact.own_contact(cast.platform, cast.first.me).way.address == ADDRESS


def test_a_safe_way_is_put_down_with_the_invitation_and_changed_later(cast: Cast) -> None:
    browser = cast.first.browser()
    browser.open(f"/cases/{cast.case}")
    browser.forge(f"/cases/{cast.case}/invite", 200, role="other", name="Ada",
                  channel="Call <b>her</b> sister.")
    with cast.platform.reading() as db:
        person = next(one.id for one in db.query(contact.Person).filter_by(enrolled_at=None))
    path = f"/cases/{cast.case}/people/{person}/reach"
    page = cast.second.browser().open(path)
    assert "Call <b>her</b> sister." in page.text and "They said nothing about it" in page.text
    browser.open(path)
    assert "By post." in browser.send(path, channel="By post.").text
    assert "x" * 1001 in browser.send(path, 400, channel="x" * 1001).body
    said = browser.forge(f"/cases/{cast.case}/invite", 400, role="other", name="Bo",
                         channel="x" * 1001)
    assert "more than 1,000 characters" in said.text and 'id="channel-other"' in said.body


def test_what_came_back_is_shown_to_the_team_without_the_address_and_to_nobody_else(
    cast: Cast,
) -> None:
    box = Box()
    box.to_rcpt = "550 Nobody here"
    server = Plain(box)
    server.start()
    platform = replace(cast.platform,
                       post=SmtpPost(Server("127.0.0.1", server.port, Security.NONE,
                                            "post@b.example")),
                       notice_delay=timedelta(0))
    contact.choose(platform, cast.harmed.me, ADDRESS, "Post", "An update")
    consent.give(platform, cast.harmed.me, cast.case, ["notices"])
    seen = cast.responsible.browser().open("/home").text
    with platform.writing() as db:
        outbox.notify(platform, db, cast.harmed.id, "update")
    send.send_due(platform)
    server.stop()
    path = f"/cases/{cast.case}"
    for page in (cast.first.browser().open(path),
                 cast.first.browser().open(f"{path}/people/{cast.harmed.id}/reach")):
        assert "A notice could not be delivered" in page.text and ADDRESS not in page.body
    assert "could not be delivered" in cast.harmed.browser().open("/account/reach").text
    assert cast.responsible.browser().open("/home").text == seen
    browser = cast.harmed.browser()
    browser.open("/account/reach")
    browser.send("/account/reach", **CHOSEN)
    assert "could not be delivered" not in cast.first.browser().open(path).text


def test_staff_see_whether_notices_are_sent(cast: Cast) -> None:
    assert "No mail server is set" in cast.first.browser().open("/running").text
