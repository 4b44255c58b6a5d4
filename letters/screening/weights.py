"""The engine's own rules by id: how much each matters by writer, and the sentence that says why.

An id begins with its category. The patterns of speech bring rules of
their own; `meaning` knows both.
"""

from collections.abc import Mapping
from typing import NamedTuple

from letters.rules.roles import Role
from letters.screening.findings import Category, Severity
from letters.screening.speech import rules as speech

_NOTE, _CAUTION, _SERIOUS = Severity.NOTE, Severity.CAUTION, Severity.SERIOUS
_OUTSIDE = ("letters pass through facilitators so that both people stay safe, "
            "and ways around them are left out.")
_THIRD = "somebody who is not part of this exchange could be recognised by it."
_WISH = "the person who will read this letter has asked for something else."


class Meaning(NamedTuple):
    """Severities: if the person harmed writes, and if anybody else does. None: not looked at."""

    severity: Severity | None
    harmed: Severity | None
    why: str


RULES: Mapping[str, Meaning] = {
    rule: Meaning(*meaning)
    for rule, meaning in {
        "contact.telephone": (_SERIOUS, _CAUTION,
                              f"This looks like a telephone number; {_OUTSIDE}"),
        "contact.digits": (
            _SERIOUS,
            _CAUTION,
            "There are more digits here than could be read; a telephone number could be among "
            "them.",
        ),
        "contact.email": (_SERIOUS, _CAUTION, f"This looks like an e-mail address; {_OUTSIDE}"),
        "contact.link": (_SERIOUS, _CAUTION,
                         f"This looks like a link or a web address; {_OUTSIDE}"),
        "contact.handle": (
            _SERIOUS,
            _CAUTION,
            f"This looks like a name on a social network or a messenger; {_OUTSIDE}",
        ),
        "contact.address": (_SERIOUS, _CAUTION, f"This looks like a postal address; {_OUTSIDE}"),
        "contact.street": (_CAUTION, _NOTE,
                           "A street or a postcode stands here; it could say where somebody is."),
        "contact.direct": (_SERIOUS, _CAUTION,
                           f"This looks like an invitation to be in touch directly; {_OUTSIDE}"),
        "contact.meeting": (_SERIOUS, _CAUTION,
                            f"A place or a time to meet is proposed here; {_OUTSIDE}"),
        "contact.gift": (
            _CAUTION,
            _NOTE,
            "Something seems to come with this letter; a gift or an enclosure can put pressure "
            "on its reader.",
        ),
        "identity.name": (_CAUTION, _NOTE,
                          f"A name from this case's own list stands here; {_THIRD}"),
        "identity.place": (_CAUTION, _NOTE,
                           f"A place from this case's own list stands here; {_THIRD}"),
        "identity.person": (_CAUTION, _NOTE, f"A person seems to be named in full here; {_THIRD}"),
        "identity.surname": (_NOTE, _NOTE, f"A surname stands here; {_THIRD}"),
        "identity.school": (_CAUTION, _NOTE,
                            f"A school or a place of learning is named here; {_THIRD}"),
        "identity.work": (_CAUTION, _NOTE, f"A place of work is named here; {_THIRD}"),
        "identity.number": (_CAUTION, _NOTE,
                            f"This looks like a number by which one person is known; {_THIRD}"),
        "address.word": (_CAUTION, _NOTE,
                         f"This word is on the list of words not to be used; {_WISH}"),
        "address.greeting": (_CAUTION, _NOTE, f"This is not the wished form of greeting; {_WISH}"),
        "address.signature": (_CAUTION, _NOTE,
                              f"This is not the wished form of signature; {_WISH}"),
        "hidden.invisible": (
            _CAUTION,
            _CAUTION,
            "There are characters here that cannot be seen; they can carry a message or break up "
            "a word unnoticed.",
        ),
        "hidden.tag": (
            _CAUTION,
            _CAUTION,
            "There are invisible tag characters here; they can carry a whole message that only a "
            "computer shows.",
        ),
        "hidden.direction": (
            _CAUTION,
            _CAUTION,
            "There are characters here that change the direction of reading; what is seen may "
            "not be what was written.",
        ),
        "hidden.control": (
            _CAUTION,
            _CAUTION,
            "There are control characters here that no keyboard types; part of the text may not "
            "be shown.",
        ),
        "hidden.unreadable": (
            _CAUTION,
            _CAUTION,
            "Some of the text here could not be read as characters; something may have been lost.",
        ),
        "hidden.private": (
            _CAUTION,
            _CAUTION,
            "There are characters here without a public meaning; they look different on each "
            "computer.",
        ),
        "hidden.space": (
            _CAUTION,
            _CAUTION,
            "There are unusual spaces here; they can carry a message or break up a word unnoticed.",
        ),
        "hidden.marks": (
            _CAUTION,
            _CAUTION,
            "Letters here are struck through or covered with marks; the words beneath may be "
            "hard to see.",
        ),
        "hidden.lookalike": (
            _CAUTION,
            _CAUTION,
            "This mixes letters of different alphabets that look alike; it reads as one word but "
            "is stored as another.",
        ),
        "hidden.styled": (
            _CAUTION,
            _CAUTION,
            "This is written in special forms of letters or digits, which can keep a word from "
            "being noticed.",
        ),
        "hidden.spelled": (
            _CAUTION,
            _CAUTION,
            "This is spelled out with something between its letters or digits, which can hide "
            "what it says.",
        ),
        "hidden.leet": (_CAUTION, _CAUTION,
                        "Digits or signs stand for letters here, which can hide what it says."),
        "hidden.entity": (
            _CAUTION,
            _CAUTION,
            "Letters are written here as codes of a web page, which can hide what it says.",
        ),
        "hidden.markup": (
            _CAUTION,
            _CAUTION,
            "There is markup of a web page here; on a page, part of the text would not be shown.",
        ),
        "hidden.encoded": (_SERIOUS, _CAUTION,
                           "This is text in a code for computers; it can carry a whole message."),
        "hidden.cipher": (_SERIOUS, _CAUTION,
                          "This reads as English when each letter is moved by thirteen places."),
        "hidden.backwards": (_SERIOUS, _CAUTION,
                             "This reads as English when it is read backwards."),
        "hidden.acrostic": (
            _SERIOUS,
            _CAUTION,
            "The first letters of the lines or sentences here make words of their own; it may be "
            "chance.",
        ),
        "hidden.language": (
            _NOTE,
            _NOTE,
            "This may not be in English: take it as unread, whatever else is marked in it.",
        ),
    }.items()
}

