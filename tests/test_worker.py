"""The worker's own plan: a bell without content wakes it, and nothing in the database tells it what
to do."""

import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from uuid import UUID

import pytest
from sqlalchemy import text

from letters import worker as letters_worker
from letters.rules.letter.lifecycle import State
from letters.storage.bell import Bell
from letters.worker import until_night
from letters.workflow.platform import Platform
from tests.cast import Cast

LONG = 20.0
"""Seconds after which a test gives up; none takes so long."""


@pytest.fixture
def bell(cast: Cast, tmp_path: Path) -> Bell:
    return Bell(cast.platform.store, tmp_path / "bell")


@contextmanager
def working(platform: Platform, bell: Bell) -> Iterator[letters_worker.Worker]:
    worker = letters_worker.Worker(lambda: platform, bell)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.end()
        thread.join(LONG)
        assert not thread.is_alive()


def until(so: Callable[[], bool]) -> bool:
    end = monotonic() + LONG
    while not so() and monotonic() < end:
        sleep(0.05)
    return so()


@pytest.fixture
def approved(cast: Cast) -> UUID:
    return cast.approved(cast.harmed)


@pytest.mark.both_databases
def test_whoever_rings_wakes_the_worker_at_once(cast: Cast, bell: Bell) -> None:
    """Whether it waits already, or was busy when it was rung; and once for as often as it was rung
    meanwhile."""
    never, rung = Event(), Event()
    thread = Thread(target=lambda: (bell.wait(LONG, never), rung.set()))
    thread.start()
    sleep(0.6)
    assert not rung.is_set()
    bell.ring()
    assert rung.wait(LONG / 2)
    thread.join()
    bell.ring()
    bell.ring()
    began = monotonic()
    bell.wait(LONG, never)
    assert monotonic() - began < LONG / 2


@pytest.mark.both_databases
def test_a_worker_that_is_to_end_does_not_wait_for_the_bell(bell: Bell) -> None:
    ended = Event()
    ended.set()
    began = monotonic()
    bell.wait(LONG, ended)
    assert monotonic() - began < LONG / 2


@pytest.mark.both_databases
def test_the_worker_releases_what_is_approved_while_it_runs(cast: Cast, bell: Bell) -> None:
    with working(cast.platform, bell):
        letter = cast.approved(cast.harmed)
        assert until(lambda: (bell.ring(), cast.state(letter) is State.RELEASED)[1])


class Planted:
    """What runs whoever unpickles it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[[str], Path], tuple[str]]:
        return _run, (str(self.mark),)


def _run(mark: str) -> Path:
    path = Path(mark)
    path.touch()
    return path


@pytest.mark.both_databases
def test_a_job_planted_in_the_database_is_never_run(cast: Cast, bell: Bell,
                                                    approved: UUID, tmp_path: Path) -> None:
    """The first attack of record.md: whoever could write a row into the queue ran their code beside
    the key file."""
    mark = tmp_path / "it ran"
    plant(cast.platform, pickle.dumps(Planted(mark)), tmp_path)
    with working(cast.platform, bell):
        bell.ring()
        assert until(lambda: cast.state(approved) is State.RELEASED)
    assert not mark.exists()
    pickle.loads(pickle.dumps(Planted(mark)))  # it would have been run
    assert mark.exists()


def plant(platform: Platform, job: bytes, home: Path) -> None:
    """Where the queue was until November 2026."""
    if not platform.store.is_embedded:
        with platform.store.engine.begin() as connection:
            connection.execute(text("CREATE TABLE huey_task (id serial, queue text, data bytea, "
                                    "priority float)"))
            connection.execute(text("INSERT INTO huey_task (queue, data, priority) VALUES "
                                    "('letters', :job, 0)"),
                               {"job": job})
        return
    (home / "data").mkdir(exist_ok=True)
    with sqlite3.connect(home / "data" / "queue.db") as connection:
        connection.execute("CREATE TABLE task (id integer primary key, queue text, data blob, "
                           "priority real)")
        connection.execute("INSERT INTO task (queue, data, priority) VALUES ('letters', ?, 0)",
                           (job,))


def test_one_job_that_fails_does_not_keep_the_others_back(
    cast: Cast, approved: UUID, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: Platform) -> None:
        raise RuntimeError("a word of a letter")

    monkeypatch.setattr(letters_worker, "LETTERS", (fails, *letters_worker.LETTERS))
    letters_worker.do_what_is_due(cast.platform)
    assert cast.state(approved) is State.RELEASED
    assert "RuntimeError" in caplog.text and "a word of a letter" not in caplog.text


@pytest.mark.parametrize(("hour", "minute", "left"),
                         [(3, 16, 1), (3, 17, 24 * 60), (3, 18, 24 * 60 - 1), (0, 0, 197)])
def test_the_work_of_the_night_is_done_once_a_night(hour: int, minute: int, left: int) -> None:
    assert until_night(datetime(2026, 3, 29, hour, minute, tzinfo=UTC)) == timedelta(minutes=left)
