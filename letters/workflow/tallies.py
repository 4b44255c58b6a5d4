"""Counts without text, over all cases: how often a rule was not helpful, for what letters were held.

Few cases make a count tell, so a tally is boxed under the contact key: a copy of the database says nothing.
"""

import json
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.domain.errors import Tampered
from letters.storage import locks
from letters.storage.desk_tables import Tally
from letters.workflow.house import House


def count(house: House, db: Session, name: str, what: Iterable[str], by: int = 1) -> None:
    """Count each of these once more in the tally of this name; nothing is counted below nought."""
    locks.installation(db)
    told = Counter(read(house, db, name))
    told.update({one: by for one in what})
    kept = {one: number for one, number in told.items() if number > 0}
    sealed = box.seal(house.keys.contact, context("tally", name=name), json.dumps(kept).encode(), house.random,
                      box.NOTE_BLOCK)
    db.merge(Tally(name=name, sealed=sealed))


def read(house: House, db: Session, name: str) -> dict[str, int]:
    """What was counted under this name; ``Tampered`` where the row is not what was kept."""
    row = db.scalars(select(Tally).where(Tally.name == name)).first()
    if row is None:
        return {}
    try:
        counted: dict[str, int] = json.loads(house.keys.open_contact(context("tally", name=name), row.sealed))
    except CannotOpen:
        raise Tampered(house.keys.installation) from None
    return counted
