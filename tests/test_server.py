"""What a served process does for what it holds in memory, and what it writes down of who asks."""

import ctypes
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask

from keys import keyfile
from letters import server as letters_server
from letters import worker
from letters.app import create_app
from letters.commands import serving
from letters.config import ROOT, Config

PR_GET_DUMPABLE = 3


def app(_: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    """What gunicorn serves in these tests: it tells of the process that it runs in."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    dumpable, core = ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0,
                                             0), resource.getrlimit(resource.RLIMIT_CORE)
    return [f"{dumpable} {core}".encode()]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port of a real server with our configuration, and the file of what it writes."""
    log = tmp_path_factory.mktemp("served") / "log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tests.test_server:app", "--threads", "2",
             "--log-level", "debug",
             "--bind", f"127.0.0.1:{port}", "--config", "python:letters.server"],
            cwd=ROOT, stdout=written, stderr=written)
        try:
            for _ in range(300):
                with socket.socket() as there:
                    if there.connect_ex(("127.0.0.1", port)) == 0:
                        break
                sleep(0.1)
            yield port, log
        finally:
            server.terminate()
            server.wait(30)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone knows it")
def test_a_served_process_leaves_no_core_and_is_not_looked_into(served: tuple[int, Path]) -> None:
    with urlopen(f"http://127.0.0.1:{served[0]}/", timeout=30) as answer:
        assert answer.read() == b"0 (0, 0)"


def test_who_sends_what_is_no_request_is_not_written_down(served: tuple[int, Path]) -> None:
    port, log = served
    with socket.create_connection(("127.0.0.1", port), timeout=30) as there:
        there.sendall(b"GARBAGE\r\n\r\n")
        assert there.recv(4096).startswith(b"HTTP/1.1 400")
    for _ in range(100):
        if "A request that is none was refused." in log.read_text():
            break
        sleep(0.1)
    told = [line for line in log.read_text().splitlines() if "request" in line.lower()]
    assert told and not any("127.0.0.1" in line or "GARBAGE" in line for line in told)


def test_the_worker_closes_its_memory_before_it_works(config: Config,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(letters_server, "close_memory", lambda: done.append("closed"))
    monkeypatch.setattr(worker.Worker, "run", lambda _: done.append("works"))
    apart: Flask = create_app(config)
    apart.cli.add_command(serving.worker)
    assert apart.test_cli_runner().invoke(args=["worker"]).exit_code == 0
    assert done == ["closed", "works"]
    apart.extensions["platform"]().store.engine.dispose()


def test_a_process_that_serves_pages_keeps_no_private_release_key(
    app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also not after the key file was replaced: only the worker's process can open a sealed
    release."""
    monkeypatch.setattr(letters_server, "close_memory", lambda: None)
    opened = app.extensions["platform"]
    assert opened().keys.can_release
    letters_server.post_worker_init(SimpleNamespace(wsgi=app))
    assert not opened().keys.can_release
    keyfile.put_in_place(config.key_file, keyfile.read(config.key_file).rotated(os.urandom))
    keys = opened().keys
    assert not keys.can_release and len(keys.release) == 2
    again = create_app(config).extensions["platform"]
    again.serve_pages()
    assert not again().keys.can_release
