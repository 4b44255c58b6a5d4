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


def _cost(word: str) -> float:
    place = _ranks().get(word)
    if place is None or place > _MOST_COMMON:
        return _UNKNOWN * len(word)
    return log(place + 10) + (_SHORT_COST if len(word) < 3 else 0.0)
