"""What is recorded of a process: who asked, who agrees, what was assessed, promised and agreed.
See ``process.py``."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Source(StrEnum):
    """Who asked for this case. A request of the person who harmed is kept
    and begins nothing (rule 6)."""

    HARMED = "the person harmed"
    AGENCY = "an agency"
    FACILITATOR = "a facilitator"
    RESPONSIBLE = "the person who harmed"


class Outcome(StrEnum):
    """The result of an assessment. ``STORYTELLING``:
    letters are written and never sent (rule 4)."""

    SUITABLE = "suitable"
    NOT_YET = "not yet"
    STORYTELLING = "storytelling instead"


class Age(StrEnum):
    """Whether somebody decides alone (rule 7)."""

    ADULT = "adult"
    GUARDIAN = "a guardian has agreed"


class TaskOutcome(StrEnum):
    """What came of a task: a promise is kept, kept in part or not kept;
    any other task is done or was not needed."""

    DONE = "done"
    PARTLY = "partly"
    NOT = "not done"


@dataclass(frozen=True)
class Consent:
    """Consent to one purpose, in the words of this version, until this day,
    and who explained it."""

    version: str
    given: datetime
    until: date
    explained_by: UUID


@dataclass(frozen=True)
class Acknowledgement:
    """The person who harmed acknowledges the harm (rule 3):
    one facilitator records it, another confirms it."""

    id: UUID
    at: datetime
    recorded_by: UUID
    confirmed_by: UUID | None = None


@dataclass(frozen=True)
class Order:
    """A no-contact order (rule 5), from a day to a day, or without an end."""

    begins: date
    ends: date | None

    def stands(self, day: date) -> bool:
        """True on each day from its first to its last."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Assessed:
    """One assessment of suitability and risk, and the last day on which it counts."""

    id: UUID
    at: datetime
    by: UUID
    outcome: Outcome
    until: date


@dataclass(frozen=True)
class Terms:
    """The terms of an agreement that the program keeps to.

    ``replies``: how many letters may reach the person harmed in all, None for no limit. ``days``:
    the fewest days between two letters to the same person.
    """

    first: Source = Source.HARMED
    replies: int | None = None
    days: int = 0

    def written(self) -> str:
        """The text in the trail."""
        return f"{self.first.name} {'-' if self.replies is None else self.replies} {self.days}"

    @classmethod
    def read(cls, written: str) -> "Terms":
        """The terms with this text."""
        first, replies, days = written.split(" ")
        return cls(Source[first], None if replies == "-" else int(replies), int(days))


@dataclass(frozen=True)
class Agreement:
    """One version of what was agreed before the first letter (rule 17), and who agreed to it."""

    id: UUID
    at: datetime
    by: UUID
    terms: Terms
    agreed: dict[UUID, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """Something to be done by a moment: contact, aftercare, a promise, a debrief.
    ``about``: for or with whom."""

    id: UUID
    kind: str
    about: UUID
    due: datetime
    outcome: TaskOutcome | None = None
    done: datetime | None = None
