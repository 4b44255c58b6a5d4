"""Which words are English, for reading disguised text. Never a reason for a finding by itself."""

from collections.abc import Mapping, Sequence
from functools import cache
from math import log

# Enough to tell a sentence from noise without a word list, which is loaded only when
# there is something to decode.
COMMON = frozenset(
    "the and you that was for are with his they this have from had not but what were when your "
    "can said there each"
    " which she how their will other about out many then them these some her would make like him "
    "into time has look"
    " more see way could people than been call who now find down did get come made may part me "
    "my we he it is in of"
    " to all so if do no as at by or an be us just should never know want kill hate love sorry "
    "find write"
    " letter".split()
)
_SHORT = frozenset("a i am an as at be by do go he if in is it me my no of oh ok on or so to up "
                   "us we hi".split())
# Names and places, in the form of the list, are words here too: a hidden
# "call Sarah" is still words.
_MOST_COMMON = 12_000
_LONGEST = 16
_UNKNOWN = 25.0
_SHORT_COST = 3.0

_SMALL = "abcdefghijklmnopqrstuvwxyz"
_ROT13 = str.maketrans(_SMALL + _SMALL.upper(),
                       _SMALL[13:] + _SMALL[:13] + (_SMALL[13:] + _SMALL[:13]).upper())
_APART = str.maketrans({char: " " for char in map(chr, range(128)) if not char.isalpha()
                        and char != "'"})


def of(text: str) -> list[str]:
    """The words of a text in lower case, in order; quicker than a pattern."""
    return text.lower().translate(_APART).split()


@cache
def _ranks() -> Mapping[str, int]:
    """Rank of each word, 1 for the most usual, from the lists that come with the password judge."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    ranks: dict[str, int] = {}
    for name in ("us_tv_and_film", "english_wikipedia"):
        for rank, listed in enumerate(FREQUENCY_LISTS[name], start=1):
            word = listed.replace("'", "")
            if word.isascii() and word.isalpha() and (len(word) > 2 or word in _SHORT):
                ranks[word] = min(rank, ranks.get(word, rank))
    return ranks


ROT13 = frozenset(word.translate(_ROT13) for word in COMMON)
BACKWARDS = frozenset(word[::-1] for word in COMMON)
"""The common words as they stand in a sentence that was turned."""


def rot13(text: str) -> str:
    """The text with each letter moved by thirteen."""
    return text.translate(_ROT13)


def count(words: Sequence[str], among: frozenset[str] = COMMON) -> int:
    """How many of these words are among those."""
    return sum(map(among.__contains__, words))


def known(word: str) -> bool:
    """True for an English word in any case, also in the plural of a listed one."""
    lower = word.lower().replace("'", "")
    if lower in COMMON:
        return True
    ranks = _ranks()
    return lower in ranks or (len(lower) > 4 and lower.endswith("s") and lower[:-1] in ranks)


def rank(word: str) -> int:
    """How rare a word is, 1 for the most usual; very rare if it is not listed."""
    return _ranks().get(word.lower(), 1_000_000)


def split(letters: str) -> Sequence[str]:
    """The letters as words, if all of them can be read as fairly usual words;
    else nothing. Linear in length."""
    lower = letters.lower()
    if not _can_be_words(lower):
        return ()
    costs, starts = [0.0], [0]
    for end in range(1, len(lower) + 1):
        tried = range(max(0, end - _LONGEST), end)
        cost, start = min((costs[start] + _cost(lower[start:end]), start) for start in tried)
        costs.append(cost)
        starts.append(start)
    words, end = list[str](), len(lower)
    while end:
        words.append(letters[starts[end] : end])
        end = starts[end]
    words.reverse()
    return words if all(rank(word) <= _MOST_COMMON for word in words) else ()


def _can_be_words(lower: str) -> bool:
    """True if usual words can follow one another through all the letters: chance seldom makes
    that, and to see it costs little."""
    usual, reached = _usual(), [0]
    for end in range(1, len(lower) + 1):
        if end - reached[-1] > _LONGEST:
            return False
        if any(lower[start:end] in usual for start in reversed(reached) if end - start <= _LONGEST):
            reached.append(end)
    return reached[-1] == len(lower)


@cache
def _usual() -> frozenset[str]:
    return frozenset(word for word, place in _ranks().items() if place <= _MOST_COMMON)


def _cost(word: str) -> float:
    place = _ranks().get(word)
    if place is None or place > _MOST_COMMON:
        return _UNKNOWN * len(word)
    return log(place + 10) + (_SHORT_COST if len(word) < 3 else 0.0)
