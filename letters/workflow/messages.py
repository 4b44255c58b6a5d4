"""Messages between one party and their facilitators:
practical things and preparation, never a letter.

Each is sealed twice, to that party and to the team, and is in that party's own thread. The other
party can see nothing of it, on no page and by no size, and no letter is looked at sooner because of
it (rule 22).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, select, tuple_
from sqlalchemy.orm import Session

from keys.errors import CannotOpen
from keys.identity import Identity
from letters.rules.errors import NotAcceptable, NotFound, Tampered
from letters.rules.events import Event
from letters.rules.letter import quotations
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.storage.queries.lists import Key
from letters.storage.tables.letters import Letter, Note, Participant, Person, Version
from letters.workflow.access import case_keys, directory, sealed_notes
from letters.workflow.access.enter import CaseAccess, case_to_change, case_to_read
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.notices import outbox
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.review.read_letter import open_words

MESSAGE, SEEN = "message", "messages seen"
PAGE = 20


@dataclass(frozen=True)
class Thread:
    """Some messages of one party's thread, newest first; ``next``: where older ones begin."""

    person: UUID
    role: Role
    messages: list[OpenNote]
    names: dict[UUID, str]
    next: Key | None


@dataclass(frozen=True)
class ThreadListed:
    """One party's thread in a list, without a word:
    when the last message came, and whether it is the party's."""

    person: UUID
    role: Role
    name: str
    last: datetime | None
    waits: bool


def write(platform: Platform, me: SignedIn, case_id: UUID, person: UUID, words: str) -> None:
    """Write to one party of a case, as a member of its team.

    Raises ``NotAcceptable`` if the message holds a long passage of a letter of this case
    (``rules/letter/quotations.py`` says which). Raises ``NotFound`` for a person who does not take
    part, ``NotPossibleNow`` or ``KeyNotConfirmed`` while nothing can be sealed to them.
    """
    words = sealed_notes.checked("words", words)
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        thread, _ = _party(room, person)
        if any(quotations.quotes(words, letter) for letter in _letters(platform, db, me, room)):
            raise NotAcceptable("words", marked(
                "This message holds %(most)s or more words of a letter in a row. They reach "
                "somebody through the "
                "letter alone. Say it in your own words."), most=quotations.RUN)
        kept = sealed_notes.for_team(platform, db, me, room, thread.id, MESSAGE, words)
        sealed_notes.for_person(platform, db, me, room, person, thread.id, MESSAGE, words)
        record.add(platform, db, room.case, Event.MESSAGE_WRITTEN, me.person, kept, about=person)
        outbox.notify(platform, db, person, "update")


def answer(platform: Platform, me: SignedIn, case_id: UUID, words: str) -> None:
    """Write to one's facilitators, as a party. Nobody else reads it, and no gate moves."""
    words = sealed_notes.checked("words", words)
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_TELL)
        thread, _ = _party(room, me.person)
        kept = sealed_notes.for_team(platform, db, me, room, thread.id, MESSAGE, words)
        sealed_notes.for_me(platform, db, me, thread.id, MESSAGE, words)
        record.add(platform, db, room.case, Event.MESSAGE_WRITTEN, me.person, kept,
                   about=me.person)


def thread(platform: Platform, me: SignedIn, case_id: UUID, person: UUID,
           before: Key | None = None) -> Thread:
    """One party's thread, for the team, as far as this member holds the keys.
    Raises ``NotFound``."""
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_SEE)
        party, somebody = _party(room, person)
        ring = case_keys.open_all(platform, db, me, case_id)
        return _read(platform, db, room, party, somebody, ring, case_id, before)


def own_thread(platform: Platform, me: SignedIn, case_id: UUID,
               before: Key | None = None) -> Thread:
    """One's own thread, for a party. That they saw the newest message is kept, so that Home says
    when there is more."""
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_TELL)
        party, somebody = _party(room, me.person)
        found = _read(platform, db, room, party, somebody, {0: me.identity}, me.person, before)
        unseen = before is None and has_news(db, party.id, me.person)
    if unseen:
        with platform.writing() as db:
            case_to_change(platform, db, me, case_id, Permission.CASE_TELL)
            db.execute(
                delete(Note)
                .where(_marker(party.id, me.person))
                .execution_options(synchronize_session=False)
            )
            sealed_notes.for_me(platform, db, me, party.id, SEEN, "")
    return found


