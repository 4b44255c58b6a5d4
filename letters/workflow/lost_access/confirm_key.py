"""After a reset: two members of the team hear seven words on the telephone, and the letters come
back.

Nothing is sealed to an unconfirmed key. Each confirmation is signed and recorded in the trail: a
row that somebody planted in the table counts for nothing.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys import vouching
from keys.errors import CannotOpen
from keys.identity import Identity, fingerprint
from letters.rules.case.history import CaseHistory
from letters.rules.errors import NotAcceptable, NotFound, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.letter import decisions
from letters.rules.letter.lifecycle import ARRIVED, Action, LetterRole, State
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.queries import lists
from letters.storage.store import microseconds
from letters.storage.tables.accounts import KeyConfirmation
from letters.storage.tables.letters import (
    CaseKey,
    Channel,
    Grant,
    Letter,
    Person,
    SealedRelease,
    Version,
)
from letters.workflow.access import directory
from letters.workflow.access.directory import Keys
from letters.workflow.access.enter import (
    CaseAccess,
    case_to_change,
    case_to_read,
    delete_sealed_release,
    move,
    told_of,
    wake,
)
from letters.workflow.accounts import sign_in
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.writing.versions import place_of

NEEDED = 2


@dataclass(frozen=True)
class Awaited:
    """A key that waits to be confirmed. ``confirmed_by``: the team members who have done so."""

    person: UUID
    kid: bytes
    words: tuple[str, ...]
    confirmed_by: frozenset[UUID]


@dataclass(frozen=True)
class Granted:
    """The result of a confirmation: whether the key is confirmed now, how many versions came back,
    how many did not."""

    confirmed: bool = False
    versions: int = 0
    left: int = 0


def awaited(platform: Platform, me: SignedIn, case_id: UUID, person_id: UUID) -> Awaited | None:
    """For the team: a participant's key that waits to be confirmed, or None."""
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_MANAGE)
        person = _participant(room, person_id)
        if record.accounts(platform, db, case_id).key(person.id).confirmed:
            return None
        keys = _keys(platform, db, room, person.id)
        by = _confirmed_by(platform, db, room, person.id, keys)
        return Awaited(person.id, keys.recipient.kid, fingerprint(keys.recipient.kid), by)


def name_of(platform: Platform, me: SignedIn, case_id: UUID, person_id: UUID) -> str:
    """For the team: the name of the participant whose key is asked about."""
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_MANAGE)
        return directory.name_of(platform, _participant(room, person_id))


def own_words(platform: Platform, me: SignedIn, case_id: UUID) -> tuple[str, ...]:
    """For the person: the seven words to read out, or none if their key is confirmed.
    Raises ``Tampered`` if the trail does not hold."""
    with platform.reading() as db:
        confirmed = record.accounts(platform, db, case_id).key(me.person).confirmed
    return () if confirmed else fingerprint(me.identity.kid)


def left_over(platform: Platform, me: SignedIn, case_id: UUID, person_id: UUID) -> int:
    """The number of versions that could not come back, because the members who confirmed could not
    open them."""
    with platform.reading() as db:
        room = case_to_read(platform, db, me, case_id, Permission.CASE_MANAGE)
        told = record.accounts(platform, db, case_id).key(_participant(room, person_id).id)
        return len(_missing(db, room, person_id)) if told.is_confirmed_anew else 0


def confirm_key(platform: Platform, me: SignedIn, case_id: UUID, person_id: UUID, kid: bytes,
                password: str,
                heard: bool) -> Granted:
    """Vouch that this person has the key that the page named. With the second member's word the
    letters come back.
    Raises ``NotPossibleNow`` if this member has confirmed it already, the key has changed, or
    nothing waits; ``NotAcceptable`` without the tick; ``NeedsPassword``; ``CaseKeyMissing`` for a
    member who cannot open the case."""
    if not heard:
        raise NotAcceptable("heard", marked("Tick this once you have heard the seven words from "
                                            "the person themselves."))
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        person, story = _participant(room, person_id), record.to_decide(platform, db, room.case.id)
        told, keys = story.key(person.id), _keys(platform, db, room, person.id)
        if told.confirmed or keys.recipient.kid != kid:
            raise NotPossibleNow("this key does not wait to be confirmed")
        directory.open_case_key(platform, db, me, case_id, room.case.epoch)
        if me.person in _confirmed_by(platform, db, room, person.id, keys):
            raise NotPossibleNow("confirmed by this member already")
        _confirm(platform, db, me, room, person.id, keys)
        if len(_confirmed_by(platform, db, room, person.id, keys)) < NEEDED:
            return Granted()
        granted = _grant_again(platform, db, me, room, person.id, keys, story)
        _set_stale_aside(platform, db, room, person.id, keys)
        wake(db, room.case, platform.now())
    platform.nudge()
    return granted


