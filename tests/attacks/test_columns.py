"""Every column is classified: a new one fails here until somebody has said what it is. And each
class of columns is altered, in all rows of a table at once: nobody reads a word that is not theirs,
and nothing goes that was not due."""

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


# --- whatever they say, it leads nowhere

TOGETHER = {"listing": ("listing", "harmless")}
"""What only lists, or is harmless, is altered together; every other class alone."""
PLAYS = [(name, kind) for name, columns in COLUMNS.items()
         for kind in ("listing", "sealed", "signed", "attested", "facts")
         if {kind, *TOGETHER.get(kind, ())} & columns.keys()]
PLAYED = random.Random(SEED).sample(PLAYS, size(2, len(PLAYS)))


def otherwise(drawn: random.Random, value: object, others: list[object]) -> object:
    """Another value of the same type; of a text, one that stands in another row, if there is one:
    what no row can say is a fault, and not an attack."""
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
    return drawn.choice([one for one in others if one != value] or [value])


def altered(attacker: Attacker, name: str, kinds: tuple[str, ...]) -> int:
    """Alter all columns of these classes in every row at once. Returns how many rows. What is
    nothing stays so, and nothing is made of what is there: that is destroying, as the threat model
    says."""
    table, drawn = Table.metadata.tables[name], random.Random(SEED)
    columns = [table.c[column] for kind in kinds
               for column in COLUMNS[name].get(kind, "").split()]
    rows = attacker.copy({name})[name]
    keys = [column for column in table.columns if column.primary_key]
    for row in rows:
        changed = {column.name: otherwise(drawn, row[column.name],
                                          [other[column.name] for other in rows])
                   for column in columns}
        with suppress(IntegrityError):  # one of a kind: that row stays as it is
            attacker.run(update(table).where(*(key == row[key.name] for key in keys))
                         .values(changed))
    return len(rows)


@pytest.mark.sqlite_alone
@pytest.mark.xdist_group("tables")
@pytest.mark.usefixtures("played")
@pytest.mark.parametrize(("name", "kind"), PLAYED)
def test_rows_that_all_say_otherwise_lead_nowhere(theatre: Theatre, name: str, kind: str) -> None:
    honest, cast = theatre.play(as_it_is), theatre.cast
    assert altered(theatre.attacker, name, TOGETHER.get(kind, (kind,)))
    outcome = after(cast, theatre.attacker, honest, name)
    assert not {who: words - honest.words[who] for who, words in outcome.seen.words.items()
                if words - honest.words[who]}
    assert not outcome.seen.unforeseen
    assert outcome.released in ([], [honest.play.due])
    version = cast.row(honest.play.due).submitted_id if outcome.granted else None
    assert outcome.granted <= {(version, honest.play.ours.harmed.id)}
