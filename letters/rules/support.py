"""Numbers of help that pages name: helplines for those who take part. Data, read once and checked.

Each service brings its own; ``letters/service_files.py`` reads it. Raises ``ValueError`` if the
data is wrong: nobody finds a wrong number before they need it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from letters.rules.roles import Role

MOST_HELPLINES, MOST_WORDS = 20, 120
_NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]{1,28}[0-9]")


class ForWhom(StrEnum):
    """Whom a helpline is for."""

    HARMED = "harmed"
    RESPONSIBLE = "responsible"
    ALL = "all"


@dataclass(frozen=True)
class Helpline:
    """One helpline. ``hours``: when somebody answers. ``language``: in which language."""

    name: str
    number: str
    whom: ForWhom
    hours: str
    language: str = ""

    def __post_init__(self) -> None:
        _require(bool(self.name.strip()), "a helpline has a name")
        _require(_NUMBER.fullmatch(self.number) is not None,
                 "a number is digits with spaces, in quotes, such as \"0800 000 000\"")
        _require(bool(self.hours.strip()), "a helpline has hours, such as \"day and night\"")
        _require(all(len(words) <= MOST_WORDS for words in (self.name, self.hours, self.language)),
                 f"name, hours and language have at most {MOST_WORDS} characters each")


@dataclass(frozen=True)
class Support:
    """All helplines of a service, in the order in which pages name them."""

    helplines: tuple[Helpline, ...]

    def __post_init__(self) -> None:
        _require(len(self.helplines) <= MOST_HELPLINES,
                 f"there are at most {MOST_HELPLINES} helplines")

    def shown_to(self, role: Role | None) -> tuple[Helpline, ...]:
        """The helplines for somebody in this role. For None, who is not signed in: only those for
        everybody."""
        own = {Role.HARMED: ForWhom.HARMED, Role.RESPONSIBLE: ForWhom.RESPONSIBLE}
        seen = {ForWhom.ALL} if role is None else {ForWhom.ALL, own.get(role, ForWhom.ALL)}
        return tuple(one for one in self.helplines if one.whom in seen)

    @property
    def without_number(self) -> bool:
        """True if one of the two who write finds no helpline on their pages."""
        return not (self.shown_to(Role.HARMED) and self.shown_to(Role.RESPONSIBLE))


def _require(holds: bool, why: str) -> None:
    if not holds:
        raise ValueError(why)
