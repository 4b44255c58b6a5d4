"""Signing in beside a facilitator, for people in custody who may have neither a telephone nor a
security key.

A facilitator of the case team sets it for others and confirms it; only the person harmed decides it
for herself. The team opens it for half an hour, in which the password is enough, once. Outside of
it the password leads to stopping and pausing only: those can always be reached (rule 6).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keys.vouching import attest
from letters.rules.errors import NotAllowed, NotFound, NotPossibleNow
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.roles import Role
from letters.storage import locks
from letters.storage.store import changed_one, microseconds
from letters.storage.tables.accounts import SupervisedWindow
from letters.storage.tables.letters import Person, SessionRow
from letters.workflow.access import directory
from letters.workflow.access.enter import CaseAccess, case_to_change
from letters.workflow.accounts import sign_in
from letters.workflow.accounts.factors import Factor, FactorKind, add, drop, factors_of, locked
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

OPEN_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Custody:
    """How a participant signs in: beside a facilitator or not, whether that is open now, and whose
    choice it is."""

    supervised: bool
    is_open: bool
    is_own_choice: bool = False


def supervise(platform: Platform, me: SignedIn, case_id: UUID, person_id: UUID,
              password: str) -> None:
    """From now on this participant signs in only beside a facilitator; their present sessions end.
    Raises ``NeedsPassword``, and ``NotAllowed`` for the person harmed, whoever asks: that is hers
    to decide."""
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        person = _participant(db, case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE),
                              person_id)
        if directory.role_of(platform, person) is Role.HARMED:
            raise NotAllowed("custody: for the person harmed")
        _set(platform, db, me, person)
        db.execute(delete(SessionRow).where(SessionRow.person_id == person.id))


def choose(platform: Platform, me: SignedIn, password: str) -> None:
    """Choose to sign in beside a facilitator from the next time on. Raises ``NeedsPassword``."""
    may(me.actor, Permission.CUSTODY_CHOOSE)
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        _set(platform, db, me, locked(db, me.person))


def choose_no_longer(platform: Platform, me: SignedIn, password: str) -> None:
    """Withdraw one's own choice.
    Raises ``NeedsPassword``, and ``NotPossibleNow`` if the team set it."""
    may(me.actor, Permission.CUSTODY_CHOOSE)
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        person = locked(db, me.person)
        factor = supervision(factors_of(platform, db, person))
        if factor is None or factor.secret != me.person.bytes:
            raise NotPossibleNow("not one's own choice")
        _take_off(platform, db, me, person, factor)


def own_supervision(platform: Platform, me: SignedIn) -> Custody:
    """How one signs in oneself."""
    with platform.reading() as db:
        return custody_of(platform, db, db.get_one(Person, me.person))


def release_from_supervision(platform: Platform, me: SignedIn, case_id: UUID,
                             person_id: UUID) -> None:
    """From now on this participant signs in by themselves again, with any second factor of their
    own.
    Raises ``NotPossibleNow`` if it was not set."""
    with platform.writing() as db:
        person = _participant(db, case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE),
                              person_id)
        factor = supervision(factors_of(platform, db, person))
        if factor is None:
            raise NotPossibleNow("not set")
        _take_off(platform, db, me, person, factor)


def open_window(platform: Platform, me: SignedIn, case_id: UUID, person_id: UUID) -> None:
    """Let this participant sign in, once, within half an hour.
    Raises ``NotPossibleNow`` if they do not sign in beside a facilitator."""
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        person = _participant(db, room, person_id)
        if supervision(factors_of(platform, db, person)) is None:
            raise NotPossibleNow("not set")
        db.execute(delete(SupervisedWindow).where(SupervisedWindow.person_id == person.id))
        opened, until = platform.new_id(), platform.now() + OPEN_FOR
        mac = attest(platform.keys.directory, "supervised window", window=opened, person=person.id,
                     opened_by=me.person,
                     until=microseconds(until))
        db.add(SupervisedWindow(id=opened, person_id=person.id, opened_by=me.person, until=until,
                                mac=mac))
        record.add(platform, db, room.case, Event.SUPERVISED_OPENED, me.person, person.id, opened)


def _set(platform: Platform, db: Session, me: SignedIn, person: Person) -> None:
    if supervision(factors_of(platform, db, person)) is not None:
        raise NotPossibleNow("set already")
    add(platform, db, me.person, person.id, FactorKind.SUPERVISED, platform.new_id(),
        me.person.bytes)


def _take_off(platform: Platform, db: Session, me: SignedIn, person: Person,
              factor: Factor) -> None:
    drop(platform, db, me.person, person.id, factor.row.id)
    db.execute(delete(SupervisedWindow).where(SupervisedWindow.person_id == person.id))


def _participant(db: Session, room: CaseAccess, person_id: UUID) -> Person:
    if person_id not in room.takes_part:
        raise NotFound
    return locked(db, person_id)


def use(platform: Platform, db: Session, person: Person) -> datetime | None:
    """Use up the open half hour. Returns its end, or None if none is open."""
    window = _open_window(platform, db, person.id)
    if window is None or window.id in record.read_installation(platform, db).windows:
        return None
    if not changed_one(db, delete(SupervisedWindow).where(SupervisedWindow.id == window.id)):
        return None
    chain = locks.installation(db)
    record.add(platform, db, chain, Event.SUPERVISED_USED, person.id, window.id, person.id)
    return window.until


def custody_of(platform: Platform, db: Session, person: Person) -> Custody:
    """How this participant signs in, for the case's page."""
    factor = supervision(factors_of(platform, db, person))
    if factor is None:
        return Custody(False, False)
    return Custody(True, _open_window(platform, db, person.id) is not None,
                   factor.secret == person.id.bytes)


def supervision(held: list[Factor]) -> Factor | None:
    return next((factor for factor in held if factor.kind is FactorKind.SUPERVISED), None)


def _open_window(platform: Platform, db: Session, person: UUID) -> SupervisedWindow | None:
    window = db.scalars(select(SupervisedWindow).where(
        SupervisedWindow.person_id == person, SupervisedWindow.until > platform.now())
                        .order_by(SupervisedWindow.until.desc()).limit(1)).first()
    if window is not None:
        directory.require_attested(platform, window.mac, "supervised window", window=window.id,
                                   person=person,
                                   opened_by=window.opened_by, until=microseconds(window.until))
    return window
