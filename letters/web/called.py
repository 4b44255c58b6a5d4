"""What the two sides are called on the pages of whoever is looking: their own choice, never anybody else's.

Each way of saying it is a whole term, so that a sentence takes it as a value and another language can say it whole.
"""

from typing import NamedTuple

from letters.rules.display import Comfort, ForHarmed, ForResponsible
from letters.rules.roles import Role
from letters.web import words
from letters.web.access import anybody
from letters.web.languages import later as _l


class Term(NamedTuple):
    """One word for a side: standing alone, at the beginning of a sentence, and within one."""

    alone: str
    first: str
    within: str


HARMED = {
    ForHarmed.PERSON_HARMED: Term(_l("Person harmed"), _l("The person harmed"), _l("the person harmed")),
    ForHarmed.SURVIVOR: Term(_l("Survivor"), _l("The survivor"), _l("the survivor")),
    ForHarmed.VICTIM: Term(_l("Victim"), _l("The victim"), _l("the victim")),
}
RESPONSIBLE = {
    ForResponsible.PERSON_WHO_HARMED: Term(_l("Person who harmed"), _l("The person who harmed"),
                                           _l("the person who harmed")),
    ForResponsible.PERSON_RESPONSIBLE: Term(_l("Person responsible"), _l("The person responsible"),
                                            _l("the person responsible")),
    ForResponsible.PERSON_WHO_CAUSED_HARM: Term(_l("Person who caused harm"), _l("The person who caused harm"),
                                                _l("the person who caused harm")),
}


def harmed() -> Term:
    """What the reader of this page calls who was harmed."""
    return HARMED[_mine().harmed]


def responsible() -> Term:
    """What the reader of this page calls who harmed."""
    return RESPONSIBLE[_mine().responsible]


def role(of: Role) -> str:
    """A role's name standing alone, as the reader of this page calls it."""
    return {Role.HARMED: harmed().alone, Role.RESPONSIBLE: responsible().alone}.get(of) or words.ROLES[of]


def filled(sentence: str) -> str:
    """A sentence with its sides put in: ``%(harmed)s``, ``%(Harmed)s`` where it begins, and the same for who harmed."""
    one, other = harmed(), responsible()
    return str(sentence) % {"harmed": one.within, "Harmed": one.first, "responsible": other.within,
                            "Responsible": other.first}


def _mine() -> Comfort:
    person = anybody()
    return person.comfort if person else Comfort()
