"""What somebody has typed on a page and not sent: kept for them alone, and offered when they open the page again.

The page's script keeps it. It is sealed under the typist's own root, goes when the form is sent, when they throw it
away, with what it is about, and after a week.
"""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from keys.context import context
from keys.errors import CannotOpen
from keys.notes import open_own, seal_own
from letters.rules.errors import NotAcceptable, Tampered
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.tables.accounts import Unsent
from letters.workflow.accounts import throttle
from letters.workflow.platform import House, SignedIn

KEPT = timedelta(days=7)
MOST = 500_000
"""Characters on one page: an assessment has twenty-nine fields."""
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def keep(house: House, me: SignedIn, page: str, words: str) -> None:
    """Keep what this person has typed on a page, in place of what was kept before; nothing typed is nothing kept.

    ``page``: its path; ``words``: what the page's script makes of it. ``NotAcceptable`` for too much."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    if len(words) > MOST:
        raise NotAcceptable("words", marked("This is too much to be kept before it is sent."))
    place = _place(house, me, page)
    with house.store.writing() as db:
        if not words:
            _forget(db, place)
            return
        about = _ID.findall(page)
        db.merge(Unsent(place=place, person_id=me.person, about_id=UUID(about[0]) if about else None,
                        kept_at=house.now(), sealed=seal_own(me.identity, _context(me, place), words, house.random)))


def look(house: House, me: SignedIn, page: str) -> str:
    """What was kept of this page, or nothing; ``Tampered`` if somebody else put it there."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    place = _place(house, me, page)
    with house.store.reading() as db:
        row = db.get(Unsent, place)
    if row is None or row.person_id != me.person:
        return ""
    try:
        return open_own(me.identity, _context(me, place), row.sealed)
    except CannotOpen:
        raise Tampered(me.person) from None


def forget_old(house: House) -> None:
    """Delete what nobody came back for within a week."""
    with house.store.writing() as db:
        db.execute(delete(Unsent).where(Unsent.kept_at <= house.now() - KEPT))


def _forget(db: Session, place: bytes) -> None:
    db.execute(delete(Unsent).where(Unsent.place == place))


def _place(house: House, me: SignedIn, page: str) -> bytes:
    return throttle.key(house, f"unsent {me.person} {page}")


def _context(me: SignedIn, place: bytes) -> bytes:
    return context("unsent", place=place, person=me.person)
