"""Nothing is read, sealed or sent by the rows alone, or by a trail of which a fact is missing
(record.md's attacks)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, insert, select, update

from keys import letter as sealing
from keys.identity import sha256
from letters.rules.errors import LettersError, Tampered
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.storage.memory import Memory
from letters.storage.store import microseconds
from letters.storage.tables.letters import (
    AuditEntry,
    Case,
    CaseKey,
    DecisionRow,
    Grant,
    Installation,
    Letter,
    SealedRelease,
    StatementRow,
    Version,
)
from letters.workflow.preparation import consent
from letters.workflow.reading import in_parts, open_letter
from letters.workflow.record import record
from letters.workflow.release import pace
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import Scene, answer_due, exchange_under_way, of, submitted
from tests.cast import Cast, Player
from tests.workflow.losing import lost

READING: dict[str, Callable[[Cast, Player, UUID], object]] = {
    "before": lambda c, p, letter: open_letter.before_opening(c.platform, p.me, letter),
    "open": lambda c, p, letter: open_letter.open_letter(c.platform, p.me, letter),
    "read": lambda c, p, letter: open_letter.read_again(c.platform, p.me, letter),
    "look": lambda c, p, letter: in_parts.letter_for(c.platform, p.me, letter),
    "open at": lambda c, p, letter: in_parts.open_at(c.platform,
                                                     p.me, letter, in_parts.ReadingWay.ALL),
    "turn": lambda c, p, letter: in_parts.turn(c.platform, p.me, letter, 0),
    "put": lambda c, p, letter: in_parts.put(c.platform, p.me, letter, in_parts.Shelf.KEPT),
    "give back": lambda c, p, letter: in_parts.give_back(c.platform, p.me, letter),
    "destroy": lambda c, p, letter: in_parts.destroy(c.platform, p.me, letter),
}
"""Every way in which a recipient meets a letter."""


def nobody_reads(cast: Cast, reader: Player, letter: UUID) -> None:
    for way, meets in READING.items():
        with pytest.raises(LettersError):
            meets(cast, reader, letter)
            pytest.fail(f"{way}: it was not refused")
    cast.app.config["PROPAGATE_EXCEPTIONS"] = None  # as in service
    for address in (f"/for-you/{letter}", f"/print/received/{letter}",
                    f"/print/received/{letter}/paper"):
        assert "This cannot be shown" in reader.browser().open(address, (404, 500)).text


def forced(cast: Cast, letter: UUID, recipient: Player, grant: bytes,
           state: State) -> tuple[Any, ...]:
    """The rows as a release would leave them."""
    now, version = cast.clock(), submitted(cast, letter)
    return (of(Letter, letter).values(state=state.value, released_at=now, due_at=None,
                                      opened_at=now if state is State.OPENED else None),
            insert(Grant)
            .values(version_id=version, reader_kind="person", reader_id=recipient.id, epoch=0,
                    sealed=grant))


# --- the second: an approved letter before its time

WHEN: dict[str, Callable[[Cast, Scene], object]] = {
    "before its time": lambda c, s: None,
    "after a stop": lambda c, s: pace.stop(c.platform, c.harmed.me, c.case),
    "after a recall": lambda c, s: write.recall(c.platform, c.responsible.me, s.approved),
    "in a pause": lambda c, s: pace.pause(c.platform, c.harmed.me, c.case),
}


@pytest.mark.parametrize("state", [State.RELEASED, State.OPENED])
@pytest.mark.parametrize("when", WHEN.values(), ids=WHEN)
def test_rule_20_a_recipient_with_the_database_reads_nothing_before_it_is_released(
    theatre: Theatre, when: Callable[[Cast, Scene], object], state: State
) -> None:
    """They have the grant that was meant for them, as if an outer seal had been lost."""
    scene, cast = theatre.play(exchange_under_way), theatre.cast
    version, platform = submitted(cast, scene.approved), cast.platform
    [row] = theatre.attacker.rows(SealedRelease, SealedRelease.version_id == version)
    grant = sealing.take_outer_seal_off(
        platform.keys.release_identity(row["release_kid"]), cast.harmed.id, row["sealed"], version
    )
    when(cast, scene)
    theatre.attacker.run(*forced(cast, scene.approved, cast.harmed, grant, state))
    nobody_reads(cast, cast.harmed, scene.approved)


# --- the third: two who are not the readers sign

@pytest.mark.parametrize("already", [State.RELEASED, State.OPENED])
def test_rule_13_what_two_others_have_signed_is_shown_to_nobody(
    theatre: Theatre, already: State
) -> None:
    """The writer has the letter's key and the database, and two accounts that are no readers of
    this case."""
    scene, cast = theatre.play(exchange_under_way), theatre.cast
    letter, version = scene.in_review, submitted(cast, scene.in_review)
    [own] = theatre.attacker.rows(Grant, Grant.version_id == version,
                                  Grant.reader_id == cast.responsible.id)
    key = sealing.open_own_grant(cast.responsible.me.identity, cast.responsible.id, own["sealed"],
                                 version)
    [row] = theatre.attacker.rows(Version, Version.id == version)
    signers = (cast.stranger_facilitator, cast.stranger_responsible)
    statements = forced(cast, letter, cast.harmed, sealing.grant_to_person(
        cast.harmed.me.identity.recipient, cast.harmed.id, key, version), already)
    theatre.attacker.run(*statements, *(decided(cast, letter, row, signer) for signer in signers),
                         stated(cast, row, signers[0]))
    nobody_reads(cast, cast.harmed, letter)


def decided(cast: Cast, letter: UUID, version: dict[str, Any], signer: Player) -> Any:
    """An approval by somebody, rightly signed."""
    said = sealing.Decision(version["id"], version["digest"], version["findings_hash"], "approve",
                            cast.harmed.id,
                            signer.id, cast.row(letter).round, version["policy"], version["needed"],
                            microseconds(cast.clock.moment))
    return insert(DecisionRow).values(
        id=cast.platform.new_id(), version_id=version["id"], reader_id=signer.id, round=said.round,
        verdict="approve",
        at=cast.clock.moment, signature=sealing.sign_decision(signer.me.identity, said))


def stated(cast: Cast, version: dict[str, Any], signer: Player) -> Any:
    """A statement to whom it is sealed, rightly signed."""
    kid = cast.harmed.me.identity.kid
    said = sealing.ReleaseStatement(version["id"], version["digest"], cast.harmed.id, kid,
                                    bytes(32), signer.id,
                                    microseconds(cast.clock.moment))
    return insert(StatementRow).values(
        version_id=version["id"], at=cast.clock.moment, recipient_kid=kid, sealed_hash=bytes(32),
        signer_id=signer.id,
        signature=sealing.sign_statement(signer.me.identity, said))


# --- the fourth: a fact is taken out while something is asked, and put back

def without(attacker: Attacker, chain: UUID, event: Event) -> list[dict[str, Any]]:
    """Take the newest fact of this kind out of a chain. Returns its row."""
    newest = select(func.max(AuditEntry.number)).where(AuditEntry.case_id
                                                       == chain, AuditEntry.event == event.value)
    rows = attacker.rows(AuditEntry, AuditEntry.case_id == chain,
                         AuditEntry.number == newest.scalar_subquery())
    attacker.run(delete(AuditEntry).where(AuditEntry.case_id == chain,
                                          AuditEntry.number == rows[0]["number"]))
    return rows


def cut_off(attacker: Attacker, table: type[Case | Installation], chain: UUID, number: int) -> None:
    """Put a chain back to before this number, so that it holds by itself."""
    [before] = attacker.rows(AuditEntry, AuditEntry.case_id == chain,
                             AuditEntry.number == number - 1)
    attacker.run(delete(AuditEntry).where(AuditEntry.case_id == chain, AuditEntry.number >= number),
                 of(table, chain).values(audit_number=number - 1, audit_head=before["mac"]))


@pytest.mark.parametrize("how", ["taken out", "cut off"])
def test_a_reset_that_is_taken_out_of_the_trail_confirms_no_key(
    cast: Cast, attacker: Attacker, how: str
) -> None:
    """The administrator has reset a facilitator's access, and has the database."""
    lost(cast, cast.second, by=cast.administrator)
    chain, keys = cast.platform.keys.installation, attacker.rows(AuditEntry,
                                                                 AuditEntry.event == "access reset")
    if how == "cut off":
        cut_off(attacker, Installation, chain, keys[0]["number"])
    else:
        # a process that has read it before goes by what it read
        with cast.platform.reading() as db:
            assert not record.accounts(cast.platform, db, chain).key(cast.second.id).confirmed
        without(Attacker(replace(cast.platform, verified=Memory())), chain, Event.ACCESS_RESET)
        with cast.platform.reading() as db:
            assert not record.accounts(cast.platform, db, chain).key(cast.second.id).confirmed
        cast.platform.verified.clear()
    with cast.platform.reading() as db, pytest.raises(Tampered):
        record.accounts(cast.platform, db, chain).key(cast.second.id)
    [new] = [row for row in attacker.copy({"public_keys"})["public_keys"]
             if row["owner_id"] == cast.second.id and row["serial"] == 2]
    with pytest.raises(Tampered):
        join_and_leave.sign_for(
            cast.platform, cast.first.me, cast.case, cast.second.id, sha256(new["sealing"]),
            heard=True
        )
    nothing_is_sealed_to(cast, attacker, new["sealing"])
    attacker.run(*(insert(AuditEntry).values(row) for row in keys if how == "taken out"))
    if how == "taken out":  # and put back, it is as it was
        with cast.platform.reading() as db:
            assert not record.accounts(cast.platform, db, chain).key(cast.second.id).confirmed


