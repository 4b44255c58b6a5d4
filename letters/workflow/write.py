"""Writing: begin, save, read back, submit, recall. Every save is sealed; nothing that was typed is lost."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.attest import attest
from keys.errors import CannotOpen
from letters import screening
from letters.domain.errors import DraftChanged, KeyNotConfirmed, NotAcceptable, NotFound, NotPossibleNow, Tampered
from letters.domain.events import Event
from letters.domain.left_out import HANDED_IN, MARK, SUBMITTED, typed
from letters.domain.lifecycle import ARRIVED, WITH_AUTHOR, Action, Part, State, readers_needed
from letters.domain.marked import marked
from letters.domain.people import Role
from letters.domain.permissions import Permission
from letters.screening import Finding
from letters.storage.tables import Channel, Grant, Letter, Version
from letters.workflow import alerts, consent, directory, findings, notes, roster, trail, weights, wished
from letters.workflow.house import House, SignedIn
from letters.workflow.rooms import (
    CaseRoom,
    LetterRoom,
    delete_sealed_release,
    enter_case,
    enter_letter,
    look_at_letter,
    move,
)
from letters.workflow.wished import Wished

MAX_LETTER = 200_000
"""The longest letter, in characters."""

POLICY = f"rjx1 {screening.VERSION}"
"""Under which rules a letter is read: named in every decision."""


@dataclass(frozen=True)
class OwnText:
    """A version as its author reads it."""

    version: UUID
    text: str
    saved_at: datetime
    kind: str


def begin(house: House, me: SignedIn, channel_id: UUID, text: str = "") -> UUID:
    """Begin a letter on a channel that is open to its writer, with words or none. Returns the letter's id."""
    with house.store.writing() as db:
        channel = db.get(Channel, channel_id)
        if channel is None or channel.sender_id != me.person:
            raise NotFound
        directory.verified_channel(house, channel)
        if channel.opened_at is None:
            raise NotPossibleNow("this channel is not open yet")
        room = enter_case(house, db, me, channel.case_id, Permission.LETTER_WRITE)
        return _begin(house, db, me, room, channel, text)


def save(house: House, me: SignedIn, letter_id: UUID, basis: UUID | None, text: str) -> UUID:
    """Keep the text as the letter's newest version, granted to its author alone. Returns the version's id.

    ``basis`` is the version that the text was written on. If another was saved meanwhile, this text is kept beside it
    and ``DraftChanged`` is raised; ``NotAcceptable`` if it is too long.
    """
    with house.store.writing() as db:
        room = enter_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        letter = room.letter
        if State(letter.state) not in WITH_AUTHOR:
            raise NotPossibleNow("the letter is not with its author")
        text = typed(text)
        check_length(text)
        current = own_in(house, db, me, letter, letter.draft_id) if letter.draft_id else None
        if current is not None and current.text == text:
            return current.version
        conflict = basis != letter.draft_id
        version = keep(house, db, me, letter, text, "aside" if conflict else "draft", basis)
        if not conflict:
            letter.draft_id = version
    if conflict:
        raise DraftChanged(str(version))
    return version


def restore(house: House, me: SignedIn, letter_id: UUID, version_id: UUID) -> UUID:
    """Make an earlier version of one's own the newest again."""
    with house.store.reading() as db:
        room = look_at_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        text, basis = own_in(house, db, me, room.letter, version_id).text, room.letter.draft_id
    return save(house, me, letter_id, basis, text)


def own_texts(house: House, me: SignedIn, letter_id: UUID) -> list[OwnText]:
    """Every version that the author has saved and can still open, newest first."""
    with house.store.reading() as db:
        room = look_at_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        rows = db.scalars(select(Version.id).join(Grant, Grant.version_id == Version.id)
                          .where(Version.letter_id == letter_id, Version.kind.not_in(HANDED_IN),
                                 Grant.reader_kind == "person", Grant.reader_id == me.person)
                          .order_by(Version.saved_at.desc(), Version.id)).all()
        return [own_in(house, db, me, room.letter, version) for version in rows]


def own_text(house: House, me: SignedIn, letter_id: UUID, version_id: UUID | None = None) -> OwnText | None:
    """One version as its author reads it, by default the newest; None if nothing was saved yet."""
    with house.store.reading() as db:
        room = look_at_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        wanted = version_id or room.letter.draft_id
        return own_in(house, db, me, room.letter, wanted) if wanted else None


def notes_for_author(house: House, me: SignedIn, letter_id: UUID) -> list[notes.OpenNote]:
    """What the facilitators wrote to the letter's author, oldest first."""
    with house.store.reading() as db:
        room = look_at_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        return notes.opened(house, db, me.identity, me.person, letter_id,
                            trail.ever_joined(house, db, room.case.id))


