"""Writing: begin, read back, submit, recall. How a draft is saved is in ``drafts``."""

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keys import letter as sealing
from letters import screening
from letters.rules.errors import (
    DraftChanged,
    KeyNotConfirmed,
    LettersError,
    NotAcceptable,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.events import Event
from letters.rules.letter import decisions
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import (
    ARRIVED,
    WITH_AUTHOR,
    Action,
    LetterRole,
    State,
    readers_needed,
)
from letters.rules.letter.redacted import MARK, SUBMITTED
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.screening import Finding
from letters.storage.queries import lists
from letters.storage.queries.lists import Key, Page
from letters.storage.tables.letters import Channel, Grant, Letter, Version
from letters.workflow.access import directory, roster, sealed_notes
from letters.workflow.access.enter import (
    CaseAccess,
    LetterAccess,
    case_to_change,
    delete_sealed_release,
    letter_to_change,
    letter_to_read,
    move,
    part_of,
    told_of,
)
from letters.workflow.cases import alerts
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.preparation import consent
from letters.workflow.record import bindings, record
from letters.workflow.screening import preferences, sealed_findings, weight
from letters.workflow.screening.preferences import Wished
from letters.workflow.writing.drafts import Window, own_page, own_texts, restore, save
from letters.workflow.writing.versions import (
    MAX_LETTER,
    OwnText,
    add,
    keep_version,
    own_in,
    place_of,
    seal,
    set_bar,
)

__all__ = [
    "MAX_LETTER",
    "POLICY",
    "OwnText",
    "Window",
    "begin_again",
    "begin_letter",
    "hand_in",
    "keep_version",
    "notes_for_author",
    "open_channels",
    "own_letter",
    "own_letters",
    "own_page",
    "own_text",
    "own_texts",
    "place_of",
    "recall",
    "require_may_be_handed_in",
    "restore",
    "save",
    "screened",
    "submit",
]

POLICY = f"rjx1 {screening.VERSION}"
"""The rules under which a letter is read; every decision names them."""


def begin_letter(platform: Platform, me: SignedIn, channel_id: UUID, text: str = "") -> UUID:
    """Begin a letter, with or without words, on a channel that is open to its writer.

    Raises ``NotFound`` unless the channel is this person's, ``NotPossibleNow`` while it is not
    open.
    Returns the letter's id.
    """
    with platform.writing() as db:
        channel = db.get(Channel, channel_id)
        if channel is None or channel.sender_id != me.person:
            raise NotFound
        directory.verified_channel(platform, channel)
        if channel.opened_at is None:
            raise NotPossibleNow("this channel is not open yet")
        room = case_to_change(platform, db, me, channel.case_id, Permission.LETTER_WRITE)
        return _begin(platform, db, me, room, channel, text)


def open_channels(platform: Platform, me: SignedIn) -> list[Channel]:
    """The channels on which one can begin a letter now."""
    may(me.actor, Permission.LETTER_WRITE)
    with platform.reading() as db:
        return [channel for channel, _ in lists.channels_from(db, me.person) if channel.opened_at]


def own_letters(platform: Platform, me: SignedIn, before: Key | None = None) -> Page[Letter]:
    """A page of the letters that one wrote or is writing, newest first."""
    may(me.actor, Permission.LETTER_WRITE)
    with platform.reading() as db:
        return lists.own_letters(db, me.person, before)


def own_letter(platform: Platform, me: SignedIn, letter_id: UUID) -> Letter:
    """The row of a letter, for its author. Raises ``NotFound`` or ``NotAllowed``."""
    with platform.reading() as db:
        return letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE).letter


def own_text(platform: Platform, me: SignedIn, letter_id: UUID,
             version_id: UUID | None = None) -> OwnText | None:
    """One version as its author reads it, by default the newest.
    Returns None if nothing was saved yet."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        wanted = version_id or room.letter.draft_id
        return own_in(platform, db, me, room.letter, wanted) if wanted else None


def notes_for_author(platform: Platform, me: SignedIn,
                     letter_id: UUID) -> list[sealed_notes.OpenNote]:
    """What the facilitators wrote to the letter's author, oldest first."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        return sealed_notes.opened(platform, db, me.identity, me.person, letter_id,
                                   record.read(platform, db, room.case.id).ever_decided)


