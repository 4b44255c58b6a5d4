"""``flask --app wsgi screen``: the screening's findings in a text. It needs no installation."""

import json
from typing import Any

import click

from letters.rules.roles import Role
from letters.screening import screen as screened

_WRITERS = {"harmed": Role.HARMED, "responsible": Role.RESPONSIBLE}


@click.command("screen")
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--writer", type=click.Choice(list(_WRITERS)), default="responsible",
              show_default=True)
@click.option("--json", "as_json", is_flag=True)
def screen(file: Any, writer: str, as_json: bool) -> None:
    """Print the screening's findings in a text; offsets are code points of the text as given."""
    text = file.read().decode("utf-8", "replace")
    found = [finding.as_dict() for finding in screened(text, _WRITERS[writer])]
    keys = ("category", "severity", "start", "end", "quote", "why")
    if as_json:
        click.echo(json.dumps({"findings": [{key: entry[key] for key in keys} for entry in found]}))
        return
    for entry in found:
        click.echo(f"{entry['start']}-{entry['end']} {entry['category']} ({entry['severity']}): "
                   f"{entry['quote']!r}\n"
                   f"    {entry['why']}")
    if not found:
        click.echo("Nothing was noticed. That is no verdict.")
