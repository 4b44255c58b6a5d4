"""The state file: appended to, never changed, refused when it is damaged or others can reach it."""

import fcntl
import os
import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from letters.rules.errors import Unwitnessed
from letters.storage import state_file
from letters.storage.state_file import Head, StateEntry, StateFile

KEY, INSTALLATION = bytes(range(32)), uuid4()


@pytest.fixture
def kept(tmp_path: Path) -> StateFile:
    made = StateFile(tmp_path / "state" / "state.log", KEY)
    made.begin(INSTALLATION, 1)
    return made


def again(kept: StateFile) -> StateFile:
    """Another process."""
    return StateFile(kept.path, KEY)


def some(number: int) -> list[StateEntry]:
    return [StateEntry(state_file.HEAD, UUID(int=number), number, bytes([number]))
            for number in range(1, number + 1)]


def test_it_is_private_and_says_what_was_noted(kept: StateFile) -> None:
    case, letter, person = uuid4(), uuid4(), uuid4()
    kept.note(
        [
            StateEntry(state_file.STOPPED, case, 5),
            StateEntry(state_file.RECALLED, letter, 7),
            StateEntry(state_file.REACHED, person, 9),
            StateEntry(state_file.HEAD, case, 3, b"three"),
        ]
    )
    kept.note([StateEntry(state_file.HEAD, case, 2, b"two"),
               StateEntry(state_file.REACHED, person, 8)])
    for known in (kept.known(), again(kept).known()):
        assert (known.generation, known.heads) == (1, {case: Head(3, b"three")})
        assert (known.stopped, known.recalled, known.reached) == ({case}, {letter: 7}, {person: 9})
    assert (kept.path.stat().st_mode & 0o777 == 0o600
            and kept.path.parent.stat().st_mode & 0o777 == 0o700)
    assert os.listdir(kept.path.parent) == [kept.path.name]


def test_a_generation_begins_with_no_heads_and_keeps_what_lasts(kept: StateFile) -> None:
    kept.note(
        [*some(3), StateEntry(state_file.RECALLED, UUID(int=9), 1),
         StateEntry(state_file.GENERATION, INSTALLATION, 2)]
    )
    known = again(kept).known()
    assert (known.generation, known.heads, known.recalled) == (2, {}, {UUID(int=9): 1})


def test_it_is_begun_once(kept: StateFile) -> None:
    kept.note(some(2))
    kept.begin(INSTALLATION, 1)
    assert len(again(kept).known().heads) == 2


