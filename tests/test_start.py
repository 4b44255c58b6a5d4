"""Starting: what is made on the first start, and what the program refuses, with the reason in one
line."""

import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import text

from keys import keyfile
from letters.app import create_app
from letters.commands import serving
from letters.config import ROOT, Config, database_url
from letters.rules.errors import CannotStart
from letters.rules.letter.lifecycle import State
from letters.storage.store import Store
from letters.storage.tables.letters import Installation, Table
from tests.cast import Cast
from tests.conftest import random_bytes
from tests.operating import ended, flask, process


@pytest.fixture
def started(config: Config) -> Iterator[Config]:
    """An installation that has been started once."""
    create_app(config).extensions["platform"]().store.engine.dispose()
    yield config


def refused(config: Config) -> str:
    """The reason why it does not start."""
    with pytest.raises(CannotStart) as reason:
        create_app(config)
    assert "\n" not in str(reason.value)
    return str(reason.value)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# the first start


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


def test_the_first_start_makes_database_and_key_file_for_the_owner_alone(
    tmp_path: Path, open_umask: None
) -> None:
    config = Config.from_env({"LETTERS_HOME": str(tmp_path / "home")})
    app = create_app(config)
    app.extensions["platform"]().nudge()
    data = tmp_path / "home" / "data"
    assert mode(config.key_file) == 0o600 and mode(config.key_file.parent) == 0o700
    assert mode(data) == 0o700
    assert {path.name.split(".db")[0] for path in data.iterdir()} == {"letters", "bell"}
    app.extensions["platform"]().store.engine.dispose()


def test_the_files_of_the_database_are_private_in_any_folder(
    tmp_path: Path, open_umask: None
) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    create_app(Config.from_env({"LETTERS_HOME": str(tmp_path)})).extensions[
        "platform"
    ]().store.engine.dispose()
    assert mode(tmp_path / "data" / "letters.db") == 0o600


def test_a_second_start_finds_what_the_first_made(started: Config) -> None:
    kept = started.key_file.read_bytes()
    app = create_app(started)
    with app.extensions["platform"]().reading() as db:
        assert db.query(Installation).count() == 1
    assert started.key_file.read_bytes() == kept
    app.extensions["platform"]().store.engine.dispose()


@pytest.mark.parametrize("folder", [False, True])
def test_migrate_can_be_the_first_command(tmp_path: Path, folder: bool) -> None:
    if folder:
        (tmp_path / "data").mkdir(mode=0o700)
    done = flask(tmp_path, "migrate")
    assert (done.returncode, done.stdout) == (0, "The database is current.\n")


@pytest.mark.sqlite_alone
def test_two_first_starts_at_once_from_the_environment_alone(tmp_path: Path,
                                                            database: str) -> None:
    home = tmp_path / "both"
    both = [process(home, "invite", "administrator", "Ada") for _ in range(2)]
    said = [ended(one) for one in both]
    whole = [one.stdout.strip().replace("-", "") for one in said if one.returncode == 0]
    assert whole and all(len(code) == 28 for code in whole), said
    assert flask(home, "audit", "verify").stdout == "Every chain holds.\n"


# the key file


def test_a_missing_key_file_is_not_made_anew_beside_a_database(started: Config) -> None:
    started.key_file.unlink()
    assert refused(started) == f"{started.key_file} is not there"
    assert not started.key_file.exists()


@pytest.mark.parametrize("others", [0o604, 0o640, 0o602, 0o620, 0o666, 0o601])
def test_a_key_file_that_others_can_reach(started: Config, others: int) -> None:
    started.key_file.chmod(others)
    assert refused(started).endswith(f"make it private with: chmod 600 {started.key_file}")


