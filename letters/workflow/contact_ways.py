"""How somebody wants to hear that there is something, if at all. Unless they say otherwise: no messages.

A way is boxed under the contact key, as names are: the service can use it, a copy of the database says nothing, not
even who wants to hear.
"""

import json
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from letters.domain.errors import Tampered
from letters.storage.desk_tables import ContactWay
from letters.workflow.house import House


@dataclass(frozen=True)
class Way:
    """One person's way. ``address`` empty: no messages at all. ``sender`` and ``subject`` were agreed with them;
    ``telephone`` says whether they may be called, when, and what to say; ``channel`` is the safe one, put down with
    them by a facilitator."""

    address: str = ""
    sender: str = ""
    subject: str = ""
    telephone: str = ""
    channel: str = ""


def way_of(house: House, db: Session, person: UUID) -> Way:
    """How this person wants to hear; ``Tampered`` where the row is not what was kept."""
    row = db.scalars(select(ContactWay).where(ContactWay.person_id == person)).first()
    if row is None:
        return Way()
    try:
        return Way(**json.loads(house.keys.open_contact(_place(person), row.sealed)))
    except CannotOpen:
        raise Tampered(person) from None


def put(house: House, db: Session, person: UUID, way: Way) -> None:
    """Keep this way in place of the one before."""
    sealed = box.seal(house.keys.contact, _place(person), json.dumps(asdict(way)).encode(), house.random,
                      box.NOTE_BLOCK)
    db.merge(ContactWay(person_id=person, sealed=sealed))


def _place(person: UUID) -> bytes:
    return context("contact way", person=person)
