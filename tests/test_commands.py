"""The operators' commands, each in the program as it is run, with what they refuse and that they
can be run again."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from keys import backup, keyfile
from letters import commands
from letters.app import create_app
from letters.commands.audit import audit
from letters.commands.keys import keys
from letters.commands.restore import restore
from letters.commands.retention import retention
from letters.config import Config
from letters.rules.errors import Tampered
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import Case, Person
from letters.workflow.cases import close
from letters.workflow.release import pace
from letters.workflow.upkeep import rekey
from letters.workflow.upkeep import retention as upkeep_retention
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import of
from tests.cast import Cast

pytestmark = pytest.mark.sqlite_alone
WORDS = "four quiet words only"

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    for command in (audit, keys, restore, retention):
        app.cli.add_command(command)

    def ran(*words: str, typed: str = "") -> Result:
        return app.test_cli_runner().invoke(args=[*map(str, words)], input=typed)
    return ran


def former(config: Config) -> Path:
    return config.key_file.with_name("keys.json.former")


# keys

def test_rotating_and_resealing(run: Run, cast: Cast, config: Config) -> None:
    letter, before = cast.approved(cast.harmed), keyfile.read(config.key_file)
    done = run("keys", "rotate")
    assert done.exit_code == 0, done.output
    now = keyfile.read(config.key_file)
    assert now.contact != before.contact and now.former.contact == (before.contact,)
    assert config.key_file.stat().st_mode & 0o777 == former(config).stat().st_mode & 0o777 == 0o600
    assert keyfile.read(former(config)) == before
    assert "not finished" in run("keys", "rotate").output
    assert run("keys", "check").exit_code == 0
    done = run("keys", "reseal")
    assert done.exit_code == 0, done.output
    assert "The former keys are forgotten." in done.output
    after = keyfile.read(config.key_file)
    assert (after.contact, after.former.contact, after.former.directory) == (now.contact, (), ())
    assert len(after.release) == 2 and not former(config).exists()
    assert run("keys", "check").output.endswith("Every row verifies.\n")
    assert run("keys", "reseal").output.startswith("Nothing to do")
    assert run("audit", "verify").output == "Every chain holds.\n"
    cast.platform = cast.app.extensions["platform"]()
    assert cast.platform.keys == after  # the process that ran all the while
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_a_rotation_that_was_interrupted_is_begun_again(run: Run, cast: Cast, config: Config,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    before = config.key_file.read_bytes()
    with monkeypatch.context() as crash:
        crash.setattr(keyfile, "put_in_place", _crash)
        assert run("keys", "rotate").exit_code != 0
    assert config.key_file.read_bytes() == before and former(config).exists()
    assert run("keys", "rotate").exit_code == 0
    assert run("keys", "reseal").exit_code == 0


def test_resealing_that_was_interrupted_is_begun_again(run: Run, cast: Cast, config: Config,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    run("keys", "rotate")
    rotated = config.key_file.read_bytes()
    for place in ("_renew", "extend_trails", "release_keys_used"):
        with monkeypatch.context() as crash:
            crash.setattr(rekey, place, _crash)
            assert run("keys", "reseal").exit_code != 0
        assert config.key_file.read_bytes() == rotated and former(config).exists()
    with monkeypatch.context() as crash:
        crash.setattr(keyfile, "put_in_place", _crash)
        assert run("keys", "reseal").exit_code != 0
    assert run("keys", "reseal").exit_code == 0
    assert run("keys", "check").exit_code == 0


def test_a_former_copy_with_other_keys_is_not_written_over(run: Run,
                                                           cast: Cast, config: Config) -> None:
    keyfile.write(former(config), keyfile.make_keys(os.urandom))
    done = run("keys", "rotate")
    assert done.exit_code == 1 and "with other keys" in done.output


def test_a_row_that_does_not_verify_keeps_the_former_keys(run: Run,
                                                          cast: Cast, config: Config) -> None:
    run("keys", "rotate")
    Attacker(cast.platform).run(of(Person, cast.harmed.id).values(role="facilitator"))
    done = run("keys", "reseal")
    assert done.exit_code == 1 and "1 rows do not verify" in done.output
    assert keyfile.read(config.key_file).former.contact and former(config).exists()
    assert run("keys", "check").exit_code == 1
    assert run("keys", "reseal", "--forget-anyway").exit_code == 0
    assert not keyfile.read(config.key_file).former.contact


def test_a_release_that_no_key_opens_is_told(run: Run, cast: Cast, config: Config) -> None:
    cast.approved(cast.harmed)
    alone = keyfile.read(config.key_file).rotated(os.urandom)
    keyfile.put_in_place(config.key_file, replace(alone, release=alone.release[-1:]))
    done = run("keys", "check")
    assert done.exit_code == 1 and "sealed releases name a release key" in done.output


def test_a_web_process_neither_rotates_nor_reseals(cast: Cast,
                                                   config: Config, tmp_path: Path) -> None:
    apart = replace(config, key_file=tmp_path / "web" / "keys.json")
    keyfile.write(apart.key_file, keyfile.read(config.key_file).for_web())
    app = create_app(apart)
    app.cli.add_command(keys)
    for word in ("rotate", "reseal"):
        assert "no private release key" in app.test_cli_runner().invoke(args=["keys", word]).output
    assert app.test_cli_runner().invoke(args=["keys", "check"]).exit_code == 0
    app.extensions["platform"]().store.engine.dispose()


def test_a_web_process_goes_on_with_its_new_copy(run: Run, cast: Cast, config: Config,
                                                 tmp_path: Path) -> None:
    apart = replace(config, key_file=tmp_path / "web" / "keys.json")
    keyfile.write(apart.key_file, keyfile.read(config.key_file).for_web())
    web, whole = create_app(apart, cast.clock), cast.platform
    run("keys", "rotate")
    keyfile.put_in_place(apart.key_file, keyfile.read(config.key_file).for_web())
    assert run("keys", "reseal").exit_code == 0
    cast.platform = web.extensions["platform"]()
    assert not cast.platform.keys.can_release
    letter = cast.approved(cast.harmed)
    cast.platform.store.engine.dispose()
    cast.platform = replace(whole, keys=cast.app.extensions["platform"]().keys)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


@pytest.mark.parametrize("change",
                         [lambda path: path.write_text("{"), lambda path: path.chmod(0o644),
                          lambda path: path.unlink()])
def test_a_running_process_keeps_its_keys_where_the_file_is_not_to_be_used(
        app: Flask, config: Config, change: Callable[[Path], None]) -> None:
    before = app.extensions["platform"]().keys
    change(config.key_file)
    if config.key_file.exists():
        os.utime(config.key_file)
    assert app.extensions["platform"]().keys == before
    config.key_file.unlink(missing_ok=True)
    keyfile.write(config.key_file, keyfile.make_keys(os.urandom))  # of another installation
    assert app.extensions["platform"]().keys == before


def test_an_offline_copy_is_written_tried_and_restored(run: Run,
                                                       config: Config, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    done = run("keys", "backup", copy, typed=f"{WORDS}\n{WORDS}\n")
    assert done.exit_code == 0, done.output
    assert copy.stat().st_mode & 0o777 == 0o600 and WORDS not in done.output
    assert "holds what the key file holds" in run("keys", "backup", "--check", copy,
                                                  typed=f"{WORDS}\n").output
    # never written over
    assert run("keys", "backup", copy, typed=f"{WORDS}\n{WORDS}\n").exit_code == 1
    wrong = run("keys", "backup", "--check", copy, typed="another phrase altogether\n")
    assert wrong.exit_code == 1 and "does not open" in wrong.output
    # there is a key file
    assert run("keys", "backup", "--restore", copy, typed=f"{WORDS}\n").exit_code == 1
    place = tmp_path / "found" / "keys.json"
    assert run("keys", "backup", "--restore", copy, place, typed=f"{WORDS}\n").exit_code == 0
    assert keyfile.read(place) == keyfile.read(config.key_file)
    run("keys", "rotate")
    old = run("keys", "backup", "--check", copy, typed=f"{WORDS}\n")
    assert old.exit_code == 1 and "holds other keys" in old.output


def test_an_offline_copy_can_be_printed_and_needs_a_passphrase(run: Run, config: Config) -> None:
    done = run("keys", "backup", typed=f"{WORDS}\n{WORDS}\n")
    printed = done.stdout[done.stdout.index("rjx1 key backup"):]
    assert backup.open_copy(printed, WORDS) == keyfile.read(config.key_file)
    assert "at least 16" in run("keys", "backup", typed="short\nshort\n").output


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"\xff\xfe"),
                                    lambda path: path.write_text("")])
def test_a_damaged_copy_is_refused(run: Run, tmp_path: Path,
                                   damage: Callable[[Path], None]) -> None:
    damage(tmp_path / "copy.txt")
    done = run("keys", "backup", "--check", tmp_path / "copy.txt", typed=f"{WORDS}\n")
    assert done.exit_code == 1 and "does not open" in done.output


# audit

def test_verifying_names_the_first_broken_entry(run: Run, cast: Cast) -> None:
    Attacker(cast.platform).run(of(Case, cast.case).values(audit_number=2))
    done = run("audit", "verify")
    assert done.exit_code == 1
    assert done.output == f"broken: {cast.case} at 3: count\n1 chains do not hold.\n"


def test_heads_are_printed_kept_and_gone_on_from(run: Run, cast: Cast, tmp_path: Path) -> None:
    kept, digest = tmp_path / "heads", run("audit", "head", "--digest").output
    kept.write_text(run("audit", "head").output)
    assert (kept.read_text().endswith(digest) and len(digest.split()) == 3
            and str(cast.case) not in digest)
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    assert run("audit", "verify", "--head", kept).output == "Every chain holds.\n"
    kept.write_text(kept.read_text().replace("all 3", "all 4"))
    refused = run("audit", "verify", "--head", kept)
    assert refused.exit_code == 1 and "missing or altered" in refused.output


def test_evolving_keys_are_begun_once_and_kept_offline(run: Run,
                                                       cast: Cast, tmp_path: Path) -> None:
    place = tmp_path / "first.json"
    assert run("audit", "begin", place).exit_code == 0
    assert place.stat().st_mode & 0o777 == 0o600
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    assert run("audit", "verify", "--key", place).output == "Every chain holds.\n"
    assert "evolve already" in run("audit", "begin", tmp_path / "second.json").output
    assert not (tmp_path / "second.json").exists()
    assert "Nothing has begun" in run("audit", "begin", place, "--again").output
    assert run("audit", "verify", "--key", place).exit_code == 0
    (tmp_path / "other").write_text("{}")
    assert "no" in run("audit", "verify", "--key", tmp_path / "other").output


# restore

@pytest.fixture
def put_back(cast: Cast, tmp_path: Path) -> Iterator[Cast]:
    """An installation whose database was put back to before a stop."""
    store = cast.platform.store
    path = Path(store.url.removeprefix("sqlite:///"))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, tmp_path / "backup.db")
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    store.engine.dispose()
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup.db", path)
    yield cast


def test_a_restore_is_seen_and_confirmed(run: Run, put_back: Cast) -> None:
    status = run("restore", "status")
    assert status.exit_code == 1 and "put back to an earlier state" in status.output
    assert str(put_back.case) in status.output
    confirmed = run("restore", "confirm")
    assert confirmed.exit_code == 0 and "1 cases were stopped again" in confirmed.output
    assert put_back.case_row().stopped_at is not None
    assert run("restore", "status").output.endswith("Letters are released.\n")
    assert "nothing to confirm" in run("restore", "confirm").output
    assert run("audit", "verify").exit_code == 0


def test_a_restart_does_not_confirm_by_itself(put_back: Cast, config: Config) -> None:
    again = create_app(config, put_back.clock)
    put_back.platform = again.extensions["platform"]()
    with pytest.raises(Tampered):
        put_back.approved(put_back.harmed)
    assert put_back.release() == 0
    put_back.platform.store.engine.dispose()


def test_a_lost_state_file_is_not_made_anew_by_a_restart(cast: Cast, config: Config) -> None:
    config.state.unlink()
    again = create_app(config, cast.clock)
    assert not config.state.exists()
    again.extensions["platform"]().store.engine.dispose()


def test_a_state_file_that_others_can_reach_is_named(run: Run, cast: Cast, config: Config) -> None:
    config.state.chmod(0o640)
    for word in ("status", "confirm"):
        done = run("restore", word)
        assert done.exit_code == 1 and "chmod 600" in done.output


def test_it_must_not_lie_where_the_database_does(database: str, tmp_path: Path) -> None:
    with pytest.raises(commands.CannotStart, match="STATE_FILE"):
        Config.from_env({"LETTERS_HOME": str(tmp_path),
                         "STATE_FILE": str(tmp_path / "data" / "state")})
    own = Config.from_env({"LETTERS_HOME": str(tmp_path),
                           "STATE_FILE": str(tmp_path / "elsewhere")})
    assert own.state == tmp_path / "elsewhere"


def _crash(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


# retention

def test_what_will_be_erased_is_listed_by_reference_and_day_alone(run: Run, cast: Cast) -> None:
    assert run("retention").output == "No closed case waits to be erased.\n"
    pace.stop(cast.platform, cast.harmed.me, cast.case)
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    close.close(cast.platform, cast.first.me, cast.case)
    row = f"{cast.case_row().reference} ({cast.case}) "
    assert (run("retention").output == row
            + "is erased on 2028-01-04 at the earliest; not said yet\n")
    cast.clock.advance(days=350)
    upkeep_retention.say_and_erase_due(cast.platform)
    assert run("retention").output == row + "is erased on 2028-01-19\n"
    Attacker(cast.platform).run(of(Case, cast.case).values(closed_at=None))
    done = run("retention")
    assert (done.exit_code == 1
            and done.output == row + "does not verify, and is not erased: run audit verify\n")
