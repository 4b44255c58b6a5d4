"""The output of a run: the table on the screen, the file of the last full
run, and the table in the README."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.rows import Bench, Result
from letters.config import ROOT

LAST = Path(__file__).with_name("last.json")
"""The last full run."""
README = ROOT / "README.md"
BEGIN, END = "<!-- made by ./run.sh bench --readme -->\n", "<!-- until here -->\n"
NOT_MEASURED = {
    "2, 5": "with 1,000,000 letters: a run has 100,000 unless `--letters` says otherwise",
    "8": "releasing 10,000 due letters: to bring each about by the verbs would take an hour",
    "9": "the worker's memory",
    "11": "a submission next to another program's on the same machine: by hand, with `--rows 1 "
    "--bytes N --clients N`",
    "12": "statements: `--profile` prints those of pages, and "
    "`tests/workflow/record/test_statements.py` holds those of verbs",
    "14": "the staff's pages with 200 cases",
}
"""Rows of the measures that no run has, with the reason."""


def told(bench: Bench, letters: int, results: Sequence[Result]) -> dict[str, Any]:
    """A run in the form in which it is kept."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT,
                            capture_output=True, text=True,
                            check=False).stdout.strip()
    return {"date": datetime.now(UTC).date().isoformat(), "commit": commit, "letters": letters,
            "seconds": bench.seconds, "turns": bench.turns,
            "machine": {"cores": os.cpu_count(), "python": platform.python_version(),
                        "system": platform.platform()},
            "rows": [asdict(result) for result in results]}


def table(results: Sequence[Result]) -> str:
    """The table for the screen."""
    heads = ("row", "what", "ours", "bare", "ratio", "goal", "met")
    lines = [heads, *(cells(asdict(result)) for result in results)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) if n in (1, 6) else cell.rjust(width)
                               for n,
                               (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip()
                     for line in lines)


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """One line of a table, in words."""
    return (str(row["row"]), row["what"], _number(row["ours"]), _number(row["bare"]),
            _number(row["ratio"], " ×"),
            row["goal"], "yes" if row["met"] else "no")


def readme(last: dict[str, Any]) -> str:
    """The README's part on speed."""
    machine, made = last["machine"], "\n".join(f"| {' | '.join(cells(row))} |"
                                               for row in last["rows"])
    missing = "\n".join(f"- {rows}: {why}." for rows, why in NOT_MEASURED.items())
    return ("| row | what | ours | bare | ratio | goal | met |\n| ---: | --- | ---: | ---: | "
            "---: | --- | --- |\n"
            f"{made}\n\nMeasured on {last['date']} at {last['commit']} with {last['letters']:,} "
            "letters, phases of "
            f"{last['seconds']:g} s and the median of {last['turns']} turns, on "
            f"{machine['cores']} cores with Python "
            f"{machine['python']}.\n\nNot measured, of the rows of the measures:\n\n{missing}\n")


def in_readme(text: str, last: dict[str, Any]) -> str:
    """The README with the part on speed put in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{readme(last)}\n{END}{after}"


def write_readme() -> None:
    """Put the last full run into the README."""
    README.write_text(in_readme(README.read_text("utf-8"), json.loads(LAST.read_text("utf-8"))),
                      "utf-8")


def _number(value: float | None, unit: str = "") -> str:
    if value is None:
        return "–"
    return (f"{value:,.0f}" if value >= 1000 else f"{value:.2f}" if value < 100
            else f"{value:.1f}") + unit
