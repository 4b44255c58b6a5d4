"""The operator's self-check, and the screening's command."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, text

from keys.passphrase import Cost
from letters.app import create_app
from letters.commands import serving
from letters.config import ROOT, Config
from letters.rehearsal import refusals, rehearse, whole_way
from letters.rehearsal.browser import Refused
from letters.rehearsal.players import Company
from letters.rehearsal.shut_gates import TRIALS, held_by_one_gate
from letters.rehearsal.whole_way import staged
from letters.rules.case import gates
from letters.rules.case.gates import Gate
from letters.tryout import temporary
from tests.night import NIGHT, SEED
from tests.operating import ended, flask, process

NAMES = (*(f"{number} " for number in range(1, 8)),
         *["refused: "] * (len(TRIALS) + len(refusals.STEPS)))


# rehearse


@pytest.mark.slow
def test_the_rehearsal_holds(quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    runner = Flask("commands")
    runner.cli.add_command(serving.rehearse)
    done = runner.test_cli_runner().invoke(args=["rehearse", "--json"])
    told = json.loads(done.stdout)
    assert set(told) == {"steps", "ok"} and told["ok"] is True
    assert [step["name"].startswith(name) for step,
            name in zip(told["steps"], NAMES, strict=True)] == [True] * len(
        NAMES
    )
    assert all(set(step) == {"name", "ok", "ms"} and step["ok"] is True and step["ms"] > 0
               for step in told["steps"])
    assert done.exit_code == 0
    assert list(tmp_path.iterdir()) == []  # nothing is left behind


def test_a_server_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    done = flask(tmp_path, "rehearse", "--database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: No throwaway database could be made there")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, compiled: FileSystemBytecodeCache) -> None:
    """Throwaway installations whose password stretch is quick and whose templates are compiled.
    Their time runs as on a slow machine: a minute passes between any two steps, and everybody is
    seen anew."""
    begun, noon = datetime.now(UTC), datetime.now(UTC).replace(hour=12)

    def quick_app(config: Config) -> Flask:
        made = create_app(replace(config, cost=Cost(64, 1)),
                          lambda: noon + 60 * (datetime.now(UTC) - begun))
        made.jinja_env.bytecode_cache = compiled
        return made

    monkeypatch.setattr(temporary, "create_app", quick_app)


def test_the_rehearsal_holds_on_postgresql_and_leaves_nothing(
    quick: None, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it at night; by day a case is opened: what follows is tried on both databases by the
    tests of it."""
    if not NIGHT:
        monkeypatch.setattr("letters.rehearsal.whole_way.STEPS", whole_way.STEPS[:1])
        monkeypatch.setattr("letters.rehearsal.shut_gates.STEPS", ())
        monkeypatch.setattr("letters.rehearsal.refusals.STEPS", ())
    with temporary.installation(postgresql) as app:
        assert all(step.ok for step in rehearse(app))
    engine = create_engine(postgresql)
    with engine.connect() as connection:
        left = connection.execute(text("SELECT datname FROM pg_database WHERE datname LIKE "
                                       "'rehearsal%'")).all()
    engine.dispose()
    assert left == []


def test_every_gate_is_tried_but_the_three_that_cannot_be() -> None:
    tried = [trial.gate for trial in TRIALS]
    assert set(Gate) - set(tried) == {Gate.NOT_STOPPED, Gate.INVITED,
                                      Gate.BEGUN_BY_HARMED} and len(set(tried)) == len(tried)


