"""A person's factors besides the password. A row counts only if the trail records it, and the other
way round.

So a factor that somebody deleted, restored, swapped or invented in the database shuts the account
instead of opening it.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.rules.errors import NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.storage import locks
from letters.storage.store import changed_one
from letters.storage.tables.accounts import SecondFactor
from letters.storage.tables.letters import Person
from letters.workflow.platform import Platform
from letters.workflow.record import record


class FactorKind(StrEnum):
    """The kinds of second factor."""

    APP = "totp"
    PASSKEY = "passkey"
    CODES = "backup"
    SUPERVISED = "supervised"


OWN = frozenset({FactorKind.APP, FactorKind.PASSKEY})
"""The factors that a person sets up and has in hand; with one of these, signing in needs the second
step."""


@dataclass(frozen=True, repr=False)
class Factor:
    """One factor with its secret opened. ``Kind.CODES`` holds all backup codes that are left."""

    row: SecondFactor
    kind: FactorKind
    secret: bytes


def locked(db: Session, person: UUID) -> Person:
    """A person's row, locked: all changes of their factors run one after another."""
    return db.scalars(select(Person).where(Person.id == person).with_for_update()
                      .execution_options(populate_existing=True)).one()


def factors_of(platform: Platform, db: Session, person: Person) -> list[Factor]:
    """All factors of this person.
    Raises ``Tampered`` unless rows, trail and the person's own row agree."""
    told = _standing(platform, db, person.id)
    rows = (db.scalars(select(SecondFactor).where(SecondFactor.person_id == person.id)
                      .order_by(SecondFactor.made_at).execution_options(populate_existing=True))
            .all())
    held = [_opened(platform, row) for row in rows]
    if ({row.id
        for row in rows} != told
        or person.second_factor != any(factor.kind in OWN for factor in held)):
        raise Tampered(person.id)
    return held


def seal(platform: Platform, factor: UUID, person: UUID, kind: FactorKind, secret: bytes) -> bytes:
    """A secret, boxed for its row."""
    return box.seal(
        platform.keys.second_factor,
        context("second factor", factor=factor, person=person, kind=kind.value),
        secret,
        platform.random,
        box.NAME_BLOCK,
    )


def open_sealed(platform: Platform, factor: UUID, person: UUID, kind: FactorKind,
                sealed: bytes) -> bytes:
    """The secret that ``seal`` boxed.
    Raises ``CannotOpen`` for a box of another person, factor or kind."""
    return box.open_box(platform.keys.second_factor,
                        context("second factor", factor=factor, person=person, kind=kind.value),
                        sealed)


def add(platform: Platform, db: Session, by: UUID, person: UUID, kind: FactorKind, factor: UUID,
        secret: bytes,
        counter: int = 0) -> None:
    """Add a factor, in its row and in the installation's trail."""
    db.add(SecondFactor(id=factor, person_id=person, kind=kind.value, made_at=platform.now(),
                        counter=counter,
                        secret=seal(platform, factor, person, kind, secret)))
    record.add(platform, db, locks.installation(db), Event.SECOND_FACTOR_ADDED, by, person,
               factor)


def drop(platform: Platform, db: Session, by: UUID, person: UUID, factor: UUID) -> None:
    """Remove a factor's row and record that in the trail.
    Raises ``NotPossibleNow`` if somebody was quicker."""
    if not changed_one(db, delete(SecondFactor).where(SecondFactor.id == factor)):
        raise NotPossibleNow("no such factor any more")
    record.add(platform, db, locks.installation(db), Event.SECOND_FACTOR_REMOVED, by, person,
               factor)


def void_all(platform: Platform, db: Session, by: UUID, person: Person) -> None:
    """Remove the factors that a person had in hand, for a reset of their access; it also works if
    the rows no longer hold.

    The caller seals the root again afterwards. Signing in beside a facilitator stays, if its row
    holds.
    """
    standing = _standing(platform, db, person.id)
    rows = {row.id: row
            for row in db.scalars(select(SecondFactor).where(SecondFactor.person_id == person.id))}
    for factor in {*rows, *standing}:
        if factor in rows and factor in standing and rows[factor].kind == FactorKind.SUPERVISED:
            continue
        db.execute(delete(SecondFactor).where(SecondFactor.id == factor))
        if factor in standing:
            record.add(platform, db, locks.installation(db), Event.SECOND_FACTOR_REMOVED, by,
                       person.id, factor)
    person.second_factor = False


def _standing(platform: Platform, db: Session, person: UUID) -> frozenset[UUID]:
    """The factors that the installation's trail knows of a person."""
    return record.read_installation(platform, db).factors.get(person, frozenset())


def _opened(platform: Platform, row: SecondFactor) -> Factor:
    try:
        kind = FactorKind(row.kind)
        return Factor(row, kind, open_sealed(platform, row.id, row.person_id, kind, row.secret))
    except (ValueError, CannotOpen):
        raise Tampered(row.person_id) from None
