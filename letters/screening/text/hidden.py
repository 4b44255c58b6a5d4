"""Recognises hidden content: invisible characters, look-alikes, letters
struck through or spelled out."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator

import re2  # type: ignore[import-untyped, unused-ignore]

from letters.screening.findings import Hit
from letters.screening.text.characters import (
    DIRECTION_MARKS,
    FLAG,
    FLAGS,
    ZWJ,
    ZWNJ,
    alphabet,
    hidden_rule,
    is_diacritic,
    is_strike,
    is_variation_selector,
)

_EMOJI_STYLE = "\ufe0f"
_SYMBOLS = frozenset({"So", "Sk", "Sm", "Po", "Pd"})
_WORD = re2.compile(r"[\pL\pM]{2,}")


def hidden(text: str) -> Iterator[Hit]:
    """Everything hidden by the characters of the letter as it was written."""
    yield from _unseen(text)
    yield from _marked(text)
    yield from _mixed_alphabets(text)


def unseen_in_name(name: str) -> bool:
    """True if a name has characters that nobody sees, such as spaces without width or marks that
    turn the direction. Joiners and selectors are ordinary where a script is spelled with them."""
    return not DIRECTION_MARKS.isdisjoint(name) or any(rule != "hidden.styled"
                                                       for rule, _, _ in _unseen(name))


def _unseen(text: str) -> Iterator[Hit]:
    """Neighbouring hidden characters as one hit, under the rule of the first."""
    for flag in FLAGS:
        text = text.replace(flag, FLAG * len(flag))
    rules = {char: rule for char in set(text) if (rule := hidden_rule(char))}
    places = (at for at in _places(text, rules) if not _belongs(text, at))
    for start, end in _runs(places):
        rule = rules[text[start]]
        east_asian = rule in ("hidden.styled",
                              "hidden.space") and _in_east_asian_text(text, start, end)
        if not east_asian and (rule != "hidden.styled" or end - start > 1):
            yield Hit(rule, start, end)


def _belongs(text: str, at: int) -> bool:
    """True where good writing needs the character: in emoji, in scripts
    that join letters, in a line end."""
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    kind_before = unicodedata.category(before) if before else ""
    if char == "\r":
        return after == "\n"
    if char in DIRECTION_MARKS:
        near = filter(str.isalpha, text[max(at - 2, 0) : at + 3])
        return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in near)
    if char == ZWJ and after and unicodedata.category(after) in ("So", "Sm"):
        return kind_before in ("So", "Sk") or before == _EMOJI_STYLE
    if char in (ZWJ, ZWNJ):
        return kind_before in ("Lo", "Mc", "Mn") and not is_diacritic(before)
    if is_variation_selector(char):
        keycap = before in "0123456789#*" and after == "\u20e3"
        return bool(before) and (kind_before in _SYMBOLS or kind_before == "Lo" or keycap)
    return False


def _in_east_asian_text(text: str, start: int, end: int) -> bool:
    near = text[max(start - 1, 0) : start] + text[end : end + 1]
    return any(unicodedata.east_asian_width(char) == "W" and char.isalpha() for char in near)


def _marked(text: str) -> Iterator[Hit]:
    """Letters under three marks or more, or struck through; accents and the marks
    of other scripts are ordinary."""
    marks = {char for char in set(text) if is_diacritic(char)}
    for start, end in _runs(_places(text, marks)):
        if end - start > 2 or any(is_strike(char) for char in text[start:end]):
            yield Hit("hidden.marks", max(start - 1, 0), end)


def _mixed_alphabets(text: str) -> Iterator[Hit]:
    """Words that mix Latin letters with Greek or Cyrillic ones; Δt and μm are ordinary."""
    alphabets = {char: name for char in set(text) if (name := alphabet(char))}
    if len(set(alphabets.values())) < 2:
        return
    for match in _WORD.finditer(text):
        found = {alphabets.get(char) for char in match.group()}
        greek = "GREEK" in found and len(match.group()) > 2
        if "LATIN" in found and (greek or found & {"CYRILLIC", "OTHER"}):
            yield Hit("hidden.lookalike", *match.span())


def _places(text: str, wanted: Collection[str]) -> Iterable[int]:
    """The places of the wanted characters. Most letters have none, and are not searched."""
    return (at for at, char in enumerate(text) if char in wanted) if wanted else ()


def _runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rising offsets grouped into stretches without a gap."""
    start = end = -1
    for at in places:
        if at != end:
            if end > 0:
                yield start, end
            start = at
        end = at + 1
    if end > 0:
        yield start, end
