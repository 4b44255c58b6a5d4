"""Findings between the screening and the desk: sealed to the case team alone, and given a disposition by a reader."""

import json
import logging
from enum import StrEnum
from uuid import UUID

from keys import box
from keys.context import context
from keys.identity import Identity, Recipient, sha256
from letters.domain.people import Role
from letters.screening import Category, Finding, Preferences, Severity, screen
from letters.storage.tables import Version

log = logging.getLogger("letters")


class Disposition(StrEnum):
    """What a reader decides on one finding."""

    FINE = "fine here"
    ASK = "ask the writer"
    REDACT = "redact"
    ESCALATE = "escalate"


def screened(text: str, writer: Role, country: str) -> tuple[Finding, ...]:
    """Screen a letter. A screening that fails never lets it pass as clean, and never loses it."""
    try:
        return screen(text, writer, Preferences(home_country=country))
    except Exception as problem:  # whatever it is, the letter goes on, at the highest care
        log.error("a screening failed: %s", type(problem).__name__)
        return (Finding(Category.HIDDEN, Severity.URGENT, 0, 0, "", "The screening failed. Read with the highest care.",
                        "not-screened"),)


def seal(version: Version, case: UUID, team: Recipient, findings: tuple[Finding, ...]) -> None:
    """Put the findings beside the version, readable by the case team; padded, since a length would tell."""
    content = json.dumps([finding.as_dict() for finding in findings]).encode()
    version.findings = team.seal(box.pad(content, box.NOTE_BLOCK), _context(version, case))
    version.findings_hash = sha256(version.findings)


def opened(version: Version, case: UUID, case_key: Identity) -> tuple[Finding, ...]:
    """The findings of a version, for the case team; ``CannotOpen`` if they are not the ones that were sealed."""
    content = box.unpad(case_key.open(version.findings, _context(version, case)))
    return tuple(Finding.from_dict(entry) for entry in json.loads(content))


def _context(version: Version, case: UUID) -> bytes:
    return context("findings", version=version.id, case=case, epoch=version.epoch)
