"""The steps that every change of a person's keys shares: the chain that records it, a new identity,
sealing the root, ending the sessions."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.identity import Identity
from keys.passphrase import Stretched, new_code, recovery_key
from letters.rules.errors import NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.storage import locks
from letters.storage.tables.letters import Case, Installation, Person, SessionRow
from letters.workflow.access import directory
from letters.workflow.access.enter import case_of
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import bindings, record

RECOVERY_GROUPS = 8
"""A recovery code has eight groups of four: 160 bits."""


@dataclass(frozen=True, repr=False)
class Chosen:
    """A new password, stretched before the transaction because that takes time."""

    salt: bytes
    stretched: Stretched


def chosen(platform: Platform, password: str) -> Chosen:
    """Stretch a new password with a fresh salt. Raises ``Busy`` or ``PasswordTooLong``."""
    salt = platform.random(16)
    return Chosen(salt, platform.stretcher.stretch(password, salt))


def enter_account(platform: Platform, db: Session,
                  person_id: UUID) -> tuple[Case | Installation, Person]:
    """Lock a person and the chain that records their keys. A participant's chain is their case,
    locked before the person; for staff it is the installation, locked after. The order is the same
    everywhere: cases, then people, then the installation.
    Raises ``NotPossibleNow`` if there is no account yet."""
    role = directory.role_of(platform, db.get_one(Person, person_id))
    case = case_of(platform, db, person_id).case if role.is_participant else None
    person = db.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if person.enrolled_at is None:
        raise NotPossibleNow("there is no account yet")
    return case or locks.installation(db), person


def hold(db: Session, me: SignedIn) -> None:
    """Keep somebody's account and keys unchanged until this transaction ends.
    Raises ``NotPossibleNow`` if their session has ended meanwhile: new keys and erasing the account
    end all of them."""
    db.get_one(Person, me.person, with_for_update=True, populate_existing=True)
    if db.get(SessionRow, me.session, populate_existing=True) is None:
        raise NotPossibleNow("this session has ended")


def require_current(
    platform: Platform, db: Session, chain: Case | Installation, person: Person, identity: Identity
) -> None:
    """Check that this identity has the person's newest keys.
    Raises ``NotPossibleNow`` if they have newer ones, renewed just now or elsewhere; ``Tampered``
    unless directory, trail and account agree on the newest."""
    told = record.accounts(platform, db, chain.id).key(person.id)
    keys = directory.keys_of_person(platform, db, person.id)
    if keys is None or not told.is_of(keys.serial, keys.name) or person.serial != told.serial:
        raise Tampered(person.id, chain.id)
    if keys.recipient.kid != identity.kid:
        raise NotPossibleNow("the keys are new since")


def new_identity(platform: Platform, db: Session, chain: Case | Installation, person: Person,
                 password: Chosen, event: Event,
                 about: UUID = record.NOBODY) -> tuple[Identity, str]:
    """Give a person new keys with the next serial number, under a new password and a new recovery
    code, and record it.
    Raises ``Tampered`` unless directory and trail agree on the present number.
    Returns the new identity, and the code, which is shown once."""
    told = record.accounts(platform, db, chain.id).key(person.id)
    keys = directory.keys_of_person(platform, db, person.id)
    if keys is None or not told.is_of(keys.serial, keys.name):
        raise Tampered(person.id, chain.id)
    identity, person.serial = Identity(platform.random(32)), told.serial + 1
    directory.publish(platform, db, "person", person.id, person.serial, identity)
    code = seal_root(platform, person, identity, password)
    record.add(platform, db, chain, event, person.id, person.id, about,
               entered=str(person.serial),
               detail=identity.both_halves + bindings.ways_in(person))
    return identity, code


def seal_root(platform: Platform, person: Person, identity: Identity, password: Chosen) -> str:
    """Seal a root under a new password and a new recovery code.
    Returns the code, which is shown once."""
    seal_by_password(platform, person, identity, password)
    return seal_by_new_code(platform, person, identity)


def seal_by_password(platform: Platform, person: Person, identity: Identity,
                     password: Chosen) -> None:
    """Seal a root under a new password; the former one opens nothing any more."""
    person.salt, person.verifier = password.salt, password.stretched.verifier
    person.root_by_password = box.seal(password.stretched.sealing_key,
                                       root_context("password", person), identity.root,
                                       platform.random)


def seal_by_new_code(platform: Platform, person: Person, identity: Identity) -> str:
    """Seal a root under a new recovery code; the former one opens nothing any more.
    Returns the code."""
    code = new_code(platform.random, RECOVERY_GROUPS)
    person.root_by_recovery = box.seal(recovery_key(code), root_context("recovery", person),
                                       identity.root,
                                       platform.random)
    return code


def root_context(opened_by: str, person: Person) -> bytes:
    """The context of a person's sealed root; by password it includes whether a second factor is
    needed."""
    factor = " and factor" if opened_by == "password" and person.second_factor else ""
    return context(f"root by {opened_by}{factor}", person=person.id, serial=person.serial)


def is_on_record(platform: Platform, db: Session, person: Person) -> bool:
    """True if an account is opened by what its chain says; False if that chain does not hold.
    Raises ``Tampered`` if it is opened by something else, such as a former password that was put
    back, or if nothing attests which chain it is."""
    chain = directory.chain_of(platform, db, person)
    try:
        told = record.accounts(platform, db, chain).ways_in.get(person.id, b"")
    except Tampered:
        return False
    if told not in (b"", bindings.ways_in(person)):
        raise Tampered(person.id)
    return True


def end_sessions(db: Session, person: UUID) -> None:
    """End every session of a person, here and elsewhere."""
    db.execute(delete(SessionRow).where(SessionRow.person_id == person))
