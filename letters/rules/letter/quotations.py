"""Does one text contain a long passage of another word for word? Checked before a facilitator's
message reaches somebody.

It guards against a slip of the hand and is no wall: it does not find a passage that is told in
other words, spelled differently, cut into pieces or shorter than the run.
"""

import re
import unicodedata

RUN = 12
"""The number of words in a row that make a passage."""

_SILENT = re.compile("['’\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_WORD = re.compile(r"\w+")


def quotes(message: str, letter: str, run: int = RUN) -> bool:
    """True if ``run`` words of the letter occur in the message
    in the same order with no word between.

    Capitals, signs, spaces and line ends make no difference. Never true of a letter that is
    shorter.
    """
    runs = _runs(letter, run)
    return bool(runs) and not runs.isdisjoint(_runs(message, run))


def _runs(text: str, run: int) -> set[tuple[str, ...]]:
    words = _WORD.findall(_SILENT.sub("", unicodedata.normalize("NFKC", text)).casefold())
    return {tuple(words[at:at + run]) for at in range(len(words) - run + 1)}
