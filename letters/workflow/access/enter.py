"""Entering a case or a letter: lock it, check the permission, move its state. Every verb begins
here.

A case's row is the lock for everything in the case, so stop and release, or recall and approve, run
one after the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from letters.rules.case.history import CaseHistory
from letters.rules.errors import CaseErased, NotFound, NotPossibleNow, Tampered
from letters.rules.letter.decisions import LetterStep
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import ARRIVED, LetterRole, State
from letters.rules.permissions import Permission, Subject, may
from letters.storage import desk_rows, locks
from letters.storage.store import changed_one
from letters.storage.tables.letters import Case, Channel, Letter, Participant, Person, SealedRelease
from letters.workflow.access import directory
from letters.workflow.access.directory import Takers
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record


@dataclass(frozen=True)
class CaseAccess:
    """A case that somebody may enter, with the other people in it.

    ``told``: how it stands by its record; None if that does not hold. ``load``: asks for the rows
    of those who take part, while the transaction lasts.
    """

    case: Case
    team: frozenset[UUID]
    takes_part: frozenset[UUID]
    told: CaseHistory | None
    load: Callable[[], list[tuple[Participant, Person]]]

    @cached_property
    def participants(self) -> list[tuple[Participant, Person]]:
        """The people who write and receive. Raises ``Tampered`` if a row is not theirs."""
        return self.load()

    @property
    def specialists(self) -> frozenset[UUID]:
        """Who reads with the team and decides nothing; nobody if the record does not hold."""
        return frozenset(self.told.specialists) if self.told else frozenset()

    @property
    def readers(self) -> frozenset[UUID]:
        """Everybody who reads what the team reads."""
        return self.team | self.specialists

    def require_everybody(self) -> None:
        """Raises ``Tampered`` unless everybody who takes part has their row, which the server
        attests."""
        if self.takes_part != frozenset(person.id for _, person in self.participants):
            raise Tampered(self.case.id, self.case.id)

    def participant(self, person: UUID) -> Participant:
        """The participant that this person is."""
        return next(participant for participant,
                    somebody in self.participants if somebody.id == person)

    def with_letter(self, letter: Letter, channel: Channel | None = None) -> "LetterAccess":
        """A letter of this case, entered with it."""
        return LetterAccess(self.case, self.team, self.takes_part, self.told, self.load, letter,
                            channel)


@dataclass(frozen=True)
class LetterAccess(CaseAccess):
    """A letter in its case, and its channel, if there is one: who asks for it finds it loaded."""

    letter: Letter
    channel: Channel | None = None

    @property
    def author(self) -> UUID:
        """Who began the letter, by the record as far as it holds."""
        told = self.told.letter(self.letter.id).author if self.told else None
        return told or self.letter.author_id


Room = TypeVar("Room", bound=CaseAccess)


_LETTER = select(Letter, Channel).outerjoin(Channel, Channel.id == Letter.channel_id).where(
    Letter.id == bindparam("letter"))
_LETTER_IN_CASE = _LETTER.add_columns(Case).join(Case, Case.id == Letter.case_id)
_CASE_OF_LETTER = locks.taken(select(Case).where(Case.id == select(Letter.case_id).where(
    Letter.id == bindparam("letter")).scalar_subquery()))
_CASE = select(Case).where(Case.id == bindparam("case"))
_CASE_LOCKED = locks.taken(_CASE)


def case_to_change(platform: Platform, db: Session, me: SignedIn, case_id: UUID,
                   permission: Permission) -> CaseAccess:
    """Lock a case for a verb. Raises ``NotFound``, ``NotAllowed`` or ``CaseErased``."""
    return not_erased(allowed(me, load_case(platform, db, case_id, lock=True), permission),
                      permission)


def case_to_read(platform: Platform, db: Session, me: SignedIn, case_id: UUID,
                 permission: Permission) -> CaseAccess:
    """A case to read from, not locked. Raises ``NotFound``, ``NotAllowed`` or ``CaseErased``."""
    return not_erased(trail_to_read(platform, db, me, case_id, permission), permission)


def listed_case_to_read(platform: Platform, db: Session, me: SignedIn, case: Case, rows: Takers,
                        permission: Permission) -> CaseAccess:
    """The same for a case of a list: its row, and the rows of its participants, are at hand."""
    return not_erased(allowed(me, _entered(platform, db, case, False, rows), permission),
                      permission)


def trail_to_read(platform: Platform, db: Session, me: SignedIn, case_id: UUID,
                  permission: Permission) -> CaseAccess:
    """The same, also for a case of which only the trail is left.
    Raises ``NotFound`` or ``NotAllowed``."""
    return allowed(me, load_case(platform, db, case_id, lock=False), permission)


HEARD = frozenset({Permission.CASE_STOP, Permission.CASE_PAUSE, Permission.CASE_CONSENT,
                   Permission.CASE_HALT})
"""What is heard in a living case, also while a row says that it was erased."""


def not_erased(room: Room, permission: Permission | None = None) -> Room:
    """The same access, if its case still exists: nothing is done in an erased case, or sealed for
    it.
    Raises ``CaseErased`` if it was erased, by its record or its row."""
    told = room.told is not None and room.told.process.erased is not None
    if told or (room.case.erased_at is not None and permission not in HEARD):
        raise CaseErased
    return room


def letter_to_change(
    platform: Platform, db: Session, me: SignedIn, letter_id: UUID, permission: Permission
) -> LetterAccess:
    """Lock a letter's case for a verb. Raises ``NotFound`` or ``NotAllowed``."""
    return allowed(me, letter_room(platform, db, letter_id), permission)


