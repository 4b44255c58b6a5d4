"""``python -m benchmarks.evaluate --sets FOLDER``: how well the screening finds
what it looks for, set by set.

A set is a folder with ``*.jsonl`` in it, or a ``.jsonl`` file: one ``{"text", "label",
"category", ...}`` a line. Text counts as flagged from the severity `caution` upwards, in the
categories that the line is about.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.baselines import Judge, installed
from benchmarks.questions import Question, questions_of, relevant
from letters.rules.roles import Role
from letters.screening import VERSION, Finding, Preferences, screen

BASELINE_TEXTS = 300
BASELINE_LONGEST = 2_000


@dataclass(frozen=True)
class Line:
    """One line of the table. Shares from 0 to 1, None if there is nothing
    to divide by; ms for one text."""

    set: str
    about: str
    by: str
    positives: int
    negatives: int
    precision: float | None
    recall: float | None
    f1: float | None
    false_alarms: float | None
    ms: float


@dataclass(frozen=True)
class Read:
    """A row of a set with the screening's findings in it, and the time it took."""

    row: dict[str, Any]
    findings: Sequence[Finding]
    ms: float


def main() -> None:
    """Read, measure, print. The exit code is 0 whatever the figures are."""
    asked = _arguments()
    judges = [] if asked.no_baselines else list(installed(_say))
    lines: list[Line] = []
    for name, rows in _sets(asked.sets):
        _say(f"{name}: {len(rows):,} texts ...")
        read = [_read(row) for row in rows]
        for question in questions_of(name, rows):
            lines.append(_ours(name, question, read))
            if question.baselines:
                lines += _others(name, question, rows, judges)
    print(_table(lines))
    if asked.json:
        told = {"version": VERSION, "sets": str(asked.sets),
                "lines": [asdict(line) for line in lines]}
        asked.json.write_text(json.dumps(told, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run.sh evaluate", description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("tests/screening/challenges"),
                        help="the folder of the sets")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--no-baselines", action="store_true", help="our own screening alone")
    return parser.parse_args()


def _sets(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every set in the folder by name."""
    for path in sorted(folder.iterdir()):
        files = (sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
                 if path.suffix == ".jsonl" else [])
        rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()
                if line.strip()]
        if rows:
            yield path.stem, rows


def _read(row: dict[str, Any]) -> Read:
    wishes = {key: tuple(value) if isinstance(value, list) else value
              for key, value in row.get("preferences", {}).items()}
    preferences = Preferences(**{"home_country": row.get("region", "GB")} | wishes)
    before = perf_counter()
    findings = screen(row["text"], Role(row.get("writer", Role.RESPONSIBLE)), preferences)
    return Read(row, findings, (perf_counter() - before) * 1000)


def _ours(name: str, question: Question, read: Sequence[Read]) -> Line:
    asked = [one for one in read if question.truth(one.row) is not None]
    ms = sum(one.ms for one in asked) / max(1, len(asked))
    if question.entity:
        return _by_span(name, question, asked, ms)
    pairs = [(bool(question.truth(one.row)),
              any(relevant(found, question) for found in one.findings)) for one in asked]
    return _counted(name, question.about, "ours", pairs, ms)


def _by_span(name: str, question: Question, read: Sequence[Read], ms: float) -> Line:
    """Recall over the marked places, one found if a finding covers half of it; false
    alarms over texts without any."""
    pairs: list[tuple[bool, bool]] = []
    for one in read:
        places = [(found.start, found.end) for found in one.findings if relevant(found, question)]
        spans = [span for span in one.row["spans"] if span[2] == question.entity]
        pairs += [(True, _covered(span[0], span[1], places)) for span in spans]
        if not spans:
            pairs.append((False, bool(places)))
    return _counted(name, question.about, "ours", pairs, ms)


def _covered(start: int, end: int, places: Iterable[tuple[int, int]]) -> bool:
    return sum(max(0, min(end, last) - max(start, first)) for first,
               last in places) * 2 >= end - start


def _others(name: str, question: Question, rows: Sequence[dict[str, Any]],
            judges: Sequence[tuple[str, Judge]]) -> Iterator[Line]:
    """The baselines, on a sample that is the same for all: some take half a second for a letter."""
    asked = [row for row in rows if question.truth(row) is not None]
    sample = random.Random(1).sample(asked, min(BASELINE_TEXTS, len(asked)))
    for by, judge in judges:
        before = perf_counter()
        pairs = [(bool(question.truth(row)), judge(row["text"][:BASELINE_LONGEST]))
                 for row in sample]
        yield _counted(name, question.about, by, pairs,
                       (perf_counter() - before) * 1000 / max(1, len(sample)))


def _counted(name: str, about: str, by: str, pairs: Sequence[tuple[bool, bool]], ms: float) -> Line:
    positives = sum(truth for truth, _ in pairs)
    negatives = len(pairs) - positives
    right = sum(truth and said for truth, said in pairs)
    wrong = sum(said and not truth for truth, said in pairs)
    return Line(name, about, by, positives, negatives,
                precision=_share(right, right + wrong) if positives else None,
                recall=_share(right, positives),
                f1=_share(2 * right, positives + right + wrong) if positives else None,
                false_alarms=_share(wrong, negatives), ms=ms)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _table(lines: Sequence[Line]) -> str:
    heads = ("set", "about", "by", "yes", "no", "precision", "recall", "F1", "false alarms", "ms")
    cells = [heads, *((line.set, line.about, line.by, str(line.positives), str(line.negatives),
                       *map(_cell, (line.precision, line.recall, line.f1, line.false_alarms)),
                       f"{line.ms:.2f}")
                      for line in lines)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(heads))]
    return "\n".join("  ".join(cell.ljust(width) if at < 3 else cell.rjust(width)
                               for at,
                               (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
                     for row in cells)


def _cell(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