def test_a_key_file_from_another_installation(started: Config) -> None:
    started.key_file.unlink()
    keyfile.write(started.key_file, keyfile.make_keys(random_bytes))
    assert refused(started) == "The key file belongs to another installation than the database."


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:200],
        lambda data: b"\xff" + data,
        lambda data: b"[]",
        lambda data: b"null",
        lambda data: b"{}",
        lambda data: data.replace(b"rjx1 keys", b"rjx2 keys"),
        lambda data: json.dumps({**json.loads(data), "pepper": "00"}).encode(),
        lambda data: json.dumps({**json.loads(data), "release": []}).encode(),
        lambda data: json.dumps({**json.loads(data), "lookup": None}).encode(),
        lambda data: json.dumps({**json.loads(data),
                                 "release": [{"public": "00", "root": None}]}).encode(),
    ],
    ids=range(11),
)
def test_a_damaged_key_file(started: Config, damage) -> None:  # type: ignore[no-untyped-def]
    started.key_file.write_bytes(damage(started.key_file.read_bytes()))
    assert refused(started) == f"{started.key_file} is not a key file of this program"


@pytest.mark.sqlite_alone
def test_a_folder_in_place_of_the_key_file(started: Config) -> None:
    started.key_file.unlink()
    started.key_file.mkdir()
    assert "cannot be read" in refused(started)


# the database


def test_an_old_and_an_unknown_schema(started: Config) -> None:
    for revision in ("0000", "9999"):
        store = Store(started.database_url)
        with store.engine.begin() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
        store.engine.dispose()
        assert (
            refused(started)
            == "The database is of another version of this program. Run: flask --app wsgi migrate"
        )


def test_migrating_a_database_of_a_newer_program_says_so(tmp_path: Path) -> None:
    assert flask(tmp_path, "invite", "administrator", "Ada").returncode == 0
    store = Store(f"sqlite:///{tmp_path}/data/letters.db")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.engine.dispose()
    done = flask(tmp_path, "migrate")
    assert done.returncode != 0 and done.stderr.startswith("Error: ")


def test_migrations_and_tables_agree(database: str) -> None:
    store = Store(database)
    with store.engine.connect() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}),
                             Table.metadata) == []
        )
    store.engine.dispose()


@pytest.mark.sqlite_alone
def test_a_database_that_is_none(started: Config) -> None:
    Path(started.database_url.removeprefix("sqlite:///")).write_bytes(b"no database " * 1000)
    with pytest.raises(CannotStart, match="cannot be reached"):
        create_app(started)


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none",
                                 "sqlite:////proc/none/letters.db"])
def test_a_database_that_cannot_be_reached_is_one_line(tmp_path: Path, url: str) -> None:
    done = flask(tmp_path, "invite", "administrator", "Ada", DATABASE_URL=url)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr and done.stderr.startswith("Error: ")


# the configuration


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({"KEY_FILE": str(ROOT / "keys.json")}, "KEY_FILE must not lie in the repository"),
        ({"KEY_FILE": str(ROOT / "keys" / ".." / "keys.json")},
         "KEY_FILE must not lie in the repository"),
        ({"KEY_FILE": "keys.json"}, "KEY_FILE must not lie in the repository"),
        ({"KEY_FILE": "{home}/data/keys.json"},
         "KEY_FILE must not lie in the folder of the database"),
        ({"LETTERS_HOME": str(ROOT / "instance")}, "KEY_FILE must not lie in the repository"),
        ({"DATABASE_URL": "mysql://x/y"},
         "DATABASE_URL must name a PostgreSQL database or an SQLite file."),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL must name"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL must name"),
        ({"DATABASE_URL": "letters.db"}, "DATABASE_URL must name"),
        ({"DATABASE_URL": "postgresql+psycopg2://x/y"}, "DATABASE_URL must"),
        ({"COUNTRY": "GBR"}, "COUNTRY is a code of two letters"),
        ({"COUNTRY": "1"}, "COUNTRY"),
        ({"COUNTRY": "UK"}, "COUNTRY"),
        ({"OTHER_COUNTRIES": "IE,Eire"}, "OTHER_COUNTRIES is up to 5 codes of two letters"),
        ({"OTHER_COUNTRIES": "IE,FR,DE,ES,IT,NL"}, "OTHER_COUNTRIES"),
        ({"EXIT_URL": "http://example.org"}, "EXIT_URL must begin with https://"),
        ({"EXIT_URL": "javascript:x"}, "EXIT_URL"),
        ({"EMERGENCY_DELAY_HOURS": "0"},
         "EMERGENCY_DELAY_HOURS is a whole number of hours from 1 to 336"),
        ({"EMERGENCY_DELAY_HOURS": "337"}, "EMERGENCY_DELAY_HOURS"),
        ({"EMERGENCY_DELAY_HOURS": "-1"}, "EMERGENCY_DELAY_HOURS"),
        ({"EMERGENCY_DELAY_HOURS": "a day"}, "EMERGENCY_DELAY_HOURS"),
        ({"EMERGENCY_TELLS_PERSON_HARMED": "perhaps"},
         "EMERGENCY_TELLS_PERSON_HARMED is true or false"),
        (
            {"DATABASE_URL": "sqlite:///{home}/elsewhere/letters.db",
             "KEY_FILE": "{home}/elsewhere/keys.json"},
            "the folder of the database",
        ),
        ({"DATABASE_URL": "sqlite:///:memory:?cache=shared"}, "DATABASE_URL must name"),
    ],
)
def test_a_configuration_that_is_refused(
    tmp_path: Path, env: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    placed = {name: value.replace("{home}", str(tmp_path)) for name, value in env.items()}
    with pytest.raises(CannotStart, match=reason):
        Config.from_env({"LETTERS_HOME": str(tmp_path), **placed})


@pytest.mark.parametrize("command", ["invite", "worker", "migrate", "serve"])
def test_a_refusal_is_one_line_and_an_exit_code(tmp_path: Path, command: str) -> None:
    words = ["administrator", "Ada"] if command == "invite" else []
    done = flask(tmp_path, command, *words, KEY_FILE=str(ROOT / "keys.json"))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "Error: KEY_FILE must not lie in the repository: whoever copies that would copy the keys "
        "with it.\n"
    )
    assert not (tmp_path / "data").exists()


