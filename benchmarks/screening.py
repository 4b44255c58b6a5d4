"""Row 10 of the measures: the screening by itself, in this process, with no server and no
database."""

import random
import sys
from collections.abc import Iterator
from statistics import median, quantiles
from subprocess import run
from time import perf_counter

from benchmarks.rows import Bench, Result
from letters.config import ROOT
from letters.rules.roles import Role
from letters.screening import screen

TIMES = 200
_PARAGRAPH = (
    "I have thought for a long time about what I did to you. I came into your home and took what "
    "was not mine, and I "
    "know that you have not slept well since. Nothing that you did brought it about. I tell it "
    "here as it was, and I "
    "ask for nothing. The course I am on taught me to listen, which I had never done. On the "
    "14th of March I go back "
    "to court, and I will say there what I say to you now.\n\n"
)
LETTER = _PARAGRAPH * 6  # about 500 words
LONG, LONGER = _PARAGRAPH * 120, _PARAGRAPH * 1_200  # about 10,000 and 100,000


def screening(bench: Bench) -> Iterator[Result]:
    """A letter of 500 words, the time to load, and how the time grows with the length."""
    screen(LETTER, Role.RESPONSIBLE)
    times = min(TIMES, int(TIMES * bench.seconds))
    took = [_time(_another(number)) for number in range(times)]
    p50, p95 = median(took), quantiles(took, n=20)[-1]
    yield Result(10, "screening 500 words: p50 ms", p50, None, None, "≤ 10 ms", p50 <= 10)
    yield Result(10, "screening 500 words: p95 ms", p95, None, None, "≤ 25 ms", p95 <= 25)
    load = median(_load("import letters.screening") - _load("import letters.rules.roles")
                  for _ in range(bench.turns + 2))
    yield Result(10, "loading the screening: ms", load, None, None, "≤ 300 ms", load <= 300)
    long, longer = (median(_time(text) for _ in range(bench.turns)) for text in (LONG, LONGER))
    ratio = longer / (10 * long)
    yield Result(10, "100,000 words against 10,000, a word: ms", longer, 10 * long, ratio,
                 "≤ 1.50 ×", ratio <= 1.5)


def _another(number: int) -> str:
    """The same words in another order: patterns are slow on new text, and each letter is new."""
    words = LETTER.split(" ")
    random.Random(number).shuffle(words)
    return " ".join(words)


def _time(text: str) -> float:
    before = perf_counter()
    screen(text, Role.RESPONSIBLE)
    return (perf_counter() - before) * 1000


def _load(statement: str) -> float:
    before = perf_counter()
    run([sys.executable, "-c", statement], cwd=ROOT, check=True)
    return (perf_counter() - before) * 1000
