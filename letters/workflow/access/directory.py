"""Who is who, as far as the server vouches for it. A row that does not verify raises
``Tampered``."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from keys import box
from keys.context import Field, context
from keys.errors import CannotOpen
from keys.identity import Identity, Recipient, Verifier, Verifiers, sha256
from keys.vouching import attest
from letters.rules.errors import CaseKeyMissing, KeyNotConfirmed, Tampered
from letters.rules.roles import Role
from letters.storage.store import microseconds
from letters.storage.tables.letters import (
    Case,
    CaseKey,
    Channel,
    Letter,
    Member,
    Participant,
    Person,
    PublicKey,
)
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record


@dataclass(frozen=True)
class Keys:
    """A person's or a case's public keys: the newest to seal to, and all they ever had to check
    signatures with. ``halves``: the two halves of each, sealing and verifying."""

    recipient: Recipient
    verifier: Verifiers
    serial: int
    halves: tuple[tuple[bytes, bytes], ...]

    @property
    def name(self) -> bytes:
        """SHA-256 of both halves of the newest."""
        return sha256(*self.halves[0])

    def signer(self, binding: bytes, bound: Callable[[bytes], bytes]) -> Verifier:
        """The key that a fact names. ``bound``: the binding with a key of this name; a fact from
        before there were bindings names none, and any key will do.
        Raises ``CannotOpen`` if it is none of these."""
        if not binding:
            return self.verifier
        for sealing, verifying in self.halves:
            if bound(sha256(sealing, verifying)) == binding:
                return Verifier(verifying)
        raise CannotOpen


_PARTICIPANTS = select(Participant, Person).join(
    Person, Person.id == Participant.person_id).where(Participant.case_id == bindparam("case"))
_KEYS_OF_PEOPLE = select(PublicKey).where(
    PublicKey.kind == "person", PublicKey.owner_id.in_(bindparam("people", expanding=True))
).order_by(PublicKey.serial.desc())


def new_person(platform: Platform, db: Session, role: Role, name: str) -> Person:
    """Add somebody to the directory, still without keys; the name is sealed."""
    person_id = platform.new_id()
    person = Person(
        id=person_id, role=role.value,
        mac=attest(platform.keys.directory, "person", person=person_id, role=role.value),
        name=box.seal(platform.keys.contact, context("name", person=person_id), name.encode(),
                      platform.random,
                      box.NAME_BLOCK))
    db.add(person)
    return person


def role_of(platform: Platform, person: Person) -> Role:
    """The attested role."""
    require_attested(platform, person.mac, "person", person=person.id, role=person.role)
    return Role(person.role)


def name_of(platform: Platform, person: Person) -> str:
    """The person's name, opened."""
    try:
        return platform.keys.open_contact(context("name", person=person.id), person.name).decode()
    except CannotOpen:
        raise Tampered(person.id) from None


Takers = Sequence[tuple[Participant, Person]]
"""The rows of the people who take part in a case."""


class _Names(dict[UUID, str]):
    """Names by person. Somebody whose row is gone did have one: rows of people are never
    deleted."""

    def __missing__(self, person: UUID) -> str:
        raise Tampered(person)


