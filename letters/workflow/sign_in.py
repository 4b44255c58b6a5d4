"""Signing in and out. A session is a row that opens only with the cookie; neither alone is of any use."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import Identity
from keys.passphrase import Stretched
from keys.session import session_keys
from letters.domain.errors import NeedsPassword, NotAcceptable, SignInRefused, Tampered
from letters.domain.people import Actor
from letters.storage.store import microseconds
from letters.storage.tables import Person, PublicKey, SessionRow
from letters.workflow import directory
from letters.workflow.enrol import root_context, sign_in_lookup
from letters.workflow.factors import locked
from letters.workflow.house import House, SignedIn
from letters.workflow.stages import FULL, LONGEST, Halfway, admit

IDLE_MINUTES = 30
_SEEN_EVERY = timedelta(minutes=1)
_NO_SALT = bytes(16)


def sign_in(house: House, sign_in_name: str, password: str) -> bytes:
    """Start a session, at the stage to which the password alone leads. Returns the 32-byte token for the cookie.

    ``SignInRefused`` for an unknown name and a wrong password alike, after the same stretch; after the right one
    ``SupervisedOnly`` where a facilitator has to open the sign-in.
    """
    with house.store.reading() as db:
        person = _by_name(house, db, sign_in_name)
    stretched = house.stretcher.stretch(password, person.salt if person and person.salt else _NO_SALT)
    if person is None or not person.verifier or not person.root_by_password:
        raise SignInRefused
    try:
        stretched.matches(person.verifier)
        identity = Identity(box.open_box(stretched.sealing_key, root_context("password", person),
                                         person.root_by_password))
    except CannotOpen:
        raise SignInRefused from None
    with house.store.writing() as db:
        stage, expires = admit(house, db, locked(db, person.id))
        db.execute(delete(SessionRow).where(SessionRow.person_id == person.id, SessionRow.expires_at <= house.now()))
        return begin(house, db, person.id, identity, stage, expires)


def begin(house: House, db: Session, person: UUID, identity: Identity, stage: str, expires: datetime,
          idle_minutes: int = IDLE_MINUTES, device: str = "") -> bytes:
    """Put a session down; the caller has made sure that it may begin. Returns its token."""
    token, now = house.random(32), house.now()
    keys = session_keys(token)
    session = SessionRow(id=keys.row, person_id=person, kid=identity.kid, stage=stage, idle_minutes=idle_minutes,
                         device=device, began_at=now, expires_at=expires, seen_at=now)
    session.root = box.seal(keys.key, _context(session), identity.root, house.random)
    db.add(session)
    return token


def go_on(house: House, db: Session, me: SignedIn) -> bytes:
    """A full session under a new token in place of a half one, which is gone; ``SignInRefused`` if it was already."""
    half = db.get(SessionRow, me.session)
    gone = db.execute(delete(SessionRow).where(SessionRow.id == me.session, SessionRow.stage != FULL))
    assert isinstance(gone, CursorResult)
    if half is None or gone.rowcount != 1:
        raise SignInRefused
    return begin(house, db, me.person, me.identity, FULL, house.now() + LONGEST, half.idle_minutes, half.device)


def who_is(house: House, token: bytes) -> SignedIn | None:
    """Who this cookie stands for, or None: the row must open, its keys must be the directory's, its stage full."""
    found = _session_of(house, token)
    return found.me if found and found.stage == FULL else None


def halfway(house: House, token: bytes) -> Halfway | None:
    """Who this cookie stands for if the password alone was given so far, else None."""
    found = _session_of(house, token)
    return found if found and found.stage != FULL else None


def _session_of(house: House, token: bytes) -> Halfway | None:
    keys, now = session_keys(token), house.now()
    with house.store.reading() as db:
        found = db.execute(
            select(SessionRow, Person, PublicKey).join(Person, Person.id == SessionRow.person_id)
            .join(PublicKey, (PublicKey.owner_id == Person.id) & (PublicKey.serial == Person.serial)
                  & (PublicKey.kind == "person")).where(SessionRow.id == keys.row)).first()
    if found is None:
        return None
    row, person, public = found
    if row.expires_at <= now or row.seen_at + timedelta(minutes=row.idle_minutes) <= now:
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
    return Halfway(SignedIn(Actor(person.id, role), identity, row.id), row.stage)


def sign_out(house: House, token: bytes) -> None:
    """End the session that this cookie stands for."""
    with house.store.writing() as db:
        db.execute(delete(SessionRow).where(SessionRow.id == session_keys(token).row))


def confirm(house: House, me: SignedIn, password: str) -> Stretched:
    """Have a serious step confirmed with the password; ``NeedsPassword`` if it is not this person's.

    Returns what the password stretched to, for who seals the root anew.
    """
    with house.store.reading() as db:
        person = db.get_one(Person, me.person)
    stretched = house.stretcher.stretch(password, person.salt or _NO_SALT)
    try:  # it must open this person's own root: a verifier alone could be somebody else's
        root = box.open_box(stretched.sealing_key, root_context("password", person), person.root_by_password or b"")
    except CannotOpen:
        raise NeedsPassword from None
    if root != me.identity.root:
        raise NeedsPassword
    return stretched


def _by_name(house: House, db: Session, sign_in_name: str) -> Person | None:
    try:
        wanted = sign_in_lookup(house, sign_in_name)
    except NotAcceptable:
        return None
    return db.scalars(select(Person).where(Person.lookup == wanted)).first()


def _context(row: SessionRow) -> bytes:
    return context("session", row=row.id, person=row.person_id, kid=row.kid, expires=microseconds(row.expires_at),
                   idle=row.idle_minutes, stage=row.stage)
