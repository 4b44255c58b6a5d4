"""How the screening sees each character: hidden in some way, or a look-alike of a plain letter.

Everything here judges one character by itself, so that a text costs one judgement for
each *different* character. `hidden.py` judges what depends on the neighbours (emoji
joiners, marks in other scripts).
"""

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

ZWNJ, ZWJ = "\u200c", "\u200d"
FLAG, CANCEL_TAG = "\U0001f3f4", "\U000e007f"
FLAGS = tuple(FLAG + "".join(chr(0xE0000 + ord(mark)) for mark in code) + CANCEL_TAG
              for code in ("gbeng", "gbsct", "gbwls"))
"""England, Scotland and Wales: the only flags whose emoji is spelled with tag characters."""
DIRECTION_MARKS = frozenset("\u061c\u200e\u200f")

_DIRECTION = DIRECTION_MARKS | set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufff9\ufffa\ufffb")
# Word processors insert no-break, narrow no-break, thin and hair spaces;
# the others are rare in letters.
_ORDINARY_SPACES = frozenset(" \u00a0\u2009\u200a\u202f")
_ASCII_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_BLANKS = frozenset("\u2800")
_DIACRITICS = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)
_STRIKES = ((0x0334, 0x0338), (0x0488, 0x0489), (0x20D2, 0x20D3), (0x20D8, 0x20DA),
            (0x20DD, 0x20E0), (0x20E4, 0x20EB))
_STYLED = (
    (0x24B6, 0x24E9),
    (0x1D400, 0x1D7FF),
    (0x1F130, 0x1F189),
    (0xFF10, 0xFF19),
    (0xFF21, 0xFF3A),
    (0xFF41, 0xFF5A),
)

# Limited on purpose to characters that the eye takes for a Latin letter in running text.
_CYRILLIC = ("АВЕЅІЈКМНОРСТУХҮԌԚԜЄавгеіјкмнопрстухѕьЬԁһѡѵԛԝҽүұәє",
             "ABESIJKMHOPCTYXYGQWEabreijkmhonpctyxsbbdhwvqweyyee")
_GREEK = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεηικνορςστυχωϲϳͺ", "ABEZHIKMNOPTYXabyenikvopcotuxwcji")
_OTHERS = ("ıɑɡɩʏᴀʙᴄᴅᴇɢʜᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡᴢօսհոց", "iagiyabcdeghjklmnoprstuvwzouhng")
_LOOKALIKES = {
    ord(char): latin
    for chars, latins in (_CYRILLIC, _GREEK, _OTHERS)
    for char, latin in zip(chars, latins, strict=True)
}
# Rules are written with typewriter quotes.
_QUOTES = dict.fromkeys(map(ord, "‘’‚‛ʼ`´＇"), "'") | dict.fromkeys(map(ord, "“”„‟«»＂"), '"')
_ALIKE = _QUOTES | _LOOKALIKES
# The longest compatibility form has 18 letters for one; a letter made of those would
# take 18 times as long to read.
_LONGEST_FORM = 3


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def is_diacritic(char: str) -> bool:
    """True for marks that any letter can carry; marks that belong to one script
    alone are part of its spelling."""
    return _within(ord(char), _DIACRITICS)


def is_strike(char: str) -> bool:
    """True for marks drawn through or around a letter."""
    return _within(ord(char), _STRIKES)


def is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


@lru_cache(maxsize=4096)
def hidden_rule(char: str) -> str | None:
    """The rule under which this character, by itself, is hidden content; None for
    ordinary characters of a letter."""
    code, kind = ord(char), unicodedata.category(char)
    if kind == "Cc":
        return None if char in "\n\t" else "hidden.control"
    if char in _DIRECTION:
        return "hidden.direction"
    if 0xE0000 <= code <= 0xE007F:
        return "hidden.tag"
    if char == "\ufffd" or kind == "Cs" or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return "hidden.unreadable"
    if (kind == "Cf"
        and not 0x0600 <= code <= 0x08E2) or char in _FILLERS or is_variation_selector(char):
        return "hidden.invisible"
    if 0xE0080 <= code <= 0xE0FFF or 0x180B <= code <= 0x180F:
        return "hidden.invisible"
    if kind == "Co":
        return "hidden.private"
    if char in _BLANKS or (kind in ("Zs", "Zl", "Zp") and char not in _ORDINARY_SPACES):
        return "hidden.space"
    return "hidden.styled" if _within(code, _STYLED) else None


@lru_cache(maxsize=4096)
def plain(char: str) -> str:
    """What the eye reads for this character: at most three plain characters,
    or nothing if it cannot be seen."""
    rule = hidden_rule(char)
    if rule == "hidden.space":
        return " "
    if rule not in (None, "hidden.styled", "hidden.private",
                    "hidden.unreadable") or is_diacritic(char):
        return ""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if ord(char) in _ALIKE:
        return _ALIKE[ord(char)]
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if not is_diacritic(part))
    form = unicodedata.normalize("NFKC", bare).translate(_LOOKALIKES)
    if not 0 < len(form) <= _LONGEST_FORM:
        return char
    return form if form.isascii() else _confusable().get(form, form)


@cache
def _confusable() -> Mapping[str, str]:
    """Letters that Unicode's table takes for one plain Latin letter, loaded on
    first use; our own take precedence."""
    from confusable_homoglyphs.confusables import confusables_data

    return {char: likes[0]["c"] for char, likes in confusables_data.items()
            if len(char) == 1 and char.isalpha() and len(likes[0]["c"]) == 1
            and likes[0]["c"].isascii()
            and likes[0]["c"].isalpha()}


def alphabet(char: str) -> str | None:
    """LATIN, GREEK or CYRILLIC for a letter of one of these, OTHER for a
    look-alike from elsewhere, else None."""
    if char.isascii():
        return "LATIN" if char.isalpha() else None
    if not char.isalpha():
        return None
    first = unicodedata.name(char, "").partition(" ")[0]
    if first in ("LATIN", "GREEK", "CYRILLIC"):
        return first
    return "OTHER" if plain(char) in _ASCII_LETTERS else None
