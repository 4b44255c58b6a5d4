"""Reading: the recipient opens a letter. Not a word is shown before every signature has been
verified."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from keys import box
from keys import letter as sealing
from keys.errors import CannotOpen
from keys.identity import Verifier
from letters.rules.errors import KeyNotConfirmed, NotFound, NotPossibleNow, Tampered
from letters.rules.letter import decisions
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import ARRIVED, Action, State
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.storage.queries import lists
from letters.storage.queries.lists import Key, Page
from letters.storage.tables.letters import Grant, Letter, StatementRow, Version
from letters.workflow.access import case_keys, directory
from letters.workflow.access.enter import (
    LetterAccess,
    allowed,
    letter_room,
    letter_to_change,
    letter_to_read,
    move,
    part_of,
    told_of,
)
from letters.workflow.access.record_fact import Recording
from letters.workflow.cases.tasks import begin_after_opening
from letters.workflow.decision import content_note
from letters.workflow.decision.approvals import approvals
from letters.workflow.decision.content_note import ForRecipient
from letters.workflow.oversight import emergency_reading
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.release.release import require_statement
from letters.workflow.review import unaltered
from letters.workflow.writing.versions import check_bar, place_of

_BLOCK_PAGES = 3
"""The most pages that a sealed block of a letter can hold."""


@dataclass(frozen=True)
class Arrived:
    """A letter that has reached its recipient, before any of it is shown.

    ``pages``: about, if there is a note; 0 for less than one. Else the most that there can be.
    """

    letter: UUID
    released_at: datetime
    opened: bool
    given_back: bool
    pages: int
    note: ForRecipient | None


@dataclass(frozen=True)
class Verified:
    """A letter with every signature checked and its key at hand;
    no word of it has been opened yet."""

    version: Version
    key: bytes
    author: Verifier
    note: ForRecipient | None
    given_back: bool

    def text(self, room: LetterAccess) -> str:
        """Its words. Raises ``NotPossibleNow`` while the team keeps it
        for its recipient, or ``Tampered``."""
        if self.given_back:
            raise NotPossibleNow("it was given back")
        try:
            text = sealing.open_letter(self.version.body, place_of(room.letter, self.version),
                                       self.key, self.author)
        except CannotOpen:
            raise Tampered(room.letter.id, room.case.id) from None
        unaltered.require_marked(room.letter, self.version, text)
        return text


def letters_arrived(platform: Platform, me: SignedIn, before: Key | None = None) -> Page[Letter]:
    """A page of the letters that have reached one and that one has not destroyed, newest first."""
    may(me.actor, Permission.LETTER_READ)
    with platform.reading() as db:
        return lists.inbox(db, me.person, before)


def before_opening(platform: Platform, me: SignedIn, letter_id: UUID) -> Arrived:
    """What the recipient may know before deciding to open: when it came, its length and its content
    note. The letter's own words are not opened for it."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_READ)
        return arrived(room, verified(platform, db, me, room))


