"""What happens without anybody asking: releasing what is due, erasing what is, sending notices. Jobs carry no words and
no names, ids at the most."""

import logging
from collections.abc import Callable
from typing import Any

from huey import Huey, PostgresHuey, SqliteHuey, crontab

from letters.config import Config
from letters.workflow import alerts, break_glass, erasing, notices, sending
from letters.workflow.house import House
from letters.workflow.release import release_all_due
from letters.workflow.sessions import forget_old

NAME = "letters"
log = logging.getLogger("letters")


class Queue:
    """The application's jobs: Huey over the same kind of database, opened when it is first needed."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._huey: Huey | None = None
        self._house: Callable[[], House] | None = None
        self._release: Any = None

    @property
    def huey(self) -> Huey:
        """The queue itself."""
        if self._huey is None:
            self._huey = self._open()
        return self._huey

    def serve(self, house: Callable[[], House]) -> None:
        """Tell the jobs which house they work for."""
        self._house = house

    def nudge(self) -> None:
        """Ask the worker to look at once; it looks every minute anyway, so a lost nudge delays and loses nothing."""
        try:
            self.huey.enqueue(self._release.s())
        except Exception as problem:  # what was decided is committed; the queue's trouble must not say otherwise
            log.warning("the worker was not told: %s", type(problem).__name__)

    def _open(self) -> Huey:
        huey = self._make()
        doors = self._house

        def release() -> int:
            assert doors is not None
            released = release_all_due(doors())
            break_glass.look(doors())
            alerts.look(doors())
            return released

        def forget() -> None:
            assert doors is not None
            forget_old(doors())
            sending.forget(doors())
            notices.remind(doors())

        def erase() -> None:
            assert doors is not None
            erasing.look(doors())

        def send() -> None:
            assert doors is not None
            sending.send_due(doors())

        huey.periodic_task(crontab(hour="3", minute="17"), name="forget_old_sessions")(forget)
        huey.periodic_task(crontab(hour="3", minute="47"), name="erase_closed_cases")(erase)
        # A job of its own: a mail server that answers slowly holds no letter up.
        huey.periodic_task(crontab(minute="*"), name="send_notices")(send)
        self._release = huey.task(name="release")(release)
        huey.periodic_task(crontab(minute="*"), name="release_every_minute")(release)
        return huey

    def _make(self) -> Huey:
        if self._config.is_postgresql:
            dsn = self._config.database_url.replace("postgresql+psycopg://", "postgresql://")
            return PostgresHuey(NAME, dsn=dsn, results=False)
        data = self._config.home / "data"
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return SqliteHuey(NAME, filename=str(data / "queue.db"), results=False, fsync=True)
