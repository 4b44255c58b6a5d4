"""What holds of every version that anybody but its author reads: nothing was left out of it without the author.

The author's signature covers the text and whether it is redacted; here is asked for what lies outside of it: that the
author's own agreement stands in the trail, that there are marks in a redacted version and in no other, that it is the
version before it with passages left out and nothing else changed, and that no earlier version leads to the recipient.
"""

from collections.abc import Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.errors import CannotOpen
from keys.identity import Identity, Verifier
from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.rules.letter.redacted import HANDED_IN, MARK, REDACTED, is_left_out_of
from letters.storage.tables.letters import Grant, Letter, Version
from letters.workflow.access import directory
from letters.workflow.platform import Platform
from letters.workflow.trail import trail
from letters.workflow.writing.versions import place_of

AGREED, NOT_AGREED = "agreed", "not agreed"
"""What the fact of an author's answer says that they left."""


def require_agreed(platform: Platform, db: Session, letter: Letter, version: Version) -> None:
    """``Tampered`` unless this is the version that its author handed in last by the trail, redacted only with their
    agreement, and the only one that leads to the recipient. Needs no key: the worker asks it at release."""
    if version.kind not in HANDED_IN:
        raise Tampered(letter.id, letter.case_id)
    earlier = select(Version.id).where(Version.letter_id == letter.id, Version.id != version.id)
    if db.scalar(select(exists().where(Grant.version_id.in_(earlier), Grant.reader_kind == "person",
                                       Grant.reader_id == letter.recipient_id))):
        raise Tampered(letter.id, letter.case_id)
    told = trail.facts_about(platform, db, letter.case_id, letter.id, Event.LETTER_SUBMITTED, Event.REDACTION_ANSWERED)
    handed_in = [fact.about_id for fact in told if fact.event == Event.LETTER_SUBMITTED]
    agreed_to = {(fact.actor_id, fact.about_id) for fact in told if fact.left == AGREED}
    if handed_in[-1:] != [version.id] or (
            version.kind == REDACTED and (letter.author_id, version.id) not in agreed_to):
        raise Tampered(letter.id, letter.case_id)


def require_marked(letter: Letter, version: Version, text: str) -> None:
    """``Tampered`` unless there are marks for what was left out in a redacted version, and in no other."""
    if (MARK in text) != (version.kind == REDACTED):
        raise Tampered(letter.id, letter.case_id)


def require_nothing_else_changed(platform: Platform, db: Session, letter: Letter, version: Version, text: str,
                                 ring: Mapping[int, Identity]) -> None:
    """``Tampered`` unless a redacted version is its parent with passages left out, as far as these keys open that."""
    if version.kind != REDACTED:
        return
    parent, author = parent_of(db, letter, version), directory.keys_of_person(platform, db, letter.author_id)
    if parent is None or author is None:
        raise Tampered(letter.id, letter.case_id)
    if parent.epoch in ring and not is_left_out_of(
            text_of(db, letter, parent, ring[parent.epoch], author.verifier), text):
        raise Tampered(letter.id, letter.case_id)


def parent_of(db: Session, letter: Letter, version: Version) -> Version | None:
    """The version that was handed in before this one; its author's signature on this one names it. ``Tampered`` if it
    is gone."""
    if not version.parent:
        return None
    parent = db.scalars(select(Version).where(Version.letter_id == letter.id, Version.digest == version.parent)).first()
    if parent is None or sealing.digest(parent.body, place_of(letter, parent)) != version.parent:
        raise Tampered(letter.id, letter.case_id)
    return parent


def text_of(db: Session, letter: Letter, version: Version, case_key: Identity, author: Verifier) -> str:
    """The words of a version that was handed in, for who holds the case key of its epoch; ``Tampered``."""
    grant = db.get(Grant, (version.id, "case", letter.case_id, version.epoch))
    try:
        if grant is None:
            raise CannotOpen
        key = sealing.open_case_grant(case_key, letter.case_id, version.epoch, grant.sealed, version.id)
        return sealing.open_letter(version.body, place_of(letter, version), key, author)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None

