"""How pages are for one person: large type, reading aloud, and the words for the two sides.

The words are a closed list, and what is kept is a choice from it: nobody can type a name or an
insult in place of a role. It changes no other person's pages.
"""

from dataclasses import dataclass
from enum import StrEnum


class ForHarmed(StrEnum):
    """Somebody's word for the person harmed."""

    PERSON_HARMED = "person-harmed"
    SURVIVOR = "survivor"
    VICTIM = "victim"


class ForResponsible(StrEnum):
    """Somebody's word for the person who harmed."""

    PERSON_WHO_HARMED = "person-who-harmed"
    PERSON_RESPONSIBLE = "person-responsible"
    PERSON_WHO_CAUSED_HARM = "person-who-caused-harm"


@dataclass(frozen=True)
class DisplayChoice:
    """What somebody chose; these are the defaults. Reading aloud is off until it is turned on."""

    large_type: bool = False
    read_aloud: bool = False
    harmed: ForHarmed = ForHarmed.PERSON_HARMED
    responsible: ForResponsible = ForResponsible.PERSON_WHO_HARMED


def word_for_harmed(kept: str) -> ForHarmed:
    """The choice in a row; the first one for a value that is not on the list."""
    return ForHarmed(kept) if kept in set(ForHarmed) else ForHarmed.PERSON_HARMED


def word_for_responsible(kept: str) -> ForResponsible:
    """The same for the person who harmed."""
    return ForResponsible(kept) if kept in set(ForResponsible) else ForResponsible.PERSON_WHO_HARMED
