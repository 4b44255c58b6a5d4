"""Text in, findings out. Pure and deterministic; what a finding means for the letter is decided by people."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from letters.domain.people import Role
from letters.screening.contact import contact
from letters.screening.findings import Finding, Hit, Preferences, Severity
from letters.screening.hidden import hidden
from letters.screening.normalise import View, as_written, cleaned, closed_up
from letters.screening.rules import MANY, WHY, category
from letters.screening.spelled import spelled_out

VERSION = "2026.11-1"

# More highlights than this in one letter cannot be read; neighbours are then shown as one.
MOST_FINDINGS = 100
USUAL = Preferences()


def screen(text: str, writer: Role, preferences: Preferences = USUAL) -> tuple[Finding, ...]:
    """What `writer`'s text holds that a facilitator should look at, by start; at most `MOST_FINDINGS` a category."""
    letter = as_written(text)
    clean = cleaned(letter)
    contacts = _merged(_contact_hits(letter, clean, preferences))
    concealed = _merged(_hidden_hits(letter, clean))
    usual = Severity.CAUTION if writer is Role.HARMED else Severity.SERIOUS
    findings = [
        *_findings(text, contacts, lambda hit: usual),
        *_findings(text, concealed, lambda hit: Severity.SERIOUS if _touches(hit, contacts) else Severity.CAUTION),
    ]
    return tuple(sorted(findings, key=lambda finding: (finding.start, finding.end)))


def _contact_hits(letter: View, clean: View, preferences: Preferences) -> Iterator[Hit]:
    views = {view.text: view for view in (letter, clean, closed_up(clean))}
    for view in views.values():
        for rule, start, end in contact(view.text, preferences):
            yield Hit(rule, *view.span(start, end))


def _hidden_hits(letter: View, clean: View) -> Iterator[Hit]:
    yield from hidden(letter.text)
    for word in spelled_out(clean.text):
        yield Hit("hidden.spelled", *clean.span(word.start, word.end))


def _merged(hits: Iterable[Hit]) -> list[Hit]:
    """One category's hits by start. Those that overlap, or follow by the same rule without a gap, are one hit."""
    merged: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.rule)):
        last = merged[-1] if merged else None
        if last and (hit.start < last.end or (hit.start == last.end and hit.rule == last.rule)):
            merged[-1] = last._replace(end=max(hit.end, last.end))
        else:
            merged.append(hit)
    return merged


def _touches(hit: Hit, others: Sequence[Hit]) -> bool:
    """True if `hit` overlaps one of `others`, which are in order and apart."""
    after = bisect_right(others, hit.start, key=lambda other: other.end)
    return after < len(others) and others[after].start < hit.end


def _findings(text: str, hits: Sequence[Hit], severity: Callable[[Hit], Severity]) -> Iterator[Finding]:
    """A finding for each hit, or for each group of neighbours where there are too many to show."""
    size = max(1, -(-len(hits) // MOST_FINDINGS))
    for first in range(0, len(hits), size):
        group = hits[first : first + size]
        rule, start, end = group[0].rule, group[0].start, group[-1].end
        why = f"{WHY[rule]} {MANY}" if len(group) > 1 else WHY[rule]
        yield Finding(category(rule), max(map(severity, group)), start, end, text[start:end], why, rule)
