"""Changing one's password: the root gets a new seal, and every other session ends."""

from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.translatable import marked
from letters.storage.tables.letters import Person
from letters.workflow.access import own_keys
from letters.workflow.accounts import sessions, sign_in
from letters.workflow.accounts.invite import acceptable_password, sign_in_lookup
from letters.workflow.accounts.password_rules import known, without_tail
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import bindings, record


def change(platform: Platform, me: SignedIn, old: str, new: str) -> None:
    """Change the password: only the new one opens the root, and every other session ends.
    Raises ``NotAcceptable`` for the new password, ``PleaseWait`` or ``NeedsPassword`` for the old
    one, and ``NotPossibleNow`` if it was changed elsewhere at this moment."""
    may(me.actor, Permission.ACCOUNT_KEEP)
    acceptable_password(new, me.role, platform.service_name)
    if new == old:
        raise NotAcceptable("password",
                            marked("This is the password that you have. Please choose another."))
    with platform.reading() as db:
        before = db.get_one(Person, me.person)
    _refuse_own_name(platform, before, new)
    sign_in.confirm(platform, me, old)
    chosen = own_keys.chosen(platform, new)
    with platform.writing() as db:
        chain, person = own_keys.enter_account(platform, db, me.person)
        if _opened_by(person) != _opened_by(before):
            raise NotPossibleNow("it was changed elsewhere")
        own_keys.seal_by_password(platform, person, me.identity, chosen)
        sessions.end_all_but(db, me)
        record.add(platform, db, chain, Event.PASSWORD_CHANGED, me.person, me.person,
                   detail=bindings.ways_in(person))


def _opened_by(person: Person) -> tuple[object, ...]:
    """The values on which a change of password depends."""
    return person.verifier, person.serial, person.second_factor


def _refuse_own_name(platform: Platform, person: Person, new: str) -> None:
    """Refuse the sign-in name as a password. The name is not stored, but its hash recognises it."""
    for form in {known(new), without_tail(known(new))}:
        if 3 <= len(form) <= 100 and sign_in_lookup(platform, form) == person.lookup:
            raise NotAcceptable("password",
                                marked("Please choose another password: this one is "
                                       "little more than "
                                       "your sign-in name."))
