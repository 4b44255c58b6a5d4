"""emergency access: when it is due, what the trail may tell of a request, and who may second
whom."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations
from uuid import UUID

import pytest

from letters.rules.case.emergency_access import (
    EmergencyHistory,
    after,
    due,
    independent,
    require_can_second,
    require_not_asked,
    require_not_closed,
)
from letters.rules.errors import NotAllowed, NotIndependent, NotPossibleNow, Tampered
from letters.rules.events import Event, Fact

NOW = datetime(2027, 1, 4, 10, 0, tzinfo=UTC)
ASKER, OTHER, WORKER = UUID(int=1), UUID(int=2), UUID(int=0)
REQUEST = UUID(int=3)
ASKED, SECONDED, BROKEN, CLOSED = (
    Fact(event, REQUEST, UUID(int=0), "", "", NOW, actor) for event, actor in (
        (Event.EMERGENCY_ASKED, ASKER), (Event.EMERGENCY_SECONDED, OTHER),
        (Event.EMERGENCY_OPENED, WORKER), (Event.EMERGENCY_CLOSED, ASKER)))
ALLOWED = [
    (),
    (ASKED,),
    (ASKED, CLOSED),
    (ASKED, SECONDED),
    (ASKED, SECONDED, CLOSED),
    (ASKED, SECONDED, BROKEN),
    (ASKED, SECONDED, BROKEN, CLOSED),
]


def folded(facts: Iterable[Fact]) -> EmergencyHistory:
    return reduce(after, facts, EmergencyHistory())


def test_rule_30_safeguarding_does_not_wait() -> None:
    assert due(NOW, timedelta(hours=24), safeguarding=False) == NOW + timedelta(hours=24)
    assert due(NOW, timedelta(hours=24), safeguarding=True) == NOW


@pytest.mark.parametrize("length", range(6))
def test_only_these_ways_can_a_request_have_gone(length: int) -> None:
    for facts in permutations((ASKED, SECONDED, BROKEN, CLOSED, CLOSED, ASKED, SECONDED, BROKEN),
                              length):
        if facts in ALLOWED:
            folded(facts)
        else:
            with pytest.raises(Tampered):
                folded(facts)


def test_what_it_tells() -> None:
    assert folded([]) == EmergencyHistory()
    assert folded([ASKED, SECONDED, BROKEN]) == EmergencyHistory(ASKER, OTHER, NOW)
    assert folded([ASKED, CLOSED]) == EmergencyHistory(ASKER, closed=True)


def test_a_fact_about_something_else_has_no_place() -> None:
    with pytest.raises(Tampered):
        folded([ASKED, ASKED._replace(event=Event.HALTED)])


A, B, C, D, E = (UUID(int=number) for number in range(10, 15))


@pytest.mark.parametrize(
    ("one", "other", "brought_in_by", "holds"),
    [
        (A, B, {}, True),
        (A, A, {}, False),
        (A, B, {A: {B}}, False),
        (A, B, {B: {A}}, False),
        (A, B, {A: {C}, B: {C}}, False),
        (A, B, {A: {C}, B: {D}}, True),
        (A, B, {A: {C}, B: {D}, D: {C}}, False),
        (A, B, {A: {C}, C: {D}, D: {B}}, False),
        (A, B, {A: {C, D}, B: {D, E}}, False),
        (A, B, {A: {C}, C: {A}, B: {D}, D: {B}}, True),
    ],
)
def test_nobody_seconds_whom_they_brought_in(
    one: UUID, other: UUID, brought_in_by: dict[UUID, set[UUID]], holds: bool
) -> None:
    assert independent(one, other, brought_in_by) is holds
    assert independent(other, one, brought_in_by) is holds


def test_emergency_access_takes_a_second_who_is_independent() -> None:
    asked = EmergencyHistory(asked_by=ASKER)
    require_can_second(asked, OTHER, {})
    for story, brought_in, refusal in (
            (replace(asked, asked_by=OTHER), {}, NotAllowed),
            (replace(asked, closed=True), {}, NotPossibleNow),
            (replace(asked, seconded_by=WORKER), {}, NotPossibleNow),
            (asked, {ASKER: {OTHER}}, NotIndependent)):
        with pytest.raises(refusal):
            require_can_second(story, OTHER, brought_in)


def test_one_request_for_emergency_access_at_a_time() -> None:
    asked = EmergencyHistory(asked_by=ASKER)
    require_not_asked([asked, replace(asked, closed=True)], OTHER)
    require_not_asked([replace(asked, closed=True)], ASKER)
    with pytest.raises(NotPossibleNow):
        require_not_asked([asked], ASKER)
    with pytest.raises(NotPossibleNow):
        require_not_closed(replace(asked, closed=True))
    require_not_closed(asked)
