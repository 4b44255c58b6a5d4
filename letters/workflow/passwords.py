"""Changing one's password: the root is sealed anew, and every other session ends."""

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from keys import box
from letters.domain.errors import NotAcceptable, NotPossibleNow
from letters.domain.events import Event
from letters.domain.permissions import Permission, may
from letters.storage.queries import case_of_participant
from letters.storage.tables import Case, Installation, Person
from letters.workflow import sessions, sign_in, throttle, trail
from letters.workflow.enrol import acceptable_password, root_context, sign_in_lookup
from letters.workflow.house import House, SignedIn
from letters.workflow.passphrases import known, without_tail


def change(house: House, me: SignedIn, old: str, new: str) -> None:
    """From now on the new password opens the root, and the old one nothing; every other session ends.

    ``NotAcceptable`` for the new one, ``PleaseWait`` or ``NeedsPassword`` for the old one, ``NotPossibleNow`` if it was
    changed elsewhere at this moment.
    """
    may(me.actor, Permission.ACCOUNT_KEEP)
    acceptable_password(new, me.role, house.service_name)
    if new == old:
        raise NotAcceptable("password", "This is the password that you have. Please choose another.")
    with house.store.reading() as db:
        before = db.get_one(Person, me.person)
    _refuse_own_name(house, before, new)
    attempt = before.lookup or throttle.key(house, f"password of {me.person}")
    throttle.refuse_early(house, attempt)
    with throttle.looked_at(house, attempt):
        sign_in.confirm(house, me, old)
        salt = house.random(16)
        stretched = house.stretcher.stretch(new, salt)
    with house.store.writing() as db:
        chain = _locked_chain(db, me)
        sealed = box.seal(stretched.sealing_key, root_context("password", before), me.identity.root, house.random)
        changed = db.execute(update(Person).where(
            Person.id == me.person, Person.verifier == before.verifier, Person.serial == before.serial,
            Person.second_factor == before.second_factor).values(
            salt=salt, verifier=stretched.verifier, root_by_password=sealed))
        assert isinstance(changed, CursorResult)
        if changed.rowcount != 1:
            raise NotPossibleNow("it was changed elsewhere")
        throttle.succeeded(db, attempt)
        sessions.end_all_but(db, me)
        trail.record(house, db, chain, Event.PASSWORD_CHANGED, me.person, me.person)


def _refuse_own_name(house: House, person: Person, new: str) -> None:
    """The sign-in name is not kept, but a password that is one can be told by its hash."""
    for form in {known(new), without_tail(known(new))}:
        if 3 <= len(form) <= 100 and sign_in_lookup(house, form) == person.lookup:
            raise NotAcceptable("password", "Please choose another password: this one is little more than your sign-in "
                                            "name.")


def _locked_chain(db: Session, me: SignedIn) -> Case | Installation:
    """The trail of one's own case, or the installation's for staff."""
    found = case_of_participant(db, me.person) if me.role.is_participant else None
    if found is None:
        return db.scalars(select(Installation).with_for_update()).one()
    return db.scalars(select(Case).where(Case.id == found[0].id).with_for_update()
                      .execution_options(populate_existing=True)).one()
