"""Every column is classified: a new one fails here until somebody has said what it is. And what
only lists, or is harmless, is altered as a whole."""

import random
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from letters.storage.tables import accounts, desk, team  # noqa: F401  part of the metadata
from letters.storage.tables.letters import Table
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.columns import CLASSES, COLUMNS
from tests.attacks.everybody_looks import as_it_is
from tests.attacks.test_every_table import after
from tests.night import SEED, size


@pytest.mark.parametrize("table", Table.metadata.sorted_tables, ids=lambda table: table.name)
def test_each_column_is_one_of_these(table) -> None:
    named = [column for columns in COLUMNS[table.name].values() for column in columns.split()]
    assert sorted(named) == sorted(column.name for column in table.columns)
    assert COLUMNS[table.name].keys() <= {*CLASSES}


def test_no_table_is_classified_that_is_not_there() -> None:
    assert COLUMNS.keys() == {table.name for table in Table.metadata.sorted_tables}


# --- what only lists, or is harmless, leads nowhere, whatever it says

LISTS = [name for name, columns in COLUMNS.items() if {"listing", "harmless"} & columns.keys()]
PLAYED = random.Random(SEED).sample(LISTS, size(1, len(LISTS)))


def otherwise(drawn: random.Random, value: object) -> object:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return drawn.choice([0, value + 1, 10 ** 6])
    if isinstance(value, datetime):
        return value + timedelta(days=drawn.choice([-4000, -1, 1, 4000]))
    if isinstance(value, UUID):
        return UUID(int=drawn.getrandbits(128))
    if isinstance(value, bytes):
        return drawn.randbytes(len(value))
    return drawn.choice(["", "otherwise"]) if isinstance(value, str) else value


def altered(attacker: Attacker, name: str) -> int:
    """Alter all of these columns in every row at once. Returns how many rows. What is nothing stays
    so, and nothing is made of what is there: that is destroying, as the threat model says."""
    table, drawn = Table.metadata.tables[name], random.Random(SEED)
    columns = [table.c[column] for kind in ("listing", "harmless")
               for column in COLUMNS[name].get(kind, "").split()]
    rows = attacker.copy({name})[name]
    keys = [column for column in table.columns if column.primary_key]
    for row in rows:
        changed = {column.name: otherwise(drawn, row[column.name]) for column in columns}
        with suppress(IntegrityError):  # one of a kind: that row stays as it is
            attacker.run(update(table).where(*(key == row[key.name] for key in keys))
                         .values(changed))
    return len(rows)


@pytest.mark.sqlite_alone
@pytest.mark.xdist_group("tables")
@pytest.mark.usefixtures("played")
@pytest.mark.parametrize("name", PLAYED)
def test_a_row_that_says_otherwise_in_all_of_them_leads_nowhere(
    theatre: Theatre, name: str,
) -> None:
    honest, cast = theatre.play(as_it_is), theatre.cast
    assert altered(theatre.attacker, name)
    outcome = after(cast, theatre.attacker, honest, name)
    assert not {who: words - honest.words[who] for who, words in outcome.seen.words.items()
                if words - honest.words[who]}
    assert not outcome.seen.unforeseen
    assert outcome.released in ([], [honest.play.due])
    version = cast.row(honest.play.due).submitted_id if outcome.granted else None
    assert outcome.granted <= {(version, honest.play.ours.harmed.id)}
