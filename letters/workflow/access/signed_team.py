"""What a statement of the roster says, in the one encoding that is signed, and who may sign what
after the statement before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

_HEADER, _ENTRY = 8 + 32, 16 + 32 + 1
_PARTS = {"members": b"m", "asked": b"a", "specialists": b"s", "asked_specialists": b"i"}
"""The parts of a team, each with the byte that stands for it."""
_JOINS = {"asked": "members", "asked_specialists": "specialists"}


@dataclass(frozen=True)
class Team:
    """The content of a statement: the epoch with its case key, and the key of everybody who is a
    member, reads with the team as a specialist, or is asked to join as one or the other."""

    epoch: int
    case_kid: bytes
    members: Mapping[UUID, bytes]
    asked: Mapping[UUID, bytes] = field(default_factory=dict)
    specialists: Mapping[UUID, bytes] = field(default_factory=dict)
    asked_specialists: Mapping[UUID, bytes] = field(default_factory=dict)

    @property
    def readers(self) -> dict[UUID, bytes]:
        """The keys of everybody who reads what the team reads."""
        return {**self.members, **self.specialists}

    @property
    def invited(self) -> dict[UUID, bytes]:
        """The keys of everybody who is asked to join."""
        return {**self.asked, **self.asked_specialists}

    def encoded(self) -> bytes:
        """The one encoding that is signed."""
        people = [(who.bytes, kid, kind) for part, kind in _PARTS.items()
                  for who, kid in getattr(self, part).items()]
        return (self.epoch.to_bytes(8) + self.case_kid
                + b"".join(b"".join(entry) for entry in sorted(people)))

    def with_key(self, person: UUID, kid: bytes, part: str = "") -> "Team":
        """The same, with this key of a person. ``part``: where they are from now on; by default
        where they are."""
        part = part or next(part for part in _PARTS if person in getattr(self, part))
        changed: dict[str, Any] = {part: {**getattr(self, part), person: kid}}
        return replace(self, **changed)

    def without(self, person: UUID) -> "Team":
        """The same, with this person in no part of it."""
        others: dict[str, Any] = {
            part: {who: kid for who, kid in getattr(self, part).items() if who != person}
            for part in _PARTS}
        return replace(self, **others)

    def joined_by(self, person: UUID) -> "Team":
        """The same after somebody who was asked has joined, as what they were asked to be.
        Raises ``KeyError`` for anybody else."""
        part = "asked" if person in self.asked else "asked_specialists"
        return self.without(person).with_key(person, getattr(self, part)[person], _JOINS[part])


def decoded(members: bytes) -> Team:
    """The team that these bytes encode. Raises ``ValueError`` unless they are its one encoding."""
    entries = [members[at:at + _ENTRY] for at in range(_HEADER, len(members), _ENTRY)]
    people: dict[bytes, dict[UUID, bytes]] = {kind: {} for kind in _PARTS.values()}
    for entry in entries:
        people[entry[-1:]][UUID(bytes=entry[:16])] = entry[16:-1]
    team = Team(int.from_bytes(members[:8]), members[8:_HEADER],
                **{part: people[kind] for part, kind in _PARTS.items()})
    if team.encoded() != members or len({entry[:16] for entry in entries}) != len(entries):
        raise ValueError
    return team


def signing_key(last: Team | None, says: Team, signer: UUID) -> bytes:
    """The key that must have signed.
    Raises ``KeyError`` or ``ValueError`` if this signer may not say this after ``last``."""
    if last is None:
        if says != Team(1, says.case_kid, {signer: says.members[signer]}):
            raise ValueError
        return says.members[signer]
    later = says.epoch - last.epoch
    if later not in (0, 1) or (later == 0) != (says.case_kid == last.case_kid):
        raise ValueError
    if signer in last.members:
        _require_member_may(last, says, signer)
        return last.members[signer]
    now = replace(says, epoch=last.epoch, case_kid=last.case_kid)
    if signer in last.specialists:  # leaves, and signs nothing else
        if now != last.without(signer):
            raise ValueError
        return last.specialists[signer]
    if now not in (last.without(signer), last.joined_by(signer)):  # answers
        raise ValueError
    return last.invited[signer]


def _require_member_may(last: Team, says: Team, signer: UUID) -> None:
    """A member asks somebody, takes that back, signs for a new key, ends a specialist's part, or
    leaves. Raises ``ValueError`` for anything else."""
    kid, gone = last.members[signer], set(last.members) - set(says.members)
    # alone, nobody else can sign
    renewed = says.members.get(signer, kid) != kid and set(last.members) != {signer}
    joined = (set(says.members) - set(last.members)
              or set(says.specialists) - set(last.specialists))
    if joined or gone - {signer} or renewed:
        raise ValueError
