"""``python -m benchmarks.evaluate --sets FOLDER``: how well the screening finds
what it looks for, set by set.

A set is a folder with ``*.jsonl`` in it, or a ``.jsonl`` file: one ``{"text", "label",
"category", ...}`` a line. Text counts as flagged from the severity `caution` upwards, in the
categories that the line is about. With `--check` or `--tune`, the half of the corpus.
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

from benchmarks import halves
from benchmarks.baselines import Judge, installed
from benchmarks.corpus import CORPUS, Half, Read, read, sets
from benchmarks.questions import Question, questions_of, relevant
from benchmarks.tables import Table, share
from letters.rules.roles import Role
from letters.screening import VERSION

CHALLENGES = Path("tests/screening/challenges")
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


def main(argv: Sequence[str] | None = None) -> None:
    """Read, measure, print. The exit code is 0 whatever the figures are."""
    asked = _arguments(argv)
    told = _half(asked) if asked.half else _sets(asked)
    if asked.json:
        asked.json.write_text(json.dumps({"version": VERSION} | told, indent=1) + "\n")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run.sh evaluate", description=__doc__)
    parser.add_argument("--sets", type=Path, help="the folder of the sets")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--no-baselines", action="store_true", help="our own screening alone")
    either = parser.add_mutually_exclusive_group()
    for which, words in ((Half.CHECK, "which nobody reads: figures alone"),
                         (Half.TUNE, "with figures of each rule")):
        either.add_argument(f"--{which.value}", dest="half", action="store_const", const=which,
                            help=f"the corpus's half `{which.value}`, {words}")
    parser.add_argument("--texts", action="store_true",
                        help="with --tune: what is missed and what is marked by mistake")
    parser.add_argument("--writer", type=Role, choices=(Role.RESPONSIBLE, Role.HARMED),
                        help="with a half: the texts of this writer alone")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the folder of the corpus")
    asked = parser.parse_args(argv)
    if asked.texts and asked.half is not Half.TUNE:
        parser.error("--texts goes with --tune alone: nobody reads the other half.")
    return asked


def _half(asked: argparse.Namespace) -> dict[str, Any]:
    """Print the figures of one half of the corpus, and of plain prose if `--sets` has it."""
    corpus = halves.read_half(asked.corpus, asked.half, asked.writer)
    prose = halves.read_prose(asked.sets, asked.half) if asked.sets else {}
    made = list(halves.tables(asked.half, corpus, prose))
    print("\n\n".join(map(str, made)))
    if asked.texts:
        print("", *halves.texts(corpus, prose), sep="\n")
    return {"half": asked.half, "tables": {one.title: one.as_rows() for one in made}}


def _sets(asked: argparse.Namespace) -> dict[str, Any]:
    """Print how each set fares, next to other packages."""
    folder = asked.sets or CHALLENGES
    judges = [] if asked.no_baselines else list(installed(_say))
    lines: list[Line] = []
    for name, rows in sets(folder):
        _say(f"{name}: {len(rows):,} texts ...")
        done = [read(row) for row in rows]
        for question in questions_of(name, rows):
            lines.append(_ours(name, question, done))
            if question.baselines:
                lines += _others(name, question, rows, judges)
    print(_table(lines))
    return {"sets": str(folder), "lines": [asdict(line) for line in lines]}


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
                precision=share(right, right + wrong) if positives else None,
                recall=share(right, positives),
                f1=share(2 * right, positives + right + wrong) if positives else None,
                false_alarms=share(wrong, negatives), ms=ms)


def _table(lines: Sequence[Line]) -> Table:
    heads = ("set", "about", "by", "yes", "no", "precision", "recall", "F1", "false alarms", "ms")
    return Table("", heads, [(*tuple(asdict(line).values())[:-1], f"{line.ms:.2f}")
                             for line in lines], names=3)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
