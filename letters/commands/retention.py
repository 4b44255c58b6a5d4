"""``flask --app wsgi retention``: which closed cases will be erased, and when."""

import sys

import click
from flask.cli import with_appcontext

from letters.commands import platform
from letters.workflow.upkeep import retention as upkeep_retention


@click.command("retention")
@with_appcontext
def retention() -> None:
    """List the closed cases, by reference, with the day on which each is erased.
    Exits 1 if one does not verify."""
    found = upkeep_retention.planned(platform())
    for case in found:
        what = ("does not verify, and is not erased: run audit verify" if case.broken
                else "is never erased"
                if case.day is None else f"is erased on {case.day}" if case.said else
                f"is erased on {case.day} at the earliest; not said yet")
        click.echo(f"{case.reference} ({case.case}) {what}")
    if not found:
        click.echo("No closed case waits to be erased.")
    sys.exit(1 if any(case.broken for case in found) else 0)
