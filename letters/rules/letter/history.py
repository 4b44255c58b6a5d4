"""The history of a letter: what its case's trail says of it, folded."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from letters.rules.errors import Tampered
from letters.rules.events import Event, Fact
from letters.rules.letter.lifecycle import State

TOGETHER = "together"
"""The mark of a reader's own view, when there is no supervisor;
every other view is a supervisor's."""


@dataclass(frozen=True)
class Disagreed:
    """Two readers who see a letter differently: who approved, who would hold or return it, and who
    has given a view since. ``viewers``: supervisors and readers."""

    id: UUID
    by: UUID
    approved_by: frozenset[UUID]
    viewed: bool = False
    together: frozenset[UUID] = frozenset()
    viewers: frozenset[UUID] = frozenset()

    def settled(self, team: Collection[UUID]) -> bool:
        """True once a supervisor has given a view, or all readers who are still members decided
        together: never fewer than two."""
        readers = (self.approved_by | {self.by}) & set(team)
        return self.viewed or (len(self.together) > 1 and readers <= self.together)


class RedactionAnswer(NamedTuple):
    """The author's answer to leaving passages out: by whom, about which version, and what."""

    by: UUID
    version: UUID
    how: str


class NoteSealed(NamedTuple):
    """The content note that was sealed last: for which version, its hash, and by whom."""

    version: UUID
    mark: str
    by: UUID


@dataclass(frozen=True)
class LetterHistory:
    """How a letter stands by the trail.

    ``author``: who began it. ``round`` counts submissions and re-openings. ``submitted_at``: when
    it was handed in last.
    ``handed_in``: what its submission binds. ``approvals``: the people who approved in this round,
    each a member of the team at that time, with what their decision binds. ``release``: what the
    sealing of its release binds. A fact from before facts did so binds nothing.
    ``asked_reader``: the member whom a colleague asked to read it, until it moves or they hand it
    on. ``since``: when this round began; ``first_readers``: who passed it on since, until a verdict
    moves it on. ``sending``: the person harmed said that it may go. ``disagreement``: of this
    round. ``reached``: the person it was released to, who said how much the writer is told
    (``telling``), what was left out and why (``why_asked``), and whether the team keeps it
    (``given_back``). ``destroyed``: that person destroyed what they had of it.
    """

    state: str = ""
    author: UUID | None = None
    round: int = 0
    version: UUID | None = None
    submitted_at: datetime | None = None
    recall_asked: bool = False
    handed_in: bytes = b""
    approvals: Mapping[UUID, bytes] = field(default_factory=dict)
    approved_at: datetime | None = None
    release: bytes = b""
    asked_reader: UUID | None = None
    since: datetime | None = None
    first_readers: frozenset[UUID] = frozenset()
    answers: frozenset[RedactionAnswer] = frozenset()
    note: NoteSealed | None = None
    sending: bool = False
    disagreement: Disagreed | None = None
    reached: UUID | None = None
    telling: str = ""
    why_asked: tuple[UUID, ...] = ()
    given_back: bool = False
    destroyed: bool = False

    @property
    def approved_by(self) -> frozenset[UUID]:
        """The people who approved in this round."""
        return frozenset(self.approvals)

    def who_approved_before(self, reader: UUID) -> frozenset[UUID]:
        """The first readers, while this person reads second and would decide otherwise; empty if
        nobody disagrees."""
        if self.state != State.SECOND_READING or reader in self.approvals:
            return frozenset()
        return self.approved_by


