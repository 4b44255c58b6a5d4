"""Password and recovery code are both lost: a code from the team or an administrator makes a new
identity.

It can read nothing at first. Words sealed only to the old key are lost; those that the case team
can read come back once two members have confirmed the new key (``confirm_key``). The people who
reset an account learn no word of it.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keys.context import Field
from keys.passphrase import new_code, normal_code
from keys.vouching import attest, lookup
from letters.rules.errors import CodeRefused, NameTaken, NotFound, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission, Subject, may
from letters.rules.roles import Role
from letters.storage.store import microseconds
from letters.storage.tables.accounts import KeptSave, NeverSent, Reset, Unsent
from letters.storage.tables.letters import Case, CaseKey, Grant, Installation, Letter, Note, Person
from letters.storage.tables.team import Pin, SpareCaseKey
from letters.workflow.access import directory, own_keys
from letters.workflow.access.enter import case_of, wake
from letters.workflow.accounts import factors, sign_in
from letters.workflow.accounts.invite import acceptable_password, code_id, new_sign_in_lookup
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

RESET_DAYS = 14


@dataclass(frozen=True)
class AccountToReset:
    """An account for which one may make a code. ``name``: None for an administrator who looks at
    a participant, since an administrator never sees the name of a case."""

    person: Person
    takes_part: bool
    name: str | None


def ask_reset(platform: Platform, me: SignedIn, person_id: UUID, password: str) -> str:
    """Make a code with which somebody sets a new password and gets new keys; earlier codes stop
    working.

    A team member may do this for a participant of their case, an administrator for anybody.
    Raises ``NotFound`` for everybody else, ``NeedsPassword``, and ``NotPossibleNow`` if there is no
    account yet.
    Returns the code, to be handed over in person.
    """
    may(me.actor, Permission.ACCOUNT_RESET)
    with platform.reading() as db:
        person_to_reset(platform, db, me, person_id)
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        chain, person = own_keys.enter_account(platform, db, person_id)
        person_to_reset(platform, db, me, person_id)
        db.execute(update(Reset).where(Reset.person_id == person.id, Reset.used_at.is_(None))
                   .values(used_at=platform.now()))
        code = new_code(platform.random)
        row = Reset(lookup=_lookup(platform, code), person_id=person.id, asked_by=me.person,
                    expires_at=platform.now() + timedelta(days=RESET_DAYS))
        row.mac = attest(platform.keys.directory, "reset", **_meaning(row))
        db.add(row)
        record.add(platform, db, chain, Event.RESET_ASKED, me.person, person.id, code_id(row))
    return code


def account_to_reset(platform: Platform, me: SignedIn, person_id: UUID) -> AccountToReset:
    """The account for which one is about to make a code.
    Raises ``NotFound`` unless one may."""
    may(me.actor, Permission.ACCOUNT_RESET)
    with platform.reading() as db:
        person = person_to_reset(platform, db, me, person_id)
        takes_part = Role(person.role).is_participant
        told = not takes_part or me.role is Role.FACILITATOR
        return AccountToReset(person, takes_part,
                              directory.name_of(platform, person) if told else None)


def person_to_reset(platform: Platform, db: Session, me: SignedIn, person_id: UUID) -> Person:
    """The person, if ``me`` may reset their account. Raises ``NotFound`` if not."""
    person = db.get(Person, person_id)
    if person is None or person_id == me.person:
        raise NotFound
    if me.role is not Role.ADMINISTRATOR:
        if not directory.role_of(platform, person).is_participant:
            raise NotFound
        room = case_of(platform, db, person_id, lock=False)
        may(me.actor, Permission.ACCOUNT_RESET, Subject(
            frozenset({person_id}), room.team, specialists=room.specialists))
    return person


def reset(platform: Platform, code: str, sign_in_name: str, password: str) -> str:
    """Set a sign-in name and a password with a reset code, and make new keys.

    All sessions end; second factors are gone, and so is everything that only the old key opened.
    Raises ``CodeRefused``, ``NameTaken``, ``NotAcceptable``, ``Busy`` or ``PasswordTooLong``;
    ``Tampered`` if the trail says that the code was used or replaced.
    Returns the recovery code, shown once.
    """
    acceptable_password(password, Role.HARMED, sign_in_name, platform.service_name)
    wanted = new_sign_in_lookup(platform, sign_in_name)
    chosen = own_keys.chosen(platform, password)
    with platform.reading() as db:
        found = _valid(platform, db, code)
        acceptable_password(password,
                            directory.role_of(platform, db.get_one(Person, found.person_id)))
    try:
        with platform.writing() as db:
            chain, person = own_keys.enter_account(platform, db, found.person_id)
            row = _valid(platform, db, code)
            _require_asked_last(platform, db, chain, row)
            row.used_at, person.lookup = platform.now(), wanted
            factors.void_all(platform, db, person.id, person)
            _, recovery = own_keys.new_identity(platform, db, chain, person, chosen,
                                                Event.ACCESS_RESET, code_id(row))
            own_keys.end_sessions(db, person.id)
            _let_go(db, person.id)
            if isinstance(chain, Case):
                wake(db, chain, platform.now())
    except IntegrityError:
        raise NameTaken from None
    platform.nudge()
    return recovery


def _let_go(db: Session, person: UUID) -> None:
    """Delete what nobody can open any more, so that no page offers it."""
    for held in (delete(Grant).where(Grant.reader_kind == "person", Grant.reader_id == person),
                 delete(Note).where(Note.reader_kind == "person", Note.reader_id == person),
                 delete(CaseKey).where(CaseKey.member_id == person),
                 delete(SpareCaseKey).where(SpareCaseKey.supervisor_id == person),
                 delete(KeptSave).where(KeptSave.person_id == person),
                 delete(Unsent).where(Unsent.person_id == person),
                 delete(NeverSent).where(NeverSent.person_id == person),
                 delete(Pin).where(Pin.person_id == person),
                 update(Letter).where(Letter.author_id == person).values(draft_id=None)):
        db.execute(held.execution_options(synchronize_session=False))


def _valid(platform: Platform, db: Session, code: str) -> Reset:
    row = db.get(Reset, _lookup(platform, code), populate_existing=True)
    if row is None or row.used_at is not None or row.expires_at <= platform.now():
        raise CodeRefused
    directory.require_attested(platform, row.mac, "reset", **_meaning(row))
    return row


def _require_asked_last(platform: Platform, db: Session, chain: Case | Installation,
                        row: Reset) -> None:
    """Raises ``Tampered`` unless the trail's last entry about this person's resets is that this
    code was made."""
    if record.accounts(platform, db, chain.id).codes.get(row.person_id) != code_id(row):
        raise Tampered(row.person_id, chain.id)


def _meaning(row: Reset) -> dict[str, Field]:
    return {"lookup": row.lookup, "person": row.person_id, "asked_by": row.asked_by,
            "expires": microseconds(row.expires_at)}


def _lookup(platform: Platform, code: str) -> bytes:
    return lookup(platform.keys.lookup, f"reset {normal_code(code)}")
