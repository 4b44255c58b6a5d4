"""Signing in and out. A session is a row that opens only with the cookie; neither alone is of any
use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import Identity
from keys.passphrase import Stretched
from keys.session import SessionKeys, session_keys
from letters.rules.errors import NeedsPassword, NotAcceptable, SignInRefused, Tampered
from letters.rules.roles import Actor
from letters.rules.translatable import marked
from letters.storage.store import changed_one, microseconds
from letters.storage.tables.accounts import DisplayRow
from letters.storage.tables.letters import Person, PublicKey, SessionRow
from letters.workflow.access import directory, own_keys
from letters.workflow.access.own_keys import root_context
from letters.workflow.accounts import display, throttle
from letters.workflow.accounts.factors import factors_of, locked
from letters.workflow.accounts.invite import sign_in_lookup
from letters.workflow.accounts.sign_in_steps import FULL, Halfway, admit, after_second_step
from letters.workflow.platform import Platform, SignedIn

IDLE_CHOICES = (15, 30, 60, 90, 150)
"""The minutes of quiet after which a session ends; people choose when they sign in."""
IDLE_MINUTES = 30
ON_SHARED_DEVICE = 15
KEPT_ON = timedelta(days=7)
"""How long the row of an expired session stays: it signs nobody in, but a late save still finds its
writer."""
_SEEN_EVERY = timedelta(minutes=1)
_NO_SALT = bytes(16)


@dataclass(frozen=True)
class Visit:
    """How somebody signs in: their choice, their browser's coarse name, their address, and the
    tokens with which the browser shows that it has signed in before."""

    idle_minutes: int = IDLE_MINUTES
    device: str = ""
    address: str = ""
    devices: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Found:
    """A session's row with its person and their row in the directory, not yet opened."""

    row: SessionRow
    person: Person
    public: PublicKey
    display: DisplayRow | None


def sign_in(platform: Platform, sign_in_name: str, password: str, visit: Visit = Visit()) -> bytes:
    """Start a session, at the stage to which the password alone leads.
    Raises ``SignInRefused`` for an unknown name and a wrong password alike, after the same stretch.
    After too many failures it raises ``PleaseWait`` for both, and stretches nothing.
    Returns the 32-byte token for the cookie."""
    if visit.idle_minutes not in IDLE_CHOICES:
        raise NotAcceptable("idle_minutes", marked("Choose one of these times."))
    name = throttle.of_name(platform, sign_in_name)
    attempt = throttle.of_device(platform, name, visit.devices) or name
    throttle.refuse_early(platform, attempt, visit.address)
    with platform.reading() as db:
        person = by_name(platform, db, sign_in_name)
    with throttle.looked_at(platform, attempt):
        stretched = platform.stretcher.stretch(password,
                                               person.salt if person and person.salt else _NO_SALT)
    if person is None or not person.verifier or not person.root_by_password:
        raise SignInRefused
    try:
        stretched.matches(person.verifier)
        identity = Identity(box.open_box(stretched.sealing_key, root_context("password", person),
                                         person.root_by_password))
    except CannotOpen:
        raise SignInRefused from None
    with platform.writing() as db:
        now_stands = locked(db, person.id)
        if now_stands.verifier != person.verifier:
            raise SignInRefused  # the password was changed while it was checked
        stage, expires = admit(platform, db, now_stands)
        throttle.succeeded(db, attempt)
        db.execute(delete(SessionRow).where(SessionRow.person_id == person.id,
                                            SessionRow.expires_at <= platform.now() - KEPT_ON))
        return begin_session(platform, db, person.id, identity, stage, expires, visit.idle_minutes,
                             visit.device)


def begin_session(platform: Platform, db: Session, person: UUID, identity: Identity, stage: str,
                  expires: datetime,
                  idle_minutes: int = IDLE_MINUTES, device: str = "") -> bytes:
    """Save a session; the caller has checked that it may begin. Returns its token."""
    token, now = platform.random(32), platform.now()
    keys = session_keys(token)
    session = SessionRow(id=keys.row, person_id=person, kid=identity.kid, stage=stage,
                         idle_minutes=idle_minutes,
                         device=device, began_at=now, expires_at=expires, seen_at=now)
    session.root = box.seal(keys.key, _context(session), identity.root, platform.random)
    db.add(session)
    return token


def go_on(platform: Platform, db: Session, me: SignedIn) -> bytes:
    """Replace a half session by a session with a new token.
    Raises ``SignInRefused`` if the half session was gone already.
    Returns the token."""
    half = db.get(SessionRow, me.session)
    gone = changed_one(db, delete(SessionRow).where(SessionRow.id
                                                    == me.session, SessionRow.stage != FULL))
    if half is None or not gone:
        raise SignInRefused
    person = db.get_one(Person, me.person)
    stage, expires = after_second_step(platform, db, person, factors_of(platform, db, person))
    return begin_session(platform, db, me.person, me.identity, stage, expires, half.idle_minutes,
                         half.device)


