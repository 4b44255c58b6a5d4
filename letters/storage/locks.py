"""Locking what a verb concerns. The order is always: case, people, installation."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.storage.tables.letters import Installation


def installation(db: Session) -> Installation:
    """The installation's row, which is the lock for its chain of the trail."""
    return db.scalars(select(Installation).with_for_update()).one()
