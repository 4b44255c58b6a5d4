"""The bell: a verb rings it after a decision, and the worker looks at once for
what is due. It carries nothing.

Anybody who can write to the database can ring it too, and can only wake the worker a little
early: a ring holds nothing to read, execute or believe. A lost ring costs a minute: the
worker looks by itself that often.
"""

import logging
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from letters.storage.store import Store

GLANCE = 0.25
"""Seconds between two looks at the file; also how long a worker takes at
most to notice that it is to end."""
CHANNEL = "letters"
log = logging.getLogger("letters")


class Bell:
    """The bell of one installation: SQLite touches a file by the
    database, PostgreSQL uses NOTIFY."""

    def __init__(self, store: Store, file: Path) -> None:
        self._store, self._file = store, file
        self._seen = self._touched()
        self._listening: Any = None

    def ring(self) -> None:
        """Wake the worker. The decision is committed already: a failure is
        logged, and nothing is raised."""
        try:
            if self._store.is_embedded:
                self._file.touch(mode=0o600)
            else:
                with self._store.engine.begin() as connection:
                    connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
        except (OSError, SQLAlchemyError) as problem:
            log.warning("the worker was not told: %s", type(problem).__name__)

    def wait(self, seconds: float, ended: Event) -> None:
        """Return once it has rung since the last call, after
        ``seconds``, or once ``ended`` is set."""
        until = monotonic() + seconds
        while not ended.is_set() and (left := until - monotonic()) > 0:
            if self._was_rung(min(left, GLANCE), ended):
                return

    def _was_rung(self, within: float, ended: Event) -> bool:
        if self._store.is_embedded:
            ended.wait(within)
            before, self._seen = self._seen, self._touched()
            return before != self._seen
        try:
            if self._listening is None:
                self._listening = self._store.listen(CHANNEL)
            return any(True for _ in self._listening.notifies(timeout=within, stop_after=1))
        except Exception as problem:  # the server is away for a while: the worker goes by the clock
            log.warning("the bell is not heard: %s", type(problem).__name__)
            with suppress(Exception):
                self._listening.close()
            self._listening = None
            ended.wait(within)
            return False

    def _touched(self) -> int:
        with suppress(OSError):
            return self._file.stat().st_mtime_ns
        return 0