def submit(house: House, me: SignedIn, letter_id: UUID, version_id: UUID) -> None:
    """Hand the letter, exactly as this version reads, to the facilitators. Submitting twice is submitting once.

    ``DraftChanged`` if a newer version was saved since the writer checked this one. The screening, which may take long,
    is over before the case is locked: a letter that is hard to screen keeps no stop and no hold waiting.
    """
    with house.store.reading() as db:
        room = look_at_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        if _is_submitted_already(db, room.letter, version_id):
            return
        own = own_in(house, db, me, room.letter, version_id)
        _require_checked(room, own)
        require_may_be_handed_in(house, db, me, room)
        asked = wished.of_letter(house, db, me, room)
    found = screened(house, me, own.text, asked)
    with house.store.writing() as db:
        room = enter_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        if _is_submitted_already(db, room.letter, version_id):
            return
        _require_checked(room, own)
        hand_in(house, db, me, room, own.text, found, SUBMITTED, own.version)


def screened(house: House, me: SignedIn, text: str, asked: Wished) -> tuple[Finding, ...]:
    """What the screening finds in a text of this author's. Never to be called while a case is locked."""
    return (*findings.screened(house, text.replace(MARK, "\n"), me.role, asked.preferences), *asked.said)


def hand_in(house: House, db: Session, me: SignedIn, room: LetterRoom, text: str, found: tuple[Finding, ...], kind: str,
            basis: UUID) -> UUID:
    """Seal a text for the facilitators' reading, signed by its author, and hand it to them: a new round begins.

    ``found``: what the screening found in it; ``basis``: the author's own version that it was made of. Returns the
    version's id."""
    require_may_be_handed_in(house, db, me, room)
    version = _seal_for_reading(house, db, me, room, text, found, kind, basis)
    move(house, db, room, Action.SUBMIT, Part.AUTHOR, me.person, Event.LETTER_SUBMITTED, about=version.id,
         round=room.letter.round + 1, submitted_at=version.saved_at, submitted_id=version.id)
    return version.id


def recall(house: House, me: SignedIn, letter_id: UUID) -> None:
    """Take a letter back until it is released; the sealed release goes in the same transaction.

    Afterwards the request is on record either way, and nothing tells the writer whether it came in time (rule 22).
    """
    with house.store.writing() as db:
        room = enter_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        letter = room.letter
        # Put down whatever the row says, and not only once: a release asks the trail for it.
        trail.record(house, db, room.case, Event.RECALL_ASKED, me.person, letter.id)
        letter.recall_asked_at = letter.recall_asked_at or house.now()
        db.flush()
        if State(letter.state) not in ARRIVED | {State.RECALLED}:
            delete_sealed_release(db, letter.submitted_id)
            move(house, db, room, Action.RECALL, Part.AUTHOR, me.person, Event.LETTER_RECALLED)


def begin_again(house: House, me: SignedIn, letter_id: UUID) -> UUID:
    """Begin a new letter with the words of one that was taken back. Returns the new letter's id."""
    own = own_text(house, me, letter_id)
    with house.store.writing() as db:
        room = enter_letter(house, db, me, letter_id, Permission.LETTER_WRITE)
        if room.letter.recall_asked_at is None:
            raise NotPossibleNow("it was not taken back")
        channel = db.get_one(Channel, room.letter.channel_id)
        return _begin(house, db, me, room, channel, own.text if own else "")


def place_of(letter: Letter, version: Version) -> sealing.Place:
    """Where a version stands, for everything that is bound to it."""
    return sealing.Place(letter.id, version.id, letter.case_id, letter.channel_id, letter.author_id, version.kind,
                         version.parent)


def _begin(house: House, db: Session, me: SignedIn, room: CaseRoom, channel: Channel, text: str) -> UUID:
    letter = Letter(id=house.new_id(), case_id=channel.case_id, channel_id=channel.id, author_id=channel.sender_id,
                    recipient_id=channel.recipient_id, state=State.DRAFT.value, began_at=house.now(), round=0)
    db.add(letter)
    db.flush()
    trail.record(house, db, room.case, Event.LETTER_BEGUN, me.person, letter.id, entered=State.DRAFT.value)
    letter.draft_id = keep(house, db, me, letter, text, "draft", None) if text else None
    return letter.id


def check_length(text: str) -> None:
    """``NotAcceptable`` for more than a letter can have."""
    if len(text) > MAX_LETTER:
        raise NotAcceptable("text", marked("This letter has %(count)s characters; %(max_letter)s is the most that "
                                           "can be kept. Nothing was cut: please shorten it, or make two letters of "
                                           "it."), count=f"{len(text):,}", max_letter=f"{MAX_LETTER:,}")


def keep(house: House, db: Session, me: SignedIn, letter: Letter, text: str, kind: str, basis: UUID | None) -> UUID:
    """Keep a text of the author's for them alone, signed by them. Returns the version's id."""
    letter_key = house.random(32)
    version = Version(id=house.new_id(), letter_id=letter.id, kind=kind, parent=sealing.NO_PARENT,
                      saved_at=house.now(), basis_id=basis)
    _add(db, version, _seal(house, me, letter, version, text, letter_key))
    return version.id


