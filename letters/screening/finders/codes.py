"""Finds this service's own codes in a text: what opens an account must not be sent by mistake.

A code has no figure that checks the others, so this goes by the shape. It is shown to the writer
alone, and is no finding.
"""

import re
import unicodedata

_MARK = "[0-9A-TV-Z]"  # what codes are made of, and I, L and O, which are read as figures
_DASH = "[-\u2010-\u2015\u2212]"
_SHAPE = re.compile(
    rf"(?<![\w-])(?:{_MARK}{{4}}(?:\s{{0,2}}{_DASH}?\s{{0,2}}{_MARK}{{4}}){{6,7}}"
    rf"|{_MARK}{{4}}(?:\s?{_DASH}\s?{_MARK}{{4}}){{2}})(?![\w-])", re.IGNORECASE)
_BACKUP = 3
"""The groups of a backup code. Invitations and reset codes have seven, recovery codes eight."""


def codes(text: str) -> tuple[str, ...]:
    """The codes in a text, in order, each once, as they are printed."""
    seen = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    shaped = (re.sub(r"\W", "", match.group()).upper()
              for match in _SHAPE.finditer(unicodedata.normalize("NFKC", seen)))
    groups = (re.findall("....", marks) for marks in shaped)
    return tuple(dict.fromkeys("-".join(code) for code in groups if _is_drawn(code)))


def _is_drawn(groups: list[str]) -> bool:
    """True if these were drawn by chance and are no words, years or numbers."""
    mixed = sum(not (group.isalpha() or group.isdigit()) for group in groups)
    return mixed > (0 if len(groups) == _BACKUP else 1)
