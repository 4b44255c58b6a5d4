"""Checks a letter against its reader's wishes: form of address, words not to be used (rule 24)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.finders.listed import listed, spoken_form
from letters.screening.findings import Hit, Preferences

_LINE = re2.compile(r"[^\n]+")
_GREETS = re2.compile(
    r"(?i)\s*(?:(?:my |our )?(?:dear(?:est)?|darling|beloved|love|sweetheart|respected)\b|hello\b|"
    r"hi\b|hiya\b|hey\b|yo\b|oi\b|g'day\b|al+ri(?:gh)?te?\b|a(?:w|l+)right\b|what'?s up\b|to whom\b"
    r"|good (?:morning|evening|afternoon|day)\b|greetings\b|to\s+\pL+\s*[,:]?\s*$)"
    r"|\s*\pL+(?: \pL+){0,2}\s*[,:]\s*$"
)
_TO_A_STOP = re2.compile(r"[^,:.!?]{0,60}")
_LONGEST_GREETING, _LONGEST_SIGNATURE = 60, 40


def wishes(text: str, preferences: Preferences) -> Iterator[Hit]:
    """Words not to be used, wherever they stand; a greeting or
    signature that differs from the wish."""
    for start, end in listed(text, preferences.words_not_used, loosely=True):
        yield Hit("address.word", start, end)
    if not (preferences.greeting or preferences.signature):
        return
    lines = [match for match in _LINE.finditer(text) if match.group().strip()]
    if not lines:
        return
    if preferences.greeting:
        yield from _greeting(lines[0], preferences.greeting)
    if preferences.signature and len(lines) > 1:
        yield from _signature(lines[-1], preferences.signature)


def _greeting(line: Any, wished: str) -> Iterator[Hit]:
    written = line.group()
    opening = written if len(written) <= _LONGEST_GREETING else _TO_A_STOP.match(written).group()
    if _GREETS.match(opening) and not _plain(opening).startswith(_plain(wished)):
        yield Hit("address.greeting", line.start(), line.start() + len(opening))


def _signature(line: Any, wished: str) -> Iterator[Hit]:
    written = line.group().strip()
    signs = (len(written) <= _LONGEST_SIGNATURE and not written.endswith(("?", "!"))
             and written.count(" ") < 5)
    if signs and not _plain(written).endswith(_plain(wished)):
        yield Hit("address.signature", *line.span())


@lru_cache(maxsize=256)
def _plain(line: str) -> str:
    return " ".join(spoken_form(line).lower().strip(" ,.:;–—-").split())
