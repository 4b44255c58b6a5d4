"""A save that arrives after its session ran out:
sealed by its writer to themselves, and offered when they are back.

The row of a session that has run out signs nobody in. For a week it can still be opened with the
cookie that it was made with, for this purpose alone: somebody may have written in more windows than
one.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from keys.context import context
from keys.errors import CannotOpen
from keys.notes import open_own, seal_own
from keys.session import session_keys
from letters.rules.errors import NotAllowed, NotFound, Tampered
from letters.rules.permissions import Permission, may
from letters.storage.store import changed_one
from letters.storage.tables.accounts import KeptSave
from letters.storage.tables.letters import SessionRow
from letters.workflow.access.enter import letter_to_read
from letters.workflow.accounts import sign_in
from letters.workflow.accounts.sign_in_steps import FULL
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.writing import write

MOST_WAITING = 20


@dataclass(frozen=True)
class LateSave:
    """A save that arrived too late, as its writer reads it."""

    id: UUID
    letter: UUID
    text: str
    kept_at: datetime


def keep_late(platform: Platform, token: bytes, letter_id: UUID, text: str) -> bool:
    """Keep this text for the person whose session has run out;
    the same text of the same letter is kept once.

    Returns True if it is kept. Returns False if the session did not just run out, if this is not
    the person's own letter, if the text is empty or longer than a letter may be, or if too many
    saves wait already.
    """
    if not 0 < len(text) <= write.MAX_LETTER:
        return False
    try:
        with platform.writing() as db:
            me = _lately(platform, db, token)
            if me is None:
                return False
            letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
            waits = db.scalars(select(KeptSave).where(KeptSave.person_id == me.person)).all()
            if any(_says(me, save, letter_id, text) for save in waits):
                return True
            if len(waits) >= MOST_WAITING:
                return False
            save = KeptSave(id=platform.new_id(), person_id=me.person, letter_id=letter_id,
                            kept_at=platform.now())
            save.sealed = seal_own(me.identity, _context(save), text, platform.random)
            db.add(save)
    except (NotFound, NotAllowed):
        return False
    return True


def would_keep(platform: Platform, token: bytes) -> bool:
    """Returns True if a save by the person whose session this was would be kept now."""
    with platform.writing() as db:
        me = _lately(platform, db, token)
        return me is not None and db.query(KeptSave).where(
            KeptSave.person_id == me.person).count() < MOST_WAITING


def is_waiting(platform: Platform, me: SignedIn) -> bool:
    """Returns True if a late save waits for this person."""
    may(me.actor, Permission.LETTER_WRITE)
    with platform.reading() as db:
        return db.scalars(select(KeptSave.id).where(KeptSave.person_id
                                                    == me.person).limit(1)).first() is not None


def waiting(platform: Platform, me: SignedIn) -> list[LateSave]:
    """The person's late saves, newest first. Raises ``Tampered`` if somebody else put one there."""
    may(me.actor, Permission.LETTER_WRITE)
    with platform.reading() as db:
        saves = db.scalars(select(KeptSave).where(KeptSave.person_id == me.person)
                           .order_by(KeptSave.kept_at.desc(), KeptSave.id))
        return [_opened(me, save) for save in saves]


def put_into_letter(platform: Platform, me: SignedIn, save_id: UUID) -> UUID:
    """Make it the letter's newest version; the text before it stays among the versions.

    Raises ``NotPossibleNow`` if the letter was sent meanwhile; the save then stays here.
    Returns the letter's id.
    """
    with platform.reading() as db:
        kept = _opened(me, _mine(db, me, save_id))
    newest = write.own_text(platform, me, kept.letter)
    write.save(platform, me, kept.letter, newest.version if newest else None, kept.text)
    with platform.writing() as db:  # last, so that the text may exist twice but is never lost
        db.execute(delete(KeptSave).where(KeptSave.id == save_id, KeptSave.person_id == me.person))
    return kept.letter


def throw_away(platform: Platform, me: SignedIn, save_id: UUID) -> None:
    """Forget a late save. Raises ``NotFound``."""
    may(me.actor, Permission.LETTER_WRITE)
    with platform.writing() as db:
        if not changed_one(db, delete(KeptSave).where(KeptSave.id
                                                      == save_id, KeptSave.person_id == me.person)):
            raise NotFound


def _lately(platform: Platform, db: Session, token: bytes) -> SignedIn | None:
    """The person whose session this was, if it has run out within the week."""
    keys, now = session_keys(token), platform.now()
    # two saves at once are kept once
    if db.get(SessionRow, keys.row, with_for_update=True) is None:
        return None
    found = sign_in.find(db, keys)
    if found is None or found.row.stage != FULL or not sign_in.runs_out_at(found.row) <= now:
        return None
    if sign_in.runs_out_at(found.row) + sign_in.KEPT_ON <= now:
        return None
    return sign_in.opened(platform, keys, found)


def _mine(db: Session, me: SignedIn, save_id: UUID) -> KeptSave:
    save = db.get(KeptSave, save_id)
    if save is None or save.person_id != me.person:
        raise NotFound
    return save


def _says(me: SignedIn, save: KeptSave, letter_id: UUID, text: str) -> bool:
    with suppress(Tampered):  # a row that somebody else put there does not prevent a save
        return save.letter_id == letter_id and _opened(me, save).text == text
    return False


def _opened(me: SignedIn, save: KeptSave) -> LateSave:
    try:
        return LateSave(save.id, save.letter_id, open_own(me.identity, _context(save), save.sealed),
                        save.kept_at)
    except CannotOpen:
        raise Tampered(save.id) from None


def _context(save: KeptSave) -> bytes:
    return context("kept save", save=save.id, person=save.person_id, letter=save.letter_id)
