"""The cast as everywhere, but on one installation for each database, which is put back before each
test."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
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


@pytest.fixture
def cast(theatre: Theatre) -> Cast:
    """The company of players, with a case in which everything is ready for letters."""
    theatre.play(beginning)
    return theatre.cast


@pytest.fixture
def attacker(theatre: Theatre) -> Attacker:
    """Somebody with the database."""
    return theatre.attacker
