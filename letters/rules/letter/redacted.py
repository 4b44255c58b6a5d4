"""Leaving passages out of a letter: what a redacted version may be, decided from its text alone.

A version is ``submitted`` or ``redacted``; its seal and its author's signature are bound to which.
A redacted version has a mark for each passage that was left out. The mark is a code point that is
no character: it is removed from all typed text, and a version that has one without being redacted
is not believed. Decision 0028.
"""

from collections.abc import Iterable

from letters.rules.errors import NotPossibleNow
from letters.rules.letter.passages import Anchor

SUBMITTED, REDACTED = "submitted", "redacted"
HANDED_IN = frozenset({SUBMITTED, REDACTED})
"""The kinds of version that facilitators read; all others are their author's own."""

MARK = "\ufdd0"
"""The mark for a passage that was left out of a redacted version."""


def typed(text: str) -> str:
    """The typed text without marks: nobody writes one."""
    return text.replace(MARK, "")


def leave_out(text: str, spans: Iterable[Anchor]) -> str:
    """The text with a mark for each of these passages, and no other change.
    Passages that touch or overlap are one.

    Raises ``NotPossibleNow`` unless there is at least one, each is in its place, and words are
    left.
    """
    kept, at = [], 0
    for start, end in _merged(text, spans):
        kept += [text[at:start], MARK]
        at = end
    left = "".join([*kept, text[at:]])
    if not kept or not any(mark.isalnum() for mark in left):
        raise NotPossibleNow("nothing is left out, or nothing is left")
    return left


def is_left_out_of(parent: str, text: str) -> bool:
    """True if this is the parent with at least one passage left out and marked,
    and nothing else changed."""
    pieces = text.split(MARK)
    if len(pieces) < 2 or not parent.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        at = parent.find(piece, at + 1)  # something was left out in between
        if at < 0:
            return False
        at += len(piece)
    return parent.endswith(pieces[-1]) and len(parent) - len(pieces[-1]) > at


def _merged(text: str, spans: Iterable[Anchor]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if not span.quote or text[span.start:span.end] != span.quote:
            raise NotPossibleNow("the words do not stand there")
        if merged and not text[merged[-1][1]:span.start].strip():
            merged[-1] = merged[-1][0], max(merged[-1][1], span.end)
        else:
            merged.append((span.start, span.end))
    return merged
