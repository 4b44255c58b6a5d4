"""What a verb costs: the statements that it sends, once a process knows the chains. Time is the
benchmark's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import event

from letters.workflow.reading import open_letter
from letters.workflow.record import record
from letters.workflow.review import read_letter
from letters.workflow.team import history
from letters.workflow.writing import write
from tests.cast import Cast


@contextmanager
def statements(cast: Cast) -> Iterator[list[str]]:
    """Every statement that the database is sent meanwhile, but for those that begin and end
    transactions."""
    sent, engine = list[str](), cast.platform.store.engine

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT")):
            sent.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def drafted(cast: Cast) -> UUID:
    return cast.draft(cast.harmed)


def submitted(cast: Cast) -> UUID:
    return cast.submitted(cast.harmed)


def released(cast: Cast) -> UUID:
    return cast.released(cast.harmed)


def opened(cast: Cast) -> UUID:
    letter = released(cast)
    open_letter.open_letter(cast.platform, cast.responsible.me, letter)
    return letter


def submit(cast: Cast, letter: UUID) -> None:
    write.submit(cast.platform, cast.harmed.me, letter, cast.draft_of[letter])


WORK: dict[str, tuple[int, Callable[[Cast], UUID], Callable[[Cast, UUID], object]]] = {
    "submit": (15, drafted, submit),
    "claim": (9, submitted, lambda cast, letter: read_letter.claim(
        cast.platform, cast.first.me, letter)),
    "read at the desk": (10, submitted, lambda cast, letter: read_letter.letter_for(
        cast.platform, cast.first.me, letter)),
    "release": (22, lambda cast: cast.approved(cast.harmed), lambda cast, letter: cast.release()),
    "open": (8, released, lambda cast, letter: open_letter.open_letter(
        cast.platform, cast.responsible.me, letter)),
    "read again": (5, opened, lambda cast, letter: open_letter.read_again(
        cast.platform, cast.responsible.me, letter)),
}
"""The most statements that each may send, what is played before, and the verb."""


@pytest.mark.parametrize("work", WORK)
def test_no_verb_costs_more_statements_than_this(cast: Cast, work: str) -> None:
    most, before, verb = WORK[work]
    letter = before(cast)
    history.look_as_harmed(cast.platform, cast.harmed.me, cast.case)  # she knows her team
    cast.draft_of = {letter: cast.row(letter).draft_id}
    with cast.platform.reading() as db:  # this process knows the chains
        record.read(cast.platform, db, cast.case)
        record.read_installation(cast.platform, db)
    with statements(cast) as sent:
        verb(cast, letter)
    assert len(sent) <= most, "\n".join(sent)
