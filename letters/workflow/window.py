"""The half hour in which somebody signs in beside a facilitator, and whether they do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from letters.rules.events import Event
from letters.storage import locks
from letters.storage.store import changed_one, microseconds
from letters.storage.tables.accounts import SupervisedWindow
from letters.storage.tables.letters import Person
from letters.workflow import directory, trail
from letters.workflow.factors import Factor, Kind, factors_of
from letters.workflow.house import House


@dataclass(frozen=True)
class Custody:
    """How a participant signs in: beside a facilitator or not, whether that is open now, and who said so."""

    supervised: bool
    is_open: bool
    is_own_choice: bool = False


def use(house: House, db: Session, person: Person) -> datetime | None:
    """Use the open half hour up. Returns its end, or None if none is open."""
    window = _open_window(house, db, person.id)
    if window is None or trail.facts_about(house, db, house.keys.installation, window.id, Event.SUPERVISED_USED):
        return None
    if not changed_one(db, delete(SupervisedWindow).where(SupervisedWindow.id == window.id)):
        return None
    chain = locks.installation(db)
    trail.record(house, db, chain, Event.SUPERVISED_USED, person.id, window.id, person.id)
    return window.until


def custody_of(house: House, db: Session, person: Person) -> Custody:
    """How this participant signs in, for the case's page."""
    factor = supervision(factors_of(house, db, person))
    if factor is None:
        return Custody(False, False)
    return Custody(True, _open_window(house, db, person.id) is not None, factor.secret == person.id.bytes)


def supervision(held: list[Factor]) -> Factor | None:
    return next((factor for factor in held if factor.kind is Kind.SUPERVISED), None)


def _open_window(house: House, db: Session, person: UUID) -> SupervisedWindow | None:
    window = db.scalars(select(SupervisedWindow).where(
        SupervisedWindow.person_id == person, SupervisedWindow.until > house.now())
        .order_by(SupervisedWindow.until.desc()).limit(1)).first()
    if window is not None:
        directory.require_attested(house, window.mac, "supervised window", window=window.id, person=person,
                                   opened_by=window.opened_by, until=microseconds(window.until))
    return window
