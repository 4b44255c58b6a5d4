"""A database that was put back: nothing goes until somebody says that it was meant, and what was
stopped stays so."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from letters.rules.errors import LettersError
from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.storage import state_file
from letters.storage.state_file import StateFile
from letters.storage.store import Store
from letters.storage.tables.letters import (
    AuditEntry,
    Case,
    Grant,
    Installation,
    Letter,
    SealedRelease,
)
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import decide
from letters.workflow.preparation import consent
from letters.workflow.record import record
from letters.workflow.release import pace, release
from letters.workflow.upkeep import restore
from letters.workflow.writing import write
from tests.attacks.attacker import Theatre
from tests.attacks.scenes import Scene, answer_due, look, of, reached
from tests.cast import Cast


@pytest.fixture
def due(theatre: Theatre) -> Iterator[Scene]:
    """A letter that would go at the next look. Whatever happens to the state file, it is put
    back."""
    yield theatre.play(answer_due)
    if theatre.state.is_dir():
        theatre.state.rmdir()
    theatre.state.touch(mode=0o600)
    theatre.state.chmod(0o600)


LATER: dict[str, Callable[[Cast, Scene], object]] = {
    "stop": lambda c, s: pace.stop(c.platform, c.harmed.me, c.case),
    "stop by the other": lambda c, s: pace.stop(c.platform, c.responsible.me, c.case),
    "recall": lambda c, s: write.recall(c.platform, c.responsible.me, s.approved),
    "halt": lambda c, s: open_and_halt.halt(c.platform, c.second.me, c.case),
    "pause": lambda c, s: pace.pause(c.platform, c.harmed.me, c.case),
    "withdrawal": lambda c, s: consent.withdraw(c.platform, c.responsible.me, c.case),
    "not ready": lambda c, s: pace.unsay_ready(c.platform, c.harmed.me, c.case),
    "slower": lambda c, s: c.set_gap(300),
    "held": lambda c, s: decide.hold(c.platform, c.first.me, s.approved,
                                     c.row(s.approved).submitted_id, "A doubt.",
                                     c.clock().date().replace(year=2040)),
}


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_what_was_done_after_the_backup_is_not_undone_by_putting_it_back(
        theatre: Theatre, due: Scene, later: Callable[[Cast, Scene], object]) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    backup = attacker.copy()
    later(cast, due)
    attacker.put_back(backup)
    before = attacker.copy()
    look(cast)
    assert attacker.copy() == before  # not even put aside: at confirmation it is as it was
    assert restore.standing(cast.platform).why == restore.OLDER
    assert cast.case in restore.standing(cast.platform).behind
    done = restore.confirm(cast.platform)
    assert done is not None and done.generation == 2 and not done.broken
    assert restore.standing(cast.platform).why is None
    for _ in range(2):
        look(cast)
        cast.clock.advance(days=2)
    assert not reached(cast, attacker, due.approved, cast.harmed)
    with cast.platform.reading() as db:
        for chain in (*db.scalars(select(Case)), db.scalars(select(Installation)).one()):
            assert record.whole(cast.platform, db, chain.id)[1] is None
    assert restore.confirm(cast.platform) is None


@pytest.mark.both_databases
def test_without_anything_undone_all_goes_on(theatre: Theatre, due: Scene) -> None:
    assert restore.confirm(theatre.cast.platform) is None
    look(theatre.cast)
    assert theatre.cast.state(due.approved) is State.RELEASED


def test_a_stop_and_a_recall_hold_after_a_confirmed_restore_even_when_facilitators_go_on(
        theatre: Theatre, due: Scene) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    backup = attacker.copy()
    write.recall(cast.platform, cast.responsible.me, due.approved)
    pace.stop(cast.platform, cast.stranger_harmed.me, cast.strange_case)
    attacker.put_back(backup)
    done = restore.confirm(cast.platform)
    assert done is not None and (done.stopped, done.recalled) == (1, 1)
    assert cast.state(due.approved) is State.RECALLED
    assert not attacker.rows(SealedRelease,
                             SealedRelease.version_id == cast.row(due.approved).submitted_id)
    open_and_halt.lift_halt(cast.platform, cast.first.me, cast.case)
    look(cast)
    assert not reached(cast, attacker, due.approved, cast.harmed)
    with cast.platform.reading() as db:
        assert db.get_one(Case, cast.strange_case).stopped_at is not None
        assert record.to_decide(cast.platform, db, cast.strange_case).stopped


def test_what_lost_nothing_goes_on_after_confirming_and_what_lost_something_when_its_halt_is_lifted(
        theatre: Theatre, due: Scene) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    backup = attacker.copy()
    pace.pause(cast.platform, cast.stranger_harmed.me, cast.strange_case)
    attacker.put_back(backup)
    look(cast)
    assert cast.state(due.approved) is State.APPROVED
    done = restore.confirm(cast.platform)
    assert done is not None and done.halted == 1
    look(cast)
    assert cast.state(due.approved) is State.RELEASED  # nothing of this case was lost
    with cast.platform.reading() as db:
        assert db.get_one(Case, cast.strange_case).halted_at is not None


def test_a_letter_sent_anew_after_a_confirmed_restore_is_not_taken_back_by_a_second(
    theatre: Theatre,
) -> None:
    theatre.play(answer_due)
    cast, attacker, platform = theatre.cast, theatre.attacker, theatre.cast.platform
    letter = cast.draft(cast.harmed, "Taken back, and then meant.")
    backup = attacker.copy()
    write.submit(platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    write.recall(platform, cast.harmed.me, letter)
    attacker.put_back(backup)
    restore.confirm(platform)
    assert cast.state(letter) is State.DRAFT  # it was not sent yet; its author decides anew
    write.submit(platform, cast.harmed.me, letter, cast.row(letter).draft_id)
    second = attacker.copy()
    open_and_halt.halt(platform, cast.first.me, cast.case)
    attacker.put_back(second)
    done = restore.confirm(platform)
    assert done is not None and (done.generation, done.recalled) == (3, 0)
    assert cast.state(letter) is State.IN_REVIEW


def test_the_gap_is_kept_from_the_release_that_the_restored_trail_does_not_know(
    theatre: Theatre, due: Scene
) -> None:
    cast, attacker, platform = theatre.cast, theatre.attacker, theatre.cast.platform
    cast.set_gap(30)
    backup = attacker.copy()
    cast.clock.advance(hours=1)
    look(cast)
    assert cast.state(due.approved) is State.RELEASED
    attacker.put_back(backup)
    restore.confirm(platform)
    open_and_halt.lift_halt(platform, cast.first.me, cast.case)
    look(cast)
    assert cast.state(due.approved) is State.APPROVED
    cast.clock.advance(days=31)
    look(cast)
    assert cast.state(due.approved) is State.RELEASED


# the file itself

@pytest.mark.parametrize(("damage", "why"), [
    (lambda path: path.unlink(), state_file.MISSING),
    (lambda path: path.write_bytes(b""), state_file.DAMAGED),
    (lambda path: path.write_bytes(path.read_bytes()[:-5] + b"0000\n"), state_file.DAMAGED),
    (lambda path: path.chmod(0o644), state_file.EXPOSED)])
def test_without_a_sound_state_file_nothing_goes_and_people_go_on(
        theatre: Theatre, due: Scene, damage: Callable[[Path], None], why: str) -> None:
    cast = theatre.cast
    damage(theatre.state)
    look(cast)
    assert cast.state(due.approved) is State.APPROVED
    assert restore.standing(cast.platform).why == why
    cast.draft(cast.harmed, "Writing goes on.")
    pace.stop(cast.platform, cast.harmed.me, cast.case)  # and so does stopping
    assert cast.case_row().stopped_at is not None


@pytest.mark.parametrize("halt_all", [True, False])
def test_a_lost_state_file_is_made_anew_on_an_operators_word(theatre: Theatre,
                                                             due: Scene, halt_all: bool) -> None:
    cast = theatre.cast
    theatre.state.unlink()
    done = restore.confirm(cast.platform, halt_all)
    assert done is not None and done.generation == 2 and done.halted == (2 if halt_all else 0)
    look(cast)
    assert cast.state(due.approved) is (State.APPROVED if halt_all else State.RELEASED)
    assert due.recalled in cast.platform.state_file.known().recalled  # from the trail


def test_a_damaged_state_file_is_set_aside_and_what_it_said_before_is_kept(
    theatre: Theatre, due: Scene
) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    backup = attacker.copy()
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    with theatre.state.open("ab") as file:
        file.write(b"not a line of ours\n")
    attacker.put_back(backup)
    done = restore.confirm(cast.platform, halt_all=False)
    assert done is not None and (done.generation, done.stopped) == (2, 1)
    look(cast)
    assert not reached(cast, attacker, due.approved, cast.harmed)


def test_nobody_confirms_a_file_that_others_can_reach(theatre: Theatre, due: Scene) -> None:
    theatre.state.chmod(0o666)
    with pytest.raises(LettersError):
        restore.confirm(theatre.cast.platform)


# crashes

def test_a_crash_before_the_file_hears_of_it_is_made_good_by_the_next_look(
        theatre: Theatre, due: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    open_and_halt.lift_halt(cast.platform, cast.first.me, cast.case)
    with monkeypatch.context() as crash:
        crash.setattr(StateFile, "note", _fails)
        pace.stop(cast.platform, cast.harmed.me, cast.case)
        assert not release.release_due(cast.platform)  # what cannot be noted keeps everything back
    assert cast.case not in cast.platform.state_file.known().stopped
    backup = attacker.copy()
    look(cast)
    assert cast.case in cast.platform.state_file.known().stopped
    attacker.put_back(backup)
    attacker.run(of(Case, cast.case).values(stopped_at=None, stopped_by=None))
    look(cast)
    assert not reached(cast, attacker, due.approved, cast.harmed)


def test_a_verb_that_fails_leaves_nothing_in_the_file(theatre: Theatre, due: Scene) -> None:
    cast = theatre.cast
    before = cast.platform.state_file.path.read_bytes()
    with pytest.raises(ZeroDivisionError), cast.platform.writing() as db:
        record.add(cast.platform, db, db.get_one(Case, cast.case), Event.STOPPED, cast.harmed.id,
                   cast.harmed.id)
        raise ZeroDivisionError
    assert cast.platform.state_file.path.read_bytes() == before
    look(cast)
    assert cast.state(due.approved) is State.RELEASED


def test_confirming_again_after_a_crash_in_it(theatre: Theatre, due: Scene,
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    backup = attacker.copy()
    write.recall(cast.platform, cast.responsible.me, due.approved)
    attacker.put_back(backup)
    with monkeypatch.context() as crash:
        crash.setattr(StateFile, "note", _fails)
        with pytest.raises(OSError):
            restore.confirm(cast.platform)
    look(cast)
    assert restore.standing(cast.platform).why in (restore.OLDER, restore.ELSEWHERE)
    done = restore.confirm(cast.platform)
    assert done is not None and done.generation == 2
    assert (restore.standing(cast.platform).why is None
            and cast.state(due.approved) is State.RECALLED)


# the attacker

def test_rows_put_back_a_second_time_after_confirming_are_found_out(
    theatre: Theatre, due: Scene
) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    backup = attacker.copy()
    write.recall(cast.platform, cast.responsible.me, due.approved)
    attacker.put_back(backup)
    restore.confirm(cast.platform)
    attacker.put_back(backup)
    attacker.run(update(Letter).values(due_at=cast.clock()))
    look(cast)
    assert not reached(cast, attacker, due.approved, cast.harmed)


@pytest.mark.parametrize("forged", [0, 7, -1])
def test_a_generation_cannot_be_made_up(theatre: Theatre, due: Scene, forged: int) -> None:
    theatre.attacker.run(update(Installation).values(generation=forged))
    look(theatre.cast)
    assert not reached(theatre.cast, theatre.attacker, due.approved, theatre.cast.harmed)


@pytest.mark.both_databases
def test_one_case_put_back_alone_is_found_out(theatre: Theatre, due: Scene) -> None:
    cast, attacker = theatre.cast, theatre.attacker
    case, letters = attacker.rows(Case, Case.id == cast.case)[0], attacker.rows(Letter)
    sealed = attacker.rows(SealedRelease)
    number = case["audit_number"]
    write.recall(cast.platform, cast.responsible.me, due.approved)
    attacker.run(delete(AuditEntry).where(AuditEntry.case_id == cast.case,
                                          AuditEntry.number > number),
                 of(Case, cast.case).values(case), delete(SealedRelease),
                 *(of(Letter, letter["id"]).values(letter) for letter in letters))
    attacker.put(SealedRelease, *sealed)
    look(cast)
    assert not reached(cast, attacker, due.approved, cast.harmed)
    assert restore.standing(cast.platform).behind == {cast.case}


def test_a_real_copy_of_an_sqlite_file(theatre: Theatre, due: Scene, tmp_path: Path) -> None:
    cast = theatre.cast
    if not cast.platform.store.url.startswith("sqlite"):
        pytest.skip("a file is copied only where there is one; rows are put back on both above")
    path = Path(cast.platform.store.url.removeprefix("sqlite:///"))
    with cast.platform.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    older = shutil.copy(path, tmp_path / "older.db")
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    put_back = replace(cast.platform, store=Store(f"sqlite:///{older}"),
                       state_file=StateFile(theatre.state, cast.platform.keys.state))
    assert release.release_all_due(put_back) == 0
    with put_back.reading() as db:
        assert db.get_one(Letter, due.approved).state == State.APPROVED
        version = db.get_one(Letter, due.approved).submitted_id
        assert db.get(Grant, (version, "person", cast.harmed.id, 0)) is None
    restore.confirm(put_back)
    assert release.release_all_due(put_back) == 0
    put_back.store.engine.dispose()


def _fails(*_: object) -> None:
    raise OSError(28, "no space left")


