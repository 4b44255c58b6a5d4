"""A save that comes too late is kept for its writer, and for nobody else; nothing in the letter is
overwritten."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.rules.errors import NotAllowed, NotFound, NotPossibleNow, Tampered
from letters.storage.tables.accounts import KeptSave
from letters.storage.tables.letters import SessionRow
from letters.workflow.accounts import sessions, sign_in
from letters.workflow.platform import SignedIn
from letters.workflow.writing import saved_after_sign_out, write
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player
from tests.races.at_once import at_once


def run_out(cast: Cast, name: str = "harmed", **later: float) -> bytes:
    """The cookie of a session that has just run out."""
    token = sign_in.sign_in(cast.platform, name, PASSWORD)
    cast.clock.advance(**(later or {"minutes": 31}))
    assert sign_in.who_is(cast.platform, token) is None
    return token


def kept(cast: Cast, player: Player, text: str = "Too late.") -> UUID:
    """A letter with a save that came too late."""
    letter = cast.draft(player)
    assert saved_after_sign_out.keep_late(cast.platform, run_out(cast, player.name), letter, text)
    return letter


@pytest.mark.both_databases
def test_it_is_kept_once_and_signs_nobody_in(cast: Cast, attacker: Attacker) -> None:
    letter = cast.draft(cast.harmed)
    token = run_out(cast)
    for _ in range(2):  # a double click
        assert saved_after_sign_out.keep_late(cast.platform, token, letter, "Too late.\n<b>")
    assert sign_in.who_is(cast.platform, token) is None
    assert [(save.letter, save.text)
            for save in saved_after_sign_out.waiting(cast.platform, cast.harmed.me)] == [
        (letter, "Too late.\n<b>")]
    assert saved_after_sign_out.is_waiting(cast.platform, cast.harmed.me)
    assert not saved_after_sign_out.is_waiting(cast.platform, cast.responsible.me)
    assert b"Too late" not in attacker.rows(KeptSave)[0]["sealed"]
    assert write.own_text(cast.platform, cast.harmed.me, letter).text != "Too late.\n<b>"  # type: ignore[union-attr]


@pytest.mark.parametrize(("later", "is_kept"), [
    ({"minutes": 30.1}, True), ({"days": 6.9}, True), ({"days": 7, "minutes": 31}, False),
    ({"days": 30}, False)])
def test_for_a_week(cast: Cast, later: dict[str, float], is_kept: bool) -> None:
    letter = cast.draft(cast.harmed)
    assert saved_after_sign_out.keep_late(cast.platform, run_out(cast, **later), letter,
                                          "Too late.") is is_kept


def test_another_sign_in_meanwhile_does_not_lose_it(cast: Cast) -> None:
    letter = cast.draft(cast.harmed)
    token = run_out(cast, hours=13)
    sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    assert saved_after_sign_out.keep_late(cast.platform, token, letter, "Too late.")


@pytest.mark.parametrize("text", ["", "x" * 200_001])
def test_nothing_and_too_much_are_not_kept(cast: Cast, text: str) -> None:
    letter = cast.draft(cast.harmed)
    token = run_out(cast)
    assert not saved_after_sign_out.keep_late(cast.platform, token, letter, text)
    assert saved_after_sign_out.keep_late(cast.platform, token, letter, "x" * 200_000)


@pytest.mark.parametrize("all_others", [True, False])
def test_who_was_signed_out_from_another_device_of_theirs_loses_nothing(
    cast: Cast, all_others: bool
) -> None:
    letter, token = cast.draft(cast.harmed), sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    there = sign_in.who_is(cast.platform, token)
    assert there is not None and not saved_after_sign_out.would_keep(cast.platform, token)
    if all_others:
        sessions.end_others(cast.platform, cast.harmed.me)
    else:
        sessions.end(cast.platform, cast.harmed.me, there.session)
    assert sign_in.who_is(cast.platform, token) is None
    assert [session.is_this
            for session in sessions.own_sessions(cast.platform, cast.harmed.me)].count(False) == 0
    assert saved_after_sign_out.would_keep(cast.platform, token) and saved_after_sign_out.keep_late(
        cast.platform, token, letter, "Words."
    )
    assert [save.text
            for save in saved_after_sign_out.waiting(cast.platform, cast.harmed.me)] == ["Words."]
    assert sign_in.who_is(cast.platform, token) is None


def test_a_session_that_was_ended_is_not_taken_up_again_by_who_was_on_the_way(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that found it alive notes when it was seen only after it was ended."""
    token = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    cast.clock.advance(minutes=2)
    found = sign_in.opened

    def and_meanwhile(*about: Any) -> SignedIn | None:
        me = found(*about)
        sessions.end_others(cast.platform, cast.harmed.me)
        return me

    with monkeypatch.context() as slow:
        slow.setattr(sign_in, "opened", and_meanwhile)
        sign_in.who_is(cast.platform, token)
    assert sign_in.who_is(cast.platform, token) is None