WHY = {rule: meaning.why for rule, meaning in RULES.items()}

SOFT_HYPHENS = ("Here it is a soft hyphen, as word processors put them into long words. Other "
                "words have one, too; only the first is shown.")
MANY = "There are very many such places in this text, so neighbours are shown as one."

# The practice's table: these belong only to the test for the person who harmed.
RESPONSIBLE_ALONE = frozenset(
    {Category.BLAME, Category.EXCUSE, Category.DENIAL, Category.MINIMISE, Category.SELF_PITY,
     Category.CONTROL}
)
# Rule 14: strong words of the person harmed justify no more than a quiet note.
NOTE_AT_MOST = frozenset({Category.ABUSE})


# What leads past the facilitators or tells of danger keeps its weight in every service (rule 30).
NEVER_QUIETED = frozenset({Category.CONTACT, Category.HIDDEN, Category.RISK, Category.THREAT})


def may_be_quieted(rule: str) -> bool:
    """True if a service may take this rule as a note."""
    return is_known(rule) and category(rule) not in NEVER_QUIETED


def category(rule: str) -> Category:
    """The category that a rule's id begins with."""
    return Category(rule.partition(".")[0])


def known() -> list[str]:
    """All rules, by id."""
    return sorted({*speech.RULES, *RULES})


def is_known(rule: str) -> bool:
    """True if this version of the screening has the rule."""
    return rule in speech.RULES or rule in RULES


def why(rule: str) -> str:
    """The sentence that tells a facilitator why it matters."""
    return speech.RULES[rule].why if rule in speech.RULES else RULES[rule].why


def severity(rule: str, writer: Role) -> Severity | None:
    """How much a rule matters if `writer` writes; None if it is not part of
    this writer's test (rules 13, 14)."""
    known = speech.RULES[rule] if rule in speech.RULES else RULES[rule]
    if writer is not Role.HARMED:
        return known.severity
    if category(rule) in RESPONSIBLE_ALONE or known.harmed is None:
        return None
    return Severity.NOTE if category(rule) in NOTE_AT_MOST else known.harmed
