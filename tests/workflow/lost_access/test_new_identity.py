"""*My password may be known*: a new identity with everything in its place, and the old one good for
nothing new."""

import pytest
from sqlalchemy import delete, update

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import Identity, expand
from keys.letter import open_own_grant
from letters.rules.errors import (
    CodeRefused,
    LettersError,
    NeedsPassword,
    NotAcceptable,
    SignInRefused,
    Tampered,
)
from letters.rules.letter.lifecycle import State
from letters.storage.tables.accounts import KeptSave
from letters.storage.tables.letters import AuditEntry, Grant, Letter, Person, PublicKey
from letters.storage.tables.team import Pin
from letters.workflow.accounts import sign_in
from letters.workflow.decision import decide
from letters.workflow.lost_access import new_identity, recovery
from letters.workflow.reading import open_letter
from letters.workflow.review import read_letter
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import give_back, of
from tests.cast import PASSWORD, Cast, Player
from tests.races.agreement import agree
from tests.races.at_once import events
from tests.workflow.losing import NEW, serial, signed_in


def renewed(cast: Cast, player: Player) -> Identity:
    """They renew their keys and sign in again. Returns the identity they had."""
    before = player.me.identity
    new_identity.renew(cast.platform, player.me, PASSWORD, NEW)
    player.me = signed_in(cast.platform, player.name)
    return before


@pytest.fixture(autouse=True)
def players_are_put_back(cast: Cast):
    """A player who has signed in anew is as before for the next test."""
    known = {player: player.me for player in vars(cast).values() if isinstance(player, Player)}
    yield
    for player, me in known.items():
        player.me = me


@pytest.mark.both_databases
def test_everything_of_ones_own_is_still_there(cast: Cast) -> None:
    sent = cast.released(cast.harmed, "Sent.")
    returned, draft = cast.submitted(cast.harmed, "Returned."), cast.draft(cast.harmed, "A draft.")
    give_back(cast, returned, cast.first, "Leave the address out.")
    before = renewed(cast, cast.harmed)
    platform, me = cast.platform, cast.harmed.me
    assert me.identity.kid != before.kid and serial(cast, me.person) == 2
    for letter, text in ((sent, "Sent."), (returned, "Returned."), (draft, "A draft.")):
        own = write.own_text(platform, me, letter)
        assert own is not None and own.text == text
    assert [note.words for note in write.notes_for_author(platform, me,
                                                          returned)] == ["Leave the address out."]
    assert write.own_texts(platform, me, returned)
    agree(platform)


def test_what_was_received_is_still_there_and_was_signed_by_keys_of_before(cast: Cast) -> None:
    letter = cast.released(cast.harmed, "For you.")
    # reader, writer, and who approved it
    for player in (cast.responsible, cast.harmed, cast.first):
        renewed(cast, player)
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    assert open_letter.read_again(cast.platform, cast.responsible.me, letter) == "For you."


def test_a_letter_on_its_way_goes_on_though_its_writer_and_readers_have_new_keys(
    cast: Cast,
) -> None:
    cast.open_the_way_back()
    letter = cast.submitted(cast.responsible, "An answer.")
    cast.approve(letter, cast.first)
    renewed(cast, cast.responsible)
    renewed(cast, cast.first)
    assert read_letter.letter_for(cast.platform, cast.second.me, letter).text == "An answer."
    cast.approve(letter, cast.second)
    assert cast.state(letter) is State.APPROVED
    agree(cast.platform)


def test_staff_keep_their_case_keys(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed, "For the desk.")
    renewed(cast, cast.second)
    assert read_letter.letter_for(cast.platform, cast.second.me, letter).text == "For the desk."


def test_a_release_that_waited_for_the_old_key_is_sealed_again_and_nothing_is_lost(
    cast: Cast,
) -> None:
    letter = cast.approved(cast.harmed, "Waiting.")
    renewed(cast, cast.responsible)
    assert cast.release() == 0
    assert cast.state(letter) is State.SEAL_AGAIN
    decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
    assert cast.release() == 1
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    assert open_letter.read_again(cast.platform, cast.responsible.me, letter) == "Waiting."