def arrived(room: LetterAccess, found: Verified) -> Arrived:
    """The same, for a letter that is verified already."""
    letter, note = room.letter, found.note
    assert letter.released_at is not None
    pages = (round(note.characters / 1500) if note
             else len(found.version.body) // box.LETTER_BLOCK * _BLOCK_PAGES)
    return Arrived(letter.id, letter.released_at, State(letter.state) is State.OPENED,
                   found.given_back, pages, note)


def open_letter(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Open a letter, once. Raises ``Tampered`` if it does not verify; it is then not opened."""
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_READ)
        opening(platform, db, me, room)


def opening(platform: Platform, db: Session, me: SignedIn,
            room: LetterAccess) -> tuple[Verified, str]:
    """The same, for a letter that was entered already. Returns it with its words."""
    found = verified(platform, db, me, room)
    text = found.text(room)
    if State(room.letter.state) is not State.OPENED:
        opened = decisions.step(told_of(platform, db, room), Action.OPEN, part_of(me, room))
        move(platform, db, room, opened, me.person, opened_at=platform.now())
        begin_after_opening(Recording(platform, db, me, room))
    return found, text


def read_again(platform: Platform, me: SignedIn, letter_id: UUID) -> str:
    """The words of a letter that was opened. Raises ``NotPossibleNow`` if it was not."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_READ)
        if State(room.letter.state) is not State.OPENED:
            raise NotPossibleNow("it was not opened yet")
        return verified(platform, db, me, room).text(room)


def who_can_read(platform: Platform, me: SignedIn, letter_id: UUID) -> list[str]:
    """The names of everybody who can read the letter now,
    from its grants and the holders of each epoch's key.

    It is for the letter's author, and for the person harmed once the letter has arrived. Only the
    person harmed is told whether the recipient is among them (rules 21 and 22).
    """
    with platform.reading() as db:
        room = letter_room(platform, db, letter_id, lock=False)
        mine = me.person == room.letter.author_id or me.role is not Role.HARMED
        allowed(me, room, Permission.LETTER_WRITE if mine else Permission.LETTER_READ)
        readers = readers_of(platform, db,
                             room) | emergency_reading.readers_told(platform, db, me, room.case.id)
        if me.role is not Role.HARMED:
            readers.discard(room.letter.recipient_id)
        return sorted(directory.names(platform, db, readers).values())


def readers_of(platform: Platform, db: Session, room: LetterAccess) -> set[UUID]:
    """Everybody to whom a grant of this letter leads.

    Raises ``Tampered`` if somebody outside the team has a case key, or if a grant leads to somebody
    who is neither author nor recipient: the two must not see such a name.
    """
    readers, holders = set[UUID](), case_keys.holders(db, room.case.id)
    versions = select(Version.id).where(Version.letter_id == room.letter.id)
    for grant in db.scalars(select(Grant).where(Grant.version_id.in_(versions))):
        readers |= holders.get(grant.epoch,
                               frozenset()) if grant.reader_kind == "case" else {grant.reader_id}
        if (grant.reader_kind != "case"
            and grant.reader_id not in (room.letter.author_id, room.letter.recipient_id)):
            raise Tampered(room.letter.id, room.case.id)
    if frozenset().union(*holders.values()) - room.readers:
        raise Tampered(room.letter.id, room.case.id)
    if record.read(platform, db, room.case.id).letter(room.letter.id).destroyed:
        # only the recipient knows what became of their letter
        readers.add(room.letter.recipient_id)
    return readers


def future_readers(platform: Platform, me: SignedIn, letter_id: UUID) -> tuple[list[str], str]:
    """The names of everybody who will read the letter if it is sent and released:
    the team, the recipient."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        recipient = room.letter.recipient_id
        names = directory.names(platform, db, room.readers | {recipient})
        return sorted(names[member] for member in room.readers), names[recipient]


def supervisors_told(platform: Platform, me: SignedIn, letter_id: UUID) -> list[str]:
    """The names of the supervisors who can read the letter's case now,
    as far as its author is told."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        return sorted(
            directory.names(platform, db,
                            emergency_reading.readers_told(platform, db, me, room.case.id)).values()
        )


_LED = (select(Version, Grant, StatementRow).join(Grant, Grant.version_id == Version.id)
        .outerjoin(StatementRow, StatementRow.version_id == Version.id)
        .where(Version.letter_id == bindparam("letter"), Grant.reader_kind == "person",
               Grant.reader_id == bindparam("person")).order_by(StatementRow.at.desc()))
"""The versions of a letter to which somebody's grants lead, with each statement that it was sealed,
the last one first."""


def require_released(platform: Platform, db: Session, me: SignedIn,
                     room: LetterAccess) -> LetterHistory:
    """What the trail says of a letter that reached this person.

    Raises ``Tampered`` if only the rows say that it did, ``NotFound`` once they have destroyed it.
    """
    letter = room.letter
    told = record.read(platform, db, room.case.id).letter(letter.id)
    if told.destroyed:
        raise NotFound
    stands = (letter.state, letter.submitted_id, letter.round, me.person)
    if told.state not in ARRIVED or stands != (told.state, told.version, told.round, told.reached):
        raise Tampered(letter.id, letter.case_id)
    return told


def verified(platform: Platform, db: Session, me: SignedIn, room: LetterAccess) -> Verified:
    """Verify the letter for its recipient.

    Raises ``Tampered`` if it does not verify, ``NotFound`` once they have destroyed it,
    ``KeyNotConfirmed`` after a reset.
    """
    letter, told = room.letter, require_released(platform, db, me, room)
    led = db.execute(_LED, {"letter": letter.id, "person": me.person}).all()
    if not led and not record.accounts(platform, db, letter.case_id).key(me.person).confirmed:
        raise KeyNotConfirmed
    # an earlier version must not lead here
    if {version.id for version, *_ in led} != {letter.submitted_id}:
        raise Tampered(letter.id, letter.case_id)
    version, grant, statement = led[0]
    if statement is None:
        raise Tampered(letter.id, letter.case_id)
    keys = directory.keys_of_people(platform, db, [letter.author_id, statement.signer_id,
                                                   *told.approvals])
    if letter.author_id not in keys:
        raise Tampered(letter.id, letter.case_id)
    check_bar(platform, letter, version, told)
    approved = approvals(platform, db, letter, version, told.approvals, keys)
    if not approved.enough:
        raise Tampered(letter.id, letter.case_id)
    require_statement(letter, version, statement, keys.get(statement.signer_id), told)
    unaltered.require_agreed(letter, version, told)
    try:
        key = sealing.open_own_grant(me.identity, me.person, grant.sealed, version.id)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None
    note = content_note.opened(platform, db, letter, version, key, told, approved.readers)
    return Verified(version, key, keys[letter.author_id].verifier, note, told.given_back)
