"""Every query of the pages and of the worker finds its rows by an index: none walks through a table
that grows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from letters.storage.queries import desk, lists
from letters.storage.tables.letters import Table
from letters.workflow.accounts import sign_in
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.sqlite_alone
"""SQLite tells its plan in words whatever a table holds; PostgreSQL walks through small tables on
purpose."""

SMALL = {"installation"}
SORTED = {"cases", "letters of a case", "mine", "safeguarding"}
"""What one person's caseload, one case or the claims of a day bound may be sorted when it is asked
for."""
PAGES: dict[str, Callable[[Cast, Session], Any]] = {
    "case of a participant": lambda cast, db: lists.case_of_participant(db, cast.harmed.id),
    "channels": lambda cast, db: lists.channels_from(db, cast.harmed.id),
    "own letters": lambda cast, db: lists.own_letters(db, cast.harmed.id),
    "own letters, further": lambda cast, db: lists.own_letters(
        db, cast.harmed.id, (cast.clock(), cast.case)
    ),
    "inbox": lambda cast, db: lists.inbox(db, cast.harmed.id),
    "inbox, further": lambda cast, db: lists.inbox(db, cast.harmed.id, (cast.clock(), cast.case)),
    "desk": lambda cast, db: lists.desk_page(db, cast.first.id, None),
    "desk, further": lambda cast, db: lists.desk_page(
        db, cast.first.id, None, (cast.clock(), cast.case)
    ),
    "lane": lambda cast, db: lists.desk_page(db, cast.first.id, "in review"),
    "second reading": lambda cast, db: lists.desk_page(db, cast.first.id, "second reading"),
    "lane, further": lambda cast, db: lists.desk_page(
        db, cast.first.id, "held", (cast.clock(), cast.case)
    ),
    "desk counts": lambda cast, db: lists.desk_counts(db, cast.first.id),
    "mine": lambda cast, db: desk.claimed_by(db, cast.first.id, cast.clock()),
    "unclaimed": lambda cast, db: desk.unclaimed(db, cast.first.id, cast.clock()),
    "unclaimed, further": lambda cast, db: desk.unclaimed(
        db, cast.first.id, cast.clock(), (cast.clock(), cast.case)
    ),
    "safeguarding": lambda cast, db: desk.with_alert(db, cast.first.id),
    "numbers": lambda cast, db: desk.numbers(db, cast.first.id, cast.clock()),
    "signs": lambda cast, db: (
        desk.cases_with_alert(db, {cast.case}),
        desk.handed_on(db, cast.first.id, {cast.case}, cast.clock()),
    ),
    "cases": lambda cast, db: lists.cases_of_member(db, cast.first.id),
    "letters of a case": lambda cast, db: lists.letters_of_case(db, cast.case),
    "held letters": lambda cast, db: lists.held_letters(db, cast.case),
    "colleagues": lambda cast, db: lists.colleagues(db, frozenset()),
}


VERBS: dict[str, Callable[[Cast], Any]] = {
    "sign in and be known": lambda cast: sign_in.who_is(
        cast.platform, sign_in.sign_in(cast.platform, cast.harmed.name, PASSWORD)
    ),
    "write, read, approve, release": lambda cast: cast.released(cast.harmed),
    "open and answer": lambda cast: open_letter.open_letter(
        cast.platform, cast.responsible.me, cast.released(cast.harmed)
    ),
    "look at the desk": lambda cast: read_letter.letter_for(
        cast.platform, cast.second.me, cast.submitted(cast.harmed)
    ),
    "stop": lambda cast: pace.stop(cast.platform, cast.harmed.me, cast.case),
    "an empty look of the worker": lambda cast: cast.release(),
}


@contextmanager
def steps(cast: Cast) -> Iterator[list[str]]:
    """What the database does, step by step, for every query that runs meanwhile."""
    engine, found = cast.platform.store.engine, list[str]()

    def explain(connection: Any, _: Any, statement: str, parameters: Any, __: Any,
                many: bool) -> None:
        if not many and statement.startswith(("SELECT", "UPDATE", "DELETE")):
            plan = connection.connection.cursor()
            plan.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.extend(row[3] for row in plan.fetchall())

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def walks(found: list[str]) -> list[str]:
    """The steps that go through a whole table that grows.

    Of the cases, the worker's look at the state file reads every head: it is there to miss none.
    """
    growing = set(Table.metadata.tables) - SMALL - {"cases"}
    return [step for step in found if step.startswith("SCAN") and step.split()[1] in growing]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_finds_its_rows_by_an_index(cast: Cast, page: str) -> None:
    with cast.platform.reading() as db, steps(cast) as found:
        PAGES[page](cast, db)
    assert found and not walks(found)


@pytest.mark.parametrize("page", sorted(PAGES.keys() - SORTED))
def test_a_page_that_grows_is_never_sorted(cast: Cast, page: str) -> None:
    with cast.platform.reading() as db, steps(cast) as found:
        PAGES[page](cast, db)
    assert not [step for step in found if "TEMP B-TREE" in step]


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_finds_its_rows_by_an_index(cast: Cast, verb: str) -> None:
    with steps(cast) as found:
        VERBS[verb](cast)
    assert found and not walks(found)