def letter_to_read(
    platform: Platform, db: Session, me: SignedIn, letter_id: UUID, permission: Permission
) -> LetterAccess:
    """A letter to read from, not locked. Raises ``NotFound`` or ``NotAllowed``."""
    return allowed(me, letter_room(platform, db, letter_id, lock=False), permission)


def letter_room(platform: Platform, db: Session, letter_id: UUID,
                lock: bool = True) -> LetterAccess:
    """A letter in its case, without a permission check: for the worker, who acts for nobody."""
    named = {"letter": letter_id}
    if lock:
        case = db.scalars(_CASE_OF_LETTER, named).first()
        found: Sequence[Any] = db.execute(_LETTER, named).first() or ()  # so it is never stale
    else:
        found = db.execute(_LETTER_IN_CASE, named).first() or ()
        case = found[2] if found else None
    if case is None or not found:
        raise NotFound
    room = _entered(platform, db, case, lock)
    return room.with_letter(found[0], found[1])


def case_of(platform: Platform, db: Session, participant: UUID, lock: bool = True) -> CaseAccess:
    """The one case of a participant, for changes of their keys; the caller checks the permission.
    Raises ``Tampered`` if there is none."""
    case = db.scalar(select(Participant.case_id).where(Participant.person_id == participant))
    room = load_case(platform, db, case, lock) if case else None
    if room is None or participant not in room.takes_part:
        raise Tampered(participant, case)
    return room


def part_of(me: SignedIn, room: LetterAccess) -> LetterRole:
    """This person's role for the letter. The author is never its reader: nobody approves their own
    letter."""
    if me.person == room.author:
        return LetterRole.AUTHOR
    if me.person in room.team:
        return LetterRole.READER
    return LetterRole.RECIPIENT if me.person == room.letter.recipient_id else LetterRole.STRANGER


def told_of(platform: Platform, db: Session, room: LetterAccess) -> LetterHistory:
    """How the letter stands by the record. Raises ``Tampered`` if that does not hold."""
    return record.read(platform, db, room.case.id).letter(room.letter.id)


