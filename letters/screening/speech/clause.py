"""What a place means in its clause: whether it is said here and now, or denied, said by others,
taken back, asked, or only quoted."""

from bisect import bisect_right
from functools import cache
from typing import Any

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.speech.rules import PLACE, Around, Pattern
from letters.screening.text.patterns import ROOM

# How much of the sentence around a place is read: enough for speech, and bounded for linear time.
AROUND = 160
_NEAR = 80


class Clauses:
    """A text with its sentences and its quotations, each found once."""

    def __init__(self, plain: bytes) -> None:
        self._plain = plain
        self._ends = [match.end() for match in _SENTENCE_END.finditer(plain)]
        self._quotes = [match.span() for match in _QUOTE.finditer(plain)]
        self._closed = [end for _, end in self._quotes]

    def lets_go(self, pattern: Pattern, start: int, end: int) -> bool:
        """True if the rule does not mean this place."""
        if pattern.quoted and self._is_quoted(pattern.quoted, start, end):
            return True
        first, last = self._sentence(start, end)
        before = self._plain[max(first, start - AROUND) : start]
        after = self._plain[end : min(last, end + AROUND)]
        place = self._plain[start:end]
        clause = compiled(pattern.turn).split(before)[-1]
        return any(_holds(each, before, clause, place, after) for each in pattern.lets_go)

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        index = bisect_right(self._ends, start)
        after = bisect_right(self._ends, end)
        return (
            self._ends[index - 1] if index else 0,
            self._ends[after] if after < len(self._ends) else len(self._plain),
        )

    def _is_quoted(self, by: Around, start: int, end: int) -> bool:
        """True within quotation marks whose words are spoken about, before or
        after; a bare quotation is speech."""
        index = bisect_right(self._closed, start)
        if index == len(self._quotes):
            return False
        opened, closed = self._quotes[index]
        before = self._plain[max(0, opened - _NEAR) : opened]
        return (opened <= start and end <= closed
                and _stands_beside(by, before, self._plain[closed : closed + _NEAR]))


def _holds(around: Around, before: bytes, clause: bytes, place: bytes, after: bytes) -> bool:
    return bool(
        (around.inside and compiled(around.inside).search(place))
        or (around.within and compiled(around.within).search(before + place + after))
        or _stands_beside(around, clause, after))


def _stands_beside(around: Around, before: bytes, after: bytes) -> bool:
    return bool(around.beside
                and compiled(around.beside).search(before + PLACE.encode() + after))


def options() -> Any:
    """How all patterns of speech are read: as bytes, without groups."""
    found = re2.Options()
    found.encoding = re2.Options.Encoding.LATIN1
    found.never_capture = True
    found.max_mem = ROOM
    found.log_errors = False
    return found


@cache
def compiled(pattern: bytes) -> Any:
    """The pattern, compiled on first use: few letters need many."""
    return re2.compile(pattern, options=options())


_SENTENCE_END = compiled(rb"[.!?]+[\"')\]]*(?:\s+|$)|\n\s*\n")
_QUOTE = compiled(rb"\"[^\"\n]{1,400}\"|\B'\w[^'\"\n]{0,300}'\B")