@pytest.mark.slow
def test_the_rehearsal_notices_a_gate_that_does_not_hold_and_one_approval_that_is_enough(
        quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One walk for all of them, or by day for a few: each trial opens again what it shut. That no
    gate is passed by is asked of each by the tests of releasing."""
    whole = gates.missing

    def breaking(gate: Gate) -> None:
        monkeypatch.setattr("letters.workflow.release.release.missing",
                            lambda facts: tuple(set(whole(facts)) - {gate}))

    with temporary.installation() as app:
        stage = staged(app)
        for _, step in whole_way.STEPS:
            step(stage)
        for trial in TRIALS if NIGHT else Random(SEED).sample(TRIALS, 2):
            breaking(trial.gate)
            with pytest.raises(Refused, match="released too early"):
                held_by_one_gate(trial, stage)
        with monkeypatch.context() as broken, pytest.raises(Refused):
            broken.setattr("letters.workflow.writing.write.readers_needed", lambda _: 1)
            refusals.one_approval_of_two(stage)
        breaking(Gate.NOT_STOPPED)
        with pytest.raises(Refused):
            refusals.releasing_after_stop(stage)


@pytest.mark.parametrize(("broken", "as_json"), [(True, True), (True, False), (False, True)])
def test_it_exits_with_1_if_a_step_fails(
    quick: None, broken: bool, as_json: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one step and a refusal: what all of them do is asked above."""
    def fails(_: Company) -> None:
        raise Refused("it did not happen")

    monkeypatch.setattr("letters.rehearsal.whole_way.STEPS", whole_way.STEPS[:1])
    monkeypatch.setattr("letters.rehearsal.shut_gates.STEPS", ())
    monkeypatch.setattr("letters.rehearsal.refusals.STEPS",
                        (("refused: nothing", fails if broken else (lambda stage: None)),))
    runner = Flask("commands")
    runner.cli.add_command(serving.rehearse)
    done = runner.test_cli_runner().invoke(args=["rehearse", *(["--json"] if as_json else [])])
    assert done.exit_code == (1 if broken else 0)
    if as_json:
        assert json.loads(done.stdout)["ok"] is not broken
        return
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(("ok ", "FAIL")) and " ms  " in line for line in lines)
    assert any(line.startswith("FAIL") for line in lines) is broken


# screen


def test_screen_reads_what_is_sent_to_it_and_prints_findings(tmp_path: Path) -> None:
    written = "\U0001f511 Ring 07700 900123, oder sch\u00adreib."
    done = ended(process(tmp_path, "screen", "--json"), written)
    told = json.loads(done.stdout)
    assert done.returncode == 0 and set(told) == {"findings"}
    for finding in told["findings"]:
        assert set(finding) == {"category", "severity", "start", "end", "quote", "why"}
        assert written[finding["start"] : finding["end"]] == finding["quote"]
    assert {finding["category"] for finding in told["findings"]} == {"contact", "hidden"}


def test_screen_loads_nothing_but_itself() -> None:
    """It needs no installation; to load all that one needs took four times as long."""
    asked = ("import sys; sys.argv = ['flask', '--app', 'wsgi', 'screen']; "
             "import wsgi; print(*sys.modules)")
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert not {"sqlalchemy", "letters.app", "letters.workflow", "alembic"} & {*done.stdout.split()}


@pytest.mark.parametrize("options", [[], ["--writer", "harmed"], ["--writer", "responsible"]])
def test_screen_reads_a_file(tmp_path: Path, options: list[str]) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"Write to a@b.org\xff\x00\r\n\xed\xa0\x80")
    done = flask(tmp_path, "screen", str(letter), *options, "--json")
    found = json.loads(done.stdout)["findings"]
    assert {finding["category"] for finding in found} == {"contact", "hidden"}
    read = letter.read_bytes().decode("utf-8", "replace")
    assert all(read[finding["start"] : finding["end"]] == finding["quote"] for finding in found)


def test_screen_for_people(tmp_path: Path) -> None:
    assert flask(tmp_path, "screen", sent="").stdout == "Nothing was noticed. That is no verdict.\n"
    said = flask(tmp_path, "screen", sent="\x1b[2J a@b.org").stdout
    assert "a@b.org" in said and "\x1b" not in said


@pytest.mark.parametrize("words", [["no-such-file"], ["--writer", "nobody"]])
def test_screen_says_what_it_cannot_read(tmp_path: Path, words: list[str]) -> None:
    done = flask(tmp_path, "screen", *words)
    assert done.returncode == 2 and "Traceback" not in done.stderr
