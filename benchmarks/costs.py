"""Where the time of a request goes: its statements, and the most expensive functions
of this program, in one process.

Times under the profiler are longer than in service; only their proportions matter.
"""

import pstats
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from cProfile import Profile
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import event

from benchmarks.rows import SUBMITTED
from benchmarks.seed import Town
from letters.config import ROOT
from letters.rehearsal.browser import Browser
from letters.workflow.reading import open_letter
from tests.cast import Player

TIMES = 40
SHOWN = 15
Request = Callable[[], None]


def report(town: Town, fill: Callable[[], None]) -> str:
    """For each measured request: its median, its statements, and what it spends its time on."""
    return "\n\n".join(_costs(town, name, request) for name, request in _requests(town, fill))


def _requests(town: Town, fill: Callable[[], None]) -> Iterator[tuple[str, Request]]:
    pair, count = town.pair("costs"), 3 * TIMES
    drafts, letters = town.drafts(pair, count, SUBMITTED), town.released(pair, count, SUBMITTED)
    fill()
    open_letter.open_letter(town.platform, pair.harmed.me, letters[0])
    author, facilitator = _signed_in(town, pair.harmed), _signed_in(town, town.cast.first)
    author.open("/letters")
    token = next(form.fields["csrf_token"] for form in author.page.forms)
    sending = iter([(f"/letters/{letter}/send", {"version": str(version)}) for letter,
                    version in drafts])
    opening = iter([(f"/for-you/{letter}/open", {}) for letter in letters[1:]])

    def post(forms: Iterator[tuple[str, dict[str, str]]]) -> None:
        path, fields = next(forms)
        _ask(author, "POST", path, 302, {"csrf_token": token, **fields})

    yield "submit", lambda: post(sending)
    yield "desk", lambda: _ask(facilitator, "GET", "/desk?lane=in+review", 200)
    yield "inbox", lambda: _ask(author, "GET", "/for-you", 200)
    yield "open", lambda: post(opening)
    yield "read", lambda: _ask(author, "GET", f"/for-you/{letters[0]}", 200)


def _signed_in(town: Town, player: Player) -> Browser:
    browser, (name, _, value) = player.browser(), town.cookie(player).partition("=")
    browser.client.set_cookie(name, value, domain="localhost", secure=True)
    return browser


def _ask(browser: Browser, method: str, path: str, expect: int,
         fields: dict[str, str] | None = None) -> None:
    answer = browser.client.open(path, method=method, data=fields, base_url="https://localhost")
    assert answer.status_code == expect, f"{path} answered {answer.status_code}"


def _costs(town: Town, name: str, request: Request) -> str:
    for _ in range(5):
        request()
    with _statements(town) as statements:
        times = [_time(request) for _ in range(TIMES)]
    profile = Profile()
    for _ in range(TIMES):
        profile.runcall(request)
    lines = [f"{name}: p50 {median(times):.1f} ms, {len(statements) / TIMES:.0f} statements, "
             f"{sum(statements) / TIMES:.1f} ms waiting for them",
             "    ms in all    calls    under the profiler"]
    return "\n".join(lines + list(_dearest(pstats.Stats(profile))))


def _dearest(stats: pstats.Stats) -> Iterator[str]:
    rows: dict[Any, Any] = stats.stats  # type: ignore[attr-defined]
    ours = [(spent, calls, place) for place, (_, calls, _, spent, _) in rows.items()
            if place[0].startswith((f"{ROOT / 'letters'}", f"{ROOT / 'keys'}"))
            and "lambda" not in place[2]]
    for spent, calls, (file, line, function) in sorted(ours, reverse=True)[:SHOWN]:
        yield (f"    {spent / TIMES * 1000:9.2f} {calls / TIMES:8.1f}    "
               f"{file.removeprefix(f'{ROOT}/')}:{line} {function}")


def _time(request: Request) -> float:
    before = perf_counter()
    request()
    return (perf_counter() - before) * 1000


@contextmanager
def _statements(town: Town) -> Iterator[list[float]]:
    """The milliseconds that each statement of the served platform takes, from sending to answer."""
    engine, took, begun = town.place.platform.store.engine, list[float](), list[float]()

    def before(*_: object) -> None:
        begun.append(perf_counter())

    def after(*_: object) -> None:
        took.append((perf_counter() - begun.pop()) * 1000)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield took
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)