def who_is(platform: Platform, token: bytes) -> SignedIn | None:
    """The person of this cookie. None unless the row opens, has the directory's keys, and its stage
    is full."""
    found = _session_of(platform, token)
    return found.me if found and found.stage == FULL else None


def halfway(platform: Platform, token: bytes) -> Halfway | None:
    """The person of this cookie, if so far they gave only the password; else None."""
    found = _session_of(platform, token)
    return found if found and found.stage != FULL else None


def _session_of(platform: Platform, token: bytes) -> Halfway | None:
    keys, now = session_keys(token), platform.now()
    with platform.reading() as db:
        found = find(db, keys)
    if found is None or runs_out_at(found.row) <= now:
        return None
    me = opened(platform, keys, found)
    if me is None:
        return None
    if found.row.seen_at + _SEEN_EVERY <= now:
        with platform.writing() as db:
            db.execute(update(SessionRow).where(  # not a session that was ended meanwhile
                SessionRow.id == me.session,
                SessionRow.seen_at == found.row.seen_at).values(seen_at=now))
    return Halfway(me, found.row.stage)


_SESSION = (
    select(SessionRow, Person, PublicKey, DisplayRow)
    .join(Person, Person.id == SessionRow.person_id)
    .join(PublicKey, (PublicKey.owner_id == Person.id) & (PublicKey.serial == Person.serial)
          & (PublicKey.kind == "person"))
    .outerjoin(DisplayRow, DisplayRow.person_id == Person.id)
    .where(SessionRow.id == bindparam("session")))


def find(db: Session, keys: SessionKeys) -> Found | None:
    """The row that a cookie names."""
    found = db.execute(_SESSION, {"session": keys.row}).first()
    return Found(*found) if found else None


def opened(platform: Platform, keys: SessionKeys, found: Found) -> SignedIn | None:
    """The person of this row, if it opens with the cookie and has the directory's keys. It does not
    check the time."""
    row, person = found.row, found.person
    try:
        identity = Identity(box.open_box(keys.key, _context(row), row.root))
        known = directory.verified_keys(platform, found.public)
        role = directory.role_of(platform, person)
    except (CannotOpen, Tampered):
        return None
    if (known.recipient.kid, known.verifier.public) != (identity.kid, identity.verifier.public):
        return None
    return SignedIn(Actor(person.id, role), identity, row.id, person.exit_keys,
                    display.kept(found.display))


def runs_out_at(row: SessionRow) -> datetime:
    """When a session ends by itself, as of now: after its quiet time, and after twelve hours at the
    latest."""
    return min(row.expires_at, row.seen_at + timedelta(minutes=row.idle_minutes))


def sign_out(platform: Platform, token: bytes) -> None:
    """End the session of this cookie."""
    with platform.writing() as db:
        db.execute(delete(SessionRow).where(SessionRow.id == session_keys(token).row))


def confirm(platform: Platform, me: SignedIn, password: str) -> Stretched:
    """Confirm a serious step with the password. After too many wrong ones the person has to wait,
    because an open session must not be a place to guess in.

    These tries are counted separately, so guesses at the sign-in name do not stop anybody from
    confirming.
    Raises ``NeedsPassword`` if it is not this person's password, ``PleaseWait`` after too many
    tries, ``Tampered`` unless their record says that this is their password.
    Returns the stretched password, for callers that seal the root again.
    """
    attempt = throttle.key(platform, f"password of {me.person}")
    throttle.refuse_early(platform, attempt)
    with platform.reading() as db:
        person = db.get_one(Person, me.person)
    with throttle.looked_at(platform, attempt):
        stretched = platform.stretcher.stretch(password, person.salt or _NO_SALT)
    try:  # it must open this person's own root: the verifier alone could be somebody else's
        root = box.open_box(stretched.sealing_key, root_context("password", person),
                            person.root_by_password or b"")
    except CannotOpen:
        raise NeedsPassword from None
    if root != me.identity.root:
        raise NeedsPassword
    with platform.writing() as db:
        if not own_keys.is_on_record(platform, db, locked(db, me.person)):
            raise Tampered(me.person)
        throttle.succeeded(db, attempt)
    return stretched


def by_name(platform: Platform, db: Session, sign_in_name: str) -> Person | None:
    """The person with this sign-in name, or None."""
    try:
        wanted = sign_in_lookup(platform, sign_in_name)
    except NotAcceptable:
        return None
    return db.scalars(select(Person).where(Person.lookup == wanted)).first()


def _context(row: SessionRow) -> bytes:
    return context("session", row=row.id, person=row.person_id, kid=row.kid,
                   expires=microseconds(row.expires_at),
                   idle=row.idle_minutes, stage=row.stage)
