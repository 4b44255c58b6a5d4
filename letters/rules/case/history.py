"""The history of a case: the facts of its trail, folded.
The rows say how things stand; this says how they came to.

If the two differ, or if a letter leaves a state in which the trail never saw it, somebody has
changed the database behind the program's back.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from letters.rules.case.process import OF_PROCESS, Process
from letters.rules.errors import Tampered
from letters.rules.events import Event, Fact

TOGETHER = "together"
"""The mark of a reader's own view, when there is no supervisor;
every other view is a supervisor's."""


@dataclass
class Disagreed:
    """Two readers who see a letter differently: who approved, who would hold or return it, and who
    has given a view since."""

    id: UUID
    by: UUID
    approved_by: frozenset[UUID]
    viewed: bool = False
    together: set[UUID] = field(default_factory=set)

    def settled(self, team: Collection[UUID]) -> bool:
        """True once a supervisor has given a view, or all readers who are still members decided
        together: never fewer than two."""
        readers = (self.approved_by | {self.by}) & set(team)
        return self.viewed or (len(self.together) > 1 and readers <= self.together)


@dataclass
class LetterHistory:
    """How a letter stands by the trail.

    ``round`` counts submissions and re-openings. ``approved_by``: the people who approved in this
    round, each a member of the team at that time. ``sending``: the person harmed said that it may
    go. ``disagreement``: of this round. ``reached``: the person it was released to. ``destroyed``:
    that person destroyed what they had of it.
    """

    state: str = ""
    round: int = 0
    version: UUID | None = None
    recall_asked: bool = False
    approved_by: set[UUID] = field(default_factory=set)
    approved_at: datetime | None = None
    sending: bool = False
    disagreement: Disagreed | None = None
    reached: UUID | None = None
    destroyed: bool = False


@dataclass
class KeyHistory:
    """Which of a person's keys is the current one,
    and whether its owner was confirmed after a reset."""

    serial: int = 1
    confirmed: bool = True

    def tell(self, fact: Fact) -> None:
        """Apply one fact of ``OF_KEYS``. A key that its owner renews is
        as well known as the one before."""
        if fact.event is Event.LETTERS_REGRANTED:
            self.confirmed = True
        else:
            self.serial = int(fact.entered)
            self.confirmed = self.confirmed and fact.event is Event.IDENTITY_RENEWED


@dataclass
class CaseHistory:
    """How a case stands by its trail; ``reached``:
    when letters reached each person, the earliest first."""

    stopped: bool = False
    halted: bool = False
    paused: bool = False
    ready: bool = False
    pace: str = ""
    process: Process = field(default_factory=Process)
    team: set[UUID] = field(default_factory=set)
    asked: set[UUID] = field(default_factory=set)
    epoch: int = 1
    roster: int = 0
    reached: dict[UUID, list[datetime]] = field(default_factory=dict)
    letters: dict[UUID, LetterHistory] = field(default_factory=dict)
    keys: dict[UUID, KeyHistory] = field(default_factory=dict)


OF_KEYS = frozenset({Event.IDENTITY_RENEWED, Event.ACCESS_RESET, Event.LETTERS_REGRANTED})
"""The facts that say which key of a person is the current one."""
TEAM_CHANGES = frozenset({Event.MEMBER_ASKED, Event.MEMBER_DECLINED, Event.MEMBER_JOINED,
                          Event.MEMBER_LEFT,
                          Event.KEY_RENEWED_IN_TEAM})
"""The facts that each make one statement of the roster."""

_SAID_OF_LETTERS = frozenset({Event.RECALL_ASKED, Event.SENDING_ALLOWED, Event.SENDING_WITHHELD})
"""Facts about a letter that do not move it."""

_OF_READERS = frozenset({Event.DISAGREED, Event.VIEW_GIVEN})
"""The subject is the letter, ``about`` the disagreement;
a reader's own view has ``TOGETHER`` in ``left``."""

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
    """Fold the facts of one case, oldest first.

    Raises ``Tampered`` if a letter leaves a state that it was not in.
    """
    story = CaseHistory()
    for fact in facts:
        if fact.event in _SWITCHES:
            setattr(story, *_SWITCHES[fact.event])
        elif fact.event is Event.PACE_SET:
            story.pace = fact.entered
        elif fact.event in OF_PROCESS:
            story.process.tell(fact)
        elif fact.event is Event.EPOCH_BEGUN:
            story.epoch += 1
        elif fact.event in TEAM_CHANGES:
            _tell_team(story, fact)
        elif fact.event in OF_KEYS:
            story.keys.setdefault(fact.subject, KeyHistory()).tell(fact)
        elif fact.event is Event.LETTER_DESTROYED:
            story.letters.setdefault(fact.subject, LetterHistory()).destroyed = True
        elif fact.event in _OF_READERS:
            _tell_disagreement(story.letters.setdefault(fact.subject, LetterHistory()), fact)
        elif (fact.entered
              or fact.event in _SAID_OF_LETTERS) and fact.event is not Event.KEY_CONFIRMED:
            _tell_letter(story, fact)
    return story


def _tell_team(story: CaseHistory, fact: Fact) -> None:
    story.roster = int(fact.entered or 0)
    story.asked.discard(fact.subject)
    if fact.event is Event.MEMBER_ASKED:
        story.asked.add(fact.subject)
    elif fact.event is Event.MEMBER_JOINED:
        story.team.add(fact.subject)
    elif fact.event is Event.MEMBER_LEFT:
        story.team.discard(fact.subject)


def _tell_disagreement(letter: LetterHistory, fact: Fact) -> None:
    if fact.event is Event.DISAGREED:
        letter.disagreement = Disagreed(fact.about, fact.actor, frozenset(letter.approved_by))
    elif letter.disagreement is not None and letter.disagreement.id == fact.about:
        if fact.left == TOGETHER:
            letter.disagreement.together.add(fact.actor)
        else:
            letter.disagreement.viewed = True


def _tell_letter(story: CaseHistory, fact: Fact) -> None:
    letter = story.letters.setdefault(fact.subject, LetterHistory())
    if fact.event in _SAID_OF_LETTERS:
        letter.recall_asked = letter.recall_asked or fact.event is Event.RECALL_ASKED
        letter.sending = fact.event is Event.SENDING_ALLOWED
        return
    if letter.state != fact.left:
        raise Tampered(fact.subject)
    letter.state = fact.entered
    if fact.event in (Event.LETTER_SUBMITTED, Event.LETTER_RESUMED):
        letter.round += 1
        letter.approved_by, letter.approved_at, letter.sending = set(), None, False
        letter.disagreement = None
    if fact.event in (Event.LETTER_PASSED_ON, Event.LETTER_APPROVED):
        if fact.actor not in story.team:
            raise Tampered(fact.subject)
        letter.approved_by.add(fact.actor)
        letter.approved_at = fact.at
    if fact.event is Event.LETTER_SUBMITTED:
        letter.version = fact.about
    if fact.event is Event.LETTER_RELEASED:
        letter.reached = fact.about
        story.reached.setdefault(fact.about, []).append(fact.at)
