"""Around a restore that an operator confirms: what was lost stays shut, whatever the rows say at
that moment and whatever is put back afterwards."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from keys.identity import Identity
from letters.rules.errors import LettersError
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.storage import locks
from letters.storage.memory import Memory
from letters.storage.tables.letters import AuditEntry, Case, Letter, Member, Table
from letters.workflow.access import directory
from letters.workflow.cases import open_and_halt
from letters.workflow.record import record
from letters.workflow.release import pace
from letters.workflow.team import history
from letters.workflow.upkeep import restore
from letters.workflow.writing import write
from tests.attacks.attacker import Theatre
from tests.attacks.scenes import answer_due, look, reached

Kept = dict[str, list[dict[str, Any]]]


def kept(theatre: Theatre) -> Kept:
    """What an attacker keeps of everything but the installation, whose chain goes on."""
    return {name: rows for name, rows in theatre.attacker.copy().items() if name != "installation"}


def put_back(theatre: Theatre, copy: Kept) -> None:
    """The case as it was; facts of the installation that came later stay."""
    attacker, own = theatre.attacker, theatre.cast.platform.keys.installation
    later = attacker.rows(AuditEntry, AuditEntry.case_id == own)
    attacker.put_back(copy)
    attacker.run(delete(AuditEntry).where(AuditEntry.case_id == own))
    attacker.put(AuditEntry, *later)


def nothing_goes(theatre: Theatre, letter: Any) -> None:
    cast = theatre.cast
    for _ in range(4):
        look(cast)
        cast.clock.advance(days=2)
    assert not reached(cast, theatre.attacker, letter, cast.harmed)


def test_a_stop_on_a_broken_chain_outlives_the_confirmation(theatre: Theatre) -> None:
    due, cast = theatre.play(answer_due), theatre.cast
    before = kept(theatre)
    theatre.attacker.run(update(AuditEntry).where(
        AuditEntry.case_id == cast.case, AuditEntry.number == 3).values(entered="nothing"))
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    assert restore.confirm(cast.platform) is not None
    assert cast.case in restore.standing(cast.platform).broken  # it still does not hold
    put_back(theatre, before)
    nothing_goes(theatre, due.approved)


SAID = {
    "a stop": (lambda cast: pace.stop(cast.platform, cast.harmed.me, cast.case), "stopped_at"),
    "a pause": (lambda cast: pace.pause(cast.platform, cast.harmed.me, cast.case), "halted_at"),
}


@pytest.mark.parametrize("said", SAID)
def test_a_row_that_says_it_already_does_not_keep_it_from_being_said(
    theatre: Theatre, said: str,
) -> None:
    """The operator confirms while the row, and the row alone, says that nothing can go."""
    due, cast = theatre.play(answer_due), theatre.cast
    (say, column), before = SAID[said], theatre.attacker.copy()
    say(cast)
    theatre.attacker.put_back(before)
    theatre.attacker.run(update(Case).where(Case.id == cast.case).values({column: cast.clock()}))
    assert restore.confirm(cast.platform) is not None
    theatre.attacker.run(update(Case).where(Case.id == cast.case).values({column: None}))
    nothing_goes(theatre, due.approved)


def test_nothing_of_an_abandoned_branch_follows_what_was_confirmed(theatre: Theatre) -> None:
    due, cast = theatre.play(answer_due), theatre.cast
    open_and_halt.halt(cast.platform, cast.first.me, cast.case)
    backup = theatre.attacker.copy()
    open_and_halt.lift_halt(cast.platform, cast.first.me, cast.case)
    lifted = kept(theatre)
    theatre.attacker.put_back(backup)
    assert restore.confirm(cast.platform) is not None
    put_back(theatre, lifted)
    nothing_goes(theatre, due.approved)


@pytest.mark.parametrize("state", [State.HELD, State.DRAFT, State.RELEASED])
def test_rule_06_who_takes_back_is_heard_whatever_the_row_says_meanwhile(
    theatre: Theatre, state: State,
) -> None:
    due, cast = theatre.play(answer_due), theatre.cast
    row = update(Letter).where(Letter.id == due.approved)
    theatre.attacker.run(row.values(state=state.value))
    write.recall(cast.platform, cast.responsible.me, due.approved)
    theatre.attacker.run(row.values(state=State.APPROVED.value))
    nothing_goes(theatre, due.approved)


def test_a_process_that_kept_running_follows_a_restore_whose_state_file_was_lost(
    theatre: Theatre,
) -> None:
    theatre.play(answer_due)
    cast, running = theatre.cast, replace(theatre.cast.platform, verified=Memory())
    backup = theatre.attacker.copy(Table.metadata.tables)
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    with running.reading() as db:
        assert record.read(running, db, cast.case).paused
    theatre.attacker.put_back(backup)
    theatre.state.unlink()
    assert restore.confirm(replace(cast.platform, verified=Memory())) is not None
    with running.reading() as db:
        assert not record.read(running, db, cast.case).paused


# --- somebody who has the key file too

def test_a_thief_of_the_key_file_begins_no_epoch_for_who_knows_their_team(
    theatre: Theatre,
) -> None:
    """They can write facts and attest rows. What she pinned is under her own root."""
    theatre.play(answer_due)
    cast, evil = theatre.cast, Identity(theatre.cast.platform.random(32))
    history.look_as_harmed(cast.platform, cast.harmed.me, cast.case)
    letter = cast.draft(cast.harmed)
    with cast.platform.writing() as db:
        case = db.scalars(locks.taken(select(Case).where(Case.id == cast.case))).one()
        case.epoch += 1
        directory.publish(cast.platform, db, "case", case.id, case.epoch, evil)
        for member in db.scalars(select(Member).where(Member.case_id == case.id)):
            directory.attest_member(cast.platform, member, case.epoch)
        record.add(cast.platform, db, case, Event.EPOCH_BEGUN, cast.first.id, case.id,
                   detail=evil.both_halves)
    with pytest.raises(LettersError):
        write.submit(cast.platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    assert cast.state(letter) is State.DRAFT
