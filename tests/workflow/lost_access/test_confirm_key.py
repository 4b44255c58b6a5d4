"""Seven spoken words, two members, and the letters come back: those, and no others."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from keys import vouching
from keys.identity import Identity, fingerprint
from letters.rules.errors import (
    LettersError,
    NeedsPassword,
    NotAcceptable,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.letter.lifecycle import State
from letters.storage.store import microseconds
from letters.storage.tables.accounts import KeyConfirmation
from letters.storage.tables.letters import AuditEntry, Grant, Letter, PublicKey, Version
from letters.workflow.access import directory
from letters.workflow.decision import decide
from letters.workflow.lost_access import confirm_key, new_identity
from letters.workflow.platform import SignedIn
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import Scene, answer_due, exchange_under_way, give_back, of
from tests.cast import PASSWORD, Cast, Player
from tests.races.at_once import events
from tests.workflow.losing import NEW, heard, lost, signed_in


def kid_of(cast: Cast, player: Player) -> bytes:
    waits = confirm_key.awaited(cast.platform, cast.first.me, cast.case, player.id)
    assert waits is not None
    return waits.kid


def confirm(cast: Cast, member: Player, player: Player,
            kid: bytes | None = None) -> confirm_key.Granted:
    return confirm_key.confirm_key(
        cast.platform, member.me, cast.case, player.id, kid or kid_of(cast, player), PASSWORD, True
    )


def granted(cast: Cast, attacker: Attacker, player: Player) -> set:
    return {row["version_id"] for row in attacker.rows(Grant, Grant.reader_id == player.id)}


# --- how it goes

def test_the_team_and_the_person_see_the_same_seven_words(cast: Cast) -> None:
    platform = cast.platform
    assert confirm_key.own_words(platform, cast.harmed.me, cast.case) == ()
    assert confirm_key.awaited(platform, cast.first.me, cast.case, cast.harmed.id) is None
    me = lost(cast, cast.harmed)
    waits = confirm_key.awaited(platform, cast.second.me, cast.case, cast.harmed.id)
    words = confirm_key.own_words(platform, me, cast.case)
    assert waits is not None and waits.words == words == fingerprint(me.identity.kid)
    heard(cast, cast.harmed)
    assert confirm_key.own_words(platform, me, cast.case) == ()


@pytest.mark.both_databases
def test_two_members_bring_back_what_was_sent_and_what_arrived(
    cast: Cast, attacker: Attacker
) -> None:
    arrived = cast.open_the_way_back()
    sent, draft = cast.submitted(cast.responsible,
                                 "Sent."), cast.draft(cast.responsible, "A draft.")
    me = lost(cast, cast.responsible)
    assert confirm(cast, cast.first, cast.responsible) == confirm_key.Granted()
    assert granted(cast, attacker, cast.responsible) == set()
    assert confirm(cast, cast.second, cast.responsible) == confirm_key.Granted(True, 2, 0)
    open_letter.open_letter(cast.platform, me, arrived)
    assert open_letter.read_again(cast.platform, me, arrived) == "The first letter."
    own = write.own_text(cast.platform, me, sent)
    assert own is not None and own.text == "Sent."
    assert write.own_text(cast.platform, me, draft) is None
    assert (events(attacker, "key confirmed"), events(attacker, "letters regranted")) == (2, 1)


def test_every_round_of_a_letter_comes_back(cast: Cast, attacker: Attacker) -> None:
    letter = cast.submitted(cast.harmed, "First.")
    give_back(cast, letter, cast.first)
    draft = cast.row(letter).draft_id
    write.submit(
        cast.platform, cast.harmed.me, letter,
        write.save(cast.platform, cast.harmed.me, letter, draft, "Second.")
    )
    me = lost(cast, cast.harmed)
    assert heard(cast, cast.harmed).versions == 2
    own = write.own_text(cast.platform, me, letter)
    assert own is not None and own.text == "Second."


def test_words_written_after_the_reset_stay_the_newest(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "Sent.")
    give_back(cast, letter, cast.first)
    me = lost(cast, cast.harmed)
    write.save(cast.platform, me, letter, None, "Written anew.")
    heard(cast, cast.harmed)
    own = write.own_text(cast.platform, me, letter)
    assert own is not None and own.text == "Written anew."


def test_releases_that_waited_are_set_aside_though_a_gate_is_shut(cast: Cast) -> None:
    letter = cast.approved(cast.harmed)
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    lost(cast, cast.responsible)
    heard(cast, cast.responsible)
    assert cast.state(letter) is State.SEAL_AGAIN
    decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
    pace.end_pause(cast.platform, cast.harmed.me, cast.case)
    assert cast.release() == 1


def test_what_the_second_could_not_open_a_member_with_older_keys_brings_back(
    cast: Cast, attacker: Attacker
) -> None:
    letter = cast.submitted(cast.harmed, "Sent long ago.")
    me = lost(cast, cast.harmed)
    new = cast.stranger_facilitator
    # they hold the key of a newer epoch alone
    cast.join(cast.case, cast.first, new, handover=False)
    confirm(cast, cast.first, cast.harmed)
    assert confirm(cast, new, cast.harmed) == confirm_key.Granted(True, 0, 1)
    assert write.own_text(cast.platform, me, letter) is None
    platform = cast.platform
    assert confirm_key.left_over(platform, new.me, cast.case, cast.harmed.id) == 1
    assert confirm_key.grant_the_rest(platform, new.me, cast.case, cast.harmed.id,
                                      PASSWORD).left == 1
    assert confirm_key.grant_the_rest(platform, cast.first.me, cast.case, cast.harmed.id,
                                      PASSWORD).versions == 1
    assert confirm_key.grant_the_rest(platform, cast.first.me, cast.case, cast.harmed.id,
                                      PASSWORD).versions == 0
    own = write.own_text(platform, me, letter)
    assert own is not None and own.text == "Sent long ago."


# --- who may, and what for

def test_one_member_counts_once(cast: Cast, attacker: Attacker) -> None:
    cast.submitted(cast.harmed)
    lost(cast, cast.harmed)
    confirm(cast, cast.first, cast.harmed)
    with pytest.raises(NotPossibleNow):
        confirm(cast, cast.first, cast.harmed)
    assert granted(cast, attacker, cast.harmed) == set()


def test_nobody_outside_the_team_confirms_nor_the_person_themselves(
    cast: Cast, attacker: Attacker
) -> None:
    me = lost(cast, cast.harmed)
    kid = kid_of(cast, cast.harmed)
    for other, refusal in ((cast.stranger_facilitator.me, NotFound),
                           (cast.responsible.me, NotAllowed),
                           (me, NotAllowed), (cast.stranger_harmed.me, NotFound)):
        with pytest.raises(refusal):
            confirm_key.confirm_key(
                cast.platform, other, cast.case, cast.harmed.id, kid,
                NEW if other is me else PASSWORD, True
            )
        with pytest.raises(refusal):
            confirm_key.awaited(cast.platform, other, cast.case, cast.harmed.id)
    assert not attacker.rows(KeyConfirmation)


def test_what_is_confirmed_is_the_key_that_was_shown(cast: Cast, attacker: Attacker) -> None:
    lost(cast, cast.harmed)
    before = kid_of(cast, cast.harmed)
    confirm(cast, cast.first, cast.harmed)
    lost(cast, cast.harmed)  # once more: another key
    for kid in (before, bytes(32), b""):
        with pytest.raises(NotPossibleNow):
            confirm_key.confirm_key(cast.platform, cast.second.me, cast.case, cast.harmed.id, kid,
                                    PASSWORD, True)
    confirm(cast, cast.second, cast.harmed)  # the first's word was for the key before
    assert events(attacker, "letters regranted") == 0
    assert confirm(cast, cast.first, cast.harmed).confirmed


def test_a_confirmation_takes_the_tick_and_the_password(cast: Cast, attacker: Attacker) -> None:
    lost(cast, cast.harmed)
    kid, platform = kid_of(cast, cast.harmed), cast.platform
    with pytest.raises(NotAcceptable):
        confirm_key.confirm_key(platform, cast.first.me, cast.case, cast.harmed.id, kid, PASSWORD,
                                False)
    with pytest.raises(NeedsPassword):
        confirm_key.confirm_key(platform, cast.first.me, cast.case, cast.harmed.id, kid, "not it",
                                True)
    assert not attacker.rows(KeyConfirmation)


def test_where_nothing_was_reset_nothing_is_confirmed_or_granted(
    cast: Cast, attacker: Attacker
) -> None:
    new_identity.renew(cast.platform, cast.responsible.me, PASSWORD, NEW)
    for player in (cast.harmed, cast.responsible):
        with cast.platform.reading() as db:
                keys = directory.keys_of_person(cast.platform, db, player.id)
        assert keys is not None
        with pytest.raises(NotPossibleNow):
            confirm_key.confirm_key(
                cast.platform, cast.first.me, cast.case, player.id, keys.recipient.kid, PASSWORD,
                True
            )
    with pytest.raises(NotPossibleNow):
        confirm_key.grant_the_rest(cast.platform, cast.first.me, cast.case, cast.harmed.id,
                                   PASSWORD)


def test_a_recipient_regains_what_reached_them_and_nothing_else(theatre: Theatre) -> None:
    scene, cast, attacker = theatre.play(exchange_under_way), theatre.cast, theatre.attacker
    lost(cast, cast.harmed)
    heard(cast, cast.harmed)
    own = attacker.rows(Version, Version.letter_id == scene.arrived, Version.kind == "submitted")
    assert granted(cast, attacker, cast.harmed) == {row["id"] for row in own}


# --- with the database

@pytest.mark.parametrize("letter", ["approved", "in_review", "read_once", "held", "recalled"])
@pytest.mark.parametrize("change", [
    {"state": "released"}, {"state": "opened"}, "mine", "swapped"])
def test_no_row_brings_a_letter_that_was_not_released(
    theatre: Theatre, letter: str, change
) -> None:
    scene: Scene = theatre.play(answer_due)
    cast, attacker = theatre.cast, theatre.attacker
    wanted = getattr(scene, letter)
    values = ({"mine": {"author_id": cast.harmed.id},
              "swapped": {"author_id": cast.harmed.id, "recipient_id": cast.responsible.id,
                          "channel_id": cast.channel(cast.harmed)}}.get(change)
              if isinstance(change, str) else change)
    lost(cast, cast.harmed)
    attacker.run(of(Letter, wanted).values(values))
    with pytest.raises(Tampered):
        heard(cast, cast.harmed)
    assert not attacker.rows(Grant, Grant.reader_id == cast.harmed.id)


def test_an_unreleased_version_is_not_put_in_the_place_of_one_that_arrived(
    theatre: Theatre,
) -> None:
    scene, cast, attacker = theatre.play(exchange_under_way), theatre.cast, theatre.attacker
    lost(cast, cast.responsible)
    theirs = cast.submitted(cast.harmed, "Not for anybody yet.")
    attacker.run(
        of(Letter, scene.arrived).values(submitted_id=cast.row(theirs).submitted_id),
        update(Version)
        .where(Version.id == cast.row(theirs).submitted_id)
        .values(letter_id=scene.arrived),
    )
    with pytest.raises(Tampered):
        heard(cast, cast.responsible)


def forged(cast: Cast, member: SignedIn, kid: bytes, serial: int = 2) -> dict:
    at = cast.clock()
    signature = vouching.sign(member.identity, "key confirmation", person=cast.harmed.id,
                              serial=serial, kid=kid,
                              member=member.person, at=microseconds(at))
    return {"person_id": cast.harmed.id, "serial": serial, "member_id": member.person, "at": at,
            "signature": signature}


def test_a_confirmation_put_into_the_table_counts_for_nothing(
    cast: Cast, attacker: Attacker
) -> None:
    cast.submitted(cast.harmed)
    lost(cast, cast.harmed)
    kid = kid_of(cast, cast.harmed)
    mallory = SignedIn(cast.first.me.actor, Identity(b"m" * 32), b"")
    # the second with a stolen key
    for row in (forged(cast, mallory, kid), forged(cast, cast.first.me, kid)):
        attacker.put(KeyConfirmation, row)
        with pytest.raises(Tampered):
            confirm(cast, cast.second, cast.harmed, kid)
        attacker.run(delete(KeyConfirmation))
    assert granted(cast, attacker, cast.harmed) == set()


@pytest.mark.parametrize("change", [
    {"serial": 3}, {"signature": bytes(64)}, {"at": timedelta(seconds=1)}, {"member_id": "second"},
    "gone"])
def test_a_confirmation_is_not_moved_or_altered(cast: Cast, attacker: Attacker, change) -> None:
    lost(cast, cast.harmed)
    confirm(cast, cast.first, cast.harmed)
    if change == "gone":
        attacker.run(delete(KeyConfirmation))
    elif change == {"serial": 3}:  # kept for the key after
        lost(cast, cast.harmed)
        attacker.run(update(KeyConfirmation).values(serial=3))
    else:
        values = {"at": cast.clock() + timedelta(1)} if "at" in change else change
        values = {"member_id": cast.second.id} if "member_id" in change else values
        attacker.run(update(KeyConfirmation).values(values))
    with pytest.raises((Tampered, NotPossibleNow)):
        confirm_key.confirm_key(cast.platform, cast.second.me, cast.case, cast.harmed.id,
                                current_kid(cast), PASSWORD,
                                True)
    assert events(attacker, "letters regranted") == 0


def current_kid(cast: Cast) -> bytes:
    return signed_in(cast.platform, "harmed").identity.kid


def test_the_words_are_not_shown_for_a_key_that_the_trail_does_not_tell_of(
    cast: Cast, attacker: Attacker
) -> None:
    lost(cast, cast.harmed)
    attacker.run(delete(PublicKey).where(PublicKey.owner_id == cast.harmed.id,
                                         PublicKey.serial == 2))
    with pytest.raises(Tampered):
        confirm_key.awaited(cast.platform, cast.first.me, cast.case, cast.harmed.id)


def test_a_reset_cannot_be_hidden_by_taking_its_fact_away(cast: Cast, attacker: Attacker) -> None:
    letter = cast.approved(cast.harmed)
    lost(cast, cast.responsible)
    number = attacker.rows(AuditEntry, AuditEntry.event == "access reset")[0]["number"]
    for gone in (number, number - 1):
        attacker.run(delete(AuditEntry).where(AuditEntry.case_id == cast.case,
                                              AuditEntry.number == gone))
        with pytest.raises(LettersError):
            decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
    assert cast.release() == 0


def test_who_left_the_team_counts_no_more(cast: Cast, attacker: Attacker) -> None:
    cast.submitted(cast.harmed)
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    lost(cast, cast.harmed)
    confirm(cast, cast.stranger_facilitator, cast.harmed)
    join_and_leave.leave(cast.platform, cast.stranger_facilitator.me, cast.case)
    assert not confirm(cast, cast.first, cast.harmed).confirmed
    assert confirm(cast, cast.second, cast.harmed).confirmed


def test_a_reset_after_the_confirmation_begins_anew(cast: Cast, attacker: Attacker) -> None:
    cast.submitted(cast.harmed)
    for _ in range(2):
        lost(cast, cast.harmed)
        assert granted(cast, attacker, cast.harmed) == set()
        assert heard(cast, cast.harmed).versions == 1
