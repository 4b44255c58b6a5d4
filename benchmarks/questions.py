"""The questions to each public set: which rows say yes, which say no, and which findings answer.

Sets that are unknown here are asked by their labels, and by our own
categories if their rows name them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from letters.screening import Category, Finding, Severity

Row = dict[str, Any]
_EVERY = frozenset(Category)
_HATE = frozenset({Category.ABUSE, Category.THREAT, Category.SEXUAL})
_OF_RULE = frozenset({Category.CONTACT})
_YES, _NO = frozenset({True, "true", "harmful",
                       "pii"}), frozenset({False, "false", "benign", "no_span", "none"})


@dataclass(frozen=True)
class Question:
    """``truth``: yes, no, or None for a row that is not asked. An answer is a finding
    of these categories and rules."""

    about: str
    truth: Callable[[Row], bool | None]
    categories: frozenset[Category] = _EVERY
    rules: tuple[str, ...] = ()
    entity: str = ""
    least: Severity = Severity.CAUTION
    baselines: bool = False


def relevant(found: Finding, question: Question) -> bool:
    """True if this finding answers the question with yes."""
    if question.rules and found.rule not in question.rules:
        return False
    return found.category in question.categories and found.severity >= question.least


def questions_of(name: str, rows: Sequence[Row]) -> Iterator[Question]:
    """The questions to a set; every set is asked at least how often anything is flagged at all."""
    if name in QUESTIONS:
        yield from QUESTIONS[name]
    elif name == "evasion_mechanical":
        for way in dict.fromkeys(row["category"] for row in rows):
            yield Question(way, _kind(way), _HATE, baselines=way in ("plain", "zero_width"))
    else:
        kinds = [kind for kind in Category
                 if any(row.get("category") == kind.value for row in rows)]
        for kind in kinds:
            yield Question(kind.value, _kind(kind.value), frozenset({kind}))
        if not kinds:
            yield Question("any", label, baselines=True)
    yield Question("any, serious or urgent", label, least=Severity.SERIOUS)


def label(row: Row) -> bool | None:
    """The answer of the row's own label."""
    return True if row["label"] in _YES else False if row["label"] in _NO else None


def _kind(kind: str) -> Callable[[Row], bool | None]:
    return lambda row: label(row) if row.get("category") == kind else None


def _among(*parts: str, others: bool = True) -> Callable[[Row], bool | None]:
    """Yes for a harmful row with one of these in its category; other
    harmful rows are no, or not asked."""
    def truth(row: Row) -> bool | None:
        if label(row) and any(part in row["category"] for part in parts):
            return True
        return False if others or not label(row) else None
    return truth


def _entities(*_: str) -> Callable[[Row], bool | None]:
    return lambda row: bool(row["spans"])


def _found(about: str, entity: str, *rules: str) -> Question:
    return Question(about, _entities(entity), _OF_RULE, rules, entity, Severity.NOTE)


_ADDRESS = ("contact.address", "contact.street", "contact.meeting")
_TELEPHONE = ("contact.telephone",)
QUESTIONS: dict[str, tuple[Question, ...]] = {
    "hatecheck": (Question("hate", label, _HATE, baselines=True),),
    "openai_moderation": (
        Question("risk: self-harm", _among("self_harm"), frozenset({Category.RISK}),
                 baselines=True),
        Question("sexual", _among("sexual", others=False), frozenset({Category.SEXUAL})),
        Question("threat: violence", _among("violence", "threatening", others=False),
                 frozenset({Category.THREAT})),
        Question("abuse: hate, harassment", _among("hate", "harassment", others=False), _HATE),
    ),
    "edos_sexism": (
        Question("abuse", _among("2.", "3.1", others=False), _HATE, baselines=True),
        Question("threat", _among("1.", others=False), frozenset({Category.THREAT})),
        Question("blame, denial, minimise", _among("4.1", others=False),
                 frozenset({Category.BLAME, Category.DENIAL, Category.MINIMISE, Category.EXCUSE})),
    ),
    "guest_misogyny": (
        Question("abuse", label, _HATE, baselines=True),
        Question("threat", _among("Threatening", others=False), frozenset({Category.THREAT})),
        Question("control", _among("Controlling", "Manipulation", others=False),
                 frozenset({Category.CONTROL, Category.PRESSURE, Category.THREAT})),
    ),
    "diasafety": (
        Question("abuse", _kind("Offending User"), _HATE, baselines=True),
        Question("minimise", _kind("Risk Ignorance"),
                 frozenset({Category.MINIMISE, Category.DENIAL, Category.BLAME})),
    ),
    "toxic_spans": (Question("abuse", label, _HATE, baselines=True),),
    "presidio_pii": (
        _found("telephones", "PHONE_NUMBER", *_TELEPHONE),
        _found("e-mail", "EMAIL_ADDRESS", "contact.email"),
        _found("links", "DOMAIN_NAME", "contact.link", "contact.email"),
        _found("addresses", "STREET_ADDRESS", *_ADDRESS),
        _found("postcodes", "ZIP_CODE", *_ADDRESS),
        Question("any contact or identity", label, frozenset({Category.CONTACT, Category.IDENTITY}),
                 baselines=True),
    ),
    "libphonenumber_matcher": (Question("telephones", label, _OF_RULE, _TELEPHONE),),
    "xstest": (Question("any", label, baselines=True),),
    "gutenberg_letters": (Question("any", label, baselines=True),),
}
