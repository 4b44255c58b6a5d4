"""Who can be asked into a team and who can leave it (rule 11)."""

from uuid import uuid4

import pytest

from letters.rules.case import team
from letters.rules.case.history import CaseHistory
from letters.rules.case.team import Stays
from letters.rules.errors import NotPossibleNow
from letters.rules.events import Event
from tests.rules.sample import FRANCES, HANNA, NOON, SAM, TEAM, fact

OTHER = uuid4()
BOTH = {1: {FRANCES, SAM}}
TOLD = CaseHistory().after(TEAM)


def test_somebody_is_asked_once_and_no_member_is() -> None:
    team.require_can_be_asked(TOLD, OTHER)
    asked = TOLD.after([fact(Event.MEMBER_ASKED, OTHER, entered="3")])
    for told, who in ((TOLD, SAM), (asked, OTHER)):
        with pytest.raises(NotPossibleNow):
            team.require_can_be_asked(told, who)


def test_nobody_leaves_who_alone_can_open_something() -> None:
    assert team.why_stay(TOLD, SAM, BOTH, {1}) is None
    assert team.why_stay(TOLD, SAM, {**BOTH, 2: {SAM}}, {1, 2}) is Stays.ONLY_READER
    assert team.why_stay(TOLD, SAM, {**BOTH, 2: {SAM, OTHER}}, {1, 2}) is Stays.ONLY_READER
    assert team.why_stay(TOLD, SAM, {**BOTH, 2: {SAM}}, {1}) is None  # nothing is left to open
    assert team.why_stay(TOLD, SAM, {}, {1}) is Stays.ONLY_READER


def test_rule_11_once_a_letter_was_handed_over_two_stay() -> None:
    told = TOLD.after([])
    told.reached = {HANNA: (NOON,)}
    assert team.why_stay(told, SAM, BOTH, {1}) is Stays.TWO_AT_LEAST
    three = told.after([fact(Event.MEMBER_JOINED, OTHER, entered="3")])
    assert team.why_stay(three, SAM, BOTH, {1}) is None


def test_a_new_key_for_whom_the_present_one_was_not_handed_and_for_who_comes_back() -> None:
    assert not team.begins_epoch(TOLD, OTHER, {1})
    assert team.begins_epoch(TOLD, OTHER, set())
    left = TOLD.after([fact(Event.MEMBER_LEFT, SAM, entered="3")])
    assert team.begins_epoch(left, SAM, {1})
