"""The place of a remark about a letter: a position in its text, and the very words there.

After a change, offsets alone would point next to the words, and words alone to the wrong one of
several places. Together they survive a new version as long as it still contains the words.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

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


def places(text: str, copied: str) -> list[Anchor]:
    """The places of these words, as they were copied from a page:
    any white space counts as one space.

    Returns the first ``MOST_PLACES``, in order; an empty list if the words are not there or there
    are none.
    """
    wanted = " ".join(copied.split())
    if not wanted:
        return []
    words, starts, at = text.split(), list[int](), 0
    for word in words:
        starts.append(text.index(word, at))
        at = starts[-1] + len(word)
    squeezed = " ".join(words)
    begins = list(accumulate((len(word) + 1 for word in words), initial=0))

    def in_text(offset: int) -> int:
        word = bisect_right(begins, offset) - 1
        return starts[word] + offset - begins[word]

    standing: list[Anchor] = []
    at = squeezed.find(wanted)
    while at >= 0 and len(standing) < MOST_PLACES:
        start = in_text(at)
        standing.append(Anchor(start, text[start:in_text(at + len(wanted) - 1) + 1]))
        at = squeezed.find(wanted, at + 1)
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
