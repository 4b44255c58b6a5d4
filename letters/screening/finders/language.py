"""Tells whether a sentence is English: by its script, the small words that English needs, and its
known words.

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
    " cant thats"
    # as it is texted, and spoken in Scotland, Ireland and the North
    " u ur r n wot wiv coz cos wanna gonna gona gotta ya yer ye yous ah tae fae wi ma aye naw wee"
    " dinnae cannae didnae wasnae isnae couldnae nae naebody summat nowt owt innit aint".split()
)
# Small words of other languages that look like English ones ("a", "me", "no", "in", "an", "do",
# "as", "on", "so").
_LATIN = "\u024f"
"""The last letter of the Latin script with its accents."""
_SHARED = frozenset(
    "a i me no in an do as on so he is was his am all us o to be or one more over".split()
)
_SENTENCE = re2.compile(r"[^\n.!?。！？؟۔।]+[.!?。！？؟۔।]*")
_UNBROKEN = re2.compile(r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
"""Scripts that write a sentence as one word."""
_LEAST_WORDS, _LEAST_LETTERS, _LEAST_UNBROKEN = 6, 12, 9
_LEAST_KNOWN, _LEAST_SURE, _LEAST_TELLING = 0.42, 0.12, 4
"""Fewer known words than this, and fewer small ones that only English has: not English. On texts
that nobody tuned this on it marks foreign sentences, and clumsy English seldom."""


def other_languages(text: str) -> Iterator[Hit]:
    """Neighbouring sentences that do not read as English are one hit: what they say was not looked
    at. A sentence of fewer than six words is not judged, and goes with the one before.

    Errs on the careful side: a list of names may be reported too, as a quiet note.
    """
    start = end = -1
    for match in _SENTENCE.finditer(text):
        verdict = _is_english(match.group())
        if verdict is False:
            first = match.start() + len(match.group()) - len(match.group().lstrip())
            start = first if start < 0 else start
            end = match.end()
        elif start >= 0 and (verdict or _has_small_words(match.group())):
            yield Hit("hidden.language", start, end)
            start = -1
        elif start >= 0 and match.group().strip():
            end = match.end()  # a few words that go on like this
    if start >= 0:
        yield Hit("hidden.language", start, end)


def _has_small_words(sentence: str) -> bool:
    return count(words_of(sentence), _ENGLISH) > count(words_of(sentence), _SHARED)


def _is_english(sentence: str) -> bool | None:
    """True if the sentence is English; None if there is too little text to tell."""
    words = [word.replace("'", "") for word in words_of(sentence)]
    letters = sum(map(len, words))
    unbroken = letters >= _LEAST_UNBROKEN and _UNBROKEN.search(sentence)
    if not unbroken and (letters < _LEAST_LETTERS or len(words) < _LEAST_WORDS):
        return None
    if not sentence.isascii():
        foreign = sum(char.isalpha() and char > _LATIN for word in words for char in word)
        if foreign > letters // 2:
            return False
    if len(words) < _LEAST_WORDS:
        return None
    telling = [word for word in words if word not in _SHARED]
    if count(telling, _ENGLISH) >= _LEAST_SURE * len(words):
        return True
    told = sum(word in _ENGLISH or known(word) for word in telling)
    return len(telling) < _LEAST_TELLING or told >= _LEAST_KNOWN * len(telling)
