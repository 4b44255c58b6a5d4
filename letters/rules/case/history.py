"""The history of a case: the facts of its trail, folded.
The rows say how things stand; this says how they came to.

If the two differ, or if a letter leaves a state in which the trail never saw it, somebody has
changed the database behind the program's back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from letters.rules.accounts import OF_ACCOUNTS, Accounts, KeyHistory
from letters.rules.case import emergency_access
from letters.rules.case.emergency_access import OF_EMERGENCIES, EmergencyHistory
from letters.rules.case.process import OF_PROCESS, Process
from letters.rules.events import Event, Fact
from letters.rules.folded import Folded
from letters.rules.letter.history import MOVES, SAID, LetterHistory, moved, told_of


class Membership(NamedTuple):
    """One time in the team. ``conflict``: whether the member declared a conflict of interest; None
    for the one who opened the case. ``specialist``: they read and advise, and decide nothing."""

    person: UUID
    joined_at: datetime
    left_at: datetime | None = None
    conflict: bool | None = None
    specialist: bool = False


@dataclass
class CaseHistory(Folded):
    """How a case stands by its trail. It is never changed: ``after`` makes another.

    ``team``: the facilitators, who decide. ``specialists``: who reads with them and decides nothing
    (rule 11). ``asked``: the people who are asked to join, ``asked_specialists`` among them.
    ``suggested``: the colleagues whom a supervisor suggests for the team, and since when.
    ``reached``: when letters reached each person, the earliest first. ``memberships``: the oldest
    first. ``names_listed``: how often the list of names was given. ``case_keys``: the name of each
    epoch's key. ``statement``: the hash of the roster's last statement, after
    ``statement_before``. ``rests_on``: the furthest place of the installation's chain that a fact
    rests on. ``moved_at``: when the last fact was added. They are empty as far as facts from before
    they bound anything tell of them.
    """

    stopped: bool = False
    halted: bool = False
    paused: bool = False
    ready: bool = False
    pace: str = ""
    process: Process = field(default_factory=Process)
    team: set[UUID] = field(default_factory=set)
    specialists: set[UUID] = field(default_factory=set)
    asked: set[UUID] = field(default_factory=set)
    asked_specialists: set[UUID] = field(default_factory=set)
    suggested: dict[UUID, datetime] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    epoch: int = 1
    roster: int = 0
    statement: bytes = b""
    statement_before: bytes = b""
    case_keys: dict[int, bytes] = field(default_factory=dict)
    reached: dict[UUID, tuple[datetime, ...]] = field(default_factory=dict)
    letters: dict[UUID, LetterHistory] = field(default_factory=dict)
    accounts: Accounts = field(default_factory=Accounts)
    emergencies: dict[UUID, EmergencyHistory] = field(default_factory=dict)
    names_listed: int = 0
    rests_on: bytes = b""
    moved_at: datetime | None = None

    @property
    def ever_joined(self) -> frozenset[UUID]:
        """Everybody who is or was in the team, or read with it: their words stay theirs after they
        leave."""
        return frozenset(one.person for one in self.memberships)

    @property
    def ever_decided(self) -> frozenset[UUID]:
        """Everybody who is or was a facilitator of the team: what somebody who takes part reads,
        and a supervisor, comes from them. A specialist writes to the team alone."""
        return frozenset(one.person for one in self.memberships if not one.specialist)

    @property
    def readers(self) -> frozenset[UUID]:
        """Everybody who reads what the team reads: its members, and the specialists."""
        return frozenset(self.team | self.specialists)

    @property
    def participants(self) -> frozenset[UUID]:
        """The people who write and receive in this case: all who were invited to it."""
        return frozenset(self.accounts.invited)

    def letter(self, letter: UUID) -> LetterHistory:
        """How a letter stands; as if it had never begun, if the trail does not know it."""
        return self.letters.get(letter, LetterHistory())

    def key(self, person: UUID) -> KeyHistory:
        """How the keys of a participant stand."""
        return self.accounts.key(person)

    def tell(self, fact: Fact) -> None:
        """Apply one fact, in place."""
        event, subject = fact.event, fact.subject
        self.rests_on = max(self.rests_on, fact.rests_on)  # they begin with the number
        self.moved_at = fact.at
        if event in _SWITCHES:
            setattr(self, *_SWITCHES[event])
        elif event is Event.PACE_SET:
            self.pace = fact.entered
        elif event in OF_PROCESS:
            self.process.tell(fact)
        elif event is Event.CASE_OPENED:
            self.case_keys[self.epoch] = fact.detail
        elif event is Event.EPOCH_BEGUN:
            self.epoch += 1
            self.case_keys[self.epoch] = fact.detail
        elif event is Event.COLLEAGUE_SUGGESTED:
            self.suggested[subject] = fact.at
        elif event is Event.COLLEAGUE_NOT_ASKED:
            self.suggested.pop(subject, None)
        elif event in TEAM_CHANGES:
            self._tell_team(fact)
        elif event in OF_ACCOUNTS:
            self.accounts.tell(fact)
        elif event in OF_EMERGENCIES:
            self.emergencies[subject] = emergency_access.after(
                self.emergencies.get(subject, EmergencyHistory()), fact)
        elif event is Event.NAMES_LISTED:
            self.names_listed += 1
        elif event in SAID:
            self.letters[subject] = told_of(self.letter(subject), fact)
        elif event in MOVES:
            self.letters[subject] = moved(self.letter(subject), fact, self.team)
            if event is Event.LETTER_RELEASED:
                self.reached[fact.about] = (*self.reached.get(fact.about, ()), fact.at)

    def _tell_team(self, fact: Fact) -> None:
        self.statement_before, self.statement = self.statement, fact.binding()
        self.roster = int(fact.entered or 0)
        if fact.event is Event.MEMBER_ASKED:
            self.suggested.pop(fact.subject, None)
            self.asked.add(fact.subject)
            if fact.left == SPECIALIST:
                self.asked_specialists.add(fact.subject)
        elif fact.event is Event.MEMBER_JOINED:
            specialist = fact.subject in self.asked_specialists
            (self.specialists if specialist else self.team).add(fact.subject)
            self.memberships.append(Membership(
                fact.subject, fact.at, conflict=_CONFLICT.get(fact.left), specialist=specialist))
        elif fact.event is Event.MEMBER_LEFT:
            self.team.discard(fact.subject)
            self.specialists.discard(fact.subject)
            self.process.left_by(fact.subject, fact.at.date())
            self.memberships = [one._replace(left_at=fact.at)
                                if one.person == fact.subject and one.left_at is None else one
                                for one in self.memberships]
        if fact.event is not Event.MEMBER_ASKED:
            self.asked.discard(fact.subject)
            self.asked_specialists.discard(fact.subject)


TEAM_CHANGES = frozenset({Event.MEMBER_ASKED, Event.MEMBER_DECLINED, Event.MEMBER_JOINED,
                          Event.MEMBER_LEFT,
                          Event.KEY_RENEWED_IN_TEAM})
"""The facts that each make one statement of the roster."""

SPECIALIST = "specialist"
"""What a request to join says of somebody who shall read and decide nothing."""
NO_CONFLICT, CONFLICT_TOLD = "no conflict", "conflict told"
_CONFLICT = {NO_CONFLICT: False, CONFLICT_TOLD: True}

_SWITCHES: dict[Event, tuple[str, bool]] = {
    Event.STOPPED: ("stopped", True),
    Event.HALTED: ("halted", True),
    Event.HALT_LIFTED: ("halted", False),
    Event.PAUSED: ("paused", True),
    Event.PAUSE_ENDED: ("paused", False),
    Event.READY_SAID: ("ready", True),
    Event.READY_UNSAID: ("ready", False),
    Event.READY_SPENT: ("ready", False),
}


def folded(facts: Iterable[Fact]) -> CaseHistory:
    """Fold the facts of one case, oldest first. Raises ``Tampered`` as ``CaseHistory.after``."""
    return CaseHistory().after(facts)
