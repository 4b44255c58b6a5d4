"""Who is who, as far as the server vouches for it. A row that does not verify raises ``Tampered``, never passes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys import box
from keys.attest import attest
from keys.context import Field, context
from keys.errors import CannotOpen
from keys.identity import Identity, Recipient, Verifier
from letters.domain.errors import Tampered
from letters.domain.people import Role
from letters.storage.store import microseconds
from letters.storage.tables import CaseKey, Channel, Letter, Member, Participant, Person, PublicKey
from letters.workflow.house import House, SignedIn


@dataclass(frozen=True)
class Keys:
    """A person's or a case's public halves."""

    recipient: Recipient
    verifier: Verifier


def new_person(house: House, db: Session, role: Role, name: str) -> Person:
    """Put somebody into the directory, without keys as yet; the name is sealed."""
    person_id = house.new_id()
    person = Person(
        id=person_id, role=role.value, mac=attest(house.keys.directory, "person", person=person_id, role=role.value),
        name=box.seal(house.keys.contact, context("name", person=person_id), name.encode(), house.random,
                      box.NAME_BLOCK))
    db.add(person)
    return person


def role_of(house: House, person: Person) -> Role:
    """The attested role."""
    require_attested(house, person.mac, "person", person=person.id, role=person.role)
    return Role(person.role)


def name_of(house: House, person: Person) -> str:
    """The person's name, opened."""
    try:
        return house.keys.open_contact(context("name", person=person.id), person.name).decode()
    except CannotOpen:
        raise Tampered(person.id) from None


def names(house: House, db: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these people."""
    if not ids:
        return {}
    return {person.id: name_of(house, person) for person in db.scalars(select(Person).where(Person.id.in_(set(ids))))}


def publish(house: House, db: Session, kind: str, owner: UUID, serial: int, identity: Identity) -> None:
    """Put the public halves of an identity into the directory."""
    sealing, verifying = identity.recipient.public, identity.verifier.public
    mac = attest(house.keys.directory, "public key", kind=kind, owner=owner, serial=serial, sealing=sealing,
                 verifying=verifying)
    db.add(PublicKey(kind=kind, owner_id=owner, serial=serial, sealing=sealing, verifying=verifying, mac=mac))


def verified_keys(house: House, row: PublicKey | None) -> Keys:
    """The keys of a directory row, if the server vouches for them."""
    if row is None:
        raise Tampered
    require_attested(house, row.mac, "public key", kind=row.kind, owner=row.owner_id, serial=row.serial,
                     sealing=row.sealing, verifying=row.verifying)
    return Keys(Recipient(row.sealing), Verifier(row.verifying))


def keys_of_person(house: House, db: Session, person: UUID) -> Keys | None:
    """A person's current keys, or None if they have not enrolled yet."""
    return keys_of_people(house, db, [person]).get(person)


def keys_of_people(house: House, db: Session, people: Iterable[UUID]) -> dict[UUID, Keys]:
    """The current keys of those of these people who have enrolled."""
    newest = {row.owner_id: row for row in db.scalars(select(PublicKey).where(
        PublicKey.kind == "person", PublicKey.owner_id.in_(set(people))).order_by(PublicKey.serial))}
    return {person: verified_keys(house, row) for person, row in newest.items()}


def case_keys(house: House, db: Session, case: UUID, epoch: int) -> Keys:
    """A case's keys of one epoch."""
    return verified_keys(house, db.get(PublicKey, ("case", case, epoch)))


def open_case_key(house: House, db: Session, me: SignedIn, case: UUID, epoch: int) -> Identity:
    """The case's private key, for a member of its team; ``Tampered`` if it is not the one in the directory."""
    row = db.get(CaseKey, (case, epoch, me.person))
    if row is None:
        raise Tampered(case, case)
    try:
        opened = me.identity.open(row.sealed, context("case key", case=case, epoch=epoch, member=me.person))
    except CannotOpen:
        raise Tampered(case, case) from None
    identity = Identity(opened)
    if identity.kid != case_keys(house, db, case, epoch).recipient.kid:
        raise Tampered(case, case)
    return identity


def seal_case_key(house: House, db: Session, case: UUID, epoch: int, case_key: Identity, member: UUID) -> None:
    """Let one more person into the team: the case key is sealed to them."""
    keys = keys_of_person(house, db, member)
    if keys is None:
        raise Tampered(member, case)
    sealed = keys.recipient.seal(case_key.root, context("case key", case=case, epoch=epoch, member=member))
    joined = house.now()
    mac = attest(house.keys.directory, "member", case=case, person=member, joined=microseconds(joined))
    db.add(Member(case_id=case, person_id=member, joined_at=joined, mac=mac))
    db.add(CaseKey(case_id=case, epoch=epoch, member_id=member, sealed=sealed))


def team_of(house: House, db: Session, case: UUID) -> frozenset[UUID]:
    """The people in a case's team."""
    members = db.scalars(select(Member).where(Member.case_id == case)).all()
    for member in members:
        require_attested(house, member.mac, "member", case=case, person=member.person_id,
                 joined=microseconds(member.joined_at))
    return frozenset(member.person_id for member in members)


def participants_of(house: House, db: Session, case: UUID) -> list[tuple[Participant, Person]]:
    """Those who write and receive in a case."""
    found = db.execute(select(Participant, Person).join(Person, Person.id == Participant.person_id)
                       .where(Participant.case_id == case)).all()
    for participant, person in found:
        require_attested(house, participant.mac, "participant", participant=participant.id, case=case, person=person.id)
        role_of(house, person)
    return list(found)


def new_channel(house: House, db: Session, case: UUID, sender: UUID, recipient: UUID) -> Channel:
    """Allow one direction; it is shut until ``opened_at`` is set."""
    channel = house.new_id()
    mac = attest(house.keys.directory, "channel", channel=channel, case=case, sender=sender, recipient=recipient)
    row = Channel(id=channel, case_id=case, sender_id=sender, recipient_id=recipient, mac=mac)
    db.add(row)
    return row


def verified_channel(house: House, channel: Channel) -> Channel:
    """The channel, if the server vouches for where it leads."""
    require_attested(house, channel.mac, "channel", channel=channel.id, case=channel.case_id, sender=channel.sender_id,
             recipient=channel.recipient_id)
    return channel


def require_channel(house: House, db: Session, letter: Letter) -> None:
    """``Tampered`` unless the letter's channel truly leads from its author to its recipient, in its case."""
    channel = db.get(Channel, letter.channel_id)
    if channel is None or (channel.case_id, channel.sender_id, channel.recipient_id) != (
            letter.case_id, letter.author_id, letter.recipient_id):
        raise Tampered(letter.id, letter.case_id)
    verified_channel(house, channel)


def require_attested(house: House, mac: bytes, purpose: str, **fields: Field) -> None:
    """Return if the server vouches for these fields, else raise ``Tampered``."""
    try:
        house.keys.require(mac, purpose, **fields)
    except CannotOpen:
        raise Tampered from None
