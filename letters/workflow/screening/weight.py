"""How heavy a letter is for the reader who takes it up:
for the desk's list, which opens no letter and no findings.

A weight tells a little of what was written, so it is boxed under the contact key: a copy of the
database says nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.rules.errors import Tampered
from letters.screening import Category, Finding, Severity
from letters.workflow.platform import Platform

LONG = 3000
"""Above so many words a letter is heavy by its length: at least a quarter of an hour of careful
reading, which nobody does well at the end of a day."""

_HARD_TO_READ = frozenset({Category.RISK, Category.SEXUAL, Category.THREAT})


@dataclass(frozen=True)
class Weight:
    """The severity of the gravest finding, if there is one,
    and whether the letter may be heavy to read."""

    severity: Severity | None = None
    heavy: bool = False


def sealed(platform: Platform, version_id: UUID, findings: Sequence[Finding], text: str) -> bytes:
    """The weight of a version that is handed in, boxed for its row;
    all boxes have the same length."""
    gravest = max((finding.severity for finding in findings), key=lambda severity: severity.rank,
                  default=None)
    content = json.dumps({"severity": gravest.value if gravest else "",
                          "heavy": _is_heavy(findings, text)}).encode()
    return box.seal(platform.keys.contact, _context(version_id), content, platform.random,
                    box.NAME_BLOCK)


def opened(platform: Platform, version_id: UUID, blob: bytes) -> Weight:
    """The weight of a version; a neutral one if none was kept.
    Raises ``Tampered`` if it is not this version's."""
    if not blob:
        return Weight()
    try:
        told = json.loads(platform.keys.open_contact(_context(version_id), blob))
    except CannotOpen:
        raise Tampered(version_id) from None
    return Weight(Severity(told["severity"]) if told["severity"] else None, told["heavy"])


def _is_heavy(findings: Sequence[Finding], text: str) -> bool:
    """True if the letter may stay with its reader, is urgent or is long. A letter that was not
    screened is urgent: nobody knows its content."""
    return len(text.split()) > LONG or any(
        found.severity is Severity.URGENT
        or (found.category in _HARD_TO_READ and found.severity >= Severity.SERIOUS)
        for found in findings)


def _context(version_id: UUID) -> bytes:
    return context("weight", version=version_id)
