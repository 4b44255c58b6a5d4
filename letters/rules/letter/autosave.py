"""When a save that a browser made by itself gives way to the next one:
decided from the two texts and the time alone.

A text that somebody saved by hand never gives way. Decision 0036.
"""

from datetime import datetime, timedelta

A_WHILE = timedelta(minutes=10)
"""How far apart the versions are that stay while somebody writes on."""
A_LITTLE = 200
"""How many characters may be gone, over all such saves that gave way one after the other, before
one of them is kept as a version of its own."""


def gone(before: str, after: str) -> int:
    """How many characters of a text are not in the next one, if it was changed in one place.

    If it was changed in several places, the number is at least as high as the true one.
    """
    start = _alike(before, after)
    return len(before) - start - _alike(before[start:][::-1], after[start:][::-1])


def gives_way(before: str, after: str, lost: int, since: datetime, now: datetime) -> bool:
    """True if a save that a browser made by itself can be forgotten for the next one.

    ``lost``: the characters gone already with the saves that gave way to it. ``since``: when the
    version that both were written on was saved.
    """
    return before == after or (now - since < A_WHILE and lost + gone(before, after) <= A_LITTLE)


def _alike(one: str, other: str) -> int:
    """The number of characters at the beginning that are the same in both."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (mark, beside) in pairs if mark != beside),
                min(len(one), len(other)))
