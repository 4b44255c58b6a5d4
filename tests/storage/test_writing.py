"""One writing transaction at a time in a thread: SQLite would wait for itself, and then fail."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from letters.storage.store import NestedWriting
from letters.storage.tables.letters import Case
from letters.workflow.accounts import sign_in
from tests.cast import Cast

pytestmark = pytest.mark.both_databases


def test_no_writing_transaction_opens_another(cast: Cast) -> None:
    store = cast.platform.store
    with pytest.raises(NestedWriting), store.writing() as db:
        db.execute(update(Case).where(Case.id == cast.case).values(audit_number=0))
        with store.writing():
            pass
    assert cast.case_row().audit_number > 0  # nothing of the outer one was kept
    with store.writing() as db:
        assert db.get(Case, cast.case)


def test_nor_does_somebody_whose_session_is_noted_meanwhile(cast: Cast) -> None:
    """Who is asked for within a transaction, a minute after they were last seen, is told at once,
    not after 20 s."""
    cast.clock.advance(minutes=2)
    with pytest.raises(NestedWriting), cast.platform.writing():
        sign_in.who_is(cast.platform, cast.second.token)


def test_one_may_look_meanwhile_and_another_thread_may_write_afterwards(cast: Cast) -> None:
    store = cast.platform.store
    with store.writing() as db, store.reading() as look:
        assert db.get(Case, cast.case) and look.get(Case, cast.case)

    def write() -> bool:
        with store.writing() as db:
            return db.get(Case, cast.case) is not None

    with ThreadPoolExecutor(2) as threads:
        assert all(threads.map(lambda _: write(), range(4)))


def test_what_is_to_be_done_afterwards_may_write(cast: Cast) -> None:
    done = []

    def afterwards() -> None:
        with cast.platform.writing():
            done.append(True)

    with cast.platform.writing() as db:
        db.info["afterwards"] = [afterwards]
    assert done == [True]
