"""A gentle look at one's own letter before it is handed in. It suggests,
and never keeps a letter back.

A writer can try it again and again, so it never mentions anything that could teach
somebody to evade it: contact, hidden content and threats are for people to find, and a
place that hides something is skipped.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from letters.rules.roles import Role
from letters.screening.findings import Category, Finding

_LOOK = "Would you like to look at it again?"
SHOWN = {
    Category.PRESSURE: f"This sentence may press for an answer or a promise. {_LOOK}",
    Category.BLAME: f"This sentence may put the cause on somebody else. {_LOOK}",
    Category.EXCUSE: f"This sentence may read as an excuse. {_LOOK}",
    Category.DENIAL: f"This sentence may sound as if it did not happen, or was not yours. {_LOOK}",
    Category.MINIMISE: f"This sentence may make the harm sound smaller. {_LOOK}",
    Category.SELF_PITY: f"This sentence may turn to how hard it is for you. {_LOOK}",
}
"""The words for each of these categories. The others are never shown."""

MOST = 5


@dataclass(frozen=True)
class SelfCheckSuggestion:
    """One sentence of the letter, from `start` to `end`, and what is said about it."""

    category: Category
    start: int
    end: int
    sentence: str
    words: str


def self_check(
    text: str, findings: Sequence[Finding], writer: Role, asked: bool = False
) -> tuple[SelfCheckSuggestion, ...]:
    """At most `MOST` suggestions on the writer's own text, one a sentence; for the
    person harmed only if they asked."""
    if writer is Role.HARMED and not asked:
        return ()
    concealed = [found for found in findings if found.category is Category.HIDDEN]
    told: dict[int, SelfCheckSuggestion] = {}
    for found in findings:
        if found.category in SHOWN and not any(_overlap(found, other) for other in concealed):
            start, end = _sentence(text, found)
            told.setdefault(
                start, SelfCheckSuggestion(found.category, start, end, text[start:end],
                                           SHOWN[found.category])
            )
    return tuple(sorted(told.values(), key=lambda one: one.start)[:MOST])


def _overlap(found: Finding, other: Finding) -> bool:
    return found.start < other.end and other.start < found.end


def _sentence(text: str, found: Finding) -> tuple[int, int]:
    """The sentence in which a finding begins."""
    start = max(text.rfind(mark, 0, found.start) for mark in ".!?\n") + 1
    while start < found.start and text[start].isspace():
        start += 1
    ends = [at for mark in ".!?\n" if (at := text.find(mark, found.end - 1)) >= 0]
    return start, (min(ends) + (text[min(ends)] != "\n") if ends else len(text))
