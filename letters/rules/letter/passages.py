"""The place of a remark about a letter: a position in its text, and the very words there.

After a change, offsets alone would point next to the words, and words alone to the wrong one of
several places. Together they survive a new version as long as it still contains the words.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from letters.rules.errors import NotPossibleNow

MOST_QUOTED = 5_000
"""The longest passage, in characters."""
MOST_PLACES = 20
"""A person is asked to choose among so many places at most;
copying a few more words leaves fewer."""


@dataclass(frozen=True)
class Anchor:
    """A passage: where it begins, counted in the letter's code points, and its exact words."""

    start: int
    quote: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.quote)


class _Page(NamedTuple):
    """A text as it is read and copied from a page, each sign with its place in the text."""

    words: str
    origin: list[int]


_SIGN = re.compile(r"(?P<space>(?:^[ \t]*[-•] |\s)+)"
                   "|(?P<flag>\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|.",
                   re.DOTALL | re.MULTILINE)
_SHAPES = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]*")
"""What chooses the shape of the sign before it."""
_NOT_COPIED = frozenset({"Cc", "Cf", "Cs", "Co"})


def _as_read(text: str) -> _Page:
    """The text without what a page does not show as words: signs that nobody sees, the marks of
    lists and emphasis, and how lines are broken. White space counts as one space."""
    words, origin = list[str](), list[int]()
    for sign in _SIGN.finditer(text):
        if sign["space"]:
            if words and words[-1] != " ":
                words.append(" ")
                origin.append(sign.start())
        elif sign["flag"] or _is_copied(sign.group()):
            words += sign.group()
            origin += range(sign.start(), sign.end())
    return _Page("".join(words).rstrip(" "), origin)


def _is_copied(mark: str) -> bool:
    return (mark != "*" and unicodedata.category(mark) not in _NOT_COPIED
            and not _SHAPES.fullmatch(mark))


def places(text: str, copied: str) -> list[Anchor]:
    """The places of these words, as they were copied from a page: any white space counts as one
    space, and what a page does not show makes no difference.

    Returns the first ``MOST_PLACES``, in order; an empty list if the words are not there or there
    are none.
    """
    page, wanted = _as_read(text), _as_read(copied).words
    if not wanted:
        return []
    standing: list[Anchor] = []
    at = page.words.find(wanted)
    while at >= 0 and len(standing) < MOST_PLACES:
        start, after = page.origin[at], page.origin[at + len(wanted) - 1] + 1
        shapes = _SHAPES.match(text, after)
        standing.append(Anchor(start, text[start:shapes.end() if shapes else after]))
        at = page.words.find(wanted, at + 1)
    return standing


def found(text: str, anchor: Anchor) -> Anchor | None:
    """The same words in another version, at the nearest place. Returns None if they are gone."""
    if not anchor.quote:
        return None
    behind = text.find(anchor.quote, anchor.start)
    # Both are reversed: ``rfind`` takes time that grows with the product of both lengths.
    before = text[:max(anchor.end - 1, 0)]
    turned = before[::-1].find(anchor.quote[::-1])
    ahead = len(before) - turned - len(anchor.quote) if turned >= 0 else -1
    near = [start for start in (ahead, behind) if start >= 0]
    return Anchor(min(near, key=lambda start: abs(start - anchor.start)),
                  anchor.quote) if near else None


def replaced(text: str, anchor: Anchor, words: str) -> str:
    """The text with other words in this place and no other change.

    Raises ``NotPossibleNow`` unless the passage is there.
    """
    if text[anchor.start:anchor.end] != anchor.quote:
        raise NotPossibleNow("the words do not stand there")
    return text[:anchor.start] + words + text[anchor.end:]


def around(text: str, anchor: Anchor, reach: int = 40) -> tuple[str, str]:
    """A little text before and after a passage, to tell it from the same words elsewhere."""
    return text[max(anchor.start - reach, 0):anchor.start], text[anchor.end:anchor.end + reach]
