"""A letter's life: states, what can be done, who may do it. State moves through this one table and
nowhere else.

    draft ──submit──▶ in review ──pass on──▶ second reading ──approve──▶ approved ──release──▶
    released ──open──▶ opened
      ▲                 │  ▲ hold / resume                                   │
      └── returned ◀────┘  held                                          recall, hold, seal again
"""

from enum import StrEnum
from typing import NamedTuple

from letters.rules.errors import NotAllowed, NotPossibleNow


class State(StrEnum):
    """Where a letter is."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    SECOND_READING = "second reading"
    HELD = "held"
    RETURNED = "returned"
    APPROVED = "approved"
    SEAL_AGAIN = "seal again"
    RELEASED = "released"
    OPENED = "opened"
    RECALLED = "recalled"


class Action(StrEnum):
    """What can be done to a letter."""

    SAVE = "save"
    SUBMIT = "submit"
    CLAIM = "claim"
    PASS_ON = "pass on"  # an approval, with another reading still needed
    APPROVE = "approve"  # the last approval needed
    HOLD = "hold"
    RESUME = "resume"
    RETURN = "return"
    RECALL = "recall"
    SET_ASIDE = "set aside"  # the recipient's key or the release key has changed: seal again
    SEAL = "seal"
    RELEASE = "release"
    OPEN = "open"


class LetterRole(StrEnum):
    """What somebody is to one letter."""

    AUTHOR = "author"
    RECIPIENT = "recipient"
    READER = "reader"  # in the case's team; did not write or transcribe the letter
    WORKER = "worker"
    STRANGER = "stranger"


class Move(NamedTuple):
    """One row of the table."""

    action: Action
    by: LetterRole
    before: State
    after: State


S, A, P = State, Action, LetterRole

TRANSITIONS: tuple[Move, ...] = (
    Move(A.SAVE, P.AUTHOR, S.DRAFT, S.DRAFT),
    Move(A.SAVE, P.AUTHOR, S.RETURNED, S.RETURNED),
    Move(A.SUBMIT, P.AUTHOR, S.DRAFT, S.IN_REVIEW),
    Move(A.SUBMIT, P.AUTHOR, S.RETURNED, S.IN_REVIEW),
    Move(A.CLAIM, P.READER, S.IN_REVIEW, S.IN_REVIEW),
    Move(A.CLAIM, P.READER, S.SECOND_READING, S.SECOND_READING),
    Move(A.CLAIM, P.READER, S.HELD, S.HELD),
    Move(A.CLAIM, P.READER, S.SEAL_AGAIN, S.SEAL_AGAIN),
    Move(A.PASS_ON, P.READER, S.IN_REVIEW, S.SECOND_READING),
    Move(A.APPROVE, P.READER, S.IN_REVIEW, S.APPROVED),
    Move(A.APPROVE, P.READER, S.SECOND_READING, S.APPROVED),
    Move(A.HOLD, P.READER, S.IN_REVIEW, S.HELD),
    Move(A.HOLD, P.READER, S.SECOND_READING, S.HELD),
    Move(A.HOLD, P.READER, S.APPROVED, S.HELD),
    Move(A.HOLD, P.READER, S.SEAL_AGAIN, S.HELD),
    Move(A.RESUME, P.READER, S.HELD, S.IN_REVIEW),
    Move(A.RETURN, P.READER, S.IN_REVIEW, S.RETURNED),
    Move(A.RETURN, P.READER, S.SECOND_READING, S.RETURNED),
    Move(A.RETURN, P.READER, S.HELD, S.RETURNED),
    Move(A.RECALL, P.AUTHOR, S.IN_REVIEW, S.RECALLED),
    Move(A.RECALL, P.AUTHOR, S.SECOND_READING, S.RECALLED),
    Move(A.RECALL, P.AUTHOR, S.HELD, S.RECALLED),
    Move(A.RECALL, P.AUTHOR, S.APPROVED, S.RECALLED),
    Move(A.RECALL, P.AUTHOR, S.SEAL_AGAIN, S.RECALLED),
    Move(A.RECALL, P.AUTHOR, S.RETURNED, S.RECALLED),
    Move(A.SET_ASIDE, P.WORKER, S.APPROVED, S.SEAL_AGAIN),
    Move(A.SEAL, P.READER, S.SEAL_AGAIN, S.APPROVED),
    Move(A.RELEASE, P.WORKER, S.APPROVED, S.RELEASED),
    Move(A.OPEN, P.RECIPIENT, S.RELEASED, S.OPENED),
)

_AFTER = {(move.action, move.by, move.before): move.after for move in TRANSITIONS}
_WHO = {move.action: frozenset(m.by for m in TRANSITIONS if m.action is move.action)
        for move in TRANSITIONS}

WAITING = frozenset({S.IN_REVIEW, S.SECOND_READING, S.HELD, S.SEAL_AGAIN})
"""The states in which a letter is on the review desk."""

TO_READ = frozenset({S.IN_REVIEW, S.SECOND_READING})
"""The states in which a decision is awaited."""

ARRIVED = frozenset({S.RELEASED, S.OPENED})
"""The states in which the recipient knows of the letter. In every other state they must not."""

WITH_AUTHOR = frozenset({S.DRAFT, S.RETURNED})
"""The states in which the author can change the words."""


def after(state: State, action: Action, by: LetterRole) -> State:
    """The state that follows.

    Raises ``NotAllowed`` if this part never does that, ``NotPossibleNow`` if it cannot in this
    state.
    """
    if by not in _WHO[action]:
        raise NotAllowed(action.value)
    try:
        return _AFTER[action, by, state]
    except KeyError:
        raise NotPossibleNow(action.value) from None


def readers_needed(written_by_responsible: bool) -> int:
    """How many different people approve before release: two for the person who harmed (rule 13),
    else one."""
    return 2 if written_by_responsible else 1
