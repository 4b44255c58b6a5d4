"""Decisions on a letter against a plain model of the practice, in random plays: what everybody may
try is tried, in any order, and folded on."""

import random
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID, uuid4

import pytest

from letters.rules.errors import LettersError, NotAllowed, NotPossibleNow, Tampered, ViewAwaited
from letters.rules.events import Event, Fact
from letters.rules.letter import decisions
from letters.rules.letter.decisions import EVENTS, LetterStep
from letters.rules.letter.history import Disagreed, LetterHistory, moved, told_of
from letters.rules.letter.lifecycle import TRANSITIONS, Action, LetterRole, State
from tests.night import SEED, size
from tests.rules.sample import NOBODY, NOON

AUTHOR, RECIPIENT, WORKER = (uuid4() for _ in range(3))
READERS = [uuid4() for _ in range(3)]
TEAM = frozenset(READERS)
RARE = {Action.RECALL, Action.HOLD, Action.RETURN}
"""After these a letter goes nowhere for a while, or never."""


def part(person: UUID) -> LetterRole:
    return {AUTHOR: LetterRole.AUTHOR, RECIPIENT: LetterRole.RECIPIENT,
            WORKER: LetterRole.WORKER}.get(person, LetterRole.READER)


def decided(told: LetterHistory, action: Action, who: UUID, needed: int) -> LetterStep:
    """What a verb would decide."""
    if action in (Action.PASS_ON, Action.APPROVE):
        return decisions.approve(told, part(who), who, needed)
    if action is Action.RESUME:
        return decisions.resume(told, part(who), TEAM)
    if action is Action.RETURN:
        return decisions.give_back(told, part(who), who, TEAM)
    if action is Action.SEAL:
        return decisions.seal(told, part(who), needed)
    if action is Action.RELEASE and who == WORKER:
        return decisions.release(told, needed)
    return decisions.step(told, action, part(who))


@dataclass
class Practice:
    """What the practice says, kept in the plainest way: who approved in this reading, who
    disagreed, whether it was taken back, how often it went."""

    approved: set[UUID] = field(default_factory=set)
    against: UUID | None = None
    taken_back: bool = False
    gone: int = 0

    def hear(self, event: Event, who: UUID) -> None:
        if event in (Event.LETTER_SUBMITTED, Event.LETTER_RESUMED):
            self.approved, self.against = set(), None
        if event in (Event.LETTER_PASSED_ON, Event.LETTER_APPROVED):
            assert who not in self.approved and who in TEAM
            self.approved.add(who)
        if event is Event.RECALL_ASKED:
            self.taken_back = True
        if event is Event.DISAGREED:
            self.against = who
        if event is Event.LETTER_RELEASED:
            self.gone += 1


def play(seed: str, needed: int) -> Practice:
    """One letter, of which everybody tries everything."""
    drawn, told, practice, ids = random.Random(seed), LetterHistory("draft"), Practice(), count()
    for _ in range(60):
        who = drawn.choice([AUTHOR, RECIPIENT, WORKER, *READERS])
        action = drawn.choices([*EVENTS], [1 if one in RARE else 5 for one in EVENTS])[0]
        said: list[Fact] = []
        if action is Action.RECALL and who == AUTHOR:
            said.append(Fact(Event.RECALL_ASKED, NOBODY, NOBODY, "", "", NOON, who))
        if action is Action.HOLD and told.who_approved_before(who) and who in TEAM:
            said.append(Fact(Event.DISAGREED, NOBODY, UUID(int=next(ids)), "", "", NOON, who))
        try:
            step = decided(told, action, who, needed)
        except LettersError:
            said = [fact for fact in said if fact.event is Event.RECALL_ASKED]
        else:
            if step.event is Event.LETTER_RELEASED:
                assert len(practice.approved) >= needed and not practice.taken_back
                assert practice.gone == 0
            if step.event is Event.LETTER_RESUMED:
                assert practice.against is None
            fact = Fact(step.event, NOBODY, uuid4(), step.left, step.entered, NOON, who)
            told = moved(told, fact, TEAM)
            practice.hear(step.event, who)
        for fact in said:
            told = told_of(told, fact)
            practice.hear(fact.event, fact.actor)
        assert told.approved_by == practice.approved
    return practice


