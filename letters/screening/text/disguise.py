"""Words with digits and signs for letters ("k1ll"), words run together
("callmetonight"), and digits in words."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.findings import Hit
from letters.screening.text import english_words
from letters.screening.text.normalise import View

_FORMS = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "li", "+": "t", "€": "e", "£": "l", "I": "l",
}  # fmt: skip
_TOKEN = re2.compile(r"[A-Za-z0-9@$!|+€£]*[A-Za-z0-9@$|€]")
# What deserves a closer look if nothing is masked: a capital I within a word, and very long words.
_LETTERS = re2.compile(r"[A-Za-z]*[a-z]I[A-Za-z]*|[A-Za-z]{10,}")
_MIXED = re2.compile(
    r"[A-Za-z0-9@$!|+€£]*(?:[A-Za-z][0-9@$!|+€£]+[A-Za-z0-9@$|€]|[0-9@$!|"
    r"+€£][A-Za-z])[A-Za-z0-9@$|€]*"
)
# 2nd, 90s, 5pm, 10km, 7a, 1990s, #4: everyday combinations of digits and letters.
_EVERYDAY = re2.compile(
    r"(?:\d+(?:st|nd|rd|th|am|pm|[a-z]{1,2})|[A-Za-z]\d+|[A-Z0-9]{1,6}"
    r"|[+£$€@!|]?\d+[+!|€$£]*|[£$€]\d+[a-z]*)"
)
_MOST_READINGS = 16
_LONGEST_TOKEN = 40
_RUN_TOGETHER = 10
# A long rare word can be split into short ones too (concept-i-on); speech to
# somebody begins with one of these.
_BEGINS = frozenset("i im ill you youre we he she they my your our all call ring meet text find "
                    "write message come give"
                    " kill the this that those these if no please tell dont never".split())


def unmasked(view: View) -> View:
    """The view with letters in place of the digits and signs that stand for them, and
    with run-together words separated."""
    changed = [(start, end, read) for start, end, read in _masked(view.text)]
    if not changed:
        return view
    pieces, places, done = list[str](), list[int](), 0
    for start, end, read in changed:
        pieces += [view.text[done:start], read]
        places += range(done, start)
        at = start
        for char in read:
            places.append(min(at, end - 1))
            at += char != " "
        done = end
    pieces.append(view.text[done:])
    places += range(done, len(view.text))
    return view.pick("".join(pieces), places)


def masked_words(view: View) -> Iterator[Hit]:
    """The words in which digits or signs stand for letters, if the reading
    is an English word beyond doubt."""
    for start, end, read in _masked(view.text):
        written = view.text[start:end]
        if any(char in _FORMS and char != "I"
               for char in written) and any(map(str.islower, written)):
            in_a_link = view.text[start
                                  - 1 : start] in _LINKING or view.text[end : end + 1] in _LINKING
            if len(read) > 2 and read.isalpha() and english_words.known(read) and not in_a_link:
                yield Hit("hidden.leet", *view.span(start, end))


def _masked(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and reading of each word that is not written with its letters alone."""
    strange = sum(not _is_everyday(match.group()) for match in _MIXED.finditer(text))
    for match in (_TOKEN if strange else _LETTERS).finditer(text):
        token = match.group()
        if len(token) > _LONGEST_TOKEN:
            continue
        if token.isalpha():
            if (reading := _letters(token)) != token:
                yield *match.span(), reading
        # Where words are masked, things that look like dates and numbers are
        # masked words too: "70 7h053".
        elif any(map(str.isalpha, token)):
            if strange > 1 or not _is_everyday(token):
                yield *match.span(), _reading(token)
        elif len(token) < 5 and strange > 1:
            yield *match.span(), _reading(token)


@lru_cache(maxsize=4096)
def _is_everyday(token: str) -> bool:
    return bool(_EVERYDAY.fullmatch(token))


