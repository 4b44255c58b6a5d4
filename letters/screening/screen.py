"""Text in, findings out. Pure and deterministic; people decide what a finding means."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from letters.rules.roles import Role
from letters.screening import weights
from letters.screening.finders.contact import contact
from letters.screening.finders.form_of_address import wishes
from letters.screening.finders.identity import identity
from letters.screening.finders.language import other_languages
from letters.screening.finders.telephone import telephones
from letters.screening.findings import Category, Finding, Hit, Preferences, Severity
from letters.screening.speech.find import spoken
from letters.screening.speech.spelling import spelled
from letters.screening.text.readings import Readings, readings

VERSION = "2026.11-4"

# More highlights than this in one letter cannot be read; neighbours are then shown as one.
MOST_FINDINGS = 100
USUAL = Preferences()


class _Weighed(NamedTuple):
    """A hit and its severity for this writer."""

    start: int
    end: int
    rule: str
    severity: Severity
    stands_for_more: bool = False


def screen(text: str, writer: Role, preferences: Preferences = USUAL) -> tuple[Finding, ...]:
    """What a facilitator should look at in `writer`'s text, by start; at
    most `MOST_FINDINGS` a category.

    The test for the person harmed is narrower (rule 14); all other letters are
    read by the full one (rule 13).
    """
    read = readings(text)
    kinds: dict[Category, list[_Weighed]] = defaultdict(list)
    for rule, start, end in _hits(text, read, preferences):
        weight = weights.severity(rule, writer)
        if weight is not None:
            weight = Severity.NOTE if rule in preferences.quieted else weight
            kinds[weights.category(rule)].append(_Weighed(start, end, rule, weight))
    merged = {kind: _merged(hits) for kind, hits in kinds.items()}
    if Category.HIDDEN in merged:
        merged[Category.HIDDEN] = _hyphens_once(text, list(_raised(merged, Category.HIDDEN)))
    findings = [finding for hits in merged.values() for finding in _findings(text, hits)]
    return tuple(sorted(findings,
                        key=lambda found: (found.start, found.end, found.category, found.rule)))


def _hits(text: str, read: Readings, preferences: Preferences) -> Iterator[Hit]:
    """Every hit in every reading, in the letter's offsets; the same place may come many times."""
    yield from read.hidden
    for rule, start, end in other_languages(read.clean.text):
        yield Hit(rule, *read.clean.span(start, end))
    for view in {view.text: view for view in (read.written, *read.views)}.values():
        for rule, start, end in contact(view.text, preferences):
            yield Hit(rule, *view.span(start, end))
    for view in read.numbers:
        for rule, start, end in telephones(view.text, preferences):
            yield Hit(rule, *view.span(start, end))
    for view in read.views:
        meant = spelled(view)
        for said, recognised in ((view, spoken(view.text)), (meant, spoken(meant.text)),
                                 (view, identity(view.text, preferences)),
                                 (view, wishes(view.text, preferences))):
            for rule, start, end in recognised:
                if start < end:
                    yield Hit(rule, *said.span(start, end))


def _merged(hits: Iterable[_Weighed]) -> list[_Weighed]:
    """One category's hits by start. Hits that overlap, or that follow by the same
    rule without a gap, are merged.

    The merged hit has the rule that weighs most, or begins first, or contains the other.
    """
    merged: list[_Weighed] = []
    for hit in sorted(set(hits),
                      key=lambda hit: (hit.start, -hit.end, -hit.severity.rank, hit.rule)):
        last = merged[-1] if merged else None
        if last and (hit.start < last.end or (hit.start == last.end and hit.rule == last.rule)):
            heavier = hit if hit.severity > last.severity else last
            merged[-1] = heavier._replace(start=last.start, end=max(hit.end, last.end))
        else:
            merged.append(hit)
    return merged


def _raised(merged: dict[Category, list[_Weighed]], kind: Category) -> Iterator[_Weighed]:
    """A hit that hides something serious becomes as serious as that; a hit that
    hides nothing keeps its severity."""
    others = {other: [hit for hit in hits if hit.severity >= Severity.CAUTION]
              for other, hits in merged.items() if other is not kind}
    for hit in merged[kind]:
        touched = (hit.severity > Severity.NOTE
                   and any(_touches(hit, hits) for hits in others.values()))
        yield hit._replace(severity=max(hit.severity, Severity.SERIOUS)) if touched else hit


def _hyphens_once(text: str, hits: list[_Weighed]) -> list[_Weighed]:
    """Soft hyphens within words as one quiet hit, at the first of them: a word processor puts one
    into every long word. Those that touch something serious stay."""
    soft = [hit for hit in hits if hit.severity < Severity.SERIOUS and _is_soft_hyphen(text, hit)]
    return [hit._replace(severity=Severity.NOTE, stands_for_more=len(soft) > 1)
            if hit in soft else hit for hit in hits if hit not in soft[1:]]


def _is_soft_hyphen(text: str, hit: _Weighed) -> bool:
    return (text[hit.start:hit.end] == "\u00ad" and text[hit.start - 1:hit.start].isalpha()
            and text[hit.end:hit.end + 1].isalpha())


def _touches(hit: _Weighed, others: Sequence[_Weighed]) -> bool:
    """True if `hit` overlaps one of `others`, which are sorted and disjoint."""
    after = bisect_right(others, hit.start, key=lambda other: other.end)
    return after < len(others) and others[after].start < hit.end


def _findings(text: str, hits: Sequence[_Weighed]) -> Iterator[Finding]:
    """A finding for each hit, or for each group of neighbours if there are too many to show."""
    size = max(1, -(-len(hits) // MOST_FINDINGS))
    for first in range(0, len(hits), size):
        group = hits[first : first + size]
        gravest = max(group, key=lambda hit: hit.severity.rank)
        start, end = group[0].start, group[-1].end
        why = weights.why(gravest.rule)
        why += f" {weights.MANY}" if len(group) > 1 else ""
        why += f" {weights.SOFT_HYPHENS}" if any(hit.stands_for_more for hit in group) else ""
        yield Finding(weights.category(gravest.rule), gravest.severity, start, end, text[start:end],
                      why, gravest.rule)
