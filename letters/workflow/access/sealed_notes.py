"""A facilitator's words about a letter or a case: signed, sealed to the case team or to one person,
opened again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from keys.errors import CannotOpen
from keys.identity import Identity, Recipient
from keys.notes import NotePlace, open_note, seal_note
from letters.rules.errors import NotAcceptable, NotPossibleNow, Tampered
from letters.rules.translatable import marked
from letters.storage.tables.letters import Note
from letters.workflow.access import directory, roster
from letters.workflow.access.enter import CaseAccess
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

MAX_NOTE = 10_000
"""The longest note, reason or evidence, in characters."""


@dataclass(frozen=True)
class OpenNote:
    """A note that was opened and whose writer was checked."""

    kind: str
    words: str
    written_by: UUID
    written_at: datetime


def for_team(
    platform: Platform, db: Session, me: SignedIn, room: CaseAccess, subject: UUID, kind: str,
    words: str
) -> UUID:
    """Keep words for the case team only. Returns the note's id."""
    case = room.case
    return _keep(platform, db, me, roster.sealing_key(platform, db, me, room),
                 NotePlace(platform.new_id(), subject, kind, case.id, case.epoch), words)


def for_person(platform: Platform, db: Session, me: SignedIn, room: CaseAccess, person: UUID,
               subject: UUID, kind: str,
               words: str) -> UUID:
    """Keep words for one participant of the case only.
    Raises ``NotPossibleNow`` if they have no account yet.
    Returns the note's id."""
    keys = directory.sealing_keys(platform, db, room.case.id, person)
    if keys is None:
        raise NotPossibleNow("this person has no account yet")
    return _keep(platform, db, me, keys.recipient,
                 NotePlace(platform.new_id(), subject, kind, person, 0), words)


def for_staff(
    platform: Platform, db: Session, me: SignedIn, person: UUID, subject: UUID, kind: str,
    words: str
) -> UUID:
    """Keep words for one member of staff only, who need not be in a team.
    Raises ``NotPossibleNow`` if they have no account yet.
    Returns the note's id."""
    keys = directory.sealing_keys(platform, db, platform.keys.installation, person)
    if keys is None:
        raise NotPossibleNow("this person has no account yet")
    return _keep(platform, db, me, keys.recipient,
                 NotePlace(platform.new_id(), subject, kind, person, 0), words)


def for_me(platform: Platform, db: Session, me: SignedIn, subject: UUID, kind: str,
           words: str) -> UUID:
    """Keep words for oneself only: no colleague or supervisor opens them, and after a reset not
    even oneself.
    Returns the note's id."""
    return _keep(
        platform, db, me, me.identity.recipient,
        NotePlace(platform.new_id(), subject, kind, me.person, 0), words
    )


def for_oneself(platform: Platform, db: Session, me: SignedIn, room: CaseAccess, kind: str,
                words: str) -> None:
    """Keep words for oneself only, in place of one's earlier words of this kind. The case is
    locked."""
    db.execute(delete(Note).where(*_own(me, kind)).execution_options(synchronize_session=False))
    for_person(platform, db, me, room, me.person, me.person, kind, words)


def of_oneself(platform: Platform, db: Session, me: SignedIn, kind: str) -> str | None:
    """One's own words of this kind, or None.
    Raises ``Tampered`` if somebody else put them there."""
    row = db.scalars(
        select(Note).where(*_own(me, kind)).order_by(Note.written_at.desc(), Note.id).limit(1)
    ).first()
    if row is None:
        return None
    writer = directory.keys_of_person(platform, db, me.person)
    try:
        if writer is None or row.written_by != me.person:
            raise CannotOpen
        return open_note(row.sealed, NotePlace(row.id, me.person, kind, me.person, 0), me.person,
                         writer.verifier,
                         me.identity)
    except CannotOpen:
        raise Tampered(me.person) from None


