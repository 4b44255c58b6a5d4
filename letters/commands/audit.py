"""``flask --app wsgi audit …``: verify the trail, print its heads, begin its evolving keys."""

import os
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from keys import keyfile
from letters.commands import platform
from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.workflow.upkeep import audit as upkeep_audit

audit = AppGroup("audit", help="The audit trail.")


@audit.command("verify")
@click.option("--head", "kept", type=click.File("r"),
              help="Heads printed earlier: the chains must go on from them.")
@click.option("--key", type=click.File("r"),
              help="The first audit keys: check the evolving MACs too.")
@with_appcontext
def verify_command(kept: Any, key: Any) -> None:
    """Check every chain of the audit trail. Names the first broken place of each
    chain that fails, and exits 1."""
    broken = 0
    try:
        heads = upkeep_audit.from_lines(kept.read().splitlines()) if kept else None
        first = upkeep_audit.from_text(key.read()) if key else None
        for found in upkeep_audit.verify(platform(), heads, first):
            if found is not None:
                broken += 1
                click.echo(f"broken: {found.chain} at {found.number}: {found.what}")
    except NotAcceptable as problem:
        raise click.ClickException(problem.words) from None
    click.echo("Every chain holds." if not broken else f"{broken} chains do not hold.")
    sys.exit(1 if broken else 0)


@audit.command("head")
@click.option("--digest", is_flag=True,
              help="One line for all chains, to publish; it says nothing of any case.")
@with_appcontext
def head_command(digest: bool) -> None:
    """Print what to keep elsewhere: the head of every chain, and one digest of all."""
    lines = upkeep_audit.as_lines(upkeep_audit.heads(platform()))
    click.echo("\n".join(lines[-1:] if digest else lines))


@audit.command("begin")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--again", is_flag=True,
              help="Begin once more, from the next entries on; keep the earlier file too.")
@with_appcontext
def begin_command(file: Path, again: bool) -> None:
    """Let the trail's keys evolve from now on, and write the first of
    them to FILE, to be kept offline."""
    try:
        upkeep_audit.begin_evolving(
            platform(), os.urandom(32),
            lambda first: keyfile.write_new(file, upkeep_audit.as_text(first)), again
        )
    except FileExistsError:
        raise click.ClickException(f"{file} is there already; it is not written over. Nothing "
                                   "has begun.") from None
    except NotPossibleNow:
        raise click.ClickException("The keys evolve already. With --again they begin once more; "
                                   "what was written before "
                                   "is then checked with the earlier file alone.") from None
    click.echo(f"The keys evolve. Take {file} off this machine now, and keep it offline: audit "
               "verify --key FILE.")