@lru_cache(maxsize=4096)
def _reading(token: str) -> str:
    """The first reading that is a word, or else the plainest."""
    forms = [(_FORMS[char] if char in _FORMS and char != "I" else char) for char in token]
    readings = ["".join(read) for read in islice(product(*forms), _MOST_READINGS)]
    return next((read for read in readings if english_words.known(read)), readings[0])


def _letters(token: str) -> str:
    """The reading of a word of letters alone: with a capital I that stands for an l, or
    several words without a space."""
    if "I" in token[1:] and not token.isupper() and not english_words.known(token):
        return token.replace("I", "l")
    if len(token) >= _RUN_TOGETHER and not english_words.known(token):
        parts = english_words.split(token)
        if len(parts) > 2 and parts[0].lower() in _BEGINS:
            return " ".join(parts)
    return token


_LINKING = frozenset("/=?&#_%")
_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2",
    "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "o": "0",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7",
    "eighty": "8",
    "ninety": "9",
}  # fmt: skip
_TIMES = {"double": 2, "treble": 3, "triple": 3}
_SAID = rf"(?:{'|'.join(_TIMES)}|{'|'.join(_DIGIT_WORDS)}|{'|'.join(_TENS)}|hundred|\d{{1,6}})"
_RUN = re2.compile(rf"(?i)(?:\bplus[ ,\-]+)?\b{_SAID}(?:(?:[ ,.\-]|, | - |\s?\n)?(?:and "
                   rf")?{_SAID})+\b")
_SAID_ONE = re2.compile(rf"(?i){_SAID}")
# A letter O or l within digits: O77OO 9OO123.
_LETTER_DIGITS = re2.compile(r"\b\+?[0-9OoIlSB]{3,}(?:[ \-][0-9OoIlSB]{2,})*\b")
_AS_DIGITS = str.maketrans("OoIlSB", "001158")
_LEAST_DIGITS, _LEAST_SAID = 7, 3
_COUNTING = ("0123456789101112131415", "10987654321")


def dialled(view: View) -> View:
    """The view with digits in place of number words and of letters that
    stand for digits: a number to dial."""
    found: list[tuple[int, int, str]] = []
    for match in _RUN.finditer(view.text):
        said = [word.lower() for word in _SAID_ONE.findall(match.group())]
        digits = _digits(said)
        if len(digits) >= _LEAST_DIGITS and sum(not word.isdecimal()
                                                for word in said) >= _LEAST_SAID:
            plus = "+" if match.group().lower().startswith("plus") else ""
            if not any(digits in series for series in _COUNTING):
                found.append((*match.span(), plus + digits))
    for match in _LETTER_DIGITS.finditer(view.text):
        written = match.group()
        count = sum(map(str.isdecimal, written))
        if any(char in "OoIlSB" for char in written) and count >= 4 and 2 * count >= len(written):
            found.append((*match.span(), written.translate(_AS_DIGITS)))
    if not found:
        return view
    pieces, places, done = list[str](), list[int](), 0
    for start, end, digits in sorted(found):
        if start < done:
            continue
        pieces += [view.text[done:start], digits]
        places += range(done, start)
        places += (start + (end - start) * at // len(digits) for at in range(len(digits) - 1))
        places.append(end - 1)
        done = end
    pieces.append(view.text[done:])
    places += range(done, len(view.text))
    return view.pick("".join(pieces), places)


def _digits(said: Sequence[str]) -> str:
    digits, times, ten = list[str](), 1, False
    for word in said:
        if word in _TIMES:
            times = _TIMES[word]
            continue
        if word == "hundred":
            digits.append("00")
        elif word in _TENS:
            digits.append(_TENS[word] + "0")
        else:
            digit = _DIGIT_WORDS.get(word, word)
            if ten and len(digit) == 1 and digit != "0":  # seventy-seven
                digits[-1] = digits[-1][0]
            digits.append(digit * times)
        times, ten = 1, word in _TENS
    return "".join(digits)
