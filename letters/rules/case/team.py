"""Decisions on a case's team, pure: who can be asked, who can leave, and when the case gets a new
key (rule 11)."""

from collections.abc import Collection, Mapping
from enum import Enum, auto
from uuid import UUID

from letters.rules.case.history import CaseHistory
from letters.rules.errors import NotPossibleNow


class Stays(Enum):
    """Why a member cannot leave now."""

    ONLY_READER = auto()
    TWO_AT_LEAST = auto()


def require_can_be_asked(told: CaseHistory, colleague: UUID) -> None:
    """Raises ``NotPossibleNow`` for somebody who is in the team or was asked."""
    if colleague in told.team | told.asked:
        raise NotPossibleNow("in the team, or asked, already")


def why_stay(told: CaseHistory, member: UUID, holders: Mapping[int, Collection[UUID]],
             needed: Collection[int]) -> Stays | None:
    """Why this member cannot leave; None if they can.

    ``holders``: who has the case key of each epoch. ``needed``: the epochs of which the team still
    has something to open, and the present one, whose holders get the next key.
    """
    others = told.team - {member}
    if any(not others.intersection(holders.get(epoch, ())) for epoch in needed):
        return Stays.ONLY_READER
    return Stays.TWO_AT_LEAST if told.reached and len(others) < 2 else None


def begins_epoch(told: CaseHistory, member: UUID, handed: Collection[int]) -> bool:
    """True if the case gets a new key as somebody joins: they were not handed the present one, or
    they were here before and come back."""
    return told.epoch not in handed or member in told.ever_joined
