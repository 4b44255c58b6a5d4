"""``flask --app wsgi words``: every word that pages show, for
translators, and what a translation lacks."""

import gettext
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from letters.config import ROOT

_WHERE = (("letters", [("**.py", "python")]), ("templates", [("**.html", "jinja2")]))
_OPTIONS = {"**.html": {"trimmed": "true"}}
"""As the pages are read: a sentence may be broken over lines (``web/__init__.py``)."""
_MARKS = ({**DEFAULT_KEYWORDS, "_l": None, "marked": None}, {"ErrorPage": (2,)},
          {"ErrorPage": (3,)})
"""The functions that mark words; each gives one message a call. ``ErrorPage`` of
``web/errors.py`` has a title and words."""
_NUMBERS = (*range(201), 10**6)
"""These numbers together need every plural form that a language has; Spanish
has one of its own for millions."""


@cache
def listed() -> Catalog:
    """The list: each message with the places where it stands."""
    catalog = Catalog(project="letter-exchange", charset="utf-8")
    for folder, methods in _WHERE:
        for message, place in _said(folder, methods):
            catalog.add(message, locations=[place])
    return catalog


def missing(catalogue: Path) -> list[str]:
    """The messages for which a translation, a compiled catalogue, has no words."""
    with catalogue.open("rb") as file:
        known = gettext.GNUTranslations(file)
    said = [(one.id, "") if isinstance(one.id, str) else (one.id[0], one.id[1]) for one in listed()
            if one.id]
    return [first for first, many in said if known.gettext(first) == first or (
        many and any(known.ngettext(first, many, number) in (first, many) for number in _NUMBERS))]


@click.command("words")
@click.argument("catalogue", required=False,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))
def words(catalogue: Path | None) -> None:
    """List every word that pages show as a .pot file; for a compiled CATALOGUE
    (.mo), the words that it lacks."""
    if catalogue is None:
        made = BytesIO()
        write_po(made, listed(), sort_output=True)
        click.echo(made.getvalue().decode(), nl=False)
    elif left := missing(catalogue):
        raise click.ClickException("\n".join(["These have no words there:", *left]))


def _said(folder: str,
          methods: list[tuple[str, str]],
          ) -> Iterator[tuple[str | tuple[str, ...], tuple[str, int]]]:
    for marks in _MARKS:
        for name, line, message, _, _ in extract_from_dir(ROOT / folder, methods, _OPTIONS, marks):
            yield message, (f"{folder}/{name}", line)
