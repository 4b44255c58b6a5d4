"""``flask --app wsgi restore …``: what the state file says of the database, and
an operator's decision to go on."""

import sys

import click
from flask.cli import AppGroup, with_appcontext

from letters.commands import platform
from letters.rules.errors import Unwitnessed
from letters.workflow.upkeep import restore as restoring

restore = AppGroup("restore", help="The database held against the state file.")


@restore.command("status")
@with_appcontext
def status() -> None:
    """Say whether letters are released and, if not, why. Exits 1 if they are not."""
    stands = restoring.standing(platform())
    click.echo((stands.why and f"Nothing is released. {stands.why}")
               or "The database goes on from what the state file "
               "remembers. Letters are released.")
    for chain in sorted(stands.behind):
        click.echo(f"older than remembered: {chain}")
    for chain in sorted(stands.broken):
        click.echo(f"closed until you confirm, since it did not hold when something was said: "
                   f"{chain}")
    sys.exit(1 if stands.why else 0)


@restore.command("confirm")
@click.option("--without-halting", is_flag=True,
              help="Where the state file is missing or damaged: do not halt every "
              "case. Only if you are sure that this is the newest database.")
@with_appcontext
def confirm(without_halting: bool) -> None:
    """Go on with the database as it is. Cases stopped or erased, and letters taken back, stay so;
    cases that lost something are halted until a facilitator lifts the halt."""
    try:
        done = restoring.confirm(platform(), halt_all=not without_halting)
    except Unwitnessed as problem:
        raise click.ClickException(problem.why) from None
    if done is None:
        click.echo("There is nothing to confirm: the database goes on from what the state file "
                   "remembers.")
        return
    click.echo(f"Confirmed: generation {done.generation} begins.\n{done.halted} cases are halted "
               "until a facilitator "
               f"lifts the halt. {done.stopped} cases were stopped again, {done.recalled} "
               "letters taken back again, "
               f"{done.erased} cases erased again.")
    if done.broken:
        click.echo(f"{done.broken} cases or letters do not verify and were left: run audit verify.")
