"""A place for the patterns of speech, which come as rules of their own; until then nothing is recognised."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from letters.screening.findings import Category, Hit, Severity


@dataclass(frozen=True)
class Rule:
    """What a rule means: its severity by who writes (None: not looked at), and why it matters, in one sentence."""

    id: str
    category: Category
    severity: Severity | None
    harmed: Severity | None
    why: str


RULES: Mapping[str, Rule] = MappingProxyType({})


def spoken(text: str) -> Iterator[Hit]:
    """Every place where a rule applies; offsets count code points of `text`."""
    yield from ()
