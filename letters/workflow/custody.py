"""Signing in beside a facilitator, for people in custody who may have neither telephone nor key of their own.

A facilitator of the case team sets it, takes it off, and opens it for half an hour; the password then suffices, once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keys.attest import attest
from letters.domain.errors import NotFound, NotPossibleNow, SupervisedOnly
from letters.domain.events import Event
from letters.domain.permissions import Permission
from letters.storage import locks
from letters.storage.account_tables import SupervisedWindow
from letters.storage.store import changed_one, microseconds
from letters.storage.tables import Person, SessionRow
from letters.workflow import directory, trail
from letters.workflow.factors import Factor, Kind, add, drop, factors_of, locked
from letters.workflow.house import House, SignedIn
from letters.workflow.rooms import CaseRoom, enter_case

OPEN_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Custody:
    """How a participant signs in: beside a facilitator or not, and whether that is open now."""

    supervised: bool
    is_open: bool


def supervise(house: House, me: SignedIn, case_id: UUID, person_id: UUID) -> None:
    """From now on this participant signs in beside a facilitator alone; the sessions they have end."""
    with house.store.writing() as db:
        person = _participant(db, enter_case(house, db, me, case_id, Permission.CASE_MANAGE), person_id)
        if _supervision(factors_of(house, db, person)) is not None:
            raise NotPossibleNow("set already")
        add(house, db, me.person, person.id, Kind.SUPERVISED, house.new_id(), me.person.bytes)
        db.execute(delete(SessionRow).where(SessionRow.person_id == person.id))


def release_from_supervision(house: House, me: SignedIn, case_id: UUID, person_id: UUID) -> None:
    """This participant signs in by themselves again, with whatever second factor is their own."""
    with house.store.writing() as db:
        person = _participant(db, enter_case(house, db, me, case_id, Permission.CASE_MANAGE), person_id)
        factor = _supervision(factors_of(house, db, person))
        if factor is None:
            raise NotPossibleNow("not set")
        drop(house, db, me.person, person.id, factor.row.id)
        db.execute(delete(SupervisedWindow).where(SupervisedWindow.person_id == person.id))


def open_window(house: House, me: SignedIn, case_id: UUID, person_id: UUID) -> None:
    """Let this participant sign in, once, within half an hour."""
    with house.store.writing() as db:
        room = enter_case(house, db, me, case_id, Permission.CASE_MANAGE)
        person = _participant(db, room, person_id)
        if _supervision(factors_of(house, db, person)) is None:
            raise NotPossibleNow("not set")
        db.execute(delete(SupervisedWindow).where(SupervisedWindow.person_id == person.id))
        window, until = house.new_id(), house.now() + OPEN_FOR
        mac = attest(house.keys.directory, "supervised window", window=window, person=person.id, opened_by=me.person,
                     until=microseconds(until))
        db.add(SupervisedWindow(id=window, person_id=person.id, opened_by=me.person, until=until, mac=mac))
        trail.record(house, db, room.case, Event.SUPERVISED_OPENED, me.person, person.id, window)


def use_window(house: House, db: Session, person: Person) -> datetime:
    """Use the open half hour up. Returns its end; ``SupervisedOnly`` if none is open."""
    window = _open_window(house, db, person.id)
    if window is None or trail.facts_about(house, db, house.keys.installation, window.id, Event.SUPERVISED_USED):
        raise SupervisedOnly
    if not changed_one(db, delete(SupervisedWindow).where(SupervisedWindow.id == window.id)):
        raise SupervisedOnly
    chain = locks.installation(db)
    trail.record(house, db, chain, Event.SUPERVISED_USED, person.id, window.id, person.id)
    return window.until


def custody_of(house: House, db: Session, person: Person) -> Custody:
    """How this participant signs in, for the case's page."""
    if _supervision(factors_of(house, db, person)) is None:
        return Custody(False, False)
    return Custody(True, _open_window(house, db, person.id) is not None)


def _open_window(house: House, db: Session, person: UUID) -> SupervisedWindow | None:
    window = db.scalars(select(SupervisedWindow).where(
        SupervisedWindow.person_id == person, SupervisedWindow.until > house.now())
        .order_by(SupervisedWindow.until.desc()).limit(1)).first()
    if window is not None:
        directory.require_attested(house, window.mac, "supervised window", window=window.id, person=person,
                                   opened_by=window.opened_by, until=microseconds(window.until))
    return window


def _supervision(held: list[Factor]) -> Factor | None:
    return next((factor for factor in held if factor.kind is Kind.SUPERVISED), None)


def _participant(db: Session, room: CaseRoom, person_id: UUID) -> Person:
    if person_id not in {person.id for _, person in room.participants}:
        raise NotFound
    return locked(db, person_id)
