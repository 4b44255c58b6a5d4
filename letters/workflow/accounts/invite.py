"""Joining is by invitation only. A code is shown once, works once, expires, and is handed over
outside the platform."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keys.context import Field
from keys.identity import Identity
from keys.passphrase import new_code, normal_code
from keys.vouching import attest, lookup
from letters.rules.case import decisions
from letters.rules.errors import (
    InvitationRefused,
    NameTaken,
    NotAcceptable,
    NotFound,
    NotPossibleNow,
    Tampered,
)
from letters.rules.events import Event
from letters.rules.permissions import Permission, may
from letters.rules.roles import PARTICIPANTS, STAFF, Role
from letters.rules.translatable import marked
from letters.screening.text.hidden import unseen_in_name
from letters.storage import desk_rows, locks
from letters.storage.queries import lists
from letters.storage.store import changed_one, microseconds
from letters.storage.tables.accounts import Reset
from letters.storage.tables.letters import Case, Installation, Invitation, Participant, Person
from letters.workflow.access import directory, own_keys
from letters.workflow.access.enter import case_to_change
from letters.workflow.accounts.password_rules import refuse_common
from letters.workflow.notices import contact
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import bindings, record

INVITATION_DAYS = 14
LEAST_LETTERS = {True: 12, False: 16}
"""The shortest password, in characters: True for participants, False for staff."""


@dataclass(frozen=True)
class InvitedPerson:
    """What an invitation says to the holder of its code."""

    role: Role
    name: str
    expires_at: datetime


def invite_staff(platform: Platform, role: Role, name: str, by: SignedIn | None = None) -> str:
    """Invite a facilitator, supervisor or administrator.

    Only an administrator may: people who read letters must not choose who reads with them. Without
    ``by`` it is the operator.
    Raises ``NotAllowed`` for anybody else, and ``NotAcceptable`` for a participant's role.
    Returns the code.
    """
    if by is not None:
        may(by.actor, Permission.STAFF_INVITE)
    if role not in STAFF:
        raise NotAcceptable("role", marked("Choose whom you invite."))
    with platform.writing() as db:
        person = directory.new_person(platform, db, role, _name(name))
        chain = locks.installation(db)
        return _invite(platform, db, chain, by.person if by else record.NOBODY, person, None)


def is_begun(platform: Platform) -> bool:
    """True once somebody works here."""
    with platform.reading() as db:
        return any(person.enrolled_at is not None for person in lists.staff(db))


def invite_staff_again(platform: Platform, me: SignedIn, person_id: UUID) -> str:
    """A new code for a colleague whose invitation was lost or has expired; the earlier code stops
    working.
    Raises ``NotFound`` for anybody else, and ``NotPossibleNow`` if they have an account."""
    may(me.actor, Permission.STAFF_INVITE)
    with platform.writing() as db:
        chain = locks.installation(db)
        person = db.get(Person, person_id)
        if person is None or directory.role_of(platform, person) not in STAFF:
            raise NotFound
        return _again(platform, db, me, chain, person, None)


def staff_for(platform: Platform, me: SignedIn) -> list[tuple[Person, Role, str]]:
    """Everybody who works here, each with their role and name, by name.
    Raises ``Tampered`` if a row does not verify."""
    may(me.actor, Permission.STAFF_INVITE)
    with platform.reading() as db:
        people = [(person, directory.role_of(platform, person), directory.name_of(platform, person))
                  for person in lists.staff(db)]
    return sorted(people, key=lambda entry: (entry[2].casefold(), entry[0].id))


def invite_participant(
    platform: Platform, me: SignedIn, case_id: UUID, role: Role, name: str, channel: str = ""
) -> str:
    """Invite somebody into a case. ``channel``: a safe way to reach them, for the team.

    A case has one person harmed and one person who harmed, with channels between them. It may have
    several others, such as family, an institution or a supporter; no channel leads to or from them.
    Raises ``NotPossibleNow`` before the person harmed has begun, or if the case has that
    participant already.
    Returns the code.
    """
    if role not in PARTICIPANTS:
        raise NotAcceptable("role", marked("Choose whom you invite."))
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        others = {directory.role_of(platform, person): person.id for _, person in room.participants}
        decisions.require_can_be_invited(
            record.to_decide(platform, db, room.case.id).process, role, others)
        person = directory.new_person(platform, db, role, _name(name))
        db.flush()
        _take_part(platform, db, room.case, person, role, others)
        contact.begin_with(platform, db, room.case, me.person, person.id, channel)
        return _invite(platform, db, room.case, me.person, person, case_id)


def invite_again(platform: Platform, me: SignedIn, case_id: UUID, person_id: UUID) -> str:
    """A new code for somebody whose invitation was lost or has expired; the earlier code stops
    working.
    Raises ``NotPossibleNow`` if they have no open invitation."""
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_MANAGE)
        invited = [person for _, person in room.participants if person.id == person_id]
        if not invited:
            raise NotPossibleNow("no invitation is open for this person")
        return _again(platform, db, me, room.case, invited[0], case_id)


def read_invitation(platform: Platform, code: str) -> InvitedPerson:
    """What a code invites to. Raises ``InvitationRefused`` if it is wrong, used or expired."""
    with platform.reading() as db:
        invitation, person = _valid(platform, db, code)
        return InvitedPerson(
            directory.role_of(platform, person), directory.name_of(platform, person),
            invitation.expires_at
        )


def enrol(platform: Platform, code: str, sign_in_name: str, password: str) -> str:
    """Make the invited person's account and identity.
    Raises ``InvitationRefused``, ``NameTaken``, ``NotAcceptable``, or from the stretch ``Busy`` and
    ``PasswordTooLong``.
    Returns the recovery code, which is shown once."""
    role = read_invitation(platform, code).role
    acceptable_password(password, role, sign_in_name, platform.service_name)
    chosen, identity = own_keys.chosen(platform, password), Identity(platform.random(32))
    try:
        with platform.writing() as db:
            invitation, person = _valid(platform, db, code)
            chain = _locked_chain(db, invitation)
            _use_up(platform, db, invitation)
            _require_invited_last(platform, db, chain, invitation)
            person.lookup = new_sign_in_lookup(platform, sign_in_name)
            person.serial, person.enrolled_at = 1, platform.now()
            recovery = own_keys.seal_root(platform, person, identity, chosen)
            directory.publish(platform, db, "person", person.id, 1, identity)
            if role is Role.FACILITATOR:
                desk_rows.furnish(db, person.id)
            record.add(platform, db, chain, Event.PERSON_ENROLLED, person.id, person.id,
                       detail=identity.both_halves + bindings.ways_in(person))
    except IntegrityError:
        raise NameTaken from None
    return recovery


def acceptable_password(password: str, role: Role, *own: str) -> None:
    """Check that a password is long enough, not common, and more than one's own names. There are no
    other rules.
    Raises ``NotAcceptable`` otherwise."""
    least = LEAST_LETTERS[role.is_participant]
    if len(password) < least:
        raise NotAcceptable("password", marked("Choose a password of at least %(least)s "
                                               "characters. Several words "
                                               "are easiest."), least=least)
    refuse_common(password, *own)


def sign_in_lookup(platform: Platform, sign_in_name: str) -> bytes:
    """The keyed hash that finds an account by its sign-in name, which is not stored.

    Case and outer spaces do not count. Letters with marks are one, whether they came composed or
    decomposed: Unicode's canonical caseless form, kept as NFC, after the spaces.
    Raises ``NotAcceptable`` if the name is too short or too long."""
    spaced = unicodedata.normalize("NFD", " ".join(sign_in_name.split()))
    normal = unicodedata.normalize("NFC", spaced.casefold())
    if not 3 <= len(normal) <= 100:
        raise NotAcceptable("sign_in_name", marked("Choose a sign-in name of 3 to 100 characters."))
    return lookup(platform.keys.lookup, f"name {normal}")


def new_sign_in_lookup(platform: Platform, sign_in_name: str) -> bytes:
    """The same for a name that is chosen now.
    Raises ``NotAcceptable`` for signs that nobody sees, too: two names could look alike, and nobody
    could type theirs again."""
    _refuse_unseen("sign_in_name", " ".join(sign_in_name.split()))
    return sign_in_lookup(platform, sign_in_name)


def code_id(row: Invitation | Reset) -> UUID:
    """A code's name in the trail: the beginning of the keyed hash that finds it."""
    return UUID(bytes=row.lookup[:16])


