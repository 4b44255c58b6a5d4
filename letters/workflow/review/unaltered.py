"""What must hold for every version that others than its author read:
nothing was left out without the author.

The author's signature covers the text and whether it is redacted. This module checks what the
signature does not cover: the author's agreement is in the trail; a redacted version has marks and
no other version has any; it is the version before it with passages left out and nothing else
changed; no earlier version leads to the recipient.
"""

from collections.abc import Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.errors import CannotOpen
from keys.identity import Identity, Verifier
from letters.rules.errors import Tampered
from letters.rules.letter.history import LetterHistory, RedactionAnswer
from letters.rules.letter.redacted import HANDED_IN, MARK, REDACTED, is_left_out_of
from letters.storage.tables.letters import Grant, Letter, Version
from letters.workflow.access import directory
from letters.workflow.platform import Platform
from letters.workflow.writing.versions import place_of

AGREED, NOT_AGREED = "agreed", "not agreed"
"""The author's answer, as the fact in the trail names it."""


def require_agreed(letter: Letter, version: Version, told: LetterHistory) -> None:
    """Check that this version may lead to the recipient. Needs no key: the worker asks it at
    release.

    Raises ``Tampered`` unless, by the record, its author handed it in last, and agreed if it is
    redacted.
    """
    if version.kind not in HANDED_IN or told.version != version.id or (
            version.kind == REDACTED
            and RedactionAnswer(letter.author_id, version.id, AGREED) not in told.answers):
        raise Tampered(letter.id, letter.case_id)


def require_alone(db: Session, letter: Letter, version: Version) -> None:
    """Raises ``Tampered`` unless this is the only version that leads to the recipient."""
    earlier = select(Version.id).where(Version.letter_id == letter.id, Version.id != version.id)
    if db.scalar(select(exists().where(Grant.version_id.in_(earlier), Grant.reader_kind == "person",
                                       Grant.reader_id == letter.recipient_id))):
        raise Tampered(letter.id, letter.case_id)


def require_marked(letter: Letter, version: Version, text: str) -> None:
    """Raises ``Tampered`` unless a redacted version has marks for what was left out
    and any other has none."""
    if (MARK in text) != (version.kind == REDACTED):
        raise Tampered(letter.id, letter.case_id)


def require_nothing_else_changed(platform: Platform, db: Session, letter: Letter, version: Version,
                                 text: str,
                                 ring: Mapping[int, Identity]) -> None:
    """Check that a redacted version is its parent with passages left out.

    ``ring``: the case keys at hand; a parent that they do not open is not compared.
    Raises ``Tampered`` if anything else has changed.
    """
    if version.kind != REDACTED:
        return
    parent, author = parent_of(db, letter,
                               version), directory.keys_of_person(platform, db, letter.author_id)
    if parent is None or author is None:
        raise Tampered(letter.id, letter.case_id)
    if parent.epoch in ring and not is_left_out_of(
            text_of(db, letter, parent, ring[parent.epoch], author.verifier), text):
        raise Tampered(letter.id, letter.case_id)


def parent_of(db: Session, letter: Letter, version: Version) -> Version | None:
    """The version that was handed in before this one,
    as the author's signature on this one names it.

    Raises ``Tampered`` if that version is gone.
    Returns None for the first.
    """
    if not version.parent:
        return None
    parent = db.scalars(select(Version).where(Version.letter_id == letter.id,
                                              Version.digest == version.parent)).first()
    if parent is None or sealing.digest(parent.body, place_of(letter, parent)) != version.parent:
        raise Tampered(letter.id, letter.case_id)
    return parent


def text_of(db: Session, letter: Letter, version: Version, case_key: Identity,
            author: Verifier) -> str:
    """The text of a version that was handed in, opened with the case key of its epoch.
    Raises ``Tampered``."""
    grant = db.get(Grant, (version.id, "case", letter.case_id, version.epoch))
    try:
        if grant is None:
            raise CannotOpen
        key = sealing.open_case_grant(case_key, letter.case_id, version.epoch, grant.sealed,
                                      version.id)
        return sealing.open_letter(version.body, place_of(letter, version), key, author)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None

