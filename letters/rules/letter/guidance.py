"""Help with writing: guidance, and questions whose answers become a letter.
Data, read once and checked.

Each service can bring its own; ``letters/service_files.py`` reads it. No question has to be
answered, and answers are the letter's own text from then on.
Raises ``ValueError`` if the data is wrong.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from letters.rules.roles import Role

MOST_PROMPTS = 12


@dataclass(frozen=True)
class Prompt:
    """One question, and a hint."""

    id: str
    title: str
    hint: str = ""

    def __post_init__(self) -> None:
        _require(self.id.replace("-", "").isalnum() and self.id.isascii(),
                 "an id is letters, digits and hyphens")
        _require(bool(self.title.strip()), "a question has words")


@dataclass(frozen=True)
class Guide:
    """For one of the two who write: what to know before writing (rule 18), and questions."""

    guidance: tuple[str, ...]
    prompts: tuple[Prompt, ...]

    def __post_init__(self) -> None:
        ids = [prompt.id for prompt in self.prompts]
        _require(0 < len(ids) <= MOST_PROMPTS, f"there are 1 to {MOST_PROMPTS} questions")
        _require(len(set(ids)) == len(ids), "an id stands twice")
        _require(any(words.strip() for words in self.guidance),
                 "guidance is at hand before writing (rule 18)")


@dataclass(frozen=True)
class Prompts:
    """The guides, by the role of the writer."""

    harmed: Guide
    responsible: Guide

    def of(self, role: Role) -> Guide | None:
        """The guide for this role. Returns None for a role that writes no letters."""
        return {Role.HARMED: self.harmed, Role.RESPONSIBLE: self.responsible}.get(role)


def together(before: str, answers: Iterable[str]) -> str:
    """One letter: its present text, not a character changed,
    and after it each answer as a paragraph."""
    said = [answer.strip("\n") for answer in answers if answer.strip()]
    if not said:
        return before
    gap = "\n" * (2 - min(2, len(before) - len(before.rstrip("\n")))) if before.strip() else ""
    return before + gap + "\n\n".join(said)


def _require(holds: bool, words: str) -> None:
    if not holds:
        raise ValueError(words)
