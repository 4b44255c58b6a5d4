"""Recognises patterns of speech: who says what to whom, unless it is
denied, in the past, or only quoted.

They are sought in a lower-cased copy of the text in plain ASCII and of equal length, so
that a place in the copy is a place in the text.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.findings import Hit
from letters.screening.speech.clause import Clauses, compiled, options
from letters.screening.speech.rules import PATTERNS, Pattern

# The number of patterns that go through a text at once. One machine for all of them would
# be rebuilt for each new text, forty times slower than many small ones, which soon have
# every state that they ever need.
TOGETHER = 12
_PLAIN = dict.fromkeys("‘’‛′`´", "'") | dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‐‑‒–—―", "-")


def spoken(text: str) -> Iterator[Hit]:
    """Every place where a rule applies, by rule and then by place;
    offsets count code points of `text`.

    Pure and deterministic, in time linear in the text. Hits may overlap.
    """
    plain = _plain(text)
    matched = sorted(first + index for first,
                     together in _SETS for index in together.Match(plain) or ())
    if not matched:
        return
    clauses = Clauses(plain)
    for index in matched:
        pattern = PATTERNS[index]
        for match in compiled(pattern.written).finditer(plain):
            start, end = _trimmed(plain, *match.span())
            if not clauses.lets_go(pattern, start, end):
                yield Hit(pattern.rule, start, end)


def _plain(text: str) -> bytes:
    """Lower case in ASCII, one byte a character: a character without such a form reads
    as a letter `_` or as a space."""
    return text.translate({ord(char): _plain_character(char) for char in set(text)}).encode("ascii")


def _plain_character(char: str) -> str:
    form = _PLAIN.get(char) or char.lower()
    if len(form) == 1 and form.isascii():
        return form
    return "_" if char.isalnum() else " "


def _trimmed(plain: bytes, start: int, end: int) -> tuple[int, int]:
    """The place without the punctuation and space at its ends that the pattern needed."""
    place = plain[start:end]
    return (start + len(place) - len(place.lstrip(_AROUND_WORDS)),
            end - len(place) + len(place.rstrip(_AROUND_WORDS)))


_AROUND_WORDS = bytes(code for code in range(128) if not chr(code).isalnum())


def _set(patterns: Sequence[Pattern]) -> Any:
    found = re2.Set.SearchSet(options())
    for pattern in patterns:
        found.Add(pattern.written)
    found.Compile()
    return found


_SETS = [(first, _set(PATTERNS[first : first + TOGETHER]))
         for first in range(0, len(PATTERNS), TOGETHER)]