def submit(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
           is_sure: Callable[[str], bool] = lambda words: True) -> bool:
    """Hand the letter, exactly as this version reads, to the facilitators.
    Submitting twice is submitting once.

    ``is_sure``: whether its writer is sure of these words; if not, nothing is handed in.

    The screening, which may take long, is over before the case is locked: a letter that is hard to
    screen keeps no stop and no hold waiting.
    Raises ``DraftChanged`` if a newer version was saved since the writer checked this one.
    Returns False if they are not sure.
    """
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        if _is_submitted_already(db, room.letter, version_id):
            return True
        own = own_in(platform, db, me, room.letter, version_id)
        if not is_sure(own.text):
            return False
        _require_checked(room, own)
        require_may_be_handed_in(platform, db, me, room)
        asked = preferences.of_letter(platform, db, me, room)
    found = screened(platform, me, own.text, asked)
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_WRITE)
        if not _is_submitted_already(db, room.letter, version_id):
            _require_checked(room, own)
            hand_in(platform, db, me, room, own.text, found, SUBMITTED, own.version)
    return True


def screened(platform: Platform, me: SignedIn, text: str, asked: Wished) -> tuple[Finding, ...]:
    """What the screening finds in a text of this author. Never call it while a case is locked."""
    return (*sealed_findings.screened(platform, text.replace(MARK, "\n"), me.role,
                                      asked.preferences), *asked.said)


def hand_in(
    platform: Platform,
    db: Session,
    me: SignedIn,
    room: LetterAccess,
    text: str,
    found: tuple[Finding, ...],
    kind: str,
    basis: UUID,
) -> UUID:
    """Seal a text for the facilitators' reading, signed by its author,
    and hand it in: a new round begins.

    ``found``: what the screening found in it. ``basis``: the author's own version that it was made
    of.
    Returns the version's id.
    """
    require_may_be_handed_in(platform, db, me, room)
    step = decisions.step(told_of(platform, db, room), Action.SUBMIT, part_of(me, room))
    version = _seal_for_reading(platform, db, me, room, text, found, kind, basis)
    move(platform, db, room, step, me.person, about=version.id, detail=bindings.version(version),
         round=room.letter.round + 1, submitted_at=version.saved_at, submitted_id=version.id)
    return version.id


def recall(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Take a letter back until it is released;
    the sealed release is deleted in the same transaction.

    The request is on record whether or not it came in time, and nothing tells the writer which
    (rule 22).
    """
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_WRITE)
        letter = room.letter
        # Recorded each time, whatever the row says: a release asks the trail whether there was a
        # recall.
        record.add(platform, db, room.case, Event.RECALL_ASKED, me.person, letter.id)
        letter.recall_asked_at = letter.recall_asked_at or platform.now()
        db.flush()
        if letter.state not in ARRIVED | {State.RECALLED}:
            delete_sealed_release(db, letter.submitted_id)
            _take_back(platform, db, me, room)


def recall_all(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Take back every letter of one's own that was handed in, as far as it has not been handed
    over. Which ones there are is nobody's business who has the password alone."""
    with platform.reading() as db:
        own = set(db.scalars(select(Letter.id).where(Letter.author_id == me.person)))
        with suppress(Tampered):
            own |= {letter for letter, told in record.read(platform, db, case_id).letters.items()
                    if told.author == me.person}
    for letter in sorted(own):
        with suppress(LettersError):  # one that was never handed in, or cannot be found
            recall(platform, me, letter)


def _take_back(platform: Platform, db: Session, me: SignedIn, room: LetterAccess) -> None:
    """Move the letter, as far as its row lets it: a row that denies the record keeps nobody from
    taking back, and neither does a record that does not hold. That it was asked for is enough.
    Raises ``NotPossibleNow`` for a letter that, by a record that holds, was never handed in."""
    try:
        told = told_of(platform, db, room)
        refusals: tuple[type[Exception], ...] = (Tampered, IntegrityError)
    except Tampered:  # and a row can say what no letter is
        told = LetterHistory(state=room.letter.state)
        refusals = Tampered, IntegrityError, NotPossibleNow, ValueError
    record.write(platform, db)  # that it was asked for is written, or whoever asks is told
    with suppress(*refusals), record.savepoint(platform, db):
        move(platform, db, room, decisions.step(told, Action.RECALL, LetterRole.AUTHOR), me.person)


def begin_again(platform: Platform, me: SignedIn, letter_id: UUID) -> UUID:
    """Begin a new letter with the words of one that was taken back.

    Raises ``NotPossibleNow`` if it was not taken back.
    Returns the new letter's id.
    """
    own = own_text(platform, me, letter_id)
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_WRITE)
        if room.letter.recall_asked_at is None:
            raise NotPossibleNow("it was not taken back")
        channel = db.get_one(Channel, room.letter.channel_id)
        return _begin(platform, db, me, room, channel, own.text if own else "")


