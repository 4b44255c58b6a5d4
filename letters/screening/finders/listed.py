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

# Scripts that write no space between words: what is listed stands anywhere in a line.
_WITHOUT_SPACES = (r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
                   r"\p{Tibetan}ー々")
_UNSPACED = re2.compile(f"[{_WITHOUT_SPACES}]")
_GAP = rf"[^\pL\pN]|[{_WITHOUT_SPACES}]"
_ENDINGS = "(?:ie|[a-z]y)?"
# Korean writes spaces, but what follows a noun is written onto it.
_PARTICLES = re2.compile(r"\p{Hangul}")


def spoken_form(word: str) -> str:
    """The word in the form that a cleaned view shows."""
    return "".join(map(plain, word))


def listed(text: str, words: Sequence[str], loosely: bool = False) -> Iterator[tuple[int, int]]:
    """Start and end of each listed word in a cleaned text: whole words, in any case, also
    possessive and plural; anywhere, in scripts that write no space between words.

    ``loosely``: also drawn out, broken by a hyphen, and as a pet name: "craaazy", "sweet-heart",
    "laddie" for *lad*, "darlin'".
    """
    wanted = tuple(sorted({form for word in words
                           if (form := " ".join(spoken_form(word).split()))}))
    if not wanted:
        return
    for pattern in _patterns(wanted, loosely):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if loosely or match.group(1).lower() not in _EVERYDAY or _is_name(text, start):
                yield start, end


@lru_cache(maxsize=64)
def _patterns(words: tuple[str, ...], loosely: bool) -> tuple[Any, ...]:
    """One pattern for the words that need a gap on both sides, on one, or on none."""
    edges: dict[tuple[bool, bool], list[str]] = {}
    for word in words:
        open_before = _UNSPACED.match(word) is not None
        open_after = _UNSPACED.match(word[-1]) is not None or _PARTICLES.match(word[-1]) is not None
        edges.setdefault((open_before, open_after), []).append(word)
    return tuple(_pattern(alike, *edge, loosely) for edge, alike in edges.items())


def _pattern(words: Sequence[str], open_before: bool, open_after: bool, loosely: bool) -> Any:
    by_length = sorted(words, key=len, reverse=True)
    written = _loosely if loosely else re2.escape
    options = "|".join(written(word).replace(r"\ ", r"[\s\-]+") for word in by_length)
    before = "" if open_before else f"(?:^|{_GAP})"
    after = "" if open_after else f"{_ENDINGS if loosely else ''}(?:'?s)?(?:$|{_GAP})"
    return re2.compile(rf"(?i){before}((?:{options})){after}")


def _loosely(word: str) -> str:
    letters = [re2.escape(letter) + ("+" if letter.isalpha() else "") for letter in word]
    if word.lower().endswith("ing"):
        letters[-1] = "g*"
    return "[-_*]?".join(letters)


def _is_name(text: str, start: int) -> bool:
    """True for a capital that does not only begin a sentence."""
    before = text[max(0, start - 3) : start].rstrip(" \"'(")
    return text[start].isupper() and bool(before) and before[-1] not in ".!?\n:"