def test_nothing_that_comes_later_opens_with_the_old_key(cast: Cast, attacker: Attacker) -> None:
    cast.released(cast.harmed, "Before.")
    before = renewed(cast, cast.responsible)
    cast.released(cast.harmed, "After.")
    for grant in attacker.rows(Grant, Grant.reader_id == cast.responsible.id):
        with pytest.raises(CannotOpen):
            open_own_grant(before, cast.responsible.id, grant["sealed"], grant["version_id"])
        open_own_grant(cast.responsible.me.identity, cast.responsible.id, grant["sealed"],
                       grant["version_id"])


@pytest.mark.parametrize("who", ["harmed", "first"])
def test_every_session_ends_and_old_password_and_code_open_nothing(
    cast: Cast, attacker: Attacker, who: str
) -> None:
    player = getattr(cast, who)
    elsewhere = sign_in.sign_in(cast.platform, player.name, PASSWORD)
    code = new_identity.renew(cast.platform, player.me, PASSWORD, NEW)
    assert sign_in.who_is(cast.platform,
                          elsewhere) is sign_in.who_is(cast.platform, player.token) is None
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, player.name, PASSWORD)
    with pytest.raises(CodeRefused):
        recovery.recover(cast.platform, player.name, player.recovery_code, PASSWORD)
    recovery.recover(cast.platform, player.name, code, PASSWORD)
    told = attacker.rows(AuditEntry, AuditEntry.event == "identity renewed")
    chain = cast.case if who == "harmed" else cast.platform.keys.installation
    assert [(row["case_id"], row["subject_id"], row["entered"])
            for row in told] == [(chain, player.id, "2")]


def test_what_may_be_known_is_not_chosen_again(cast: Cast) -> None:
    for old, new, refusal in (("not it", NEW, NeedsPassword), (PASSWORD, PASSWORD, NotAcceptable),
                              (PASSWORD, "short", NotAcceptable)):
        with pytest.raises(refusal):
            new_identity.renew(cast.platform, cast.harmed.me, old, new)
    assert serial(cast, cast.harmed.id) == 1


def test_keys_are_renewed_again_and_again(cast: Cast) -> None:
    draft, passwords = (
        cast.draft(cast.harmed, "The first words."),
        [PASSWORD, NEW, "the third that I have chosen"],
    )
    for old, new in zip(passwords, passwords[1:], strict=False):
        new_identity.renew(cast.platform, cast.harmed.me, old, new)
        cast.harmed.me = signed_in(cast.platform, "harmed", new)
    own = write.own_text(cast.platform, cast.harmed.me, draft)
    assert own is not None and own.text == "The first words."
    assert serial(cast, cast.harmed.id) == 3


def test_what_one_keeps_for_oneself_goes_along(cast: Cast, attacker: Attacker) -> None:
    platform, me, letter = cast.platform, cast.harmed.me, cast.draft(cast.harmed)
    save, in_box = platform.new_id(), {}
    in_box[b"own"] = context("kept save", save=save, person=me.person, letter=letter)
    in_box[b"pin"] = context("pin", person=me.person, case=cast.case)
    sealed = {label: box.seal(expand(me.identity.root, label), place, label, platform.random)
              for label, place in in_box.items()}
    attacker.put(KeptSave,
                 {"id": save, "person_id": me.person, "letter_id": letter, "kept_at": cast.clock(),
                  "sealed": sealed[b"own"]})
    attacker.put(Pin, {"person_id": me.person, "case_id": cast.case, "sealed": sealed[b"pin"]})
    renewed(cast, cast.harmed)
    for table, label in ((KeptSave, b"own"), (Pin, b"pin")):
        row = attacker.rows(table, table.person_id == me.person)[0]
        assert box.open_box(expand(cast.harmed.me.identity.root, label), in_box[label],
                            row["sealed"]) == label


# --- attacks