def _begin(platform: Platform, db: Session, me: SignedIn, room: CaseAccess, channel: Channel,
           text: str) -> UUID:
    letter = Letter(id=platform.new_id(), case_id=channel.case_id, channel_id=channel.id,
                    author_id=channel.sender_id,
                    recipient_id=channel.recipient_id, state=State.DRAFT.value,
                    began_at=platform.now(), round=0)
    db.add(letter)
    db.flush()
    record.add(platform, db, room.case, Event.LETTER_BEGUN, me.person, letter.id,
               entered=State.DRAFT.value)
    letter.draft_id = keep_version(platform, db, me, letter, text, "draft", None) if text else None
    return letter.id


def _is_submitted_already(db: Session, letter: Letter, version_id: UUID) -> bool:
    if letter.submitted_id is None or State(letter.state) in WITH_AUTHOR:
        return False
    return db.get_one(Version, letter.submitted_id).basis_id == version_id


def _require_checked(room: LetterAccess, own: OwnText) -> None:
    """Check that this version is the one that its author checked last, and that it has words."""
    if room.letter.draft_id != own.version:
        raise DraftChanged(str(own.version))
    if not any(unicodedata.category(mark)[0] in "LNPS" for mark in own.text):
        raise NotAcceptable("text", marked("There are no words in this letter yet."))
    if MARK in own.text:
        raise NotAcceptable("text", marked("Save this letter once more, and then send it."))


def require_may_be_handed_in(platform: Platform, db: Session, me: SignedIn,
                             room: LetterAccess) -> None:
    """Check that this author may hand a letter in now.

    Asked before the screening, since no text is screened without consent, and again once the case
    is locked: only the second answer counts.
    Raises ``KeyNotConfirmed``, and what ``consent.require_may_be_read`` raises.
    """
    directory.require_channel(platform, db, room.letter)
    consent.require_may_be_read(platform, db, me, room)
    if not record.accounts(platform, db, room.case.id).key(me.person).confirmed:
        raise KeyNotConfirmed


def _seal_for_reading(
    platform: Platform,
    db: Session,
    me: SignedIn,
    room: LetterAccess,
    text: str,
    found: tuple[Finding, ...],
    kind: str,
    basis: UUID,
) -> Version:
    letter, case = room.letter, room.case
    parent = db.get_one(Version,
                        letter.submitted_id).digest if letter.submitted_id else sealing.NO_PARENT
    letter_key = platform.random(32)
    # A text that was not screened is read by two, like a letter of the person who harmed (rule 13).
    two = me.role is Role.RESPONSIBLE or not sealed_findings.was_screened(found)
    version = Version(id=platform.new_id(), letter_id=letter.id, kind=kind, parent=parent,
                      saved_at=platform.now(),
                      basis_id=basis, epoch=case.epoch, policy=POLICY,
                      needed=readers_needed(two))
    version.weight = weight.sealed(platform, version.id, found, text)
    # the case is locked: this epoch is the current one
    team = roster.sealing_key(platform, db, me, room)
    sealed_findings.seal(version, case.id, team, found)
    grants = seal(platform, me, letter, version, text, letter_key)
    grants.append(Grant(version_id=version.id, reader_kind="case", reader_id=case.id,
                        epoch=case.epoch,
                        sealed=sealing.grant_to_case(team, case.id,
                                                     case.epoch, letter_key, version.id)))
    set_bar(platform, letter, version, letter.round + 1)
    add(db, version, grants)
    alerts.open_for_letter(platform, db, room, found)
    return version
