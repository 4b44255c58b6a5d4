"""Commands that start and serve an installation, a real one or a throwaway one."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from keys import keyfile
from letters import server
from letters import worker as letters_worker
from letters.app import upgrade
from letters.commands import kindly, platform
from letters.config import ROOT, Config
from letters.rehearsal import rehearse as walked
from letters.rules.roles import STAFF, Role
from letters.storage.bell import Bell
from letters.tryout import demo as fictional
from letters.tryout import demonstration, temporary
from letters.tryout.large import Size
from letters.workflow.accounts.invite import INVITATION_DAYS, invite_staff, is_begun

DEMONSTRATION = "letters.tryout.demonstration:served()"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@with_appcontext
def serve(host: str, port: int) -> None:
    """Run web and worker in one command, until Ctrl-C."""
    opened = platform()
    click.echo(f"Serving at http://{host}:{port}/ until Ctrl-C. "
               "People reach it through a proxy with TLS.")
    if not is_begun(opened):
        click.echo("Nobody works here yet. Next, in another window: "
                   "flask --app wsgi invite administrator NAME")
    run_web_and_worker(host, port, dict(os.environ))


@click.command()
@with_appcontext
def worker() -> None:
    """Run the worker alone: it releases what is due."""
    opened = platform()
    if not opened.keys.can_release:
        raise click.ClickException("This key file has no private release key; the worker needs it.")
    server.close_memory()
    working = letters_worker.Worker(
        current_app.extensions["platform"],
        Bell(opened.store, current_app.extensions["settings"].bell)
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: working.end())
    working.run()


@click.command("migrate")
@with_appcontext
def migrate() -> None:
    """Bring the database to this program's version."""
    with kindly():
        upgrade(current_app.extensions["settings"])
    platform()
    click.echo("The database is current.")


@click.command("invite")
@click.argument("role", type=click.Choice(sorted(role.value for role in STAFF)))
@click.argument("name")
@with_appcontext
def invite(role: str, name: str) -> None:
    """Print a single-use invitation code for one of the staff: first an
    administrator, who then invites the others. The code alone goes to standard output."""
    opened = platform()
    click.echo(invite_staff(opened, Role(role), name))
    until = opened.today() + timedelta(days=INVITATION_DAYS)
    click.echo(f"This is the code of {name}, {role}. They type it at /invitation of this service, "
               f"until {until:%-d %B %Y}; it works once. Hand it over yourself.", err=True)


@click.command("web-key-file")
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def web_key_file(path: Path) -> None:
    """Write a key file without the private release key, for a web process
    that runs apart from the worker."""
    try:
        keyfile.write(path, platform().keys.for_web())
    except FileExistsError:
        raise click.ClickException(f"{path} is there already; it is not written over.") from None


@click.command("rehearse")
@click.option("--database-url",
              help="A server on which a throwaway database is made; SQLite by default.")
@click.option("--json", "as_json", is_flag=True)
def rehearse(database_url: str | None, as_json: bool) -> None:
    """Walk the main job and its refusals on a throwaway installation.
    Exits 0 only if everything holds."""
    with kindly(), temporary.installation(database_url) as app:
        steps = []
        for step in walked(app):
            steps.append(step)
            if not as_json:
                click.echo(f"{'ok  ' if step.ok else 'FAIL'} {step.ms:7.0f} ms  {step.name}"
                           + (f"  ({step.why})" if step.why else ""))
    ok = all(step.ok for step in steps)
    if as_json:
        told = [{"name": step.name, "ok": step.ok, "ms": round(step.ms, 1)} for step in steps]
        click.echo(json.dumps({"steps": told, "ok": ok}))
    sys.exit(0 if ok else 1)


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--large", is_flag=True,
              help="A service of a year: 200 cases and about 2,000 letters.")
def demo(host: str, port: int, large: bool) -> None:
    """Run a fictional case in a throwaway place; a newcomer can be anybody in it."""
    with kindly(), temporary.folder() as home:
        env = {**os.environ, "LETTERS_HOME": str(home), "DATABASE_URL": "", "KEY_FILE": "",
               "SUPPORT": str(demonstration.SUPPORT)}
        if large:
            click.echo("Making a service of a year. This takes some minutes ...")
        made = demonstration.prepare(Config.from_env(env), Size() if large else None)
        if made:
            click.echo(f"Made {made.cases} cases with {made.letters} letters.")
        click.echo(fictional.greeting(host, port))
        _run_until_one_ends([_web(DEMONSTRATION, host, port, 1)], env)


def run_web_and_worker(host: str, port: int, env: dict[str, str]) -> None:
    """Start gunicorn and the worker as children; when one ends, or on Ctrl-C, both end."""
    work = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    _run_until_one_ends([_web("wsgi:app", host, port, 2), work], env)


def _web(app: str, host: str, port: int, processes: int) -> list[str]:
    return [sys.executable, "-m", "gunicorn", app, "--bind", f"{host}:{port}",
            "--workers", str(processes), "--threads", "4",
            "--config", "python:letters.server", "--log-level", "warning"]


def _run_until_one_ends(commands: list[list[str]], env: dict[str, str]) -> None:
    env = {name: value for name, value in env.items() if name != "FLASK_RUN_FROM_CLI"}
    children = [subprocess.Popen(command, env=env, cwd=ROOT) for command in commands]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        os.wait()
        sys.exit("Error: the web server or the worker has ended.")
    except KeyboardInterrupt:
        pass
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


COMMANDS = (serve, worker, migrate, invite, web_key_file, rehearse, demo)
