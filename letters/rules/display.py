"""How pages are for one person: large type, reading aloud, and what the two sides are called there.

The words are a closed list, and what is kept is a choice from it: nothing that somebody types can stand in place of a
role, neither a name nor an insult. Nobody else's pages ask for any of this.
"""

from dataclasses import dataclass
from enum import StrEnum


class ForHarmed(StrEnum):
    """What somebody calls who was harmed."""

    PERSON_HARMED = "person-harmed"
    SURVIVOR = "survivor"
    VICTIM = "victim"


class ForResponsible(StrEnum):
    """What somebody calls who harmed."""

    PERSON_WHO_HARMED = "person-who-harmed"
    PERSON_RESPONSIBLE = "person-responsible"
    PERSON_WHO_CAUSED_HARM = "person-who-caused-harm"


@dataclass(frozen=True)
class DisplayChoice:
    """What somebody chose; without a choice it is this. Reading aloud is off until it is turned on."""

    large_type: bool = False
    read_aloud: bool = False
    harmed: ForHarmed = ForHarmed.PERSON_HARMED
    responsible: ForResponsible = ForResponsible.PERSON_WHO_HARMED


def word_for_harmed(kept: str) -> ForHarmed:
    """The choice that a row tells; the first one for whatever is on no list."""
    return ForHarmed(kept) if kept in set(ForHarmed) else ForHarmed.PERSON_HARMED


def word_for_responsible(kept: str) -> ForResponsible:
    """The same for who harmed."""
    return ForResponsible(kept) if kept in set(ForResponsible) else ForResponsible.PERSON_WHO_HARMED
