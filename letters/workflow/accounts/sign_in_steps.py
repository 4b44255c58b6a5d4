"""How far the password alone leads: all the way, to the second step, or to setting one up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from letters.rules.errors import Tampered
from letters.storage.tables.letters import Person
from letters.workflow.access import directory, own_keys
from letters.workflow.accounts import supervised_sign_in
from letters.workflow.accounts.factors import OWN, Factor, FactorKind, factors_of
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record.alarm import raise_alarm

FULL = "full"
"""The person can do everything that they may."""
PASSWORD = "password"
"""Only the second step can be taken."""
SET_UP = "setup"
"""Staff without a second factor: they can set one up, and nothing else."""
APART = "apart"
"""Somebody who signs in beside a facilitator, without the facilitator; or whose record does not
hold. They can only stop, pause, withdraw and take back."""

LONGEST = timedelta(hours=12)
HALFWAY = timedelta(minutes=10)


@dataclass(frozen=True)
class Halfway:
    """Somebody whose session is not full. It has its own type, so that no verb takes it for a
    signed-in person."""

    me: SignedIn
    stage: str


def admit(platform: Platform, db: Session, person: Person) -> tuple[str, datetime]:
    """The stage to which the right password leads, and until when. The person's row is locked.

    For somebody who signs in beside a facilitator, the facilitator is the second step.
    Raises ``Tampered`` if the factors of somebody in staff do not hold.
    """
    now = platform.now()
    try:
        held = factors_of(platform, db, person)
    except Tampered as problem:
        return _apart(platform, db, person, problem)
    if any(factor.kind is FactorKind.SUPERVISED for factor in held):
        until = supervised_sign_in.use(platform, db, person)
        if until is not None:
            return _as_far_as_checked(platform, db, person, until)
    if any(factor.kind in OWN for factor in held):
        return PASSWORD, now + HALFWAY
    if not directory.role_of(platform, person).is_participant:
        return SET_UP, now + HALFWAY
    return after_second_step(platform, db, person, held)


def after_second_step(platform: Platform, db: Session, person: Person,
                      held: Sequence[Factor]) -> tuple[str, datetime]:
    """The stage to which a person's own factors lead, once all are shown, and until when."""
    if any(factor.kind is FactorKind.SUPERVISED for factor in held):
        return APART, platform.now() + HALFWAY
    return _as_far_as_checked(platform, db, person, platform.now() + LONGEST)


def _as_far_as_checked(platform: Platform, db: Session, person: Person,
                       until: datetime) -> tuple[str, datetime]:
    """All the way. Where their record does not hold, or says otherwise, a former password could
    have been put back: then a participant can stop, pause, withdraw and take back, which never
    needs a sound chain. Raises ``Tampered`` for staff."""
    problem = Tampered(person.id)
    try:
        if own_keys.is_on_record(platform, db, person):
            return FULL, until
    except Tampered as found:
        problem = found
    return _apart(platform, db, person, problem)


def _apart(platform: Platform, db: Session, person: Person,
           problem: Tampered) -> tuple[str, datetime]:
    """What is left to somebody who takes part. What was found is recorded."""
    if not directory.role_of(platform, person).is_participant:
        raise problem
    db.info.setdefault("afterwards", []).append(partial(raise_alarm, platform, problem))
    return APART, platform.now() + HALFWAY
