"""Tables of figures, for the screen and for a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Names stand in the first `names` columns, figures in the others."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    names: int = 1

    def __str__(self) -> str:
        """The table in columns. A share has three digits, None is a dash."""
        cells = [self.heads, *([_cell(one) for one in line] for line in self.lines)]
        widths = [max(len(line[at]) for line in cells) for at in range(len(self.heads))]
        told = ["  ".join(cell.ljust(width) if at < self.names else cell.rjust(width)
                          for at, (cell, width)
                          in enumerate(zip(line, widths, strict=True))).rstrip()
                for line in cells]
        return "\n".join([self.title, *told] if self.title else told)

    def as_rows(self) -> list[dict[str, Any]]:
        """Each line by the heads, for JSON."""
        return [dict(zip(self.heads, line, strict=True)) for line in self.lines]


def share(part: int, whole: int) -> float | None:
    """From 0 to 1, None if there is nothing to divide by."""
    return part / whole if whole else None


def _cell(value: Cell) -> str:
    return ("–" if value is None else f"{value:.3f}" if isinstance(value, float)
            else f"{value:,}" if isinstance(value, int) else value)
