"""The six roles of the practice, and a person acting in one of them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is to the platform. An account has exactly one role (decision 0004)."""

    HARMED = "harmed"
    RESPONSIBLE = "responsible"
    OTHER = "other"
    FACILITATOR = "facilitator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    @property
    def is_participant(self) -> bool:
        """True for people who write and receive letters, False for staff."""
        return self in PARTICIPANTS


PARTICIPANTS = frozenset({Role.HARMED, Role.RESPONSIBLE, Role.OTHER})
STAFF = frozenset(Role) - PARTICIPANTS


@dataclass(frozen=True)
class Actor:
    """Somebody who is signed in and asks for something."""

    person: UUID
    role: Role
