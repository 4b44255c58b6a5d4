"""Findings between the screening and the desk: sealed to the case team alone;
a reader gives each a disposition."""

import json
import logging
from enum import StrEnum
from threading import Thread
from uuid import UUID

from keys import box
from keys.context import context
from keys.identity import Identity, Recipient, sha256
from letters.rules.roles import Role
from letters.screening import Category, Finding, Preferences, Severity
from letters.storage.tables.letters import Version
from letters.workflow.platform import Platform

log = logging.getLogger("letters")


class Disposition(StrEnum):
    """What a reader decides on one finding."""

    FINE = "fine here"
    ASK = "ask the writer"
    REDACT = "redact"
    ESCALATE = "escalate"


PATIENCE = 10.0
"""Seconds that a screening may take; the longest letter takes a few."""
NOT_SCREENED = "not-screened"


def screened(platform: Platform, text: str, writer: Role, preferences: Preferences,
             patience: float = PATIENCE) -> tuple[Finding, ...]:
    """Screen a letter. If the screening fails or takes too long,
    the letter is neither passed as clean nor lost.

    It can take as long as ``patience``: never call it within a transaction that writes.
    """
    found: list[tuple[Finding, ...]] = []

    def look() -> None:
        try:
            found.append(platform.screening(text, writer, preferences))
        except BaseException as problem:  # any problem: the letter goes on, at the highest care
            log.error("a screening failed: %s", type(problem).__name__)

    # In a thread of its own: only a thread can be left behind if it never ends.
    looking = Thread(target=look, daemon=True)
    looking.start()
    looking.join(patience)
    if found:
        return found[0]
    if looking.is_alive():
        log.error("a screening took longer than %s seconds", patience)
    return (Finding(Category.HIDDEN, Severity.URGENT, 0, 0, "",
                    "This letter was not screened: nothing was looked at. Read it with the "
                    "highest care.",
                    NOT_SCREENED),)


def was_screened(findings: tuple[Finding, ...]) -> bool:
    """False if these findings only say that the letter was not screened."""
    return all(finding.rule != NOT_SCREENED for finding in findings)


def seal(version: Version, case: UUID, team: Recipient, findings: tuple[Finding, ...]) -> None:
    """Keep the findings with the version, sealed to the case team;
    padded, since a length would tell."""
    content = json.dumps([finding.as_dict() for finding in findings]).encode()
    version.findings = team.seal(box.pad(content, box.NOTE_BLOCK), _context(version, case))
    version.findings_hash = sha256(version.findings)


def opened(version: Version, case: UUID, case_key: Identity) -> tuple[Finding, ...]:
    """The findings of a version, for the case team.

    Raises ``CannotOpen`` if they are not the ones that were sealed.
    """
    content = box.unpad(case_key.open(version.findings, _context(version, case)))
    return tuple(Finding.from_dict(entry) for entry in json.loads(content))


def _context(version: Version, case: UUID) -> bytes:
    return context("findings", version=version.id, case=case, epoch=version.epoch)
