"""Charts as SVG, drawn on the server, each next to a table that says the same; tables as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, ROW, BAR = 300, 44, 14
_TEXT = 56
"""The part of the width that is kept for the number at a bar's end."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Bar(NamedTuple):
    """One bar: its label, its number in words, and its place. Without a
    number there is no bar, only words."""

    label: str
    said: str
    y: int
    width: int


@dataclass(frozen=True)
class Chart:
    """Bars below each other, in the order given."""

    title: str
    bars: tuple[Bar, ...]
    height: int


def bars(title: str, rows: Iterable[tuple[str, int | None, str]]) -> Chart:
    """A chart of rows: a label, a number or None if it is not shown, and the same in words."""
    rows = tuple(rows)
    most = max((number for _, number, _ in rows if number), default=1)
    drawn = tuple(Bar(label, said, at * ROW, round((WIDTH - _TEXT) * (number or 0) / most))
                  for at, (label, number, said) in enumerate(rows))
    return Chart(title, drawn, len(drawn) * ROW)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV, with the mark by which a spreadsheet knows that it is UTF-8. Cells that it
    would take for a formula are made plain text."""
    written = io.StringIO()
    written.write("\ufeff")
    table = csv.writer(written, quoting=csv.QUOTE_ALL)
    for row in (header, *rows):
        table.writerow([_plain(str(cell)) for cell in row])
    return written.getvalue()


def _plain(cell: str) -> str:
    return (f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith(_FORMULA)
            else cell)
