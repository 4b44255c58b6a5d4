"""Signing in and out. A session is a row that opens only with the cookie; neither alone is of any use."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import Identity
from keys.session import session_keys
from letters.domain.errors import NeedsPassword, NotAcceptable, SignInRefused, Tampered
from letters.domain.people import Actor
from letters.storage.store import microseconds
from letters.storage.tables import Person, PublicKey, SessionRow
from letters.workflow import directory
from letters.workflow.enrol import root_context, sign_in_lookup
from letters.workflow.house import House, SignedIn

IDLE_MINUTES = 30
FULL = "full"
"""The stage of a session to which everything is open that its person may do."""
LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
_NO_SALT = bytes(16)


def sign_in(house: House, sign_in_name: str, password: str) -> bytes:
    """Start a session. Returns the 32-byte token for the cookie.

    ``SignInRefused`` for an unknown name and a wrong password alike, after the same stretch.
    """
    with house.store.reading() as db:
        person = by_name(house, db, sign_in_name)
    stretched = house.stretcher.stretch(password, person.salt if person and person.salt else _NO_SALT)
    if person is None or not person.verifier or not person.root_by_password:
        raise SignInRefused
    try:
        stretched.matches(person.verifier)
        identity = Identity(box.open_box(stretched.sealing_key, root_context("password", person),
                                         person.root_by_password))
    except CannotOpen:
        raise SignInRefused from None
    token, now = house.random(32), house.now()
    keys, expires = session_keys(token), now + LONGEST
    session = SessionRow(id=keys.row, person_id=person.id, kid=identity.kid, stage=FULL, idle_minutes=IDLE_MINUTES,
                         device="", began_at=now, expires_at=expires, seen_at=now)
    session.root = box.seal(keys.key, _context(session), identity.root, house.random)
    with house.store.writing() as db:
        db.execute(delete(SessionRow).where(SessionRow.person_id == person.id, SessionRow.expires_at <= now))
        db.add(session)
    return token


def who_is(house: House, token: bytes) -> SignedIn | None:
    """Who this cookie stands for, or None: the row must open, and its keys must be the ones in the directory."""
    keys, now = session_keys(token), house.now()
    with house.store.reading() as db:
        found = db.execute(
            select(SessionRow, Person, PublicKey).join(Person, Person.id == SessionRow.person_id)
            .join(PublicKey, (PublicKey.owner_id == Person.id) & (PublicKey.serial == Person.serial)
                  & (PublicKey.kind == "person")).where(SessionRow.id == keys.row)).first()
    if found is None:
        return None
    row, person, public = found
    if row.expires_at <= now or row.seen_at + timedelta(minutes=row.idle_minutes) <= now or row.stage != FULL:
        return None
    try:
        identity = Identity(box.open_box(keys.key, _context(row), row.root))
        known = directory.verified_keys(house, public)
        role = directory.role_of(house, person)
    except (CannotOpen, Tampered):
        return None
    if (known.recipient.kid, known.verifier.public) != (identity.kid, identity.verifier.public):
        return None
    if row.seen_at + _SEEN_EVERY <= now:
        with house.store.writing() as db:
            db.execute(update(SessionRow).where(SessionRow.id == row.id).values(seen_at=now))
    return SignedIn(Actor(person.id, role), identity, row.id)


def sign_out(house: House, token: bytes) -> None:
    """End the session that this cookie stands for."""
    with house.store.writing() as db:
        db.execute(delete(SessionRow).where(SessionRow.id == session_keys(token).row))


def confirm(house: House, me: SignedIn, password: str) -> None:
    """Have a serious step confirmed with the password; ``NeedsPassword`` if it is not this person's."""
    with house.store.reading() as db:
        person = db.get_one(Person, me.person)
    stretched = house.stretcher.stretch(password, person.salt or _NO_SALT)
    try:  # it must open this person's own root: a verifier alone could be somebody else's
        root = box.open_box(stretched.sealing_key, root_context("password", person), person.root_by_password or b"")
    except CannotOpen:
        raise NeedsPassword from None
    if root != me.identity.root:
        raise NeedsPassword


def by_name(house: House, db: Session, sign_in_name: str) -> Person | None:
    """Whose sign-in name this is, or None."""
    try:
        wanted = sign_in_lookup(house, sign_in_name)
    except NotAcceptable:
        return None
    return db.scalars(select(Person).where(Person.lookup == wanted)).first()


def _context(row: SessionRow) -> bytes:
    return context("session", row=row.id, person=row.person_id, kid=row.kid, expires=microseconds(row.expires_at),
                   idle=row.idle_minutes, stage=row.stage)
