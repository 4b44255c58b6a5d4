"""What the screening finds in one half of the corpus, and of plain prose: figures for both
halves, texts and rules for the half `tune` alone."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.corpus import Half, Read, half, read, rows
from benchmarks.tables import Cell, Table, share
from letters.rules.roles import Role
from letters.screening import Category, Finding, Severity

PROSE = ("plain_prose", "gutenberg_letters")
"""Public letters and a novel, in which next to nothing should be serious."""
AROUND = 60
"""Characters shown on each side of a finding in prose."""

Prose = Mapping[str, Sequence[Read]]


def read_half(folder: Path, which: Half, writer: Role | None = None) -> list[Read]:
    """One half of a set, screened; with a writer, their texts alone."""
    return [read(row) for row in rows(folder) if half(row["text"]) is which
            and (writer is None or row.get("writer", Role.RESPONSIBLE) == writer)]


def read_prose(sets: Path, which: Half) -> dict[str, list[Read]]:
    """One half of each set of plain prose that is there."""
    return {name: read_half(sets / name, which) for name in PROSE if (sets / name).is_dir()}


def tables(which: Half, corpus: Sequence[Read], prose: Prose) -> Iterator[Table]:
    """All figures of one half. Rules are named for `tune` alone: whoever knows which of them fail
    in `check` begins to fit them to it."""
    yield by_category(which, corpus)
    yield by_weight(which, corpus)
    if prose:
        yield of_prose(which, prose)
    if which is Half.TUNE:
        yield by_rule(corpus, prose)


def by_category(which: Half, corpus: Sequence[Read]) -> Table:
    """What is found and what is marked by mistake: a line a category, then in all, then for
    each writer."""
    parts: dict[str, Callable[[Read], bool]] = {
        kind.value: (lambda one, kind=kind: one.row["category"] == kind) for kind in Category}
    parts["total"] = lambda one: True
    parts |= {f"total, {role.value}": (lambda one, role=role: one.row["writer"] == role)
              for role in (Role.RESPONSIBLE, Role.HARMED)}
    lines = [[name, *_counted(asked)] for name, chosen in parts.items()
             if (asked := [one for one in corpus if chosen(one)])]
    heads = ("category", "harmful", "found", "found by any", "harmless", "marked",
             "marked serious", "precision", "recall")
    return Table(f"{which.value}: found (own category, caution or above; by any, at any weight), "
                 "marked (own category, caution or above; serious, by any)", heads, lines)


def _counted(asked: Sequence[Read]) -> tuple[Cell, ...]:
    harmful = [one for one in asked if one.row["label"]]
    harmless = [one for one in asked if not one.row["label"]]
    found = sum(map(marked, harmful))
    wrong = sum(map(marked, harmless))
    return (len(harmful), found, sum(bool(one.findings) for one in harmful), len(harmless), wrong,
            sum(map(grave, harmless)), share(found, found + wrong), share(found, len(harmful)))


def marked(one: Read) -> bool:
    """True if the text's own category is found in it, at caution or above."""
    return any(_own(one, found) and found.severity >= Severity.CAUTION for found in one.findings)


def grave(one: Read) -> bool:
    """True if anything serious or urgent is found in the text."""
    return any(found.severity >= Severity.SERIOUS for found in one.findings)


def warned(one: Read) -> bool:
    """True if anything is found in the text at caution or above."""
    return any(found.severity >= Severity.CAUTION for found in one.findings)


def _own(one: Read, found: Finding) -> bool:
    return found.category == one.row["category"]


def by_weight(which: Half, corpus: Sequence[Read]) -> Table:
    """How often a finding of each weight stands in a harmful text, by any category and by the
    text's own."""
    counts = Counter((found.severity, own, bool(one.row["label"])) for one in corpus
                     for found in one.findings for own in {False, _own(one, found)})
    lines = [[weight.value, *(cell for own in (False, True)
                              for cell in _shared(counts[weight, own, True],
                                                  counts[weight, own, False]))]
             for weight in Severity]
    heads = ("weight", "harmful", "harmless", "precision", "own harmful", "own harmless",
             "own precision")
    return Table(f"{which.value}: findings by weight, on harmful and harmless texts", heads, lines)


