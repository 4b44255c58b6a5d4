"""Commands of the operator: in this process, which is quick, or as a process of their own, which is
the real thing."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner
from flask.cli import FlaskGroup

from letters import cli
from letters.config import ROOT

ENV = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}


class Ran(NamedTuple):
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


def flask(home: Path, *words: str, sent: str | bytes = "", **env: str) -> Ran:
    """``flask --app wsgi WORDS`` in this process, on the installation in this folder."""
    group = FlaskGroup(create_app=lambda: cli.application({"LETTERS_HOME": str(home), **env}),
                       load_dotenv=False)
    done = CliRunner().invoke(group, [*words], input=sent)
    os.environ.pop("FLASK_RUN_FROM_CLI", None)
    return Ran(done.exit_code, done.stdout, done.stderr)


def process(home: Path, *words: str, module: str = "flask --app wsgi",
            **env: str) -> subprocess.Popen[str]:
    """The same, or another module of Python, as an operator starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", *module.split(), *words], cwd=ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**ENV, "LETTERS_HOME": str(home), **env})


def ended(started: subprocess.Popen[str], sent: str = "") -> Ran:
    """How a process ended, in five minutes at most."""
    try:
        out, err = started.communicate(sent, timeout=300)
    finally:
        started.kill()
    return Ran(started.returncode, out, err)