def names(platform: Platform, db: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these people. Looking up one of them whose row is gone raises ``Tampered``."""
    found = [row for one in set(ids) if (row := db.identity_map.get(
        db.identity_key(Person, one))) is not None]
    if missing := set(ids) - {row.id for row in found}:
        found += db.scalars(select(Person).where(Person.id.in_(missing)))
    return _Names({person.id: name_of(platform, person) for person in found})


def publish(platform: Platform, db: Session, kind: str, owner: UUID, serial: int,
            identity: Identity) -> None:
    """Put the public keys of an identity into the directory."""
    sealing, verifying = identity.recipient.public, identity.verifier.public
    mac = attest(platform.keys.directory, "public key", kind=kind, owner=owner, serial=serial,
                 sealing=sealing,
                 verifying=verifying)
    db.add(PublicKey(kind=kind, owner_id=owner, serial=serial, sealing=sealing, verifying=verifying,
                     mac=mac))


def verified_keys(platform: Platform, newest: PublicKey | None, *earlier: PublicKey) -> Keys:
    """The keys in these directory rows.
    Raises ``Tampered`` unless the server vouches for each row."""
    if newest is None:
        raise Tampered
    for row in (newest, *earlier):
        require_key(platform, row)
    return Keys(Recipient(newest.sealing),
                Verifiers(newest.verifying, *(row.verifying for row in earlier)),
                newest.serial, tuple((row.sealing, row.verifying) for row in (newest, *earlier)))


def require_key(platform: Platform, row: PublicKey) -> None:
    """Check that the server vouches for this row of the directory. Raises ``Tampered`` if not."""
    require_attested(platform, row.mac, "public key", kind=row.kind, owner=row.owner_id,
                     serial=row.serial,
                     sealing=row.sealing, verifying=row.verifying)


def keys_of_person(platform: Platform, db: Session, person: UUID) -> Keys | None:
    """A person's current keys, or None before they enrol."""
    return keys_of_people(platform, db, [person]).get(person)


def keys_of_people(platform: Platform, db: Session, people: Iterable[UUID]) -> dict[UUID, Keys]:
    """The keys of those who have enrolled, to check signatures with. To seal, use
    ``sealing_keys``."""
    held: dict[UUID, list[PublicKey]] = {}
    for row in db.scalars(_KEYS_OF_PEOPLE, {"people": list(set(people))}):
        held.setdefault(row.owner_id, []).append(row)
    return {person: verified_keys(platform, *rows) for person, rows in held.items()}


def sealing_keys(platform: Platform, db: Session, chain: UUID, person: UUID) -> Keys | None:
    """The keys to seal to for a person now, or None before they enrol.

    Staff can open nothing after a reset until a colleague asks them to join again.
    Raises ``Tampered`` unless the newest row is the one that the chain records: the case's chain
    for a participant, the installation's for staff.
    Raises ``KeyNotConfirmed`` for a participant after a reset, until two people have confirmed the
    key.
    """
    keys = keys_of_person(platform, db, person)
    if keys is None:
        return None
    told = record.accounts(platform, db, chain).key(person)
    if not told.is_of(keys.serial, keys.name):  # what is known may be older than the keys
        record.afresh(db, chain)
        keys, told = (keys_of_person(platform, db, person) or keys,
                      record.accounts(platform, db, chain).key(person))
    if not told.is_of(keys.serial, keys.name):
        raise Tampered(person, chain)
    if not told.confirmed and chain != platform.keys.installation:
        raise KeyNotConfirmed
    return keys


def case_keys(platform: Platform, db: Session, case: UUID, epoch: int) -> Keys:
    """A case's keys of one epoch. Raises ``Tampered`` unless they are those that the record
    names."""
    try:
        keys = verified_keys(platform, db.get(PublicKey, ("case", case, epoch)))
    except Tampered:
        raise Tampered(case, case) from None
    if record.read(platform, db, case).case_keys.get(epoch) not in (None, b"", keys.name):
        raise Tampered(case, case)
    return keys


def open_case_key(platform: Platform, db: Session, me: SignedIn, case: UUID,
                  epoch: int) -> Identity:
    """The case's private key, for a member of its team.
    Raises ``Tampered`` if it is not the key in the directory.
    Raises ``CaseKeyMissing`` for a member who never received it, or whose own keys were renewed
    since."""
    row = db.get(CaseKey, (case, epoch, me.person))
    if row is None:
        raise CaseKeyMissing
    return opened_case_key(platform, db, me, case, epoch, row.sealed)


def opened_case_key(platform: Platform, db: Session, me: SignedIn, case: UUID, epoch: int,
                    sealed: bytes) -> Identity:
    """The case's private key, out of its seal.
    Raises ``Tampered`` if it is not the key in the directory."""
    try:
        identity = Identity(me.identity.open(sealed,
                                             context("case key",
                                                     case=case, epoch=epoch, member=me.person)))
    except CannotOpen:
        raise Tampered(case, case) from None
    if identity.kid != case_keys(platform, db, case, epoch).recipient.kid:
        raise Tampered(case, case)
    return identity


def sealed_case_key(platform: Platform, db: Session, case: UUID, epoch: int, case_key: Identity,
                    member: UUID,
                    signed_for: bytes) -> bytes:
    """The case key of an epoch, sealed to one person. ``signed_for``: the kid that the roster names
    for them.
    Raises ``KeyNotConfirmed`` if their access was reset and no colleague has signed for their
    present key.
    Raises ``Tampered`` if they have no keys."""
    # not while they renew their keys
    db.scalars(select(Person.id).where(Person.id == member).with_for_update(key_share=True)).one()
    keys = sealing_keys(platform, db, platform.keys.installation, member)
    if keys is None:
        raise Tampered(member, case)
    if (
        keys.recipient.kid != signed_for
        and not record.accounts(platform, db, platform.keys.installation).key(member).confirmed
    ):
        raise KeyNotConfirmed
    return keys.recipient.seal(case_key.root,
                               context("case key", case=case, epoch=epoch, member=member))


def attest_member(platform: Platform, member: Member, epoch: int) -> Member:
    """Vouch for a member in this one epoch, so that the row of somebody who has left cannot be
    restored."""
    member.mac = attest(platform.keys.directory, "member", **_membership(member, epoch))
    return member


def team_of(platform: Platform, db: Session, case: UUID) -> frozenset[UUID]:
    """The people in a case's team."""
    members = _members(db, case)
    for member, epoch in members:
        require_member(platform, member, epoch)
    return frozenset(member.person_id for member, _ in members)


def _members(db: Session, case: UUID) -> Sequence[tuple[Member, int]]:
    return [(member, epoch) for member, epoch in db.execute(
        select(Member, Case.epoch).join(Case, Case.id == Member.case_id)
        .where(Member.case_id == case))]


def require_member(platform: Platform, member: Member, epoch: int) -> None:
    """Raises ``Tampered`` if this row was not attested for this epoch."""
    require_attested(platform, member.mac, "member", **_membership(member, epoch))


def _membership(member: Member, epoch: int) -> dict[str, Field]:
    return {"case": member.case_id, "person": member.person_id,
            "joined": microseconds(member.joined_at),
            "epoch": epoch}


def participants_of(platform: Platform, db: Session, case: UUID,
                    listed: frozenset[UUID] | None = None,
                    rows: Takers | None = None) -> list[tuple[Participant, Person]]:
    """The participants of a case: the people who write and receive. ``listed``: those whom its
    record tells of; rows of others are not looked at. ``rows``: theirs, if they are at hand."""
    found = [pair for pair in (_participants(db, case) if rows is None else rows)
             if listed is None or pair[1].id in listed]
    for participant, person in found:
        require_participant(platform, participant, person)
    return found


def attested_in(platform: Platform, db: Session,
                case: UUID) -> tuple[list[tuple[Participant, Person]], frozenset[UUID]]:
    """Who takes part and the team, by those rows that the server attests, whatever others say: in
    a case whose record does not hold anybody can still stop or halt."""
    def holds(require: Callable[..., None], *row: object) -> bool:
        try:
            require(platform, *row)
        except Tampered:
            return False
        return True
    people = [pair for pair in _participants(db, case) if holds(require_participant, *pair)]
    epochs = db.scalars(select(PublicKey.serial).where(PublicKey.kind == "case",
                                                       PublicKey.owner_id == case)).all()
    return people, frozenset(member.person_id for member, _ in _members(db, case)
                             if any(holds(require_member, member, epoch) for epoch in epochs))


def _participants(db: Session, case: UUID) -> Takers:
    return [(one, person) for one, person in db.execute(_PARTICIPANTS, {"case": case})]


def require_participant(platform: Platform, participant: Participant, person: Person) -> None:
    """Raises ``Tampered`` unless the server attests that this person takes part in this case."""
    require_attested(platform, participant.mac, "participant", participant=participant.id,
                     case=participant.case_id, person=person.id)
    role_of(platform, person)


def chain_of(platform: Platform, db: Session, person: Person) -> UUID:
    """The chain that records somebody's account: a participant's case, or the installation's.
    Raises ``Tampered`` if a participant has no case that the server attests."""
    if not role_of(platform, person).is_participant:
        return platform.keys.installation
    row = db.scalars(select(Participant).where(Participant.person_id == person.id)).first()
    if row is None:
        raise Tampered(person.id)
    require_participant(platform, row, person)
    return row.case_id


def new_channel(platform: Platform, db: Session, case: UUID, sender: UUID,
                recipient: UUID) -> Channel:
    """Allow one direction; the channel is shut until ``opened_at`` is set."""
    channel = platform.new_id()
    mac = attest(platform.keys.directory, "channel", channel=channel, case=case, sender=sender,
                 recipient=recipient)
    row = Channel(id=channel, case_id=case, sender_id=sender, recipient_id=recipient, mac=mac)
    db.add(row)
    return row


def verified_channel(platform: Platform, channel: Channel) -> Channel:
    """The channel, if the server vouches for where it leads. Raises ``Tampered`` if not."""
    require_attested(platform, channel.mac, "channel", channel=channel.id, case=channel.case_id,
                     sender=channel.sender_id, recipient=channel.recipient_id)
    return channel


def require_channel(platform: Platform, db: Session, letter: Letter) -> None:
    """Raises ``Tampered`` unless the letter's channel leads from its author to its recipient."""
    channel = db.get(Channel, letter.channel_id)
    if channel is None or (channel.case_id, channel.sender_id, channel.recipient_id) != (
            letter.case_id, letter.author_id, letter.recipient_id):
        raise Tampered(letter.id, letter.case_id)
    verified_channel(platform, channel)


def require_attested(platform: Platform, mac: bytes, purpose: str, **fields: Field) -> None:
    """Check that the server vouches for these fields. Raises ``Tampered`` if it does not."""
    try:
        platform.keys.require(mac, purpose, **fields)
    except CannotOpen:
        raise Tampered from None