@pytest.mark.parametrize("enough", [1000, 1])
def test_processes_and_threads_write_one_after_the_other(kept: StateFile, enough: int) -> None:
    """Also while one of them puts a summary in the place of what others add to."""
    def write(start: int) -> None:
        own = StateFile(kept.path, KEY, enough)
        for number in range(start, start + 40):
            own.note([StateEntry(state_file.HEAD, UUID(int=number), 1, b"x")], durable=False)
    threads = [threading.Thread(target=write, args=(start * 100,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    children = []
    for start in (1000, 2000):
        if (child := os.fork()) == 0:
            try:
                write(start)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    assert len(kept.known().heads) == len(again(kept).known().heads) == 240


def test_a_summary_says_the_same_and_is_shorter(kept: StateFile) -> None:
    own, case, reader = StateFile(kept.path, KEY, 5), UUID(int=1), again(kept)
    lasting = [StateEntry(kind, uuid4(), 7) for kind in (
        state_file.STOPPED, state_file.ERASED, state_file.BROKEN, state_file.RECALLED,
        state_file.REACHED)]
    own.note([StateEntry(state_file.GENERATION, INSTALLATION, 3), *lasting])
    reader.known()
    longest = 0
    for number in range(200):
        own.note([StateEntry(state_file.HEAD, case, number, bytes([number]))])
        longest = max(longest, len(kept.path.read_bytes().splitlines()))
    assert longest < 60
    for known in (own.known(), reader.known(), again(kept).known()):
        assert (known.installation, known.generation) == (INSTALLATION, 3)
        assert known.heads == {case: Head(199, bytes([199]))}
        assert {*known.stopped, *known.erased, *known.broken, *known.recalled, *known.reached} == {
            entry.subject for entry in lasting}
    assert kept.path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(kept.path.parent) == [kept.path.name]


def test_who_reads_waits_for_no_writer(kept: StateFile) -> None:
    kept.note(some(2))
    with kept.path.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write(b"head, and not fini")
        held.flush()
        assert len(again(kept).known().heads) == len(kept.known().heads) == 2


def test_a_line_that_a_crash_cut_short_is_passed_over_and_cut_off(kept: StateFile) -> None:
    kept.note(some(1))
    whole = kept.path.read_bytes()
    with kept.path.open("ab") as file:
        file.write(whole.splitlines()[-1][:30])
    assert again(kept).known().heads == kept.known().heads == {UUID(int=1): Head(1, b"\x01")}
    kept.note(some(2)[1:])
    assert len(again(kept).known().heads) == 2 and kept.path.read_bytes().startswith(whole)


@pytest.mark.parametrize("damage", [
    lambda lines: lines[1:], lambda lines: [lines[0], *lines[2:]],
    lambda lines: [lines[0], lines[2], lines[1]],
    lambda lines: [*lines[:2], lines[2].replace(b" 2 ", b" 3 ")],
    lambda lines: [lines[0], b"\n", *lines[1:]],
    lambda lines: [*lines, b"head\n"], lambda lines: [*lines, lines[-1]],
    lambda lines: [b"\xff\n", *lines],
    lambda lines: []])
def test_a_damaged_file_is_refused_by_whoever_reads_it(kept: StateFile, damage) -> None:
    kept.note(some(2))
    own, before = again(kept), kept.path.read_bytes()
    own.known()
    kept.path.write_bytes(b"".join(damage(before.splitlines(keepends=True))))
    for reader in (again(kept), own, own):
        with pytest.raises(Unwitnessed) as refused:
            reader.known()
        assert refused.value.why == state_file.DAMAGED
    with pytest.raises(Unwitnessed):
        own.note(some(1))
    kept.path.write_bytes(before)
    assert len(own.known().heads) == 2


def test_another_key_does_not_do(kept: StateFile) -> None:
    with pytest.raises(Unwitnessed):
        StateFile(kept.path, bytes(32)).known()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o666])
def test_it_is_refused_where_others_can_reach_it(kept: StateFile, mode: int) -> None:
    kept.path.chmod(mode)
    for use in (kept.known, lambda: kept.note(some(1))):
        with pytest.raises(Unwitnessed) as refused:
            use()
        assert refused.value.why == state_file.EXPOSED
    kept.path.chmod(0o600)
    assert kept.known().heads == {}


def test_it_is_missing_or_no_file(kept: StateFile, tmp_path: Path) -> None:
    moved = kept.path.rename(tmp_path / "elsewhere")
    with pytest.raises(Unwitnessed) as refused:
        kept.known()
    assert refused.value.why == state_file.MISSING
    kept.path.symlink_to(moved)
    with pytest.raises(Unwitnessed):
        kept.known()
    kept.path.unlink()
    kept.path.mkdir()
    with pytest.raises(Unwitnessed):
        kept.known()


def test_of_a_damaged_file_the_sound_beginning_is_remembered(kept: StateFile) -> None:
    kept.note([StateEntry(state_file.STOPPED, UUID(int=1)),
               StateEntry(state_file.STOPPED, UUID(int=2))])
    content = kept.path.read_bytes()
    kept.path.write_bytes(content[:-3] + (b"1" if content[-3:-2] == b"0" else b"0") + content[-2:])
    sound = kept.set_aside()
    assert (sound.generation, sound.stopped) == (1, {UUID(int=1)})
    with pytest.raises(Unwitnessed):
        kept.known()
    assert len(list(kept.path.parent.glob("*.damaged-*"))) == 1
