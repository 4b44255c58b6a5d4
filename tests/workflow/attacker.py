"""Somebody who owns the database, may switch its triggers off, and has none of the keys. And the stage to try it on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Executable, insert, select
from sqlalchemy.orm import Session

from letters.storage.store import Store
from letters.storage.tables import Table
from tests.cast import Cast

Copy = dict[str, list[dict[str, Any]]]
"""Every row of every table, as a stolen backup holds them."""


class Attacker:
    """Reads and writes every row."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, *statements: Executable) -> None:
        """Change rows, whatever triggers and foreign keys say."""
        with self._unguarded() as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, table: type[Table], *where: Any) -> list[dict[str, Any]]:
        """The rows of a table as they stand, to be put back or put elsewhere."""
        with self._store.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table.__table__).where(*where)).mappings()]

    def put(self, table: type[Table], *rows: dict[str, Any], **changed: Any) -> None:
        """Insert rows, with some columns changed."""
        self.run(*(insert(table.__table__).values({**row, **changed}) for row in rows))

    def copy(self) -> Copy:
        """A backup."""
        with self._store.engine.connect() as connection:
            return {table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                    for table in Table.metadata.sorted_tables}

    def put_back(self, copy: Copy, *tables: str) -> None:
        """Restore a backup, or only some tables of it."""
        with self._unguarded() as connection:
            for name in tables or copy:
                table = Table.metadata.tables[name]
                connection.execute(table.delete())
                if copy[name]:
                    connection.execute(table.insert(), copy[name])

    @contextmanager
    def _unguarded(self) -> Iterator[Connection]:
        if self._store.engine.dialect.name == "postgresql":
            with self._store.engine.begin() as connection:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                yield connection
            return
        with self._store.engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    guards = connection.exec_driver_sql(
                        "SELECT name, sql FROM sqlite_master WHERE type='trigger'").all()
                    for name, _ in guards:
                        connection.exec_driver_sql(f"DROP TRIGGER {name}")
                    yield connection
                    for _, sql in guards:
                        connection.exec_driver_sql(sql)
            finally:
                driver.execute("PRAGMA foreign_keys=ON")


@dataclass
class Theatre:
    """One installation for many tests: what was played before is put back as it was, which is quicker than anew."""

    cast: Cast
    attacker: Attacker
    _acts: dict[str, tuple[Any, Copy, datetime, bytes]] = field(default_factory=dict)

    def play(self, act: Callable[[Cast], Any]) -> Any:
        """What this act returns, with the database as it is after it, and after nothing else."""
        name = f"{act.__module__}.{act.__qualname__}"
        if name in self._acts:
            made, copy, moment, state = self._acts[name]
            self.attacker.put_back(copy)
            self.state.write_bytes(state)
            self.cast.clock.moment = moment
        else:
            if self._acts:
                self.play(beginning)
            made = act(self.cast)
            self._acts[name] = (made, self.attacker.copy(), self.cast.clock.moment, self.state.read_bytes())
        return made

    @property
    def state(self) -> Path:
        """The state file, which is put back with the rest here, and which no attacker can reach."""
        return self.cast.house.witness.path


def beginning(cast: Cast) -> None:
    """Everything is ready for letters, and none was written."""


def one(db: Session, table: type[Table], *where: Any) -> Any:
    """The only row."""
    return db.scalars(select(table).where(*where)).one()