def grant_the_rest(platform: Platform, me: SignedIn, case_id: UUID, person_id: UUID,
                   password: str) -> Granted:
    """Grant the versions that the confirming members could not open; a member with older case keys
    can. Safe to repeat.
    Raises ``NeedsPassword``, and ``NotPossibleNow`` if the key is not confirmed."""
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        person, story = _participant(room, person_id), record.to_decide(platform, db, room.case.id)
        if not story.key(person.id).is_confirmed_anew:
            raise NotPossibleNow("this key is not confirmed")
        return _grant_again(platform, db, me, room, person.id, _keys(platform, db, room, person.id),
                            story)


def _participant(room: CaseAccess, person_id: UUID) -> Person:
    for _, person in room.participants:
        if person.id == person_id and person.enrolled_at is not None:
            return person
    raise NotFound


def _keys(platform: Platform, db: Session, room: CaseAccess, person: UUID) -> Keys:
    """The newest keys, if the trail records the same. Raises ``Tampered`` if not."""
    keys = directory.keys_of_person(platform, db, person)
    told = record.read(platform, db, room.case.id).key(person)
    if keys is None or not told.is_of(keys.serial, keys.name):
        raise Tampered(person, room.case.id)
    return keys


def _confirm(platform: Platform, db: Session, me: SignedIn, room: CaseAccess, person: UUID,
             keys: Keys) -> None:
    row = KeyConfirmation(person_id=person, serial=keys.serial, member_id=me.person,
                          at=platform.now())
    row.signature = vouching.sign(me.identity, "key confirmation", person=person,
                                  serial=keys.serial,
                                  kid=keys.recipient.kid, member=me.person, at=microseconds(row.at))
    db.add(row)
    record.add(platform, db, room.case, Event.KEY_CONFIRMED, me.person, person,
               entered=str(keys.serial), detail=keys.name)
    db.flush()


def _confirmed_by(platform: Platform, db: Session, room: CaseAccess, person: UUID,
                  keys: Keys) -> frozenset[UUID]:
    """The present team members who confirmed this key.
    Raises ``Tampered`` unless rows and trail name the same people."""
    rows = db.scalars(select(KeyConfirmation).where(KeyConfirmation.person_id == person,
                                                    KeyConfirmation.serial == keys.serial)).all()
    members = directory.keys_of_people(platform, db, [row.member_id for row in rows])
    for row in rows:
        try:
            vouching.verify(members[row.member_id].verifier, row.signature, "key confirmation",
                            person=person,
                            serial=row.serial, kid=keys.recipient.kid, member=row.member_id,
                            at=microseconds(row.at))
        except (CannotOpen, KeyError):
            raise Tampered(person, room.case.id) from None
    told = record.read(platform, db, room.case.id).key(person).confirmed_by
    if told != {row.member_id for row in rows}:
        raise Tampered(person, room.case.id)
    return room.team & told


def _missing(db: Session, room: CaseAccess,
             person: UUID) -> list[tuple[Version, Letter, Grant | None]]:
    """The versions that this person wrote, or received according to the rows, and holds no grant
    to; each with the team's grant."""
    granted = select(Grant.version_id).where(Grant.reader_kind == "person",
                                             Grant.reader_id == person)
    found = db.execute(
        select(Version, Letter, Grant).join(Letter, Letter.id == Version.letter_id)
        .outerjoin(Grant, (Grant.version_id == Version.id) & (Grant.reader_kind == "case")
                   & (Grant.reader_id == room.case.id) & (Grant.epoch == Version.epoch))
        .where(Letter.case_id == room.case.id, Version.epoch > 0, Version.id.not_in(granted), or_(
            Letter.author_id == person,
            and_(Letter.recipient_id == person, Letter.submitted_id == Version.id,
                 Letter.state.in_([state.value for state in ARRIVED]),
                 lists.not_destroyed())))
        .order_by(Version.saved_at, Version.id)).all()
    return [(version, letter, grant) for version, letter, grant in found]


