"""Letters that are not meant to be sent:
a private place of the person harmed, which she alone can open.

They are boxed under a key from her own root, so nobody else can read one or put one there. The
trail says nothing of them: that she writes here is nobody's business.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from keys.context import context
from keys.errors import CannotOpen
from keys.notes import open_own, seal_own
from letters.rules.errors import DraftChanged, NotFound, Tampered
from letters.rules.letter.redacted import typed
from letters.rules.permissions import Permission, may
from letters.storage.queries import lists
from letters.storage.queries.lists import Key, Page
from letters.storage.store import changed_one
from letters.storage.tables.accounts import NeverSent, Unsent
from letters.workflow.access import own_keys
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.writing import write
from letters.workflow.writing.versions import check_length


@dataclass(frozen=True)
class Words:
    """One of these letters as she reads it.
    ``saves``: how often it was saved, so that a second window is noticed."""

    id: UUID
    text: str
    saved_at: datetime
    saves: int


def begin_words(platform: Platform, me: SignedIn, text: str) -> UUID:
    """Keep a new one. Raises ``NotAcceptable`` if it is too long. Returns its id."""
    may(me.actor, Permission.PRIVATE_WRITE)
    with platform.writing() as db:
        # a box made under the old root while new keys come could never be opened
        own_keys.hold(db, me)
        row = NeverSent(id=platform.new_id(), person_id=me.person, began_at=platform.now(), saves=0)
        _keep(platform, me, row, text)
        db.add(row)
        return row.id


def save(platform: Platform, me: SignedIn, letter_id: UUID, saves: int, text: str) -> None:
    """Replace the text of one of these letters.

    ``saves``: the number of the save that the text was written on. Nobody overwrites text that they
    have not seen.
    Raises ``DraftChanged`` if another window saved meanwhile.
    """
    with platform.writing() as db:
        own_keys.hold(db, me)
        row = _mine(db, me, letter_id, lock=True)
        before = _opened(me, row)
        if before.text == typed(text):
            return
        if row.saves != saves:
            raise DraftChanged(str(letter_id))
        _keep(platform, me, row, text)


def words_of(platform: Platform, me: SignedIn, letter_id: UUID) -> Words:
    """Read one of one's own.

    Raises ``NotFound`` if it is not one's own, ``Tampered`` if it is not what was kept there.
    """
    with platform.reading() as db:
        return _opened(me, _mine(db, me, letter_id))


def own_words(platform: Platform, me: SignedIn, before: Key | None = None) -> Page[NeverSent]:
    """A page of one's own, the one saved last first, without their words."""
    may(me.actor, Permission.PRIVATE_WRITE)
    with platform.reading() as db:
        return lists.never_sent(db, me.person, before)


def destroy(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Destroy it for good, with anything that was typed into it and not saved.
    Raises ``NotFound``."""
    may(me.actor, Permission.PRIVATE_WRITE)
    with platform.writing() as db:
        db.execute(delete(Unsent).where(Unsent.about_id == letter_id,
                                        Unsent.person_id == me.person))
        if not changed_one(db, delete(NeverSent).where(NeverSent.id == letter_id,
                                                       NeverSent.person_id == me.person)):
            raise NotFound


def make_letter(platform: Platform, me: SignedIn, letter_id: UUID, channel_id: UUID) -> UUID:
    """Begin a letter with these words; they stay here too.
    Returns the id of the letter, a draft of hers."""
    return write.begin_letter(platform, me, channel_id, words_of(platform, me, letter_id).text)


def _keep(platform: Platform, me: SignedIn, row: NeverSent, text: str) -> None:
    text = typed(text)
    check_length(text)
    row.saves, row.saved_at = row.saves + 1, platform.now()
    row.sealed = seal_own(me.identity, _context(row), text, platform.random)


def _mine(db: Session, me: SignedIn, letter_id: UUID, lock: bool = False) -> NeverSent:
    may(me.actor, Permission.PRIVATE_WRITE)
    row = db.get(NeverSent, letter_id, with_for_update=lock, populate_existing=lock)
    if row is None or row.person_id != me.person:
        raise NotFound
    return row


def _opened(me: SignedIn, row: NeverSent) -> Words:
    try:
        return Words(row.id, open_own(me.identity, _context(row), row.sealed), row.saved_at,
                     row.saves)
    except CannotOpen:
        raise Tampered(row.id) from None


def _context(row: NeverSent) -> bytes:
    return context("never sent", letter=row.id, person=row.person_id, saves=row.saves)