def test_the_web_server_refuses_too(tmp_path: Path) -> None:
    assert flask(tmp_path, "invite", "administrator", "Ada").returncode == 0
    (tmp_path / "keys" / "keys.json").chmod(0o644)
    server = ended(process(tmp_path, "--workers", "1",
                           module="gunicorn wsgi:app --bind 127.0.0.1:0"))
    assert server.returncode != 0 and "make it private with: chmod 600" in server.stderr


def test_one_url_has_one_form() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        assert database_url(f"{scheme}://u:p@h/d") == "postgresql+psycopg://u:p@h/d"


# web and worker apart


@pytest.fixture
def web_alone(app: Flask, config: Config, cast: Cast, tmp_path: Path) -> Iterator[Config]:
    """The configuration of a web process that cannot release."""
    apart = replace(config, key_file=tmp_path / "web" / "keys.json")
    keyfile.write(apart.key_file, keyfile.read(config.key_file).for_web())
    yield apart


def test_a_web_process_without_the_release_key_approves_and_only_the_worker_releases(
    web_alone: Config, cast: Cast
) -> None:
    letter = cast.submitted(cast.harmed)
    whole, apart = cast.platform, create_app(web_alone, cast.clock)
    cast.platform = apart.extensions["platform"]()
    cast.approve(letter, cast.first)
    assert not cast.platform.keys.can_release
    assert cast.state(letter) is State.APPROVED
    cast.platform.store.engine.dispose()
    cast.platform = whole
    assert cast.release() == 1


def test_the_worker_refuses_to_run_without_the_release_key(web_alone: Config) -> None:
    if web_alone.is_postgresql:
        pytest.skip("the same on either")
    apart = create_app(web_alone)
    apart.cli.add_command(serving.worker)
    done = apart.test_cli_runner().invoke(args=["worker"])
    assert done.exit_code == 1
    assert done.output == "Error: This key file has no private release key; the worker needs it.\n"
    apart.extensions["platform"]().store.engine.dispose()


def test_the_command_for_a_web_key_file(tmp_path: Path) -> None:
    place = tmp_path / "web" / "keys.json"
    assert flask(tmp_path, "web-key-file", str(place)).returncode == 0
    assert mode(place) == 0o600 and not keyfile.read(place).can_release
    again = flask(tmp_path, "web-key-file", str(place))
    assert (again.returncode,
            again.stderr) == (1, f"Error: {place} is there already; it is not written over.\n")
    assert flask(tmp_path, "worker", KEY_FILE=str(place)).stderr.startswith(
        "Error: This key file has no private release key"
    )
    shutil.rmtree(place.parent)
