"""What tests cost: the processor time of each, and a run that fails where one takes too much.

Processor time, not time on a clock: a test that waits on a busy machine costs no more. What a
PostgreSQL server or Chromium does in processes of its own is not counted here; ``./run.sh test``
prints the sum of all. """

import json
import os
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.night import NIGHT

MOST = 10.0
"""Seconds of processor time that a test without the marker ``slow`` may take."""


def _own() -> float:
    """Seconds of processor time of this process."""
    times = os.times()
    return times.user + times.system


def _children() -> float:
    """Seconds of processor time of its children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


class Meter:
    """In each worker: measures a test from its beginning to its end, without what it sets up for
    others too.

    Of its children it counts those that end while it is called: a browser for all tests ends with
    one of them. """

    def __init__(self) -> None:
        self._began = self._shared = self._children = 0.0
        self._depth = 0

    def pytest_runtest_logstart(self) -> None:
        self._began, self._shared, self._children = _own(), 0.0, 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        before = _children()
        try:
            return (yield)
        finally:
            self._children = _children() - before

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        if fixturedef.scope != "session" or self._depth:
            return (yield)
        self._depth, before = 1, _own()
        try:
            return (yield)
        finally:
            self._depth = 0
            self._shared += _own() - before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when == "teardown":
            cost = round(_own() - self._began - self._shared + self._children, 3)
            slow = item.get_closest_marker("slow") is not None
            report.user_properties.append(("cost", [cost, round(self._shared, 3), slow]))
        return report


class Costs:
    """In the process that reports: adds up, says what was dearest, and fails the run where one test
    is too dear."""

    def __init__(self, kept_in: str | None) -> None:
        self._kept_in = kept_in
        self._of: dict[str, tuple[float, float, bool]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == "cost":
                self._of[report.nodeid] = tuple(value)

    def too_dear(self) -> list[str]:
        """The tests without the marker that took too much; by night everything does."""
        return [] if NIGHT else [test for test, (cost, _, slow) in self._of.items()
                                 if cost > MOST and not slow]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.too_dear() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self._kept_in:
            Path(self._kept_in).write_text(json.dumps(self._of), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        files = Counter[str]()
        for test, (cost, shared, _) in self._of.items():
            files[test.partition("::")[0]] += cost + shared
        dearest = ", ".join(f"{file} {cost:.0f}" for file, cost in files.most_common(5))
        terminalreporter.write_line(f"Processor time of the tests: {files.total():.0f} s. "
                                    f"Dearest: {dearest}.")
        for test in self.too_dear():
            terminalreporter.write_line(f"Takes {self._of[test][0]:.1f} s and is not marked "
                                        f"slow: {test}", red=True)


def watch(config: pytest.Config) -> None:
    """Watch this process: as a worker, as the one that reports, or, without workers, as both."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Costs(config.getoption("--costs")), "costs")
    config.pluginmanager.register(Meter(), "meter")
