"""``python -m benchmarks``: run rows of the measures and print one table. A
full run is kept as the last one."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import costs, report
from benchmarks.place import installation, server
from benchmarks.rows import CLIENTS, SEEDS, SUBMITTED, Bench, Result
from benchmarks.rows import ROWS as SERVED
from benchmarks.screening import screening
from benchmarks.seed import Town

SMALL = 1_000
FULL = 100_000
ROWS = {**SERVED, 10: screening}


def main() -> None:
    """Seed, measure, print. The exit code is 0 whether the goals are
    met or not: the figures show it."""
    asked = _arguments()
    if asked.readme:
        return report.write_readme()
    if asked.profile:
        with server() as url, installation(url) as place:
            town = Town(place)
            print(costs.report(town, lambda: town.fill(min(SMALL, asked.letters))))
        return None
    with server() as url, installation(url) as large, installation(url) as little:
        _say(f"Seeding {asked.letters:,} and {min(SMALL, asked.letters):,} letters ...")
        bench = Bench(Town(large), Town(little), asked.seconds, asked.turns, asked.clients,
                      asked.bytes)
        for row in sorted(SEEDS.keys() & {*asked.rows}):
            bench.made[row] = SEEDS[row](bench)
        bench.town.fill(asked.letters)
        bench.small.fill(min(SMALL, asked.letters))
        results = [result for row in asked.rows for result in _measured(bench, row)]
    print(report.table(results))
    told = json.dumps(report.told(bench, asked.letters, results), indent=1) + "\n"
    if asked.json:
        asked.json.write_text(told)
    if asked.letters >= FULL and [*asked.rows] == [*ROWS]:
        report.LAST.write_text(told)
    return None


def _measured(bench: Bench, row: int) -> list[Result]:
    """Measure one row. A run ends if the program finds something that does not verify: it would be
    slow, and the figures would measure something else."""
    _say(f"Row {row} ...")
    results = []
    for result in ROWS[row](bench):
        results.append(result)
        _say("  " + "  ".join(report.cells(vars(result))[1:]))
    if bench.town.alarms() + bench.small.alarms():
        raise SystemExit(f"Row {row} met an alarm: something that was seeded does not verify.")
    return results


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--letters", type=int, default=FULL,
                        help="how many letters the large installation has")
    parser.add_argument("--rows", type=_rows, default=list(ROWS),
                        help="which rows, such as 1,2,4,6,7")
    parser.add_argument("--bytes", type=int, default=SUBMITTED,
                        help="length of a letter that row 1 submits")
    parser.add_argument("--clients", type=int, default=CLIENTS,
                        help="how many people submit at once in row 1")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--profile", action="store_true",
                        help="show instead where the time of each request goes")
    parser.add_argument("--readme", action="store_true",
                        help="write the last full run into the README instead")
    parser.add_argument("--seconds", type=float, default=5.0,
                        help="length of a phase, after the warm-up")
    parser.add_argument("--turns", type=int, default=3,
                        help="how often ours and the bare program run in turn")
    return parser.parse_args()


def _rows(listed: str) -> list[int]:
    rows = [int(row) for row in listed.split(",")]
    if not set(rows) <= set(ROWS):
        raise argparse.ArgumentTypeError(f"there are the rows {', '.join(map(str, ROWS))}")
    return rows


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
