"""Clients with keep-alive connections, real cookies and form tokens, in a process of their own.

``run`` starts that process and hands it a plan. It returns how long each kind of request took.
Sessions keep the cookies they begin with, like as many new browsers. A request with an
unexpected answer ends the run.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from itertools import count, cycle
from pathlib import Path
from threading import Barrier, Thread
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

WARM_UP = 0.4
"""The share of a phase's seconds that is run, but not counted, before the phase begins."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Ask:
    """One request: a GET, or a form if it has fields (``{}``: only the token). ``cookie``:
    another session than its client's."""

    path: str
    fields: dict[str, str] | None = None
    expect: int = 200
    kind: str = ""
    cookie: str = ""


@dataclass(frozen=True)
class Client:
    """One browser: asks in turn, over and over or each once. It first takes the form token of each
    session from ``form``. ``roams``: it comes from another address each time, like as many people.
    """

    asks: list[Ask]
    cookie: str = ""
    form: str = ""
    repeat: bool = True
    roams: bool = False


@dataclass
class Measured:
    """The measurements of one kind of request in a phase: milliseconds of each, the
    largest answer, the phase's seconds."""

    ms: list[float] = field(default_factory=list)
    bytes: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Throughput."""
        return len(self.ms) / self.seconds

    @property
    def p50(self) -> float:
        """The median, in milliseconds."""
        return self._percentile(50)

    @property
    def p95(self) -> float:
        """The 95th percentile, in milliseconds."""
        return self._percentile(95)

    def _percentile(self, percent: int) -> float:
        return sorted(self.ms)[(len(self.ms) - 1) * percent // 100]


def run(port: int, clients: list[Client], seconds: float,
        warm_up: float | None = None) -> dict[str, Measured]:
    """One phase: these clients at once, after the warm-up, by kind of request."""
    plan = {"port": port, "seconds": seconds,
            "warm_up": seconds * WARM_UP if warm_up is None else warm_up,
            "clients": [asdict(client) for client in clients]}
    done = subprocess.run([sys.executable, "-m", "benchmarks.load"], input=json.dumps(plan),
                          text=True, check=False,
                          stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    if done.returncode:
        raise SystemExit("A client was not answered as it must be; see above.")
    return {kind: Measured(**measured) for kind, measured in json.loads(done.stdout).items()}


@dataclass
class _Session:
    """A person's cookies and form token; ``form`` is a page that has one."""

    form: str
    cookies: list[str]
    token: str = ""


class _Browser(Thread):
    """Runs one client's asks and keeps the times of those that began and ended
    within the phase; at least one."""

    def __init__(self, plan: dict[str, Any], client: dict[str, Any], start: Barrier) -> None:
        super().__init__(daemon=True)
        self.connection = HTTPConnection("127.0.0.1", plan["port"], timeout=60)
        self.seconds, self.warm_up, self.start_line = plan["seconds"], plan["warm_up"], start
        asks = [replace(ask, cookie=ask.cookie or client["cookie"])
                for ask in (Ask(**one) for one in client["asks"])]
        self.sessions = {ask.cookie: _Session(client["form"], [ask.cookie] * bool(ask.cookie))
                         for ask in asks}
        self.roams: bool = client["roams"]
        self.addresses = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
                          for number in count(id(self)))
        self.address = next(self.addresses)
        self.asks: Iterator[Ask] = cycle(asks) if client["repeat"] else iter(asks)
        self.measured: dict[str, Measured] = {}
        self.ended = False

    def run(self) -> None:
        """Fetch the tokens, wait for the others, ask."""
        for session in self.sessions.values():
            self._take_token(session)
        self.start_line.wait()
        begun = perf_counter() + self.warm_up
        until = begun + self.seconds
        while ((before := perf_counter()) < until
               or not self._measured()) and (ask := next(self.asks, None)):
            size = self._answer(ask)
            after = perf_counter()
            found = self.measured.setdefault(ask.kind or ask.path, Measured())
            if before >= begun and (after <= until or not found.ms):
                found.ms.append((after - before) * 1000)
                found.bytes = max(found.bytes, size)
                found.seconds = after - begun
        self.ended = True

    def _measured(self) -> bool:
        return all(found.ms for found in self.measured.values())

    def _take_token(self, session: "_Session") -> None:
        if not session.form:
            return
        response, body = self._exchange("GET", session.form, None, session)
        session.cookies += [cookie.partition(";")[0]
                            for cookie in response.headers.get_all("Set-Cookie", [])]
        found = _TOKEN.search(body.decode())
        if found is None:
            raise RuntimeError(f"no form on {session.form}: {response.status}")
        session.token = found[1]

    def _answer(self, ask: Ask) -> int:
        session = self.sessions[ask.cookie]
        self.address = next(self.addresses) if self.roams else self.address
        if ask.fields is None:
            response, body = self._exchange("GET", ask.path, None, session)
        else:
            form = urlencode({"csrf_token": session.token, **ask.fields})
            response, body = self._exchange("POST", ask.path, form, session)
        if response.status != ask.expect:
            raise RuntimeError(f"{ask.path} answered {response.status}: {body[:2000].decode()}")
        return len(body)

    def _exchange(self, method: str, path: str, form: str | None,
                  session: "_Session") -> tuple[HTTPResponse, bytes]:
        headers = {"Cookie": "; ".join(session.cookies), "X-Forwarded-For": self.address,
                   **(FORM if form is not None else {})}
        try:
            self.connection.request(method, path, form, headers)
            response = self.connection.getresponse()
        except RemoteDisconnected:  # a connection that was kept open too long
            self.connection.close()
            self.connection.request(method, path, form, headers)
            response = self.connection.getresponse()
        return response, response.read()


def main() -> None:
    """Read a plan, run it, write the measurements."""
    plan = json.load(sys.stdin)
    start = Barrier(len(plan["clients"]), timeout=30)
    browsers = [_Browser(plan, client, start) for client in plan["clients"]]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join(plan["warm_up"] + plan["seconds"] + 60)
    if not all(browser.ended for browser in browsers):
        sys.exit(1)
    together: dict[str, Measured] = {}
    for browser in browsers:
        for kind, measured in browser.measured.items():
            whole = together.setdefault(kind, Measured())
            whole.ms += measured.ms
            whole.bytes, whole.seconds = max(whole.bytes,
                                             measured.bytes), max(whole.seconds, measured.seconds)
    json.dump({kind: asdict(measured) for kind, measured in together.items()}, sys.stdout)


if __name__ == "__main__":
    main()
