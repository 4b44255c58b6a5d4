"""Somebody who owns the database, may switch its triggers off, and has none of the keys. And the
stage to try it on."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, Executable, event, insert, select
from sqlalchemy.orm import Session

from letters.storage.tables.letters import Table
from letters.workflow.platform import Platform
from tests.cast import TEXT, Cast, Player

Copy = dict[str, list[dict[str, Any]]]
"""Every row of every table, as a stolen backup holds them."""


class Attacker:
    """Reads and writes every row. What they change is looked at by a process that knows nothing
    yet: one that has verified it before goes by what it verified."""

    def __init__(self, platform: Platform) -> None:
        self._store, self._verified = platform.store, platform.verified

    def run(self, *statements: Executable) -> None:
        """Change rows, whatever triggers and foreign keys say."""
        with self._unguarded() as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, table: type[Table], *where: Any) -> list[dict[str, Any]]:
        """The rows of a table as they stand, to be put back or put elsewhere."""
        with self._store.engine.connect() as connection:
            return [dict(row)
                    for row in connection.execute(select(table.__table__).where(*where)).mappings()]

    def put(self, table: type[Table], *rows: dict[str, Any], **changed: Any) -> None:
        """Insert rows, with some columns changed."""
        self.run(*(insert(table.__table__).values({**row, **changed}) for row in rows))

    def copy(self, tables: Collection[str] = Table.metadata.tables) -> Copy:
        """A backup, or only some tables of it."""
        with self._store.engine.connect() as connection:
            return {table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                    for table in Table.metadata.sorted_tables if table.name in tables}

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
        self._verified.clear()
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


class Written:
    """The tables that any statement of this process may have changed since they were put back."""

    STATEMENT = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)")

    def __init__(self) -> None:
        self.tables: set[str] = set()
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _: Any, __: Any, statement: str, *___: Any) -> None:
        if found := self.STATEMENT.match(statement):
            self.tables.add(found[1])


class Performed(NamedTuple):
    """An act that was played: what it returned, and everything as it stood then. ``company``: who
    is in the cast."""

    made: Any
    copy: Copy
    moment: datetime
    state: bytes
    company: dict[str, Any]


@dataclass
class Theatre:
    """One installation for many tests: what was played before is put back as it was, which is
    quicker than anew."""

    cast: Cast
    attacker: Attacker
    _acts: dict[str, "Performed"] = field(default_factory=dict)
    _written: Written = field(default_factory=Written)
    _stands: Copy = field(default_factory=dict)

    @property
    def at_the_beginning(self) -> bool:
        """True if nothing was written since the beginning was put back, and no time has passed but
        for looks."""
        begun = self._acts.get(f"{__name__}.beginning")
        return begun is not None and self._stands is begun.copy and not self._written.tables and (
            self.cast.clock.moment - begun.moment < timedelta(seconds=1))

    def play(self, act: Callable[[Cast], Any], name: str = "") -> Any:
        """What this act returns, with the database as it is after it, and after nothing else."""
        name = name or f"{act.__module__}.{act.__qualname__}"
        if name in self._acts:
            played = self._acts[name]
            self._put_back(played.copy)
            self.cast.platform.verified.clear()
            self.state.write_bytes(played.state)
            self.cast.clock.moment = played.moment
            vars(self.cast).clear()
            vars(self.cast).update(played.company)
        else:
            if self._acts and not self.at_the_beginning:
                self.play(beginning)
            played = self._acts[name] = Performed(act(self.cast), self._copied(),
                                               self.cast.clock.moment, self.state.read_bytes(),
                                               dict(vars(self.cast)))
        return played.made

    def everything_was_written(self) -> None:
        """Another process wrote, of which nothing is known here."""
        self._written.tables.update(Table.metadata.tables)

    def _copied(self) -> Copy:
        """A backup, of which the tables that nobody wrote to since the last one are the same."""
        changed = self._written.tables if self._stands else set(Table.metadata.tables)
        self._stands = {**self._stands, **self.attacker.copy(changed)}
        self._written.tables.clear()
        return self._stands

    def _put_back(self, copy: Copy) -> None:
        """Restore what was written to, and what is another act's."""
        differ = {name for name in copy if name in self._written.tables
                  or copy[name] is not self._stands.get(name)}
        if differ:
            self.attacker.put_back(copy, *differ)
        self._written.tables.clear()
        self._stands = copy

    @property
    def state(self) -> Path:
        """The state file, which is put back with the rest here, and which no attacker can reach."""
        return self.cast.platform.state_file.path


class StagedCast(Cast):
    """The company on the stage of a theatre. What many tests begin with is played once, and put
    back for the others: it is the same whoever asks first, as nothing was written before it."""

    theatre: "Theatre"

    def submitted(self, author: Player, text: str = TEXT) -> UUID:
        return self._first("submitted", author, text)

    def approved(self, author: Player, text: str = TEXT) -> UUID:
        return self._first("approved", author, text)

    def released(self, author: Player, text: str = TEXT) -> UUID:
        return self._first("released", author, text)

    def open_the_way_back(self) -> UUID:
        return self._first("open_the_way_back")

    def _first(self, deed: str, *words: Any) -> UUID:
        play = getattr(super(), deed)
        if not self.theatre.at_the_beginning or len(words) == 2 and words[1] != TEXT:
            return play(*words)
        who = [word.name for word in words if isinstance(word, Player)]
        return self.theatre.play(lambda _: play(*words), " ".join([deed, *who]))


def beginning(cast: Cast) -> None:
    """Everything is ready for letters, and none was written."""


def one(db: Session, table: type[Table], *where: Any) -> Any:
    """The only row."""
    return db.scalars(select(table).where(*where)).one()
