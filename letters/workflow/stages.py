"""How far the password alone leads: all the way, to the second step, or to setting one up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from letters.storage.tables import Person
from letters.workflow import custody, directory
from letters.workflow.factors import OWN, Kind, factors_of
from letters.workflow.house import House, SignedIn

FULL = "full"
"""Everything is open that the person may do."""
PASSWORD = "password"
"""The second step is still to be taken, and nothing else can be."""
SET_UP = "setup"
"""Staff who have no second factor: one can be set up, and nothing else can be done."""

LONGEST = timedelta(hours=12)
HALFWAY = timedelta(minutes=10)


@dataclass(frozen=True)
class Halfway:
    """Somebody whose session is not full. A type of its own, so that no verb takes it for a signed-in person."""

    me: SignedIn
    stage: str


def admit(house: House, db: Session, person: Person) -> tuple[str, datetime]:
    """The stage to which the right password leads, and until when; the person's row is locked.

    ``SupervisedOnly`` outside the half hour of somebody who signs in beside a facilitator; ``Tampered``.
    """
    held, now = factors_of(house, db, person), house.now()
    if any(factor.kind is Kind.SUPERVISED for factor in held):
        return FULL, custody.use_window(house, db, person)
    if any(factor.kind in OWN for factor in held):
        return PASSWORD, now + HALFWAY
    if not directory.role_of(house, person).is_participant:
        return SET_UP, now + HALFWAY
    return FULL, now + LONGEST
