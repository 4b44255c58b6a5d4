"""A version of a letter as its author keeps it:
signed by them, sealed to them alone, opened by them again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.errors import CannotOpen
from keys.identity import sha256
from keys.vouching import attest
from letters.rules.errors import NotAcceptable, NotFound, Tampered
from letters.rules.letter.history import LetterHistory
from letters.rules.translatable import marked
from letters.storage.tables.letters import Grant, Letter, Version
from letters.workflow.access import directory
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import bindings

MAX_LETTER = 200_000
"""The longest letter, in characters."""


@dataclass(frozen=True)
class OwnText:
    """A version as its author reads it."""

    version: UUID
    text: str
    saved_at: datetime
    kind: str


def place_of(letter: Letter, version: Version) -> sealing.Place:
    """The place of a version, to which its seal, its grants and its digest are bound."""
    return sealing.Place(letter.id, version.id, letter.case_id, letter.channel_id, letter.author_id,
                         version.kind,
                         version.parent)


def check_length(text: str) -> None:
    """Raises ``NotAcceptable`` if the text is longer than a letter may be."""
    if len(text) > MAX_LETTER:
        raise NotAcceptable("text", marked(
            "This letter has %(has)s characters; %(most)s is the most that can be kept. Nothing "
            "was cut: please "
            "shorten it, or make two letters of it."), has=f"{len(text):,}", most=f"{MAX_LETTER:,}")


def keep_version(
    platform: Platform,
    db: Session,
    me: SignedIn,
    letter: Letter,
    text: str,
    kind: str,
    basis: UUID | None,
    version_id: UUID | None = None,
) -> UUID:
    """Keep a text for its author alone, signed by them.
    Returns the version's id, by default a new one."""
    letter_key = platform.random(32)
    version = Version(id=version_id or platform.new_id(), letter_id=letter.id, kind=kind,
                      parent=sealing.NO_PARENT,
                      saved_at=platform.now(), basis_id=basis)
    add(db, version, seal(platform, me, letter, version, text, letter_key))
    return version.id


def seal(
    platform: Platform, me: SignedIn, letter: Letter, version: Version, text: str, letter_key: bytes
) -> list[Grant]:
    """Seal the text into the version. Returns the author's own grant, to be added once the version
    is there."""
    place = place_of(letter, version)
    version.body = sealing.seal_letter(text, place, me.identity, letter_key, platform.random)
    version.digest = sealing.digest(version.body, place)
    return [Grant(version_id=version.id, reader_kind="person", reader_id=me.person, epoch=0,
                  sealed=sealing.grant_to_person(me.identity.recipient, me.person,
                                                 letter_key, version.id))]


def add(db: Session, version: Version, grants: list[Grant]) -> None:
    """Add a version to the database, and then its grants."""
    db.add(version)
    db.flush()
    db.add_all(grants)


def forget(db: Session, version: UUID) -> None:
    """Delete a version that only its author could ever read."""
    db.execute(delete(Grant).where(Grant.version_id == version))
    db.execute(delete(Version).where(Version.id == version))


def own_in(platform: Platform, db: Session, me: SignedIn, letter: Letter,
           version_id: UUID) -> OwnText:
    """A version of the letter as its author reads it.

    Raises ``NotFound`` unless it was granted to this person, ``Tampered`` if it does not verify.
    """
    found = db.execute(select(Version, Grant).join(Grant, Grant.version_id == Version.id).where(
        Version.id == version_id, Version.letter_id == letter.id, Grant.reader_kind == "person",
        Grant.reader_id == me.person, Grant.epoch == 0)).first()
    if found is None:
        raise NotFound
    version, grant = found
    try:
        key = sealing.open_own_grant(me.identity, me.person, grant.sealed, version.id)
        return OwnText(version.id, _own_words(platform, db, me, letter, version, key),
                       version.saved_at, version.kind)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None


def _own_words(platform: Platform, db: Session, me: SignedIn, letter: Letter, version: Version,
               key: bytes) -> str:
    place = place_of(letter, version)
    try:
        return sealing.open_letter(version.body, place, key, me.identity.verifier)
    except CannotOpen:  # signed before the author's keys were renewed, or not signed by the author
        keys = directory.keys_of_person(platform, db, me.person)
        if keys is None:
            raise
        return sealing.open_letter(version.body, place, key, keys.verifier)


def set_bar(platform: Platform, letter: Letter, version: Version, round: int) -> None:
    """Attest how many readers this round needs and what was found,
    so that nobody can lower the bar later."""
    version.screening_mac = attest(platform.keys.directory, "screening", version=version.id,
                                   digest=version.digest,
                                   findings_hash=version.findings_hash,
                                   recipient=letter.recipient_id,
                                   round=round, policy=version.policy, needed=version.needed)


def check_bar(platform: Platform, letter: Letter, version: Version, told: LetterHistory) -> None:
    """Check that this version is as it was handed in, with its findings and the number of readers
    that it needs. ``told``: the letter by the record.

    Raises ``Tampered`` unless it is.
    """
    if told.handed_in not in (b"", bindings.version(version)):
        raise Tampered(letter.id, letter.case_id)
    if (version.letter_id != letter.id
        or version.digest != sealing.digest(version.body, place_of(letter, version))
        or version.findings_hash != sha256(version.findings)):
        raise Tampered(letter.id, letter.case_id)
    try:
        platform.keys.require(version.screening_mac, "screening", version=version.id,
                              digest=version.digest,
                              findings_hash=version.findings_hash, recipient=letter.recipient_id,
                              round=letter.round,
                              policy=version.policy, needed=version.needed)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None
