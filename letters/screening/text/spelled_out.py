"""Letters and digits spelled out with something between them: "c a l l  m e", "0.7.7.0.0"."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.text import english_words


class Spelled(NamedTuple):
    """A stretch that is spelled out, its reading when put together, and the
    offset of each character of that."""

    start: int
    end: int
    read: str
    kept: Sequence[int]


_SIGNS = (r"\.", "-", "_", r"\*", "/", r"\|", "~", "·", "•", r"\+", "=", ":")
# Initials and abbreviations (U.S.S.R.) have signs between letters too, so signs
# need five letters, spaces four.
_SIGNED = "|".join(rf"[A-Za-z0-9](?:(?:{sign}| {sign} )[A-Za-z0-9]){{4,}}"
                   for sign in _SIGNS) + r"|\d(?: ?, ?\d){6,}"
_SPACED = r"[A-Za-z0-9](?: [A-Za-z0-9@._]){3,}"
_PATTERN = re2.compile(rf"\b(?:({_SIGNED})|{_SPACED})\b")
# Two words or more in a row with the same sign between their letters: "y.o.u d.i.e".
_ROW = re2.compile(r"\b(?:" + "|".join(
    rf"[A-Za-z](?:{sign}[A-Za-z])+(?: [A-Za-z](?:{sign}[A-Za-z])+)+" for sign in _SIGNS) + r")\b")
# The short words between words that are long enough to be certain: "t o", "a.n".
_SHORT = re2.compile(r"\b[A-Za-z0-9](?:(?:[.\-_*/|~·•+=:][A-Za-z0-9]){1,3}|(?: "
                     r"[A-Za-z0-9]){1,2})\b")
_SURE = 2

_LEAST_LETTERS, _LEAST_DIGITS = 3, 7
_LONGEST_WORD = 8
_HARMLESS = (
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "01234567891011121314151617181920",
    "9876543210",
)


def spelled_out(text: str, short_too: bool = False) -> Iterator[Spelled]:
    """Each stretch of single letters or digits that reads as a word or a
    number when put together, in order.

    With `short_too`, also two or three letters, in a text where at least two
    longer stretches are spelled out.
    """
    rows = [row for match in _ROW.finditer(text) if (row := _row(text, *match.span()))]
    sure = sorted([*rows, *(word for match in _PATTERN.finditer(text)
                            if (word := _read(text, match)) and not any(
                                row.start <= word.start < row.end for row in rows))])
    if not short_too or len(sure) < _SURE:
        yield from sure
        return
    done = 0
    for word in sure:
        yield from _short(text, done, word.start)
        yield word
        done = word.end
    yield from _short(text, done, len(text))


def _row(text: str, start: int, end: int) -> Spelled | None:
    kept = [at for at in range(start, end) if text[at].isalnum() or text[at] == " "]
    read = "".join(text[at] for at in kept)
    words = any(len(word) > 2 and english_words.known(word) for word in read.split())
    return Spelled(start, end, read, kept) if words else None


def _read(text: str, match: Any) -> Spelled | None:
    start, end = match.span()
    signed = match.group(1) is not None
    kept = [at for at in range(start, end) if text[at].isalnum() or not (signed or text[at] == " ")]
    together = "".join(text[at] for at in kept)
    if not _says_something(together.lower()):
        return None
    # With one space between all letters, even across words, only a word list knows where words end.
    if (len(kept) > _LONGEST_WORD and together.isascii() and together.isalpha()
        and not english_words.known(together)):
        parts = english_words.split(together)
        if len(parts) > 1:
            ends, at = list[int](), 0
            for part in parts:
                ends += [*kept[at : at + len(part)], kept[at + len(part) - 1]]
                at += len(part)
            return Spelled(start, end, " ".join(parts), ends[:-1])
    return Spelled(start, end, together, kept)


def _short(text: str, start: int, end: int) -> Iterator[Spelled]:
    for match in _SHORT.finditer(text[start:end]):
        first, last = start + match.start(), start + match.end()
        kept = [at for at in range(first, last) if text[at].isalnum()]
        yield Spelled(first, last, "".join(text[at] for at in kept), kept)


def _says_something(word: str) -> bool:
    """False for kisses (x x x x), stammering (n-n-n-no), the alphabet and counting."""
    letters = {char for char in word if char.isalpha()}
    digits = sum(char.isdecimal() for char in word)
    return (len(letters) >= _LEAST_LETTERS or digits >= _LEAST_DIGITS) and not any(
        word in series for series in _HARMLESS
    )