def _seal(house: House, me: SignedIn, letter: Letter, version: Version, text: str, letter_key: bytes) -> list[Grant]:
    """Seal the text into the version. Returns the author's own grant, to be added once the version is there."""
    place = place_of(letter, version)
    version.body = sealing.seal_letter(text, place, me.identity, letter_key, house.random)
    version.digest = sealing.digest(version.body, place)
    return [Grant(version_id=version.id, reader_kind="person", reader_id=me.person, epoch=0,
                  sealed=sealing.grant_to_person(me.identity.recipient, me.person, letter_key, version.id))]


def _add(db: Session, version: Version, grants: list[Grant]) -> None:
    db.add(version)
    db.flush()
    db.add_all(grants)


def own_in(house: House, db: Session, me: SignedIn, letter: Letter, version_id: UUID) -> OwnText:
    """A version of the letter as its author reads it; ``NotFound`` unless it was granted to them, ``Tampered``."""
    found = db.execute(select(Version, Grant).join(Grant, Grant.version_id == Version.id).where(
        Version.id == version_id, Version.letter_id == letter.id, Grant.reader_kind == "person",
        Grant.reader_id == me.person, Grant.epoch == 0)).first()
    if found is None:
        raise NotFound
    version, grant = found
    try:
        key = sealing.open_own_grant(me.identity, me.person, grant.sealed, version.id)
        return OwnText(version.id, _own_words(house, db, me, letter, version, key), version.saved_at, version.kind)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None


def _own_words(house: House, db: Session, me: SignedIn, letter: Letter, version: Version, key: bytes) -> str:
    place = place_of(letter, version)
    try:
        return sealing.open_letter(version.body, place, key, me.identity.verifier)
    except CannotOpen:  # it was signed before its author's keys were renewed, or by nobody
        keys = directory.keys_of_person(house, db, me.person)
        if keys is None:
            raise
        return sealing.open_letter(version.body, place, key, keys.verifier)


def _is_submitted_already(db: Session, letter: Letter, version_id: UUID) -> bool:
    if letter.submitted_id is None or State(letter.state) in WITH_AUTHOR:
        return False
    return db.get_one(Version, letter.submitted_id).basis_id == version_id


def _require_checked(room: LetterRoom, own: OwnText) -> None:
    """Return if this version is the one that its author checked last, and has words."""
    if room.letter.draft_id != own.version:
        raise DraftChanged(str(own.version))
    if not any(unicodedata.category(mark)[0] in "LNPS" for mark in own.text):
        raise NotAcceptable("text", marked("There are no words in this letter yet."))
    if MARK in own.text:
        raise NotAcceptable("text", marked("Save this letter once more, and then send it."))


def require_may_be_handed_in(house: House, db: Session, me: SignedIn, room: LetterRoom) -> None:
    """Return if this author may hand a letter in now. Asked before the screening, since nothing is looked at without
    consent, and again when the case is locked: only that answer counts."""
    directory.require_channel(house, db, room.letter)
    consent.require_may_be_read(house, db, me, room)
    if not trail.key_story(house, db, room.case.id, me.person).confirmed:
        raise KeyNotConfirmed


def _seal_for_reading(house: House, db: Session, me: SignedIn, room: LetterRoom, text: str, found: tuple[Finding, ...],
                      kind: str, basis: UUID) -> Version:
    letter, case = room.letter, room.case
    parent = db.get_one(Version, letter.submitted_id).digest if letter.submitted_id else sealing.NO_PARENT
    letter_key = house.random(32)
    # What was not screened is read with the care that the person who harmed gets: by two (rule 13).
    two = me.role is Role.RESPONSIBLE or not findings.was_screened(found)
    version = Version(id=house.new_id(), letter_id=letter.id, kind=kind, parent=parent, saved_at=house.now(),
                      basis_id=basis, epoch=case.epoch, policy=POLICY,
                      needed=readers_needed(two))
    version.weight = weights.sealed(house, version.id, found, text)
    team = roster.sealing_key(house, db, me, room)  # the case is locked, so this epoch is the current one
    findings.seal(version, case.id, team, found)
    grants = _seal(house, me, letter, version, text, letter_key)
    grants.append(Grant(version_id=version.id, reader_kind="case", reader_id=case.id, epoch=case.epoch,
                        sealed=sealing.grant_to_case(team, case.id, case.epoch, letter_key, version.id)))
    set_bar(house, letter, version, letter.round + 1)
    _add(db, version, grants)
    alerts.open_for_letter(house, db, room, found)
    return version


def set_bar(house: House, letter: Letter, version: Version, round: int) -> None:
    """Attest how many readers this round needs and what was found, so that nobody can lower the bar afterwards."""
    version.screening_mac = attest(house.keys.directory, "screening", version=version.id, digest=version.digest,
                                   findings_hash=version.findings_hash, recipient=letter.recipient_id,
                                   round=round, policy=version.policy, needed=version.needed)
