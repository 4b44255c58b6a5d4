"""What the pages say of the screening in figures: read from its rules, and measured on the half of
our own texts that nobody reads."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from benchmarks.corpus import CORPUS, Half, Read
from benchmarks.halves import marked, read_half
from letters.screening import Category, Severity
from letters.screening.speech.rules import LANGUAGES, examples

EXAMPLES = {
    Category.CONTACT: "My number is 07700 900 123.",
    Category.IDENTITY: "Anna Miller from Hill Road School told me.",
    Category.ADDRESS: "a word that the reader has asked not to meet",
    Category.HIDDEN: "invisible signs, digits for letters, text in a code",
}
"""One for each category that no rule of speech stands for."""


@cache
def _unread() -> Sequence[Read]:
    return read_half(CORPUS, Half.CHECK)


def kinds() -> str:
    """What is looked for, an example, and how it fared on texts that nobody had read."""
    lines = ["| what, for example | found | by mistake |", "| --- | --- | --- |"]
    first = examples("english")
    for kind in Category:
        ours = [one for one in _unread() if one.row["category"] == kind]
        found, wrong = (f"{sum(map(marked, those))} of {len(those)}" if those else "–"
                        for those in ([one for one in ours if one.row["label"]],
                                      [one for one in ours if not one.row["label"]]))
        example = EXAMPLES.get(kind) or f"“{first[kind]}”"
        lines.append(f"| **{kind.value}**: {example} | {found} | {wrong} |")
    every = {label: [one for one in _unread() if one.row["label"] is label]
             for label in (True, False)}
    found, wrong = (f"{sum(map(marked, those))} of {len(those)}" for those in every.values())
    return "\n".join([*lines, f"| in all | {found} | {wrong} |"])


def weights() -> str:
    """How often a finding of each weight stood in a harmful text."""
    counts = Counter((found.severity, bool(one.row["label"]))
                     for one in _unread() for found in one.findings)
    lines = ["| weight | marks | in harm |", "| --- | --- | --- |"]
    for weights in ((Severity.URGENT, Severity.SERIOUS), (Severity.CAUTION,), (Severity.NOTE,)):
        right, wrong = (sum(counts[weight, label] for weight in weights)
                        for label in (True, False))
        lines.append(f"| {' or '.join(weights)} | {right + wrong} | {right / (right + wrong):.0%} |")
    return "\n".join(lines)


def languages() -> str:
    """Which languages have rules, for what, and who has reviewed them."""
    lines = ["| language | looked for | reviewed by |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(
        f"| {language.name} | {', '.join(language.categories)} | "
        f"{language.reviewed or 'no native reader yet'} |" for language in LANGUAGES)])