def nothing_is_sealed_to(cast: Cast, attacker: Attacker, key: bytes) -> None:
    """Nor by the pages of a colleague who knows no better, nor by the worker."""
    cast.app.config["PROPAGATE_EXCEPTIONS"] = None  # as in service
    keys, browser = attacker.rows(CaseKey), cast.first.browser()
    browser.open(f"/cases/{cast.case}/team")
    signs = f"/cases/{cast.case}/team/keys"
    assert "This cannot be shown" in browser.send(signs, 500, kid=sha256(key).hex(),
                                                  heard="yes").text
    cast.release()
    assert attacker.rows(CaseKey) == keys


@pytest.mark.parametrize("at", ["first", "middle", "last"])
@pytest.mark.parametrize("what", ["gone", "altered", "moved"])
def test_no_question_is_answered_by_a_trail_that_does_not_hold(
    theatre: Theatre, at: str, what: str
) -> None:
    """Whichever fact it is, also one that nobody asked for."""
    theatre.play(answer_due)
    cast, attacker = theatre.cast, theatre.attacker
    last = cast.case_row().audit_number
    number = {"first": 1, "middle": last // 2, "last": last}[at]
    here = (AuditEntry.case_id == cast.case, AuditEntry.number == number)
    attacker.run(
        {
            "gone": delete(AuditEntry).where(*here),
            "altered": update(AuditEntry).where(*here).values(actor_id=cast.stranger_harmed.id),
            "moved": update(AuditEntry).where(*here).values(number=last + 1),
        }[what]
    )
    with cast.platform.reading() as db:
        for ask in (record.read, record.to_decide, record.accounts, record.history):
            with pytest.raises(Tampered):
                ask(cast.platform, db, cast.case)


def test_a_trail_is_read_on_from_where_it_held_and_no_further_than_its_head(
    theatre: Theatre,
) -> None:
    """Within one transaction, with what it adds itself; what does not belong to it is not passed
    over."""
    theatre.play(answer_due)
    cast, platform = theatre.cast, theatre.cast.platform
    with platform.writing() as db:
        case = db.get_one(Case, cast.case)
        before = len(record.history(platform, db, cast.case))
        record.add(platform, db, case, Event.PAUSED, cast.harmed.id, cast.harmed.id)
        told = record.history(platform, db, cast.case)
        assert (len(told), told[-1].event,
                told[-1].number) == (before + 1, "paused", case.audit_number)
    with platform.reading() as db:
        assert len(record.history(platform, db, cast.case)) == before + 1


# --- what never needs a trail that holds

def test_rule_01_and_06_who_stops_or_takes_back_is_heard_whatever_the_trail_says(
    theatre: Theatre,
) -> None:
    """One fact of long ago is altered: nothing is released any more, and nobody is kept from saying
    no."""
    scene, cast = theatre.play(answer_due), theatre.cast
    theatre.attacker.run(update(AuditEntry).where(AuditEntry.case_id == cast.case,
                                                  AuditEntry.number == 2).values(
        actor_id=cast.stranger_harmed.id))
    platform, harmed = cast.platform, cast.harmed.me
    write.recall(platform, cast.responsible.me, scene.approved)
    assert cast.state(scene.approved) is State.RECALLED
    pace.pause(platform, harmed, cast.case)
    consent.withdraw(platform, harmed, cast.case)
    pace.stop(platform, harmed, cast.case)
    row = cast.case_row()
    assert row.stopped_at and row.paused_at
    assert cast.release() == 0