def _refuse_unseen(field: str, name: str) -> None:
    if unseen_in_name(name):
        raise NotAcceptable(field, marked("There is a sign in this name that cannot be seen. It "
                                          "may come from copying: please type the name by hand."))


def _take_part(
    platform: Platform, db: Session, case: Case, person: Person, role: Role,
    others: dict[Role, UUID]
) -> None:
    participant = platform.new_id()
    mac = attest(platform.keys.directory, "participant", participant=participant, case=case.id,
                 person=person.id)
    db.add(Participant(id=participant, case_id=case.id, person_id=person.id, mac=mac))
    for other_role, other in others.items():
        if {role, other_role} == {Role.HARMED, Role.RESPONSIBLE}:
            outward = directory.new_channel(platform, db, case.id, person.id, other)
            inward = directory.new_channel(platform, db, case.id, other, person.id)
            from_harmed = outward if role is Role.HARMED else inward
            from_harmed.opened_at = platform.now()  # the person harmed writes first (rule 6)


def _again(platform: Platform, db: Session, me: SignedIn, chain: Case | Installation,
           person: Person,
           case_id: UUID | None) -> str:
    if person.enrolled_at is not None:
        raise NotPossibleNow("no invitation is open for this person")
    db.execute(update(Invitation).where(Invitation.person_id == person.id,
                                        Invitation.used_at.is_(None))
               .values(used_at=platform.now()))
    return _invite(platform, db, chain, me.person, person, case_id)


