"""Notices: by the way that each person chose, after a delay that says nothing, and never twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from letters.mail_server import Security, Server, SmtpPost
from letters.rules.case.framework import NOTICES
from letters.rules.case.process import Terms
from letters.rules.errors import NotAcceptable, NotAllowed, NotFound
from letters.rules.events import Event
from letters.storage.tables.desk import ContactWay, Notice
from letters.storage.tables.letters import AuditEntry
from letters.workflow.cases import open_and_halt
from letters.workflow.notices import contact, outbox, send
from letters.workflow.platform import Mail, MailOutcome, Platform
from letters.workflow.preparation import agreement, consent
from letters.workflow.release import pace
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import give_back, hold
from tests.cast import Cast, Player
from tests.mailserver import Box, Plain

ADDRESS = "somebody@example.net"


def reached_by(cast: Cast, player: Player, address: str = ADDRESS) -> None:
    """This person wants to hear, at this address."""
    contact.choose(cast.platform, player.me, address, "Post", "An update")


def tell(cast: Cast, player: Player, kind: str = "update") -> None:
    with cast.platform.writing() as db:
        outbox.notify(cast.platform, db, player.id, kind)


def waiting(cast: Cast, player: Player) -> list[Notice]:
    with cast.platform.reading() as db:
        return list(db.scalars(select(Notice).where(Notice.person_id
                                                    == player.id, Notice.due_at.is_not(None))))


@pytest.mark.both_databases
def test_who_said_nothing_hears_nothing_and_who_wants_to_hears_once(cast: Cast) -> None:
    tell(cast, cast.harmed)
    assert waiting(cast, cast.harmed) == []
    reached_by(cast, cast.harmed)
    tell(cast, cast.harmed)
    tell(cast, cast.harmed)
    assert [row.kind for row in waiting(cast, cast.harmed)] == ["update"]


def test_rule_22_a_notice_waits_for_a_time_that_nobody_can_tell(cast: Cast) -> None:
    """Nor is there a kind by which somebody who takes part hears at once."""
    reached_by(cast, cast.responsible)
    for hours, kind in ((0, "update"), (12, "alert"), (24, "update")):
        thrown = (hours * 3600).to_bytes(8)
        platform = replace(
            cast.platform,
            random=lambda size, thrown=thrown: thrown if size == 8 else cast.platform.random(size)
        )
        with platform.writing() as db:
            outbox.notify(platform, db, cast.responsible.id, kind)
        (row,) = waiting(cast, cast.responsible)
        assert row.due_at == row.made_at + timedelta(hours=hours)
        Attacker(platform).run(delete(Notice))


def test_staff_hear_of_an_alert_at_once_even_where_an_update_waits(cast: Cast) -> None:
    reached_by(cast, cast.first)
    for kind in ("update", "alert", "alert", "update"):
        tell(cast, cast.first, kind)
    found = {row.kind: row.due_at == row.made_at for row in waiting(cast, cast.first)}
    assert found == {"update": False, "alert": True}


def test_a_way_that_was_tampered_with_holds_nobodys_step_up(cast: Cast) -> None:
    reached_by(cast, cast.harmed)
    Attacker(cast.platform).run(update(ContactWay).values(sealed=b"no box"))
    tell(cast, cast.harmed)
    assert waiting(cast, cast.harmed)


# sending


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def platform(cast: Cast, box: Box) -> Iterator[Platform]:
    """The house with a mail server, which is a real one."""
    server = Plain(box)
    server.start()
    post = SmtpPost(Server("127.0.0.1", server.port, Security.NONE, "post@messages.example"))
    yield replace(cast.platform, post=post)
    server.stop()


class Dies:
    """A worker whose end comes while it hands a message over."""

    def carry(self, mail: Mail) -> MailOutcome:
        raise ValueError(mail.address)


def wanting(cast: Cast, player: Player) -> None:
    """They chose an address, and agree to be written to."""
    reached_by(cast, player)
    consent.give(cast.platform, player.me, cast.case, [NOTICES])


def later(cast: Cast, platform: Platform, **by: float) -> int:
    cast.clock.advance(**(by or {"hours": 25}))
    return send.send_due(platform)


def rows(cast: Cast) -> list[dict[str, Any]]:
    return Attacker(cast.platform).rows(Notice)


def told(cast: Cast, chain: UUID) -> int:
    return len(Attacker(cast.platform).rows(AuditEntry, AuditEntry.case_id == chain,
                                                  AuditEntry.event == Event.NOTICE_CAME_BACK.value))


def test_a_letter_that_came_or_was_returned_and_an_agreement_are_told_of(
    cast: Cast, platform: Platform, box: Box
) -> None:
    """Rule 22: no step of review, nothing that stops and nothing that holds is ever told to the
    other side."""
    for player in (cast.harmed, cast.responsible):
        wanting(cast, player)
    letter = cast.approved(cast.harmed)
    pace.pause(platform, cast.harmed.me, cast.case)
    pace.end_pause(platform, cast.harmed.me, cast.case)
    open_and_halt.halt(platform, cast.first.me, cast.case)
    open_and_halt.lift_halt(platform, cast.first.me, cast.case)
    cast.release()
    # the person who harmed hears of it from people
    assert cast.state(letter).value == "released" and not rows(cast)
    cast.released(cast.responsible)
    assert [row["person_id"] for row in rows(cast)] == [cast.harmed.id]
    assert later(cast, platform) == 1
    hold(cast, cast.submitted(cast.responsible), cast.first)
    assert not waiting(cast, cast.responsible)
    give_back(cast, cast.submitted(cast.responsible), cast.second)
    assert len(waiting(cast, cast.responsible)) == 1 and not waiting(cast, cast.harmed)
    agreement.propose(platform, cast.first.me, cast.case, Terms(),
                      agreement.Wording("What happened.", "", (), {}))
    assert later(cast, platform) == 2
    pace.stop(platform, cast.harmed.me, cast.case)
    assert later(cast, platform) == 0
    messages = [message_from_bytes(content, policy=default) for _, _, content in box.taken]
    assert {(message["From"], message["To"], message["Subject"], message.get_content().strip())
            for message in messages
            } == {("Post <post@messages.example>", ADDRESS, "An update", send.WORDS.strip())}
    assert all(message["Date"].endswith(":00:00 +0000") for message in messages)


def test_rule_2_nobody_is_written_to_who_does_not_agree_to_it(cast: Cast,
                                                              platform: Platform, box: Box) -> None:
    reached_by(cast, cast.harmed)
    tell(cast, cast.harmed)
    assert later(cast, platform) == 0 and not rows(cast)
    consent.give(platform, cast.harmed.me, cast.case, [NOTICES])
    tell(cast, cast.harmed)
    consent.withdraw(platform, cast.harmed.me, cast.case, [NOTICES])
    assert later(cast, platform) == 0 and not rows(cast)
    consent.give(platform, cast.harmed.me, cast.case, [NOTICES])
    tell(cast, cast.harmed)
    contact.choose(platform, cast.harmed.me, "", "Post", "An update")
    assert later(cast, platform) == 0 and not box.asked


def test_it_is_never_sent_twice_whoever_dies_or_is_slow(cast: Cast,
                                                        platform: Platform, box: Box) -> None:
    wanting(cast, cast.harmed)
    tell(cast, cast.harmed)
    # another worker, while this one waits for the server
    box.meanwhile = lambda: send.send_due(platform)
    assert later(cast, platform) == 1
    box.hangs_up = True
    tell(cast, cast.harmed)
    assert later(cast, platform) == 0 and later(cast, platform) == 0
    tell(cast, cast.harmed)
    assert later(cast, replace(platform, post=Dies())) == 0 and later(cast, platform) == 0
    assert len(box.asked) == 2 and not contact.own_contact(platform, cast.harmed.me).came_back


def test_one_message_says_all_that_waits(cast: Cast, platform: Platform, box: Box) -> None:
    reached_by(cast, cast.first)
    for kind in ("update", "alert"):
        tell(cast, cast.first, kind)
    assert send.send_due(platform) == 1
    assert later(cast, platform) == 0 and len(box.asked) == 1


def test_what_fails_for_now_is_tried_again_and_not_for_ever(cast: Cast,
                                                            platform: Platform, box: Box) -> None:
    wanting(cast, cast.harmed)
    tell(cast, cast.harmed)
    box.to_rcpt = "451 Later"
    later(cast, platform)
    assert later(cast, platform, minutes=4) == 0 and len(box.asked) == 1
    for _ in range(20):
        later(cast, platform)
    assert len(box.asked) == send.MOST_TRIES
    assert told(cast, cast.case) == 1 and contact.own_contact(platform, cast.harmed.me).came_back


def test_what_came_back_goes_to_no_other_address_and_the_next_one_does(
    cast: Cast, platform: Platform, box: Box
) -> None:
    for player, chain in ((cast.responsible, cast.case), (cast.first, platform.keys.installation)):
        reached_by(cast, player)
        if player is cast.responsible:
            consent.give(platform, player.me, cast.case, [NOTICES])
        box.to_rcpt = "550 Nobody here"
        tell(cast, player)
        later(cast, platform)
        assert told(cast, chain) == 1 and contact.own_contact(platform, player.me).came_back
        box.to_rcpt = "451 Later"
        tell(cast, player)
        later(cast, platform)
        contact.choose(platform, player.me, "another@example.org", "Post", "An update")
        box.to_rcpt, before = "", len(box.asked)
        assert later(cast, platform) == 0 and not contact.own_contact(platform, player.me).came_back
        tell(cast, player)
        assert later(cast, platform) == 1
        assert box.asked[before:] == ["another@example.org"]


def test_the_log_says_kinds_of_errors_alone(cast: Cast, platform: Platform,
                                            caplog: pytest.LogCaptureFixture) -> None:
    wanting(cast, cast.harmed)
    tell(cast, cast.harmed)
    later(cast, replace(platform, post=Dies()))
    assert "ValueError" in caplog.text and ADDRESS not in caplog.text and "Hanna" not in caplog.text


def test_an_older_database_writes_to_staff_alone(cast: Cast, platform: Platform) -> None:
    """Somebody may have withdrawn since."""
    wanting(cast, cast.harmed)
    reached_by(cast, cast.first)
    for player in (cast.harmed, cast.first):
        tell(cast, player)
    platform.state_file.path.unlink()
    assert later(cast, platform) == 1
    assert waiting(cast, cast.harmed) and not waiting(cast, cast.first)


def test_a_way_that_was_tampered_with_is_not_used(cast: Cast, platform: Platform, box: Box) -> None:
    wanting(cast, cast.harmed)
    reached_by(cast, cast.first)
    attacker = Attacker(platform)
    (mine,) = attacker.rows(ContactWay, ContactWay.person_id == cast.first.id)
    attacker.run(update(ContactWay).where(ContactWay.person_id
                                          == cast.harmed.id).values(sealed=mine["sealed"]))
    tell(cast, cast.harmed)
    assert later(cast, platform) == 0 and not box.asked
    assert attacker.rows(AuditEntry, AuditEntry.event == Event.TAMPERING_FOUND.value)


def test_the_outbox_forgets(cast: Cast, platform: Platform) -> None:
    wanting(cast, cast.harmed)
    tell(cast, cast.harmed)
    later(cast, platform)
    tell(cast, cast.harmed)
    cast.clock.advance(days=6)
    send.forget(platform)
    assert len(rows(cast)) == 2
    cast.clock.advance(days=2)
    send.forget(platform)
    assert [row["sent_at"] is None for row in rows(cast)] == [False]
    cast.clock.advance(days=7)
    send.forget(platform)
    assert not rows(cast)


def test_who_soon_has_to_renew_a_consent_hears_of_it(cast: Cast, platform: Platform) -> None:
    wanting(cast, cast.harmed)
    for days, waits in ((365 - 15, 0), (1, 1), (1, 1)):
        cast.clock.advance(days=days)
        outbox.remind(platform)
        assert len(waiting(cast, cast.harmed)) == waits
    assert not waiting(cast, cast.responsible)


# what somebody may choose


@pytest.mark.parametrize(("field", "words"), [
    ("own_sender", "From Hanna"), ("own_subject", "Ask Frances"),
    ("own_subject", "About the VICTIM"),
    ("own_subject", "Your létters"), ("own_sender", "a@b.example"), ("own_subject", "One\nTwo"),
    ("own_subject", "Call 07700 900123"), ("own_sender", "x" * 41), ("own_sender", ""),
    ("address", "no address"),
    ("address", "a@b.example\nBcc: c@d.example"), ("address", "a b@c.example"),
    ("address", "a@b_c.example"), ("address", "a\u200b@b.example"), ("address", "a@1.2.3.4"),
])
def test_words_that_tell_are_refused(cast: Cast, field: str, words: str) -> None:
    chosen = {"address": ADDRESS, "sender": "Aunt Polly's", "subject": "Garden news",
              field.removeprefix("own_"): words}
    with pytest.raises(NotAcceptable) as refused:
        contact.choose(cast.platform, cast.harmed.me, **chosen)
    assert refused.value.field == field
    contact.choose(cast.platform, cast.harmed.me, ADDRESS, "Aunt Polly's", "Garden news")


def test_no_refusal_tells_the_name_of_somebody_on_the_other_side(cast: Cast) -> None:
    """They may never have met. Words with another's name are taken like any."""
    contact.choose(cast.platform, cast.responsible.me, ADDRESS,
                   "Hanna Harmed".replace("Harmed", "Hansen"), "News")