def own_messages(platform: Platform, me: SignedIn,
                 case_id: UUID) -> tuple[list[OpenNote], dict[UUID, str]]:
    """One's own whole thread, oldest first, and the names of those who wrote in it. Nothing of it
    counts as seen."""
    found, before = list[OpenNote](), None
    names = dict[UUID, str]()
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_TELL)
        party, somebody = _party(room, me.person)
        while True:
            page = _read(platform, db, room, party, somebody, {0: me.identity}, me.person, before)
            found += page.messages
            names |= page.names
            if page.next is None:
                return found[::-1], names
            before = page.next


def has_own_news(platform: Platform, me: SignedIn, party: UUID) -> bool:
    """True if one's own thread has something new; ``party``: one's own row in the case."""
    with platform.reading() as db:
        return has_news(db, party, me.person)


def has_news(db: Session, party: UUID, person: UUID) -> bool:
    """True if a facilitator wrote to this party since they looked last.
    Only their own thread is asked."""
    last = db.scalar(select(Note.written_at).where(Note.subject_id
                                                   == party, Note.reader_id == person,
                                                   Note.kind == MESSAGE, Note.written_by != person)
                     .order_by(Note.written_at.desc()).limit(1))
    seen = db.scalar(
        select(Note.written_at)
        .where(_marker(party, person))
        .order_by(Note.written_at.desc())
        .limit(1)
    )
    return last is not None and (seen is None or seen < last)


def threads(file: CaseFile) -> list[ThreadListed]:
    """Each party's thread, for the team."""
    found = []
    for person, role in file.roles.items():
        party, _ = file.participant(person)
        last = file.db.scalars(_of_thread(party.id, file.case.id).limit(1)).first()
        found.append(ThreadListed(person, role, file.names[person],
                                  last.written_at if last else None,
                                  last is not None and last.written_by == person))
    return found


def _party(room: CaseAccess, person: UUID) -> tuple[Participant, Person]:
    for participant, somebody in room.participants:
        if somebody.id == person:
            return participant, somebody
    raise NotFound


def _marker(party: UUID, person: UUID) -> ColumnElement[bool]:
    return and_(Note.subject_id == party, Note.reader_id == person, Note.kind == SEEN)


def _of_thread(party: UUID, reader: UUID) -> Select[Note]:
    """The copies of a thread's messages that are sealed to this reader, newest first."""
    return (select(Note)
            .where(Note.subject_id == party, Note.reader_id == reader, Note.kind == MESSAGE)
            .order_by(Note.written_at.desc(), Note.id.desc()))


def _read(
    platform: Platform,
    db: Session,
    room: CaseAccess,
    party: Participant,
    somebody: Person,
    ring: dict[int, Identity],
    reader: UUID,
    before: Key | None,
) -> Thread:
    query = _of_thread(party.id, reader).where(Note.epoch.in_(list(ring)))
    if before is not None:
        query = query.where(tuple_(Note.written_at, Note.id) < before)
    rows: Sequence[Note] = db.scalars(query.limit(PAGE + 1)).all()
    writers = record.read(platform, db, room.case.id).ever_decided | {somebody.id}
    opened = sealed_notes.opened_rows(platform, db, ring, rows[:PAGE], party.id, writers)
    names = directory.names(platform, db, {somebody.id, *(one.written_by for one in opened)})
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Thread(somebody.id, directory.role_of(platform, somebody), opened, names,
                  (last.written_at, last.id) if last else None)


def _letters(platform: Platform, db: Session, me: SignedIn, room: CaseAccess) -> list[str]:
    """The text of every version that was handed in and that this member can open."""
    ring = case_keys.open_all(platform, db, me, room.case.id)
    found = db.execute(select(Letter, Version).join(Version, Version.letter_id == Letter.id).where(
        Letter.case_id == room.case.id, Version.kind == "submitted",
        Version.epoch.in_(list(ring)))).all()
    try:
        return [open_words(platform, db, letter, version, ring[version.epoch])[1] for letter,
                version in found]
    except CannotOpen:
        raise Tampered(room.case.id, room.case.id) from None