def move(platform: Platform, db: Session, room: LetterAccess, step: LetterStep, actor: UUID,
         about: UUID = record.NOBODY, detail: bytes = b"", **changes: object) -> None:
    """Move the letter's state, by a step that was decided. This is the only place that does.

    One conditional UPDATE must touch one row; the trail gets one entry, the desk follows, and a
    claim is freed.
    Raises ``Tampered`` if the row is in another state than the step leaves.
    """
    letter = room.letter
    if letter.state != step.left:
        raise Tampered(letter.id, letter.case_id)
    changes = {"claimed_by": None, "claimed_until": None, "wanted_by": None, "wanted_at": None,
               **changes, "state": step.entered.value}
    if not changed_one(db,
                       update(Letter).where(Letter.id == letter.id, Letter.state == step.left.value)
                       .values(**changes).execution_options(synchronize_session=False)):
        raise NotPossibleNow(step.event.value)
    for name, value in changes.items():
        set_committed_value(letter, name, value)
    record.add(platform, db, room.case, step.event, actor, letter.id, about, step.left.value,
               step.entered.value, detail)
    desk_rows.follow(db, letter.id, room.team - {letter.author_id}, step.left, step.entered,
                     since=letter.submitted_at, by=actor)


def delete_sealed_release(db: Session, version: UUID | None) -> None:
    """Delete the sealed release of this version: it was recalled, held or released, or gets a new
    seal."""
    db.execute(delete(SealedRelease).where(SealedRelease.version_id == version))


def wake(db: Session, case: Case, now: datetime) -> None:
    """Have the worker check a case's approved letters now: a gate has opened or the pace has
    changed."""
    db.execute(update(Letter).where(Letter.case_id == case.id, Letter.state == State.APPROVED.value)
               .values(due_at=now).execution_options(synchronize_session=False))


def allowed(me: SignedIn, room: Room, permission: Permission) -> Room:
    """The same access, if this person has the permission in it.
    Raises ``NotFound`` or ``NotAllowed``."""
    if not isinstance(room, LetterAccess):
        may(me.actor, permission, Subject(room.takes_part, room.team,
                                             specialists=room.specialists))
        return room
    letter = room.letter
    may(me.actor, permission, Subject(
        room.takes_part, room.team, room.author, letter.recipient_id, letter.state in ARRIVED,
        room.specialists))
    return room


def load_case(platform: Platform, db: Session, case_id: UUID, lock: bool = True) -> CaseAccess:
    """A case, for a verb that itself decides whether an outsider may be there.
    Raises ``NotFound`` if there is no such case."""
    case = db.scalars(_CASE_LOCKED if lock else _CASE, {"case": case_id}).first()
    if case is None:
        raise NotFound
    return _entered(platform, db, case, lock)


def _entered(platform: Platform, db: Session, case: Case, lock: bool,
             rows: Takers | None = None) -> CaseAccess:
    if lock:
        record.lock(db, case)
    try:
        told = record.read(platform, db, case.id)
    except Tampered:
        return _by_rows(platform, db, case)
    return CaseAccess(case, frozenset(told.team), told.participants, told,
                      lambda: _participants(platform, db, case.id, told.participants, rows))


def _by_rows(platform: Platform, db: Session, case: Case) -> CaseAccess:
    """A case whose record does not hold, by the rows that the server attests: who takes part or is
    a member can stop or halt it. A specialist can do neither, and is a stranger to it."""
    found, team = directory.attested_in(platform, db, case.id)
    return CaseAccess(case, team, frozenset(person.id for _, person in found), None, lambda: found)


def _participants(platform: Platform, db: Session, case: UUID,
                  listed: frozenset[UUID],
                  rows: Takers | None) -> list[tuple[Participant, Person]]:
    """The rows of those who take part, as far as they are there; rows of others are not theirs.
    Raises ``Tampered`` if the server does not attest one of them."""
    assert db.in_transaction()
    try:
        return directory.participants_of(platform, db, case, listed, rows)
    except Tampered as problem:
        raise Tampered(problem.subject, case) from None