@pytest.mark.parametrize("needed", [1, 2])
def test_rules_13_15_and_18_hold_whatever_everybody_tries(needed: int) -> None:
    played = [play(f"{SEED} {number}", needed) for number in range(size(600, 20_000))]
    assert any(practice.gone for practice in played)  # the plays get that far
    assert any(practice.taken_back for practice in played)
    assert any(practice.against for practice in played) is (needed > 1)


def test_every_move_has_its_fact() -> None:
    moves = {row.action for row in TRANSITIONS if row.before is not row.after}
    assert EVENTS.keys() == moves and len({*EVENTS.values()}) == len(EVENTS)


def test_rule_13_the_last_approval_approves_and_no_reader_is_two() -> None:
    first, second, _ = READERS
    told = LetterHistory("in review", approvals={})
    assert decisions.approve(told, LetterRole.READER, first, 1).entered is State.APPROVED
    assert decisions.approve(told, LetterRole.READER, first, 2).entered is State.SECOND_READING
    told = LetterHistory("second reading", approvals={first: b""})
    with pytest.raises(NotPossibleNow):
        decisions.approve(told, LetterRole.READER, first, 2)
    assert decisions.approve(told, LetterRole.READER, second, 2).entered is State.APPROVED
    with pytest.raises(NotAllowed):
        decisions.approve(told, LetterRole.AUTHOR, second, 2)


def test_another_version_is_not_decided_on() -> None:
    version = uuid4()
    told = LetterHistory("in review", version=version)
    decisions.require_possible(told, Action.HOLD, LetterRole.READER, version)
    with pytest.raises(NotPossibleNow):
        decisions.require_possible(told, Action.HOLD, LetterRole.READER, uuid4())


@pytest.mark.parametrize("told", [
    LetterHistory("approved", approvals={READERS[0]: b""}),
    LetterHistory("approved", approvals=dict.fromkeys(READERS, b""), recall_asked=True)])
def test_too_few_approvals_or_a_recall_release_nothing(told: LetterHistory) -> None:
    with pytest.raises(NotPossibleNow):
        decisions.release(told, 2)


def test_who_may_return_a_letter_that_two_see_differently() -> None:
    first, second, third = READERS
    told = LetterHistory("held", disagreement=Disagreed(uuid4(), second, frozenset({first})))

    def may(reader: UUID, team: frozenset[UUID] = TEAM) -> bool:
        try:
            return bool(decisions.give_back(told, LetterRole.READER, reader, team))
        except ViewAwaited:
            return False

    assert [may(reader) for reader in READERS] == [True, False, False]
    gone = TEAM - {first}
    assert [may(reader, gone) for reader in (second, third)] == [False, True]
    with pytest.raises(ViewAwaited):
        decisions.resume(told, LetterRole.READER, TEAM)


def test_a_letter_that_left_another_state_is_refused() -> None:
    step = decisions.step(LetterHistory("approved"), Action.HOLD, LetterRole.READER)
    with pytest.raises(Tampered):
        moved(LetterHistory("held"), Fact(step.event, NOBODY, NOBODY, step.left, step.entered,
                                          NOON), TEAM)


def test_who_is_asked_to_read_can_read_it_and_is_asked_once() -> None:
    def said(event: Event, about: UUID, actor: UUID) -> Fact:
        return Fact(event, uuid4(), about, "", "", NOON, actor)

    first, second, third = READERS
    told = told_of(LetterHistory(author=AUTHOR), said(Event.READING_ASKED, second, first))
    assert told.asked_reader == second
    for colleague, able in ((second, TEAM), (AUTHOR, {AUTHOR}), (third, {first})):
        with pytest.raises(NotPossibleNow):
            decisions.require_can_be_asked(told, colleague, able)
    decisions.require_can_be_asked(told, third, TEAM)
    handed_on = Event.LETTER_HANDED_ON
    assert told_of(told, said(handed_on, NOBODY, first)).asked_reader == second
    assert told_of(told, said(handed_on, NOBODY, second)).asked_reader is None
