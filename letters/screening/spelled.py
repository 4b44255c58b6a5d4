"""Letters and digits spelled out with something between them: "c a l l  m e", "0.7.7.0.0"."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import re2  # type: ignore[import-untyped, unused-ignore]


class Spelled(NamedTuple):
    """A stretch that is spelled out, and the offsets of the characters that remain when it is read together."""

    start: int
    end: int
    kept: Sequence[int]


_SIGNS = (r"\.", "-", "_", r"\*", "/", r"\|", "~", "·", "•", r"\+", "=", ":")
# Initials and abbreviations (U.S.S.R.) have signs between letters too, so a sign needs five of them, a space four.
_SIGNED = "|".join(rf"[A-Za-z0-9](?:(?:{sign}| {sign} )[A-Za-z0-9]){{4,}}" for sign in _SIGNS) + r"|\d(?: ?, ?\d){6,}"
_SPACED = r"[A-Za-z0-9](?: [A-Za-z0-9@._]){3,}"
_PATTERN = re2.compile(rf"\b(?:({_SIGNED})|{_SPACED})\b")

_LEAST_LETTERS, _LEAST_DIGITS = 3, 7
_HARMLESS = (
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "01234567891011121314151617181920",
    "9876543210",
)


def spelled_out(text: str) -> Iterator[Spelled]:
    """Each stretch of single letters or digits that reads as a word or a number when put together, in order."""
    for match in _PATTERN.finditer(text):
        start, end = match.span()
        signed = match.group(1) is not None
        kept = [at for at in range(start, end) if text[at].isalnum() or not (signed or text[at] == " ")]
        if _says_something("".join(text[at] for at in kept).lower()):
            yield Spelled(start, end, kept)


def _says_something(word: str) -> bool:
    """False for kisses (x x x x), stammering (n-n-n-no), the alphabet and counting."""
    letters = {char for char in word if char.isalpha()}
    digits = sum(char.isdecimal() for char in word)
    return (len(letters) >= _LEAST_LETTERS or digits >= _LEAST_DIGITS) and not any(
        word in series for series in _HARMLESS
    )