def _invite(platform: Platform, db: Session, chain: Case | Installation, by: UUID, person: Person,
            case_id: UUID | None) -> str:
    code, now = new_code(platform.random), platform.now()
    invitation = Invitation(lookup=_code_lookup(platform, code), person_id=person.id,
                            case_id=case_id, made_at=now,
                            expires_at=now + timedelta(days=INVITATION_DAYS))
    invitation.mac = attest(platform.keys.directory, "invitation", **_meaning(invitation))
    db.flush()
    db.add(invitation)
    record.add(platform, db, chain, Event.PERSON_INVITED, by, person.id, code_id(invitation))
    return code


def _meaning(invitation: Invitation) -> dict[str, Field]:
    return {"lookup": invitation.lookup, "person": invitation.person_id,
            "case": invitation.case_id or record.NOBODY,
            "expires": microseconds(invitation.expires_at)}


def _valid(platform: Platform, db: Session, code: str) -> tuple[Invitation, Person]:
    invitation = db.get(Invitation, _code_lookup(platform, code))
    if (invitation is None or invitation.used_at is not None
        or invitation.expires_at <= platform.now()):
        raise InvitationRefused
    directory.require_attested(platform, invitation.mac, "invitation", **_meaning(invitation))
    person = db.get_one(Person, invitation.person_id)
    if person.enrolled_at is not None:
        raise InvitationRefused
    return invitation, person


def _locked_chain(db: Session, invitation: Invitation) -> Case | Installation:
    if invitation.case_id is None:
        return locks.installation(db)
    return db.scalars(locks.taken(select(Case).where(Case.id == invitation.case_id))).one()


def _require_invited_last(platform: Platform, db: Session, chain: Case | Installation,
                          invitation: Invitation) -> None:
    """Raises ``Tampered`` if the trail records an account of this person already, or that they were
    invited with another code since."""
    told, person = record.accounts(platform, db, chain.id), invitation.person_id
    if (person in told.enrolled
            or told.codes.get(person, code_id(invitation)) != code_id(invitation)):
        raise Tampered(person, chain.id)


def _use_up(platform: Platform, db: Session, invitation: Invitation) -> None:
    if not changed_one(db, update(Invitation).where(
            Invitation.lookup == invitation.lookup,
            Invitation.used_at.is_(None)).values(used_at=platform.now())):
        raise InvitationRefused


def _code_lookup(platform: Platform, code: str) -> bytes:
    return lookup(platform.keys.lookup, f"invitation {normal_code(code)}")


def _name(name: str) -> str:
    shown = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 1 <= len(shown) <= 100:
        raise NotAcceptable("name", marked("Write the name by which this person is to be shown, "
                                           "up to 100 characters."))
    _refuse_unseen("name", shown)
    return shown