def moved(letter: LetterHistory, fact: Fact, team: Collection[UUID]) -> LetterHistory:
    """A letter after one fact of ``MOVES``. ``team``: its members at that time.

    Raises ``Tampered`` if it leaves a state that it was not in, or if a stranger approves.
    """
    if letter.state != fact.left:
        raise Tampered(fact.subject)
    later = replace(letter, state=fact.entered, asked_reader=None)
    if fact.event in _BEGIN_ROUND:
        later = replace(later, round=letter.round + 1, approvals={}, approved_at=None, release=b"",
                        sending=False, disagreement=None, since=fact.at, first_readers=frozenset())
    if fact.event in _APPROVALS:
        if fact.actor not in team:
            raise Tampered(fact.subject)
        later = replace(later, approved_at=fact.at, release=fact.binding(1), approvals={
            **letter.approvals, fact.actor: fact.binding()})
    if fact.event is Event.LETTER_PASSED_ON:
        later = replace(later, first_readers=letter.first_readers | {fact.actor})
    elif fact.event in _END_READING:
        later = replace(later, first_readers=frozenset())
    elif fact.event is Event.LETTER_BEGUN:
        later = replace(later, author=fact.actor)
    elif fact.event is Event.LETTER_SUBMITTED:
        later = replace(later, version=fact.about, submitted_at=fact.at, handed_in=fact.detail)
    elif fact.event is Event.LETTER_SEALED:
        later = replace(later, release=fact.detail)
    elif fact.event is Event.LETTER_RELEASED:
        later = replace(later, reached=fact.about)
    return later


def told_of(letter: LetterHistory, fact: Fact) -> LetterHistory:
    """A letter after one fact of ``SAID``, which does not move it."""
    return _SAID[fact.event](letter, fact)


def _disagreed(letter: LetterHistory, fact: Fact) -> LetterHistory:
    return replace(letter, disagreement=Disagreed(fact.about, fact.actor, letter.approved_by))


def _viewed(letter: LetterHistory, fact: Fact) -> LetterHistory:
    told = letter.disagreement
    if told is None or told.id != fact.about:
        return letter
    told = replace(told, viewers=told.viewers | {fact.actor})
    return replace(letter, disagreement=(
        replace(told, together=told.together | {fact.actor}) if fact.left == TOGETHER
        else replace(told, viewed=True)))


_SAID: dict[Event, Callable[[LetterHistory, Fact], LetterHistory]] = {
    Event.RECALL_ASKED: lambda letter, fact: replace(letter, recall_asked=True, sending=False),
    Event.SENDING_ALLOWED: lambda letter, fact: replace(letter, sending=True),
    Event.SENDING_WITHHELD: lambda letter, fact: replace(letter, sending=False),
    Event.REDACTION_ANSWERED: lambda letter, fact: replace(
        letter, answers=letter.answers | {RedactionAnswer(fact.actor, fact.about, fact.left)}),
    Event.NOTE_SEALED: lambda letter, fact: replace(
        letter, note=NoteSealed(fact.about, fact.left, fact.actor)),
    Event.DISAGREED: _disagreed,
    Event.VIEW_GIVEN: _viewed,
    Event.READING_ASKED: lambda letter, fact: replace(letter, asked_reader=fact.about),
    Event.LETTER_HANDED_ON: lambda letter, fact: letter if letter.asked_reader != fact.actor
    else replace(letter, asked_reader=None),
    Event.TELLING_SET: lambda letter, fact: replace(letter, telling=fact.left),
    Event.WHY_ASKED: lambda letter, fact: replace(
        letter, why_asked=(*letter.why_asked, fact.about)),
    Event.LETTER_GIVEN_BACK: lambda letter, fact: replace(letter, given_back=True),
    Event.LETTER_TAKEN_BACK: lambda letter, fact: replace(letter, given_back=False),
    Event.LETTER_DESTROYED: lambda letter, fact: replace(letter, destroyed=True,
                                                         given_back=False),
}
SAID = frozenset(_SAID)
"""Facts about a letter that do not move it."""
_BEGIN_ROUND = frozenset({Event.LETTER_SUBMITTED, Event.LETTER_RESUMED})
_APPROVALS = frozenset({Event.LETTER_PASSED_ON, Event.LETTER_APPROVED})
_END_READING = frozenset({Event.LETTER_APPROVED, Event.LETTER_HELD, Event.LETTER_RETURNED,
                          Event.LETTER_RECALLED})
MOVES = _BEGIN_ROUND | _APPROVALS | _END_READING | {
    Event.LETTER_BEGUN, Event.LETTER_SEALED, Event.LETTER_SET_ASIDE, Event.LETTER_RELEASED,
    Event.LETTER_OPENED}
"""The facts that move a letter from one state to another."""
