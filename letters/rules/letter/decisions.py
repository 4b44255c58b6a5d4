"""Decisions on a letter, pure: from how it stands by the record to the step that follows, or a
refusal. A verb decides here first, and then it signs, seals and records."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from letters.rules.errors import NotPossibleNow, ViewAwaited
from letters.rules.events import Event
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import Action, LetterRole, State, after


class LetterStep(NamedTuple):
    """What happens to a letter, and the states that it leaves and enters."""

    event: Event
    left: State
    entered: State


EVENTS = {
    Action.SUBMIT: Event.LETTER_SUBMITTED,
    Action.PASS_ON: Event.LETTER_PASSED_ON,
    Action.APPROVE: Event.LETTER_APPROVED,
    Action.HOLD: Event.LETTER_HELD,
    Action.RESUME: Event.LETTER_RESUMED,
    Action.RETURN: Event.LETTER_RETURNED,
    Action.RECALL: Event.LETTER_RECALLED,
    Action.SET_ASIDE: Event.LETTER_SET_ASIDE,
    Action.SEAL: Event.LETTER_SEALED,
    Action.RELEASE: Event.LETTER_RELEASED,
    Action.OPEN: Event.LETTER_OPENED,
}
"""The fact of each action that moves a letter."""


def step(told: LetterHistory, action: Action, by: LetterRole) -> LetterStep:
    """What this action leads to, by the table alone.

    Raises ``NotAllowed`` if this part never does that, ``NotPossibleNow`` if not in this state.
    """
    left = State(told.state)
    return LetterStep(EVENTS[action], left, after(left, action, by))


def require_possible(told: LetterHistory, action: Action, by: LetterRole,
                     version: UUID | None = None) -> None:
    """Raises ``NotAllowed``, or ``NotPossibleNow`` if this cannot be done to the letter as it
    stands, or if this is not the version that is read."""
    after(State(told.state), action, by)
    if version is not None and told.version != version:
        raise NotPossibleNow("there is a newer version")


def require_can_be_asked(told: LetterHistory, colleague: UUID, able: Collection[UUID]) -> None:
    """Raises ``NotPossibleNow`` unless this colleague is ``able`` to open the letter, neither wrote
    it nor approved it in this round, and was not asked already."""
    if colleague not in able or colleague in (*told.approvals, told.author, told.asked_reader):
        raise NotPossibleNow("this colleague cannot read it now")


def require_not_approved_by(told: LetterHistory, reader: UUID) -> None:
    """Raises ``NotPossibleNow`` if this reader approved in this round: two are two people."""
    if reader in told.approvals:
        raise NotPossibleNow("approved by this reader already")


def approve(told: LetterHistory, by: LetterRole, reader: UUID, needed: int) -> LetterStep:
    """One more approval: the last one that is needed approves the letter, an earlier one passes it
    on to another reader (rule 13). Raises ``NotPossibleNow`` if it is the reader's second."""
    require_not_approved_by(told, reader)
    is_last = len(told.approvals) + 1 >= needed
    return step(told, Action.APPROVE if is_last else Action.PASS_ON, by)


def resume(told: LetterHistory, by: LetterRole, team: Collection[UUID]) -> LetterStep:
    """A held letter is taken up again, in a new round.
    Raises ``ViewAwaited`` while two readers disagree and that is not settled."""
    if told.disagreement is not None and not told.disagreement.settled(team):
        raise ViewAwaited
    return step(told, Action.RESUME, by)


def give_back(told: LetterHistory, by: LetterRole, reader: UUID,
              team: Collection[UUID]) -> LetterStep:
    """The letter goes back to its writer. While two readers disagree, the first reader has to agree
    to that; if no first reader is left in the team, somebody other than the one who would return
    it. Raises ``ViewAwaited``."""
    open_ = told.disagreement
    if open_ is not None and not open_.settled(team) and reader not in open_.approved_by and (
            open_.approved_by & frozenset(team) or reader == open_.by):
        raise ViewAwaited
    return step(told, Action.RETURN, by)


def seal(told: LetterHistory, by: LetterRole, needed: int) -> LetterStep:
    """The release is sealed again. Raises ``NotPossibleNow`` if too few approved it."""
    _require_approved(told, needed)
    return step(told, Action.SEAL, by)


def release(told: LetterHistory, needed: int) -> LetterStep:
    """The letter reaches its recipient. The gates of the case and the pace are another decision.
    Raises ``NotPossibleNow`` if too few approved it, or its writer asked to have it back."""
    _require_approved(told, needed)
    if told.recall_asked:
        raise NotPossibleNow("its writer asked to have it back")
    return step(told, Action.RELEASE, LetterRole.WORKER)


def _require_approved(told: LetterHistory, needed: int) -> None:
    if len(told.approvals) < needed:
        raise NotPossibleNow("too few approved it")