def test_the_team_sees_how_to_call_somebody_and_never_an_address(cast: Cast) -> None:
    platform = cast.platform
    contact.choose(platform, cast.harmed.me, ADDRESS, "Post", "An update",
                   "Mondays. Say you are Sam.")
    contact.record_channel(platform, cast.first.me, cast.case, cast.harmed.id, "By her sister.")
    shown = contact.for_team(platform, cast.second.me, cast.case, cast.harmed.id)
    assert (shown.telephone, shown.channel) == ("Mondays. Say you are Sam.", "By her sister.")
    assert ADDRESS not in repr(shown)
    assert contact.own_contact(platform, cast.harmed.me).way.channel == "By her sister."
    for somebody, refusal in ((cast.responsible, NotAllowed),
                              (cast.stranger_facilitator, NotFound)):
        with pytest.raises(refusal):
            contact.for_team(platform, somebody.me, cast.case, cast.harmed.id)
        with pytest.raises(refusal):
            contact.record_channel(platform, somebody.me, cast.case, cast.harmed.id, "Mine.")
    for person in (cast.stranger_harmed, cast.first):  # of another case, and of the staff
        with pytest.raises(NotFound):
            contact.record_channel(platform, cast.first.me, cast.case, person.id, "Mine.")


def test_a_copy_of_the_database_does_not_say_who_wants_to_hear(cast: Cast) -> None:
    reached_by(cast, cast.harmed)
    contact.choose(cast.platform, cast.responsible.me, "", "Messages", "An update")
    copied = Attacker(cast.platform).rows(ContactWay)
    assert len({len(row["sealed"])
                for row in copied}) == 1 and ADDRESS.encode() not in repr(copied).encode()
