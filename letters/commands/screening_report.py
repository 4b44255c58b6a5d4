"""``flask --app wsgi screening report``: rules that facilitators found
not helpful, and what was missed."""

import click
from flask.cli import AppGroup, with_appcontext

from letters.commands import platform
from letters.rules.errors import Tampered
from letters.workflow.decision import screening_feedback

screening = AppGroup("screening", help="What facilitators say of the screening.")

_TITLES = {
    screening_feedback.RULES: "Findings that were not helpful, by rule",
    screening_feedback.CATEGORIES: "What was missed, by category",
}


@screening.command("report")
@with_appcontext
def report() -> None:
    """Print counts over all cases, without a word of any; numbers under five are not shown."""
    try:
        told = screening_feedback.report(platform())
    except Tampered:
        raise click.ClickException("The counts are not what this program kept; restore them from "
                                   "a backup.") from None
    for name, counts in told.items():
        click.echo(_TITLES[name])
        for what, number in counts:
            click.echo(f"  {what}: {number if number is not None else 'fewer than five'}")
        if not counts:
            click.echo("  none")
