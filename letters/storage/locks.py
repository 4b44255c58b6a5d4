"""Locking what a verb concerns. The order is always: case, people, installation."""

from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from letters.storage.tables.letters import Installation

_Select = TypeVar("_Select", bound=Select[Any])


def installation(db: Session) -> Installation:
    """The installation's row, which is the lock for its chain of the trail."""
    return db.scalars(taken(select(Installation))).one()


def taken(wanted: _Select) -> _Select:
    """The same rows, locked, and as they stand once they are. Rows that only refer to them can
    still be inserted meanwhile."""
    return wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
