"""When what a browser saved by itself gives way to the next save: told from the two texts and the time alone.

Nothing that somebody saved by hand ever gives way. Decision 0036.
"""

from datetime import datetime, timedelta

A_WHILE = timedelta(minutes=10)
"""How far apart the versions are that stay while somebody writes on."""
A_LITTLE = 200
"""How many characters may be gone, over all such saves that gave way one after the other, without one of them being
kept as a version of its own."""


def gone(before: str, after: str) -> int:
    """How many characters of a text are not in the next one, if that was changed in one place; at least as many as
    really are gone, wherever it was changed."""
    start = _alike(before, after)
    return len(before) - start - _alike(before[start:][::-1], after[start:][::-1])


def gives_way(before: str, after: str, lost: int, since: datetime, now: datetime) -> bool:
    """True if a save that a browser made by itself can be forgotten for the next one. ``lost``: what is gone already
    from those that gave way to it; ``since``: when that was saved which both were written on."""
    return before == after or (now - since < A_WHILE and lost + gone(before, after) <= A_LITTLE)


def _alike(one: str, other: str) -> int:
    """With how many characters the two begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (mark, beside) in pairs if mark != beside), min(len(one), len(other)))
