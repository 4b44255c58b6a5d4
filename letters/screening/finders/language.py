"""Tells whether a text is English, by the small words that every English sentence needs.

That question needs no model and no knowledge of other languages; see decision 0025.
"""

from collections.abc import Iterator

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.findings import Hit
from letters.screening.text.english_words import count, known
from letters.screening.text.english_words import of as words_of

_ENGLISH = frozenset(
    "the of and to in a is was for on with as at by he it that i you we they she his her my your "
    "our their this be have"
    " had has are were not no but from or an which who what when will would can could there been "
    "do did so me him us"
    " them if all one out up about then than into some how just get got im dont its after now "
    "more am very said never"
    " know because where why here too also only over want sorry yes please like time people did "
    "didnt"
    " cant thats".split()
)
# Small words of other languages that look like English ones ("a", "me", "no", "in", "an", "do",
# "as", "on", "so").
_SHARED = frozenset(
    "a i me no in an do as on so he is was his am all us o to be or one more over".split()
)
_PARAGRAPH = re2.compile(r"[^\n]+")
_LEAST_WORDS, _LEAST_LETTERS = 8, 40
_LEAST_SHARE = 0.15
_LEAST_SURE = 0.08
_LEAST_KNOWN = 0.6


def other_languages(text: str) -> Iterator[Hit]:
    """Neighbouring paragraphs that do not read as English are one hit; paragraphs
    that are too short are not judged.

    Errs on the careful side: a list of names may be reported too, as a quiet note.
    """
    start = end = -1
    for match in _PARAGRAPH.finditer(text):
        verdict = _is_english(match.group())
        if verdict is False:
            start = match.start() if start < 0 else start
            end = match.end()
        elif verdict and start >= 0:
            yield Hit("hidden.language", start, end)
            start = -1
    if start >= 0:
        yield Hit("hidden.language", start, end)


def _is_english(paragraph: str) -> bool | None:
    """True if the paragraph is English; None if there is too little text to tell."""
    words = [word.replace("'", "") for word in words_of(paragraph)]
    letters = sum(map(len, words))
    foreign = (0 if paragraph.isascii()
               else sum(not char.isascii() for word in words for char in word))
    if letters >= _LEAST_LETTERS // 2 and foreign > letters // 2:
        return False
    if len(words) < _LEAST_WORDS or letters < _LEAST_LETTERS // 2:
        return None
    common = count(words, _ENGLISH)
    sure = common - count(words, _SHARED)
    if common >= _LEAST_SHARE * len(words) and sure >= _LEAST_SURE * len(words):
        return True
    # Headings and lists have few small words in any language; there the other words decide.
    return sum(map(known, words)) >= _LEAST_KNOWN * len(words)
