"""One way into the database: ``writing()`` is one transaction, ``reading()`` is one look.

SQLite is the embedded default, PostgreSQL is for growth; both behave alike here. A writing
transaction on SQLite takes the write lock at once (BEGIN IMMEDIATE), so that it never fails
half-way because it cannot get it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import local
from typing import Any

from sqlalchemy import BigInteger, Connection, Delete, Dialect, Engine, Update, create_engine, event
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970, the form in which moments are stored and
    signed."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(number: int) -> datetime:
    """The moment that ``microseconds`` gave this number."""
    return _EPOCH + timedelta(microseconds=number)


class Moment(TypeDecorator[datetime]):
    """A time-zone-aware moment, stored as microseconds since 1970: the same on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_microseconds(value)


class NestedWriting(Exception):
    """A writing transaction was started inside another: SQLite would wait 20 s for itself."""


class Store:
    """A database, by its SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._thread = local()
        if url.startswith("sqlite"):
            self.engine = self._looking = _sqlite(url)
        else:
            self.engine = create_engine(url, hide_parameters=True)
            self._looking = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def is_embedded(self) -> bool:
        """True for the embedded SQLite, false for a server."""
        return self.engine.dialect.name == "sqlite"

    def listen(self, channel: str) -> Any:
        """A separate connection of the driver that receives notifications on
        this channel; only with a server."""
        heard: Any = self.engine.raw_connection()
        driver = heard.driver_connection
        heard.detach()
        driver.rollback()
        driver.autocommit = True
        driver.execute(f"LISTEN {channel}")
        return driver

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: everything is kept or, if anything is raised, nothing.

        The functions in ``db.info["at the end"]`` are called as its last part, those in
        ``db.info["afterwards"]`` once everything is kept, each in order.

        Raises ``NestedWriting`` if this thread is already in a writing transaction of this store.
        """
        engine = self.engine.execution_options(takes_write_lock=True)
        with Session(engine, expire_on_commit=False) as db:
            with self._alone(), db.begin():
                yield db
                for call in db.info.get("at the end", ()):
                    call()
            for call in db.info.get("afterwards", ()):
                call()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if getattr(self._thread, "writes", False):
            raise NestedWriting
        self._thread.writes = True
        try:
            yield
        finally:
            self._thread.writes = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One look, at one moment, that changes nothing."""
        with Session(self._looking, expire_on_commit=False, autoflush=False) as db:
            yield db

    def rewrite(self, tables: Iterable[str]) -> bool:
        """Remove deleted data from the database's files, as far as the database can: SQLite is
        rewritten and its log cut off; PostgreSQL frees the space in these tables.
        Returns False if somebody was reading meanwhile, so that a part of the
        log is left for the next time."""
        connection = self.engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            if not self.is_embedded:
                driver.rollback()
                driver.autocommit = True
                driver.execute(f"VACUUM {', '.join(tables)}")
                driver.autocommit = False
                return True
            driver.execute("VACUUM")
            busy: int = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
        finally:
            connection.close()


def changed_one(db: Session, statement: Update | Delete) -> bool:
    """Carry out a conditional UPDATE or DELETE.
    Returns False if it touched no row, since somebody was quicker."""
    done = db.execute(statement)
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 20})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                       "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("takes_write_lock")
                                   else "BEGIN")

    return engine
