"""What happens without anybody asking: releasing what is due, erasing what is due, sending notices.

The worker keeps its plan in its own memory. Nothing in the database tells it what to do: it looks
for what is due when the bell rings and every minute, and each look reads everything afresh.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic

from letters.storage.bell import Bell
from letters.workflow import today, unsent
from letters.workflow.accounts.sessions import forget_old
from letters.workflow.cases import alerts
from letters.workflow.notices import outbox, send
from letters.workflow.oversight import emergency_access
from letters.workflow.platform import Platform
from letters.workflow.release.release import release_all_due
from letters.workflow.upkeep import replay, retention

MINUTE, PAUSE = 60.0, 0.2
"""The most and the fewest seconds between two looks: however often the bell rings,
the database has time for others."""
NIGHT = timedelta(hours=3, minutes=17)
"""The time of day (UTC) of the nightly work. It also runs when the worker
starts, which may be down at night."""
log = logging.getLogger("letters")

Job = Callable[[Platform], object]
LETTERS: tuple[Job, ...] = (release_all_due, emergency_access.open_and_close_due,
                            alerts.raise_overdue)
NIGHTLY: tuple[Job, ...] = (forget_old, unsent.forget_old, send.forget, outbox.remind,
                            today.tell_once_a_day, retention.say_and_erase_due, replay.replay)


def do_what_is_due(platform: Platform) -> None:
    """Do what is due in letters, requests and alerts."""
    for job in LETTERS:
        _do(job, platform)


class Worker:
    """Three loops over one platform, each in a thread: letters, notices, nightly work. Neither a
    slow mail server nor erasing holds up a letter."""

    def __init__(self, opened: Callable[[], Platform], bell: Bell) -> None:
        self._opened, self._bell, self._ended = opened, bell, Event()

    def run(self) -> None:
        """Work until ``end`` is called; work in progress is finished."""
        others = [Thread(target=loop) for loop in (self._send, self._by_night)]
        for thread in others:
            thread.start()
        while not self._ended.is_set():
            began = monotonic()
            do_what_is_due(self._opened())
            self._ended.wait(PAUSE)
            self._bell.wait(MINUTE - (monotonic() - began), self._ended)
        for thread in others:
            thread.join()

    def end(self) -> None:
        """Ask the worker to end."""
        self._ended.set()

    def _send(self) -> None:
        while not self._ended.is_set():
            _do(send.send_due, self._opened())
            self._ended.wait(MINUTE)

    def _by_night(self) -> None:
        while not self._ended.is_set():
            for job in NIGHTLY:
                _do(job, self._opened())
            self._ended.wait(until_night(self._opened().now()).total_seconds())


def until_night(now: datetime) -> timedelta:
    """The time until the nightly work is next due."""
    since = timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)
    return (NIGHT - since) % timedelta(days=1) or timedelta(days=1)


def _do(job: Job, platform: Platform) -> None:
    try:
        job(platform)
    except Exception as problem:  # the next look tries again; the others go on
        log.error("%s.%s failed: %s", job.__module__, getattr(job, "__name__", "job"),
                  type(problem).__name__)