def _grant_again(platform: Platform, db: Session, me: SignedIn, room: CaseAccess, person: UUID,
                 keys: Keys,
                 story: CaseHistory) -> Granted:
    """Grant to the new key the versions that this person wrote, and those released to them
    according to the trail; nothing else."""
    case_keys, authors = _case_keys(platform, db, me, room), directory.keys_of_people(
        platform, db, [*room.takes_part])
    channels = {channel.id: directory.verified_channel(platform, channel) for channel in
                db.scalars(select(Channel).where(Channel.case_id == room.case.id))}
    grants, left = [], 0
    for version, letter, team_grant in _missing(db, room, person):
        _require_led_here(letter, version, channels.get(letter.channel_id), person, story)
        if version.epoch not in case_keys:
            left += 1
            continue
        key = _letter_key(letter, version, team_grant, case_keys[version.epoch],
                          authors.get(letter.author_id))
        grants.append(
            Grant(
                version_id=version.id,
                reader_kind="person",
                reader_id=person,
                epoch=0,
                sealed=sealing.grant_to_person(keys.recipient, person, key, version.id),
            )
        )
        if (letter.author_id == person and letter.draft_id is None
            and letter.submitted_id == version.id):
            letter.draft_id = version.id  # the words as sent are the newest that are left
    db.add_all(grants)
    record.add(platform, db, room.case, Event.LETTERS_REGRANTED, me.person, person,
               entered=str(keys.serial), detail=keys.name)
    return Granted(True, len(grants), left)


def _require_led_here(
    letter: Letter, version: Version, channel: Channel | None, person: UUID, story: CaseHistory
) -> None:
    """Raises ``Tampered`` unless the channel leads between these two, and a letter by somebody else
    did arrive."""
    if channel is None or (channel.sender_id,
                           channel.recipient_id) != (letter.author_id, letter.recipient_id):
        raise Tampered(letter.id, letter.case_id)
    told = story.letters.get(letter.id)
    if letter.author_id != person and (told is None or told.state not in ARRIVED
                                       or told.version != version.id):
        raise Tampered(letter.id, letter.case_id)


def _letter_key(letter: Letter, version: Version, grant: Grant | None, case_key: Identity,
                author: Keys | None) -> bytes:
    """The letter key from the team's grant.
    Raises ``Tampered`` unless it opens this author's words in this place."""
    try:
        if grant is None or author is None:
            raise CannotOpen
        key = sealing.open_case_grant(case_key, letter.case_id, version.epoch, grant.sealed,
                                      version.id)
        sealing.open_letter(version.body, place_of(letter, version), key, author.verifier)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None
    return key


def _case_keys(platform: Platform, db: Session, me: SignedIn,
               room: CaseAccess) -> dict[int, Identity]:
    """The case keys of every epoch that this member received."""
    epochs = db.scalars(
        select(CaseKey.epoch).where(CaseKey.case_id == room.case.id, CaseKey.member_id == me.person)
    )
    return {epoch: directory.open_case_key(platform, db, me, room.case.id, epoch)
            for epoch in epochs.all()}


def _set_stale_aside(platform: Platform, db: Session, room: CaseAccess, person: UUID,
                     keys: Keys) -> None:
    """Return releases sealed to an earlier key of this person to the desk, to be sealed again."""
    for letter in db.scalars(select(Letter).where(Letter.case_id == room.case.id,
                                                  Letter.recipient_id == person,
                                                  Letter.state == State.APPROVED.value)).all():
        sealed = db.get(SealedRelease, letter.submitted_id)
        if sealed is None or sealed.recipient_kid != keys.recipient.kid:
            delete_sealed_release(db, letter.submitted_id)
            at_hand = room.with_letter(letter)
            aside = decisions.step(told_of(platform, db, at_hand), Action.SET_ASIDE,
                                   LetterRole.WORKER)
            move(platform, db, at_hand, aside, record.NOBODY, due_at=None)
