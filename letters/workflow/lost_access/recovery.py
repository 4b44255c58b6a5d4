"""The password is forgotten, the recovery code is at hand: the code opens the root, and is used up
by that."""

from keys import box
from keys.errors import CannotOpen
from keys.identity import Identity
from keys.passphrase import recovery_key
from letters.rules.errors import CodeRefused
from letters.rules.events import Event
from letters.rules.roles import Role
from letters.storage.tables.letters import Person
from letters.workflow.access import directory, own_keys
from letters.workflow.access.own_keys import root_context
from letters.workflow.accounts import sign_in
from letters.workflow.accounts.invite import acceptable_password
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import bindings, record


def recover(platform: Platform, sign_in_name: str, code: str, password: str) -> str:
    """Set a new password with the recovery code.

    All sessions end.
    Raises ``CodeRefused`` for an unknown name and a wrong or used code alike, after the same
    stretch; ``NotAcceptable`` for the password; ``Busy`` and ``PasswordTooLong``.
    Returns a new code, shown once; the old one stops working.
    """
    # First the least strict rule; staff have to meet theirs once the code has opened the root.
    acceptable_password(password, Role.HARMED, sign_in_name, platform.service_name)
    key, password_chosen = recovery_key(code), own_keys.chosen(platform, password)
    with platform.reading() as db:
        found = sign_in.by_name(platform, db, sign_in_name)
    identity = _opened(key, found)
    if found is None or identity is None:
        raise CodeRefused
    acceptable_password(password, directory.role_of(platform, found))
    with platform.writing() as db:
        chain, person = own_keys.enter_account(platform, db, found.id)
        if person.root_by_recovery != found.root_by_recovery or person.serial != found.serial:
            raise CodeRefused  # somebody was quicker with the same code
        own_keys.is_on_record(platform, db, person)
        own_keys.require_current(platform, db, chain, person, identity)
        new = own_keys.seal_root(platform, person, identity, password_chosen)
        own_keys.end_sessions(db, person.id)
        record.add(platform, db, chain, Event.RECOVERY_CODE_USED, person.id, person.id,
                   detail=bindings.ways_in(person))
    return new


def new_recovery_code(platform: Platform, me: SignedIn, password: str) -> str:
    """Issue a new recovery code, shown once, in place of the earlier one.
    Raises ``NeedsPassword``, and ``NotPossibleNow`` if the keys are new since.
    Returns the code."""
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        chain, person = own_keys.enter_account(platform, db, me.person)
        own_keys.require_current(platform, db, chain, person, me.identity)
        new = own_keys.seal_by_new_code(platform, person, me.identity)
        record.add(platform, db, chain, Event.RECOVERY_CODE_MADE, me.person, me.person,
                   detail=bindings.ways_in(person))
    return new


def _opened(key: bytes, person: Person | None) -> Identity | None:
    if person is None or not person.root_by_recovery:
        return None
    try:
        return Identity(box.open_box(key, root_context("recovery", person),
                                     person.root_by_recovery))
    except CannotOpen:
        return None