def test_a_grant_that_was_spoilt_keeps_nobody_from_new_keys_and_is_put_down(
    cast: Cast, attacker: Attacker
) -> None:
    spoilt, whole = cast.draft(cast.harmed, "Spoilt."), cast.draft(cast.harmed, "Whole.")
    attacker.run(update(Grant).where(Grant.version_id
                                     == cast.row(spoilt).draft_id).values(sealed=b"\x02nothing"))
    renewed(cast, cast.harmed)
    own = write.own_text(cast.platform, cast.harmed.me, whole)
    assert own is not None and own.text == "Whole."
    assert events(attacker, "tampering found") == 1


ROLLED_BACK = {
    "the newer row is gone": lambda c: delete(PublicKey).where(
        PublicKey.owner_id == c.responsible.id, PublicKey.serial == 2
    ),
    "a key of another is the newest": lambda c: (
        update(PublicKey)
        .where(PublicKey.owner_id == c.responsible.id, PublicKey.serial == 2)
        .values(serial=3)
    ),
}


@pytest.mark.parametrize("attack", list(ROLLED_BACK))
def test_the_trail_says_which_key_is_the_current_one_at_approval(
    cast: Cast, attacker: Attacker, attack: str
) -> None:
    letter = cast.submitted(cast.harmed)
    renewed(cast, cast.responsible)
    attacker.run(ROLLED_BACK[attack](cast))
    with pytest.raises(Tampered):
        cast.approve(letter, cast.first)


def test_a_release_sealed_to_an_old_key_does_not_go_when_that_is_made_current_again(
        cast: Cast, attacker: Attacker) -> None:
    letter = cast.approved(cast.harmed)
    new_identity.renew(cast.platform, cast.responsible.me, PASSWORD, NEW)
    attacker.run(ROLLED_BACK["the newer row is gone"](cast))
    assert cast.release() == 0
    assert cast.state(letter) is State.APPROVED
    assert not attacker.rows(Grant, Grant.version_id == cast.row(letter).submitted_id,
                             Grant.reader_id == cast.responsible.id)
    assert events(attacker, "tampering found") == 1


def test_no_note_and_no_case_key_is_sealed_to_an_old_key_made_current_again(
        cast: Cast, attacker: Attacker) -> None:
    letter = cast.submitted(cast.harmed)
    for player in (cast.harmed, cast.stranger_facilitator):
        new_identity.renew(cast.platform, player.me, PASSWORD, NEW)
        attacker.run(delete(PublicKey).where(PublicKey.owner_id == player.id,
                                             PublicKey.serial == 2))
    with pytest.raises(LettersError):
        give_back(cast, letter, cast.first)
    with pytest.raises(Tampered):
        join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.stranger_facilitator.id,
                           handover=True)


def test_an_identity_put_back_with_its_account_signs_nobody_in_and_renews_nothing(
    cast: Cast, attacker: Attacker
) -> None:
    before, keys = attacker.rows(Person, Person.id == cast.harmed.id)[0], cast.harmed.me
    new_identity.renew(cast.platform, keys, PASSWORD, NEW)
    attacker.run(of(Person, cast.harmed.id).values(before))
    for verb in (lambda: signed_in(cast.platform, "harmed", PASSWORD),
                 lambda: new_identity.renew(cast.platform, keys, PASSWORD, "the words of a thief"),
                 lambda: recovery.new_recovery_code(cast.platform, keys, PASSWORD)):
        with pytest.raises(Tampered):
            verb()


def test_a_fact_of_the_keys_that_was_altered_is_found_out(cast: Cast, attacker: Attacker) -> None:
    new_identity.renew(cast.platform, cast.responsible.me, PASSWORD, NEW)
    letter = cast.submitted(cast.harmed)
    attacker.run(update(AuditEntry).where(AuditEntry.event
                                          == "identity renewed").values(entered="1"))
    with pytest.raises(Tampered):
        cast.approve(letter, cast.first)
    attacker.run(delete(AuditEntry).where(AuditEntry.event == "identity renewed"))
    with pytest.raises(Tampered):
        cast.approve(letter, cast.first)
    assert attacker.rows(Letter, Letter.id == letter)[0]["state"] == "in review"
