"""For the tests of the pages: the cast plays its beginning once, and each test gets a copy of the whole installation.

SQLite alone by default, since most of these tests ask for the shape of an answer; those that are about the database
say ``on_both``.
"""

import copy
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from keys import keyfile
from keys.passphrase import Cost
from letters.app import create_app
from letters.config import Config
from letters.rehearsal.cast import Worker
from tests.cast import Cast, Player
from tests.conftest import DATABASES, Clock, _named, _run, random_bytes

on_both = pytest.mark.parametrize("database", DATABASES, indirect=True)


@dataclass
class Played:
    """An installation in which the cast has played its beginning, to be copied."""

    url: str
    key_file: Path
    cast: Cast
    moment: datetime


@pytest.fixture(scope="session")
def played_on_sqlite(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = tmp_path_factory.mktemp("played")
    (home / "data").mkdir(mode=0o700)
    shutil.copy(empty_sqlite, home / "data" / "letters.db")
    played = _play(home, f"sqlite:///{home / 'data' / 'letters.db'}")
    with played.cast.house.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    played.cast.house.store.engine.dispose()
    return played


@pytest.fixture(scope="session")
def played_on_postgresql(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Played:
    _run(postgresql, "CREATE DATABASE played TEMPLATE empty")
    played = _play(tmp_path_factory.mktemp("played"), _named(postgresql, "played"))
    played.cast.house.store.engine.dispose()
    played.cast.worker.queue.huey.storage.close()
    return played


@pytest.fixture
def played(request: pytest.FixtureRequest, database: str) -> Played:
    """The installation that this test's is a copy of."""
    return request.getfixturevalue(f"played_on_{'sqlite' if database.startswith('sqlite') else 'postgresql'}")


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of this test's own copy of the played beginning."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "letters.db"
        path.parent.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("played_on_sqlite").url.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    request.getfixturevalue("played_on_postgresql")
    server, name = request.getfixturevalue("postgresql"), f"web_{uuid4().hex}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE played")
    yield _named(server, name)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock(played: Played) -> Clock:
    turned = Clock()
    turned.moment = played.moment
    return turned


@pytest.fixture
def config(database: str, tmp_path: Path, played: Played) -> Config:
    own = replace(played.cast.app.extensions["settings"], home=tmp_path, database_url=database)
    with_its_state(played, own)
    return own


@pytest.fixture
def cast(app: Flask, clock: Clock, played: Played) -> Cast:
    """The company of players in this test's copy; everybody is signed in as they were."""
    return moved(played, app, clock)


@pytest.fixture
def other_cast(config: Config, played_on_sqlite: Played, tmp_path: Path, clock: Clock) -> Iterator[Cast]:
    """The same company once more, in another copy, to compare with."""
    home = tmp_path / "other"
    (home / "data").mkdir(parents=True)
    shutil.copy(played_on_sqlite.url.removeprefix("sqlite:///"), home / "data" / "letters.db")
    other = replace(config, home=home, database_url=f"sqlite:///{home / 'data' / 'letters.db'}")
    with_its_state(played_on_sqlite, other)
    app = create_app(other, clock)
    yield moved(played_on_sqlite, app, clock)
    app.extensions["house"]().store.engine.dispose()


@pytest.fixture
def in_service(app: Flask) -> Flask:
    """The application as it runs in service: what goes wrong becomes a page instead of being raised."""
    app.config["PROPAGATE_EXCEPTIONS"] = None
    return app


def with_its_state(played: Played, own: Config) -> None:
    """The state file goes with the copy."""
    own.state.parent.mkdir(mode=0o700)
    shutil.copy(played.cast.house.witness.path, own.state)


def moved(played: Played, app: Flask, clock: Clock) -> Cast:
    """The cast, in the installation of this application."""
    mine = copy.copy(played.cast)
    mine.app, mine.house, mine.clock, mine.worker = (
        app,
        app.extensions["house"](),
        clock,
        Worker(app.extensions["queue"]),
    )
    for name, player in vars(played.cast).items():
        if isinstance(player, Player):
            own = copy.copy(player)
            own._app = app
            setattr(mine, name, own)
    return mine


def _play(home: Path, url: str) -> Played:
    key_file, clock = home / "keys" / "keys.json", Clock()
    keyfile.write(key_file, keyfile.make_keys(random_bytes))
    app = create_app(Config(home, url, key_file, cost=Cost(memory_kib=64, passes=1)), clock)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return Played(url, key_file, Cast(app, app.extensions["house"](), clock), clock.moment)
