"""Finds the names and words of a list that a team keeps for a case."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.text.characters import plain

# Names that are also everyday words count only with a capital, and not where every word has one.
_EVERYDAY = frozenset(
    "will grace mark may faith hope joy rose bill rob jack art frank grant dawn april june "
    "august summer autumn sky"
    " pat sue chase drew miles dean guy nick penny ray rich robin sandy sunny victor ivy lily "
    "daisy angel christian"
    " church mill hill park green brown white black young king cook baker long short best good "
    "day love price bath"
    " reading sandwich deal ash rugby".split()
)


def spoken_form(word: str) -> str:
    """The word in the form that a cleaned view shows."""
    return "".join(map(plain, word))


def listed(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Start and end of each listed word in a cleaned text: whole words, in any
    case, also possessive and plural."""
    wanted = tuple(sorted({form for word in words
                           if (form := " ".join(spoken_form(word).split()))}))
    if not wanted:
        return
    for match in _pattern(wanted).finditer(text):
        start, end = match.span(1)
        if match.group(1).lower() not in _EVERYDAY or _is_name(text, start):
            yield start, end


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> Any:
    by_length = sorted(words, key=len, reverse=True)
    options = "|".join(re2.escape(word).replace(r"\ ", r"[\s\-]+") for word in by_length)
    return re2.compile(rf"(?i)(?:^|[^\pL\pN])((?:{options}))(?:'?s)?(?:$|[^\pL\pN])")


def _is_name(text: str, start: int) -> bool:
    """True for a capital that does not only begin a sentence."""
    before = text[max(0, start - 3) : start].rstrip(" \"'(")
    return text[start].isupper() and bool(before) and before[-1] not in ".!?\n:"
