"""The vocabulary of the screening: categories, severities, findings, a service's preferences."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Self


class Category(StrEnum):
    """What a facilitator looks for, by the practice's ids."""

    THREAT = "threat"
    BLAME = "blame"
    EXCUSE = "excuse"
    DENIAL = "denial"
    MINIMISE = "minimise"
    PRESSURE = "pressure"
    SELF_PITY = "self-pity"
    CONTROL = "control"
    LEGAL = "legal"
    CONTACT = "contact"
    IDENTITY = "identity"
    SEXUAL = "sexual"
    ABUSE = "abuse"
    RISK = "risk"
    ADDRESS = "address"
    HIDDEN = "hidden"


class Severity(StrEnum):
    """How soon a finding wants attention; ordered from `NOTE` to `URGENT`, not by spelling."""

    NOTE = "note"
    CAUTION = "caution"
    SERIOUS = "serious"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def __lt__(self, other: str) -> bool:
        return self.rank < Severity(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Severity(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Severity(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Severity(other).rank


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Hit(NamedTuple):
    """One place where a rule matched: code points `start` to `end` of the text that was read."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True)
class Finding:
    """One thing the screening noticed. Offsets count the letter's code points; `quote` is
    exactly the text at that place."""

    category: Category
    severity: Severity
    start: int
    end: int
    quote: str
    why: str
    rule: str

    def as_dict(self) -> dict[str, Any]:
        """Plain strings and numbers, for JSON."""
        return asdict(self) | {"category": self.category.value, "severity": self.severity.value}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The finding that `as_dict` wrote.
        Raises ``ValueError`` for a category or severity that does not exist."""
        known = dict(stored)
        return cls(**known | {"category": Category(known["category"]),
                              "severity": Severity(known["severity"])})


@dataclass(frozen=True)
class Preferences:
    """The settings of a service and a case, and how the letter's reader wants to be addressed.

    `home_country` is the two-letter region whose telephone numbers need no country code;
    `other_countries` are further ones. `names` and `places` are the case's own list.
    `quieted` are rules that the service takes as notes.
    `words_not_used`, `greeting` ("Dear Ms Kaya") and `signature` are wishes of the person who will
    read the letter (rule 24); empty means no wish.
    """

    home_country: str = "GB"
    other_countries: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quieted: frozenset[str] = frozenset()
    words_not_used: tuple[str, ...] = ()
    greeting: str = ""
    signature: str = ""
