"""The long beginnings, each played once in a worker for all tests that begin there: an installation
to be copied, and one that is put back."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from keys import keyfile
from keys.passphrase import Cost
from letters.app import create_app
from letters.config import Config
from tests import databases
from tests.attacks.attacker import Attacker, StagedCast, Theatre, beginning
from tests.cast import Cast
from tests.conftest import Clock, random_bytes

KEEP = """DO $$ DECLARE t text; BEGIN
    CREATE SCHEMA kept;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', t, t);
    END LOOP;
END $$"""


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
    with played.cast.platform.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    played.cast.platform.store.engine.dispose()
    return played


@pytest.fixture(scope="session")
def played_on_postgresql(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Played:
    name = f"played_{uuid4().hex}"
    databases.run(postgresql, f"CREATE DATABASE {name} TEMPLATE empty")
    played = _play(tmp_path_factory.mktemp("played"), databases.named(postgresql, name))
    played.cast.platform.store.engine.dispose()
    databases.run(played.url, KEEP)
    databases.run(postgresql, f"CREATE DATABASE other_{name} TEMPLATE {name}")
    return played


def _play(home: Path, url: str) -> Played:
    key_file, clock = home / "keys" / "keys.json", Clock()
    keyfile.write(key_file, keyfile.make_keys(random_bytes))
    app = create_app(Config(home, url, key_file, cost=Cost(memory_kib=64, passes=1)), clock)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return Played(url, key_file, Cast(app, app.extensions["platform"](), clock), clock.moment)


@pytest.fixture(scope="session")
def theatre(request: pytest.FixtureRequest,
            tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """One installation with its cast, for each database."""
    home = tmp_path_factory.mktemp("theatre")
    key_file = home / "keys" / "keys.json"
    keyfile.write(key_file, keyfile.make_keys(random_bytes))
    name = f"theatre_{uuid4().hex}"
    if request.param == "sqlite":
        (home / "data").mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("empty_sqlite"), home / "data" / "letters.db")
        url = f"sqlite:///{home / 'data' / 'letters.db'}"
    else:
        server = request.getfixturevalue("postgresql")
        databases.run(server, f"CREATE DATABASE {name} TEMPLATE empty")
        url = databases.named(server, name)
    clock = Clock()
    app = create_app(Config(home, url, key_file, cost=Cost(memory_kib=64, passes=1)), clock)
    platform = replace(app.extensions["platform"](), nudge=lambda: None)
    cast = StagedCast(app, platform, clock)
    made = cast.theatre = Theatre(cast, Attacker(platform))
    made.play(beginning)
    yield made
    platform.store.engine.dispose()
    if request.param == "postgresql":
        databases.run(server, f"DROP DATABASE {name} WITH (FORCE)")