def _own(me: SignedIn, kind: str) -> tuple[ColumnElement[bool], ...]:
    return Note.subject_id == me.person, Note.reader_id == me.person, Note.kind == kind


def opened(platform: Platform, db: Session, reader: Identity, reader_id: UUID, subject: UUID,
           team: frozenset[UUID], kind: str | None = None) -> list[OpenNote]:
    """The notes about something for this person, oldest first. ``team``: everybody who is or was in
    it. ``kind``: only notes of this kind.
    Raises ``Tampered`` unless people of ``team`` wrote them."""
    return _opened(platform, db, {0: reader}, reader_id, subject, team, kind)


def opened_by_team(platform: Platform, db: Session, case_keys: Mapping[int, Identity], case: UUID,
                   subject: UUID,
                   writers: frozenset[UUID] | None = None,
                   kind: str | None = None) -> list[OpenNote]:
    """The notes about something for the case team, as far as these keys of its epochs open them,
    oldest first.

    ``writers``: the people who may have written them; by default everybody who is or was in the
    team. ``kind``: only notes of this kind. For notes about a version or a letter use the curtain
    of ``second_reading``, which calls this.
    """
    return _opened(platform, db, case_keys, case, subject,
                   record.read(platform, db, case).ever_joined if writers is None else writers,
                   kind)


def _opened(platform: Platform, db: Session, keys: Mapping[int, Identity], reader_id: UUID,
            subject: UUID,
            team: frozenset[UUID], kind: str | None) -> list[OpenNote]:
    query = select(Note).where(Note.subject_id == subject, Note.reader_id == reader_id,
                               Note.epoch.in_(list(keys)))
    if kind is not None:
        query = query.where(Note.kind == kind)
    rows = db.scalars(query.order_by(Note.written_at, Note.id)).all()
    return opened_rows(platform, db, keys, rows, subject, team)


def opened_rows(platform: Platform, db: Session, keys: Mapping[int, Identity],
                rows: Sequence[Note], subject: UUID | None,
                writers: frozenset[UUID]) -> list[OpenNote]:
    """These notes, opened; ``subject``: what they are about, None if each is about its own.
    Raises ``Tampered`` if one is out of place or none of ``writers`` wrote it."""
    known = directory.keys_of_people(platform, db, {row.written_by for row in rows}) if rows else {}
    return [_opened_row(keys, row, subject or row.subject_id, known.get(row.written_by), writers)
            for row in rows]


def _opened_row(keys: Mapping[int, Identity], row: Note, subject: UUID,
                writer: directory.Keys | None, writers: frozenset[UUID]) -> OpenNote:
    if writer is None or row.written_by not in writers:
        raise Tampered(subject)
    place = NotePlace(row.id, subject, row.kind, row.reader_id, row.epoch)
    try:
        words = open_note(row.sealed, place, row.written_by, writer.verifier, keys[row.epoch])
    except CannotOpen:
        raise Tampered(subject) from None
    return OpenNote(row.kind, words, row.written_by, row.written_at)


def checked(field: str, words: str) -> str:
    """The words, stripped, if they can be kept.
    Raises ``NotAcceptable`` if there are none or too many."""
    if not words.strip():
        raise NotAcceptable(field, marked("Write a few words here."))
    if len(words) > MAX_NOTE:
        raise NotAcceptable(field, marked("These are more than %(max_note)s characters. Please "
                                          "make it shorter."),
                            max_note=f"{MAX_NOTE:,}")
    return words.strip()


def _keep(platform: Platform, db: Session, me: SignedIn, reader: Recipient, place: NotePlace,
          words: str) -> UUID:
    sealed = seal_note(words, place, me.person, me.identity, reader)
    db.add(Note(id=place.note, subject_id=place.subject, kind=place.kind,
                reader_kind="case" if place.epoch else
                "person", reader_id=place.reader, epoch=place.epoch, written_by=me.person,
                written_at=platform.now(),
                sealed=sealed))
    return place.note
