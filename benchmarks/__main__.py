"""``python -m benchmarks``: run rows of the measures and print one table; ``--json`` writes the figures to a file."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import costs
from benchmarks.place import installation, server
from benchmarks.rows import ROWS as SERVED
from benchmarks.rows import Bench, Result
from benchmarks.screening import screening
from benchmarks.seed import Town

SMALL = 1_000
ROWS = {**SERVED, 10: screening}


def main() -> None:
    """Seed, measure, print. The exit code is 0 whether the goals are met or not: the figures say it."""
    asked = _arguments()
    if asked.profile:
        with server() as url, installation(url) as little:
            print(costs.report(Town(little, SMALL)))
        return
    results = []
    with server() as url, installation(url) as large, installation(url) as little:
        _say(f"Seeding {asked.letters:,} and {SMALL:,} letters ...")
        bench = Bench(Town(large, asked.letters), Town(little, SMALL), asked.seconds, asked.turns)
        for row in asked.rows:
            _say(f"Row {row} ...")
            for result in ROWS[row](bench):
                results.append(result)
                _say(_line(result))
    print(_table(results))
    if asked.json:
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
        told = {"letters": asked.letters, "seconds": asked.seconds, "turns": asked.turns, "machine": machine,
                "rows": [asdict(result) for result in results]}
        asked.json.write_text(json.dumps(told, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--letters", type=int, default=100_000, help="how many letters the large installation has")
    parser.add_argument("--rows", type=_rows, default=list(ROWS), help="which rows, such as 1,2,4,6,7")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--profile", action="store_true", help="show instead where the time of each request goes")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a phase, after the warm-up")
    parser.add_argument("--turns", type=int, default=3, help="how often ours and the bare program run in turn")
    return parser.parse_args()


def _rows(listed: str) -> list[int]:
    rows = [int(row) for row in listed.split(",")]
    if not set(rows) <= set(ROWS):
        raise argparse.ArgumentTypeError(f"there are the rows {', '.join(map(str, ROWS))}")
    return rows


def _table(results: Sequence[Result]) -> str:
    heads = ("row", "what", "ours", "bare", "ratio", "goal", "met")
    lines = [heads, *(_cells(result) for result in results)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) if n in (1, 6) else cell.rjust(width)
                               for n, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip()
                     for line in lines)


def _cells(result: Result) -> tuple[str, ...]:
    return (str(result.row), result.what, _number(result.ours), _number(result.bare), _number(result.ratio, " ×"),
            result.goal, "yes" if result.met else "no")


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return "–"
    return (f"{value:,.0f}" if value >= 1000 else f"{value:.2f}" if value < 100 else f"{value:.1f}") + unit


def _line(result: Result) -> str:
    return "  " + "  ".join(_cells(result)[1:])


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
