"""What the pages say of the screening in figures: read from its rules, and measured on the half of
our own texts that nobody reads."""

from collections.abc import Sequence
from functools import cache

from benchmarks.corpus import CORPUS, Half, Read
from benchmarks.halves import by_category, by_weight, read_half
from letters.screening import Category, Severity
from letters.screening.speech.rules import LANGUAGES, examples

EXAMPLES = {
    Category.CONTACT: "My number is 07700 900 123.",
    Category.IDENTITY: "Anna Miller from Hill Road School told me.",
    Category.ADDRESS: "a word that the reader has asked not to meet",
    Category.HIDDEN: "invisible signs, digits for letters, text in a code",
}
"""One for each category that is told by form before speech."""


@cache
def _unread() -> Sequence[Read]:
    return read_half(CORPUS, Half.CHECK)


def kinds() -> str:
    """What is looked for, an example, and how it fared on texts that nobody had read."""
    lines = ["| what, for example | found | by mistake |", "| --- | --- | --- |"]
    what = {kind.value: f"**{kind.value}**: {EXAMPLES.get(kind) or f'“{first}”'}"
            for kind, first in {**dict.fromkeys(Category), **examples("english")}.items()}
    what["total"] = "in all"
    for row in by_category(Half.CHECK, _unread()).as_rows():
        if row["category"] in what:
            lines.append(f"| {what[row['category']]} | {row['found']} of {row['harmful']} | "
                         f"{row['marked']} of {row['harmless']} |")
    return "\n".join(lines)


def weights() -> str:
    """How often a finding of each weight stood in a harmful text."""
    rows = {row["weight"]: row for row in by_weight(Half.CHECK, _unread()).as_rows()}
    lines = ["| weight | marks | in harm |", "| --- | --- | --- |"]
    for weights in ((Severity.URGENT, Severity.SERIOUS), (Severity.CAUTION,), (Severity.NOTE,)):
        right, wrong = (sum(rows[weight][label] for weight in weights)
                        for label in ("harmful", "harmless"))
        lines.append(f"| {' or '.join(weights)} | {right + wrong} | {right / (right + wrong):.0%} |")
    return "\n".join(lines)


def languages() -> str:
    """Which languages have rules, for what, and who has reviewed them."""
    lines = ["| language | looked for | reviewed by |", "| --- | --- | --- |"]
    return "\n".join([*lines, *(
        f"| {language.name} | {', '.join(language.categories)} | "
        f"{language.reviewed or 'no native reader yet'} |" for language in LANGUAGES)])
