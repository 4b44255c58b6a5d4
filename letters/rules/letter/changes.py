"""What has changed between two versions of a letter: words added and removed, in bounded time.

Paragraphs are compared first, then the words of those that differ. Words that occur once in both
are matched before difflib is asked. Alone, difflib takes time that grows with the third power of a
text made of one word, and with its own remedy (``autojunk``) it calls the commonest words changed.
A stretch that would still be much work is shown as removed and added as a whole: never wrong, only
coarse.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple

_BETWEEN = re.compile(r"(\n\s*\n)")
_WORDS = re.compile(r"\S+\s*|\s+")

PATIENCE = 3_000_000
"""About how many steps difflib may take for two versions altogether;
it does some millions a second."""


class Change(Enum):
    """What happened to some words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """Words with the same change."""

    change: Change
    text: str


Block = tuple[int, int, int, int]
"""A stretch of the one and of the other: from, to, from, to."""


def changes(before: str, after: str) -> list[Piece]:
    """The pieces of both versions in order, exact to the last character.

    Same and removed pieces make up the one version, same and added pieces the other.
    """
    compared = _Compared()
    pieces: list[Piece] = []
    one, other = _paragraphs(before), _paragraphs(after)
    for same, (a, b, c, d) in compared.blocks(one, other):
        if same:
            _add(pieces, Change.SAME, "".join(one[a:b]))
            continue
        old, new = _WORDS.findall("".join(one[a:b])), _WORDS.findall("".join(other[c:d]))
        for alike, (i, j, k, m) in compared.blocks(old, new):
            if alike:
                _add(pieces, Change.SAME, "".join(old[i:j]))
            else:
                _add(pieces, Change.REMOVED, "".join(old[i:j]))
                _add(pieces, Change.ADDED, "".join(new[k:m]))
    return pieces


def paragraphs_changed(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces by paragraph, only of the paragraphs in which something has changed."""
    found: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *more = re.split(r"\n\s*\n", piece.text)
        found[-1].append(Piece(piece.change, first))
        found += [[Piece(piece.change, part)] for part in more]
    return [[piece for piece in paragraph if piece.text] for paragraph in found
            if any(piece.change is not Change.SAME and piece.text.strip() for piece in paragraph)]


@dataclass
class _Compared:
    """Compares sequences, and keeps count of the work."""

    left: int = field(default=PATIENCE)

    def blocks(self, one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[bool, Block]]:
        """The stretches that are the same, and those in between that are not."""
        a = c = 0
        for i, k in [*_unique_in_order(one, other), (len(one), len(other))]:
            if i < a:  # the stretch before reached beyond it
                continue
            # From each word that occurs once in both, extend both ways while both are the same.
            b, d = i, k
            while b > a and d > c and one[b - 1] == other[d - 1]:
                b, d = b - 1, d - 1
            yield from self._between(one, other, (a, b, c, d))
            while i < len(one) and k < len(other) and one[i] == other[k]:
                i, k = i + 1, k + 1
            if i > b:
                yield True, (b, i, d, k)
            a, c = max(a, i), max(c, k)

    def _between(self, one: Sequence[str], other: Sequence[str],
                 block: Block) -> Iterator[tuple[bool, Block]]:
        a, b, c, d = block
        while a < b and c < d and one[a] == other[c]:
            a, c = a + 1, c + 1
        if a > block[0]:
            yield True, (block[0], a, block[2], c)
        if a == b and c == d:
            return
        old, new = one[a:b], other[c:d]
        counted = Counter(new)
        work = (sum(counted[word] for word in old) + len(old)
                + len(new)) * max(min(len(old), len(new)), 1)
        if work > self.left:
            yield False, (a, b, c, d)
            return
        self.left -= work
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield tag == "equal", (a + i, a + j, c + k, c + m)


def _unique_in_order(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Positions, in both texts, of the words that occur exactly once in each: the longest run that
    keeps the same order."""
    places = {word: at for at, word in enumerate(other)}
    often, often_there = Counter(one), Counter(other)
    pairs = [(at, places[word]) for at,
             word in enumerate(one) if often[word] == 1 == often_there[word]]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, there) in enumerate(pairs):
        at = bisect_left(ends, there)
        before.append(last[at - 1] if at else -1)
        ends[at:at + 1], last[at:at + 1] = [there], [number]
    chain, number = [], last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _paragraphs(text: str) -> list[str]:
    """The paragraphs, each with the empty lines that follow it."""
    split = _BETWEEN.split(text)
    joined = [paragraph + between for paragraph,
              between in zip(split[::2], [*split[1::2], ""], strict=True)]
    return [paragraph for paragraph in joined if paragraph]


def _add(pieces: list[Piece], change: Change, text: str) -> None:
    if text and pieces and pieces[-1].change is change:
        pieces[-1] = Piece(change, pieces[-1].text + text)
    elif text:
        pieces.append(Piece(change, text))