def _shared(right: int, wrong: int) -> tuple[Cell, ...]:
    return right, wrong, share(right, right + wrong)


def of_prose(which: Half, prose: Prose) -> Table:
    """The share of pieces with anything serious or urgent in them, and with a caution at least."""
    lines = [[name, len(pieces), *(cell for count in (sum(map(grave, pieces)),
                                                      sum(map(warned, pieces)))
                                   for cell in (count, share(count, len(pieces))))]
             for name, pieces in prose.items()]
    return Table(f"{which.value}: plain prose, pieces with a serious or urgent finding, and with "
                 "any caution", ("set", "pieces", "serious", "share", "caution", "caution share"),
                 lines)


def by_rule(corpus: Sequence[Read], prose: Prose) -> Table:
    """How many texts each rule marks: harmful ones of its category and of others, harmless ones,
    and pieces of prose; those with most mistakes first."""
    weights: dict[str, Severity] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for place, one in [("", one) for one in corpus] + [
            (name, one) for name, pieces in prose.items() for one in pieces]:
        seen: set[tuple[str, str]] = set()
        for found in one.findings:
            weights[found.rule] = max(weights.get(found.rule, Severity.NOTE), found.severity)
            seen |= {(found.rule, column) for column in _columns(place, one, found)}
        counts.update(seen)
    heads = ("rule", "weight", "own", "other", "harmless", "harmless caution", "precision",
             *(head for name in prose for head in (name, f"{name} serious")))
    lines = [[rule, weight.value, *_of_rule(counts, rule, heads)]
             for rule, weight in weights.items()]
    wrong = {rule: sum(counts[rule, column] for column in ("harmless", *prose))
             for rule in weights}
    lines.sort(key=lambda line: (-wrong[str(line[0])], line[0]))
    return Table("tune: texts by rule, harmful ones of its own category and of others, "
                 "harmless ones, pieces of prose", heads, lines, names=2)


def _columns(place: str, one: Read, found: Finding) -> Iterator[str]:
    if place:
        yield place
        if found.severity >= Severity.SERIOUS:
            yield f"{place} serious"
    elif one.row["label"]:
        yield "own" if _own(one, found) else "other"
    else:
        yield "harmless"
        if found.severity >= Severity.CAUTION:
            yield "harmless caution"


def _of_rule(counts: Mapping[tuple[str, str], int], rule: str,
             heads: Sequence[str]) -> Iterator[Cell]:
    for head in heads[2:]:
        right = counts[rule, "own"] + counts[rule, "other"]
        yield (share(right, right + counts[rule, "harmless"]) if head == "precision"
               else counts[rule, head])


def texts(corpus: Sequence[Read], prose: Prose) -> Iterator[str]:
    """The missed and the falsely marked texts, and what is serious in prose.
    Raises ``ValueError`` for a text of the other half."""
    every = [*corpus, *(one for pieces in prose.values() for one in pieces)]
    if any(half(one.row["text"]) is not Half.TUNE for one in every):
        raise ValueError("Texts are shown of the half tune alone.")
    for one in corpus:
        rules = ", ".join(f"{found.rule} {found.severity.value}" for found in one.findings)
        about = f"{one.row['category']}, {one.row['writer']} [{rules}]: {one.row['text']}"
        if one.row["label"] and not marked(one):
            yield f"missed: {about}"
        elif not one.row["label"] and (marked(one) or grave(one)):
            yield f"marked: {about}"
    for name, pieces in prose.items():
        for one in pieces:
            yield from (f"{name}: {found.rule} {found.severity.value}: {_around(one, found)}"
                        for found in one.findings if found.severity >= Severity.SERIOUS)


def _around(one: Read, found: Finding) -> str:
    text = one.row["text"]
    shown = (f"{text[max(0, found.start - AROUND):found.start]}"
             f"[{found.quote}]{text[found.end:found.end + AROUND]}")
    return " ".join(shown.split())