def test_a_session_that_goes_on_or_was_ended_keeps_nothing(cast: Cast, attacker: Attacker) -> None:
    letter = cast.draft(cast.harmed)
    going_on, ended = (
        sign_in.sign_in(cast.platform, "harmed", PASSWORD),
        sign_in.sign_in(cast.platform, "harmed", PASSWORD),
    )
    sign_in.sign_out(cast.platform, ended)
    for token in (going_on, ended, bytes(32)):
        assert not saved_after_sign_out.keep_late(cast.platform, token, letter, "Words.")
    assert not attacker.rows(KeptSave)


@pytest.mark.parametrize("who", ["responsible", "first", "strange harmed"])
def test_only_the_letters_own_author_keeps_a_save_of_it(cast: Cast,
                                                        attacker: Attacker, who: str) -> None:
    letter = cast.draft(cast.harmed)
    assert not saved_after_sign_out.keep_late(cast.platform, run_out(cast, who), letter,
                                              "Words of another.")
    assert not saved_after_sign_out.keep_late(cast.platform, run_out(cast), uuid4(),
                                              "Of no letter.")
    assert not attacker.rows(KeptSave)


FORGED = {
    "it belongs to another": lambda c: {"person_id": c.responsible.id},
    "it runs out later": lambda c: {"expires_at": c.clock() + timedelta(days=9)},
    "it ran out a moment ago": lambda c: {"expires_at": c.clock() - timedelta(seconds=1)},
    "its quiet time is longer": lambda c: {"idle_minutes": 150},
    "its kid is another": lambda c: {"kid": c.responsible.me.identity.kid},
    "its stage is another": lambda c: {"stage": "password"},
    "its root is another": lambda c: {"root": bytes(200)},
}


@pytest.mark.parametrize("attack", FORGED)
def test_a_row_that_was_forged_keeps_nothing_and_signs_nobody_in(
        cast: Cast, attacker: Attacker, attack: str) -> None:
    letter = cast.draft(cast.harmed)
    token = run_out(cast, hours=13)
    attacker.run(update(SessionRow).values(FORGED[attack](cast)))
    assert not saved_after_sign_out.keep_late(cast.platform, token, letter, "Too late.")
    assert sign_in.who_is(cast.platform, token) is None
    assert not attacker.rows(KeptSave)


def test_a_row_that_ran_out_signs_nobody_in_for_the_whole_week(cast: Cast) -> None:
    token = run_out(cast, hours=13)
    for _ in range(8):
        assert sign_in.who_is(cast.platform, token) is None
        cast.clock.advance(days=1)


# --- back again

def test_both_texts_are_kept(cast: Cast) -> None:
    letter = kept(cast, cast.harmed)
    save = saved_after_sign_out.waiting(cast.platform, cast.harmed.me)[0]
    assert saved_after_sign_out.put_into_letter(cast.platform, cast.harmed.me, save.id) == letter
    assert [own.text for own in write.own_texts(cast.platform, cast.harmed.me, letter)] == [
        "Too late.", "I want you to know how it was."]
    assert write.own_text(cast.platform, cast.harmed.me, letter).text == "Too late."  # type: ignore[union-attr]
    assert saved_after_sign_out.waiting(cast.platform, cast.harmed.me) == []
    with pytest.raises(NotFound):
        saved_after_sign_out.put_into_letter(cast.platform, cast.harmed.me, save.id)


def test_a_letter_that_was_sent_meanwhile_stays_as_it_was(cast: Cast) -> None:
    letter = kept(cast, cast.harmed)
    write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)  # type: ignore[arg-type]
    save = saved_after_sign_out.waiting(cast.platform, cast.harmed.me)[0]
    with pytest.raises(NotPossibleNow):
        saved_after_sign_out.put_into_letter(cast.platform, cast.harmed.me, save.id)
    assert saved_after_sign_out.waiting(cast.platform, cast.harmed.me) == [save]


