"""For the tests of the pages, on both databases: the cast plays its beginning once, and each test
begins there.

On SQLite a test gets a copy of the file. PostgreSQL takes 0.3 s to copy a database and 0.02 s to
put its rows back, so there the tests of a worker follow one another in one database. """

import copy
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import make_url

from letters.app import LazyPlatform, open_platform
from letters.config import Config
from letters.rehearsal.players import WorkerByHand
from letters.workflow.platform import Platform
from tests import databases
from tests.cast import Cast, Player
from tests.conftest import Clock, random_bytes, share_what_is_compiled
from tests.stages import Played

sqlite_alone = pytest.mark.sqlite_alone
"""For what only a database in a file can suffer; and for what is asked of every address before any
row is looked at."""

# What a test left open is closed first, as it could hold a lock. In the replica's role no trigger
# guards the trail.
PUT_BACK = """DO $$ DECLARE t text; BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
        EXECUTE format('DELETE FROM public.%I', t);
        EXECUTE format('INSERT INTO public.%I TABLE kept.%I', t, t);
    END LOOP;
END $$"""


@pytest.fixture
def played(request: pytest.FixtureRequest, database: str) -> Played:
    """The installation that this test's is a copy of."""
    return request.getfixturevalue(
        f"played_on_{'sqlite' if database.startswith('sqlite') else 'postgresql'}"
    )


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database in which the beginning has been played and nothing else."""
    played = request.getfixturevalue(f"played_on_{request.param}")
    if request.param == "sqlite":
        return copied(played, tmp_path)
    databases.run(played.url, PUT_BACK)
    return str(played.url)


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
def app(config: Config, clock: Clock, played: Played,
        compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The real application on this test's copy. Unforeseen errors are raised, not turned into a
    page."""
    made = twin(played, config, clock, compiled)
    before = dict(made.config)  # the guards of the pages look at this very mapping
    yield made
    made.config.clear()
    made.config.update(before)
    made.extensions["platform"]().store.engine.dispose()


@pytest.fixture
def cast(app: Flask, clock: Clock, played: Played) -> Cast:
    """The company of players in this test's copy; everybody is signed in as they were."""
    return moved(played, app, clock)


@pytest.fixture
def other_cast(
    config: Config, played: Played, tmp_path: Path, clock: Clock, compiled: FileSystemBytecodeCache
) -> Iterator[Cast]:
    """The same company once more, in another database of the same kind, to compare with."""
    home = tmp_path / "other"
    if config.is_postgresql:
        url = databases.named(played.url, f"other_{make_url(played.url).database}")
        databases.run(url, PUT_BACK)
    else:
        url = copied(played, home)
    other = replace(config, home=home, database_url=url)
    with_its_state(played, other)
    app = twin(played, other, clock, compiled)
    yield moved(played, app, clock)
    app.extensions["platform"]().store.engine.dispose()


@pytest.fixture
def in_service(app: Flask) -> Flask:
    """The application as it runs in service: what goes wrong becomes a page instead of being
    raised."""
    app.config["PROPAGATE_EXCEPTIONS"] = None
    return app


def twin(played: Played, own: Config, clock: Clock, compiled: FileSystemBytecodeCache) -> Flask:
    """The played application with another house behind its doors. To put the pages' addresses and
    templates together anew took most of a test's time, and they are the same in each."""
    whole = played.cast.app

    def opened() -> Platform:
        platform = open_platform(own, clock, random_bytes)
        share_what_is_compiled(platform.store)
        return platform

    doors = LazyPlatform(opened, own.key_file)
    made = copy.copy(whole)
    made.extensions = {**whole.extensions, "platform": doors, "settings": own}
    made.jinja_env.bytecode_cache = compiled
    return made


def with_its_state(played: Played, own: Config) -> None:
    """The state file goes with the copy."""
    own.state.parent.mkdir(mode=0o700, parents=True)
    shutil.copy(played.cast.platform.state_file.path, own.state)


def moved(played: Played, app: Flask, clock: Clock) -> Cast:
    """The cast, in the installation of this application."""
    mine = copy.copy(played.cast)
    mine.app, mine.platform, mine.clock, mine.worker = (
        app,
        app.extensions["platform"](),
        clock,
        WorkerByHand(app.extensions["platform"]),
    )
    for name, player in vars(played.cast).items():
        if isinstance(player, Player):
            own = copy.copy(player)
            own._app = app
            setattr(mine, name, own)
    mine.prepared = replace(played.cast.prepared, platform=mine.platform)
    return mine


def copied(played: Played, home: Path) -> str:
    """The URL of a copy of its database, in this folder."""
    path = home / "data" / "letters.db"
    path.parent.mkdir(mode=0o700, parents=True)
    shutil.copy(played.url.removeprefix("sqlite:///"), path)
    return f"sqlite:///{path}"
