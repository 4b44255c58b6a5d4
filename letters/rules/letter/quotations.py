"""Does one text hold a long passage of another word for word? Asked before a facilitator's message reaches somebody.

It is a guard against a slip of the hand, no wall: a passage that is told in other words, spelled otherwise, cut into
pieces or shorter than the run is not found.
"""

import re
import unicodedata

RUN = 12
"""From so many words in a row on, it is a passage."""

_SILENT = re.compile("['’\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_WORD = re.compile(r"\w+")


def quotes(message: str, letter: str, run: int = RUN) -> bool:
    """True if ``run`` words of the letter stand in the message in the same order with no other word between them.

    Capitals, signs, spaces and line ends make no difference. Never true of a letter that is shorter.
    """
    runs = _runs(letter, run)
    return bool(runs) and not runs.isdisjoint(_runs(message, run))


def _runs(text: str, run: int) -> set[tuple[str, ...]]:
    words = _WORD.findall(_SILENT.sub("", unicodedata.normalize("NFKC", text)).casefold())
    return {tuple(words[at:at + run]) for at in range(len(words) - run + 1)}