def test_it_can_be_thrown_away(cast: Cast) -> None:
    kept(cast, cast.harmed)
    save = saved_after_sign_out.waiting(cast.platform, cast.harmed.me)[0]
    saved_after_sign_out.throw_away(cast.platform, cast.harmed.me, save.id)
    assert saved_after_sign_out.waiting(cast.platform, cast.harmed.me) == []


def test_anothers_kept_save_is_not_there(cast: Cast, attacker: Attacker) -> None:
    kept(cast, cast.harmed)
    save, before = saved_after_sign_out.waiting(cast.platform,
                                                cast.harmed.me)[0].id, attacker.copy()
    for who, refusal in ((cast.responsible, NotFound), (cast.stranger_harmed, NotFound)):
        for verb in (saved_after_sign_out.put_into_letter, saved_after_sign_out.throw_away):
            with pytest.raises(refusal):
                verb(cast.platform, who.me, save)
        assert saved_after_sign_out.waiting(cast.platform, who.me) == []
    with pytest.raises(NotAllowed):
        saved_after_sign_out.throw_away(cast.platform, cast.first.me, save)
    assert attacker.copy() == before


def test_kept_saves_that_were_exchanged_show_nobody_foreign_text(
    cast: Cast, attacker: Attacker
) -> None:
    kept(cast, cast.harmed, "Words of the person harmed.")
    cast.open_the_way_back()
    kept(cast, cast.responsible, "Words of the person who harmed.")
    rows = {row["person_id"]: row for row in attacker.rows(KeptSave)}
    hers, his = rows[cast.harmed.id], rows[cast.responsible.id]
    for changed in ({"sealed": his["sealed"]}, {"sealed": b""}, {"letter_id": his["letter_id"]}):
        attacker.run(update(KeptSave).where(KeptSave.id == hers["id"]).values(changed))
        with pytest.raises(Tampered):
            saved_after_sign_out.waiting(cast.platform, cast.harmed.me)
        with pytest.raises(Tampered):
            saved_after_sign_out.put_into_letter(cast.platform, cast.harmed.me, hers["id"])
        attacker.run(update(KeptSave).where(KeptSave.id == hers["id"]).values(hers))
    attacker.run(update(KeptSave).where(KeptSave.id == his["id"]).values(person_id=cast.harmed.id))
    with pytest.raises(Tampered):
        saved_after_sign_out.waiting(cast.platform, cast.harmed.me)


def test_who_has_the_database_and_the_public_keys_cannot_plant_one(
    cast: Cast, attacker: Attacker
) -> None:
    letter, save = cast.draft(cast.harmed), uuid4()
    bound = context("kept save", save=save, person=cast.harmed.id, letter=letter)
    sealed = cast.harmed.me.identity.recipient.seal(box.pad(b"I know where you live.", 4096), bound)
    attacker.put(KeptSave, {"id": save, "person_id": cast.harmed.id, "letter_id": letter,
                            "kept_at": cast.clock(),
                            "sealed": sealed})
    with pytest.raises(Tampered):
        saved_after_sign_out.waiting(cast.platform, cast.harmed.me)
    with pytest.raises(CannotOpen):
        box.open_box(bytes(32), bound, sealed)


@pytest.mark.parametrize("turn", range(3))
def test_the_same_save_sent_many_times_at_once_is_kept_once(cast: Cast, turn: int) -> None:
    letter = cast.draft(cast.harmed)
    token = run_out(cast)
    told = at_once(
        *[lambda: saved_after_sign_out.keep_late(cast.platform, token, letter, "Too late.")] * 4
    )
    assert told == [True] * 4
    assert len(saved_after_sign_out.waiting(cast.platform, cast.harmed.me)) == 1


def test_two_windows_are_kept_both_and_not_without_end(cast: Cast) -> None:
    """What the page promises before a save holds for the next one, in whichever window."""
    letters, token = [cast.draft(cast.harmed) for _ in range(2)], run_out(cast)
    for letter in letters:
        assert saved_after_sign_out.would_keep(cast.platform, token)
        assert saved_after_sign_out.keep_late(cast.platform, token, letter, "Too late.")
    kept = [
        saved_after_sign_out.keep_late(cast.platform, token, letters[0], f"Again {number}.")
        for number in range(30)
    ]
    assert kept.count(True) == saved_after_sign_out.MOST_WAITING - 2
    assert not saved_after_sign_out.would_keep(cast.platform, token)
