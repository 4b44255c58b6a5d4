"""What a chain says of accounts: which keys are the current ones, what a person signs in with, who
brought whom in. The chain of a case says it of its participants, the installation's of staff.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from letters.rules.events import Event, Fact
from letters.rules.folded import Folded

NOBODY = UUID(int=0)
"""The actor when the worker or an operator acts."""


@dataclass(frozen=True)
class KeyHistory:
    """Which of a person's keys is the current one, and whether its owner was confirmed after a
    reset. ``confirmed_by``: the members who confirmed this key. ``name``: SHA-256 of both halves of
    the key; empty in a chain from before facts named them."""

    serial: int = 1
    confirmed: bool = True
    confirmed_by: frozenset[UUID] = frozenset()
    name: bytes = b""

    def is_of(self, serial: int, name: bytes) -> bool:
        """True if the key with this serial number and this name is the current one."""
        return self.serial == serial and self.name in (b"", name)

    @property
    def is_confirmed_anew(self) -> bool:
        """True if this is a later key than the first, and its owner is known."""
        return self.serial > 1 and self.confirmed

    def after(self, fact: Fact) -> "KeyHistory":
        """How it stands after one fact of ``OF_KEYS``. A key that its owner renews is as well known
        as the one before."""
        if fact.event is Event.LETTERS_REGRANTED:
            return replace(self, confirmed=True)
        if fact.event is Event.KEY_CONFIRMED:
            return (replace(self, confirmed_by=self.confirmed_by | {fact.actor})
                    if fact.entered == str(self.serial)
                    and (not self.name or fact.detail in (b"", self.name)) else self)
        return KeyHistory(int(fact.entered),
                          self.confirmed and fact.event is Event.IDENTITY_RENEWED,
                          name=fact.binding())


class Away(NamedTuple):
    """Who looks after somebody's work, and through which day."""

    stands_in: UUID
    until: date


@dataclass
class Accounts(Folded):
    """How the accounts of one chain stand.

    ``codes``: the code of the last invitation or reset, until one is used. ``resets``: when
    somebody's access was reset last. ``factors``: what they sign in with
    in addition to the password.
    ``windows``: the half hours for signing in beside a facilitator that were used up.
    ``invited``: everybody who was. ``brought_in``: who invited or reset each person; the operator
    does not count.
    ``ways_in``: the binding of what opens each account, where a fact tells it.
    ``contact``: how often each person's way to be reached was chosen.
    ``quieted``: the rules of the screening that weigh as notes here, by whom and since when;
    ``away``: the facilitators who said that they are away, also after their day. The installation's
    chain alone tells of both.
    """

    keys: dict[UUID, KeyHistory] = field(default_factory=dict)
    invited: set[UUID] = field(default_factory=set)
    enrolled: set[UUID] = field(default_factory=set)
    codes: dict[UUID, UUID] = field(default_factory=dict)
    resets: dict[UUID, datetime] = field(default_factory=dict)
    factors: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    windows: set[UUID] = field(default_factory=set)
    brought_in: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    ways_in: dict[UUID, bytes] = field(default_factory=dict)
    contact: dict[UUID, int] = field(default_factory=dict)
    quieted: dict[str, tuple[UUID, datetime]] = field(default_factory=dict)
    away: dict[UUID, Away] = field(default_factory=dict)

    def key(self, person: UUID) -> KeyHistory:
        """How a person's keys stand."""
        return self.keys.get(person, KeyHistory())

    def tell(self, fact: Fact) -> None:
        """Apply one fact, in place; facts about anything else change nothing."""
        event, person = fact.event, fact.subject
        if event in OF_KEYS:
            self.keys[person] = self.key(person).after(fact)
        if event in OF_WAYS_IN:
            self.ways_in[person] = fact.binding(event in WITH_KEYS)
        if event is Event.PERSON_INVITED:
            self.invited.add(person)
        if event in (Event.PERSON_INVITED, Event.RESET_ASKED):
            self._code_made(fact)
        elif event is Event.PERSON_ENROLLED:
            self.enrolled.add(person)
            self.codes.pop(person, None)
            if fact.detail:
                self.keys[person] = KeyHistory(name=fact.binding())
        elif event is Event.ACCESS_RESET:
            self.codes.pop(person, None)
            self.resets[person] = fact.at
        elif event is Event.CONTACT_CHOSEN:
            self.contact[person] = self.contact.get(person, 0) + 1
        elif event is Event.SECOND_FACTOR_ADDED:
            self.factors[person] = self.factors.get(person, frozenset()) | {fact.about}
        elif event is Event.SECOND_FACTOR_REMOVED:
            self.factors[person] = self.factors.get(person, frozenset()) - {fact.about}
        elif event is Event.SUPERVISED_USED:
            self.windows.add(fact.subject)
        elif event is Event.RULE_QUIETED:
            self.quieted[fact.entered] = fact.actor, fact.at
        elif event is Event.RULE_RESTORED:
            self.quieted.pop(fact.left, None)
        elif event is Event.FACILITATOR_AWAY:
            self.away[person] = Away(fact.about, date.fromisoformat(fact.entered))
        elif event is Event.FACILITATOR_BACK:
            self.away.pop(person, None)

    def _code_made(self, fact: Fact) -> None:
        person = fact.subject
        if fact.actor != NOBODY:
            self.brought_in[person] = self.brought_in.get(person, frozenset()) | {fact.actor}
        if fact.about != NOBODY:
            self.codes[person] = fact.about


OF_KEYS = frozenset({Event.IDENTITY_RENEWED, Event.ACCESS_RESET, Event.KEY_CONFIRMED,
                     Event.LETTERS_REGRANTED})
"""The facts that say which key of a person is the current one."""
WITH_KEYS = frozenset({Event.PERSON_ENROLLED, Event.IDENTITY_RENEWED, Event.ACCESS_RESET})
"""The facts that bind a key, and after it the ways in."""
OF_WAYS_IN = WITH_KEYS | {Event.PASSWORD_CHANGED, Event.RECOVERY_CODE_USED,
                          Event.RECOVERY_CODE_MADE}
"""The facts after which an account is opened by something else than before."""
OF_ACCOUNTS = OF_KEYS | OF_WAYS_IN | {Event.PERSON_INVITED, Event.RESET_ASKED,
                         Event.SECOND_FACTOR_ADDED, Event.SECOND_FACTOR_REMOVED,
                         Event.SUPERVISED_USED, Event.CONTACT_CHOSEN}
"""The facts that say how accounts stand."""
