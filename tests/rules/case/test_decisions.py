"""What can be done in a case, and with its team, decided from the record alone."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from letters.rules.case import decisions
from letters.rules.case.alerts import Cause
from letters.rules.case.decisions import Stays
from letters.rules.case.history import CaseHistory, folded
from letters.rules.case.process import Process, Source, Terms
from letters.rules.errors import NotFound, NotPossibleNow
from letters.rules.events import Event, Fact
from letters.rules.roles import Role
from tests.rules.sample import (
    FRAMEWORK,
    FRANCES,
    HANNA,
    NOBODY,
    NOON,
    PARTIES,
    ROBIN,
    SAM,
    TEAM,
    fact,
)

THING, OTHER = uuid4(), uuid4()
BOTH = {1: {FRANCES, SAM}}
TOLD = CaseHistory().after(TEAM)


def told(event: Event, subject: UUID = THING, actor: UUID = FRANCES, about: UUID = NOBODY,
         left: str = "", entered: str = "") -> Fact:
    return fact(event, subject, about, left, entered, actor=actor)


def proposed(first: Source = Source.RESPONSIBLE, subject: UUID = THING) -> Fact:
    return told(Event.AGREEMENT_PROPOSED, subject, entered=Terms(first).written())


def after(*facts: Fact) -> Process:
    return folded(facts).process


@pytest.mark.parametrize("first", [Source.HARMED, Source.RESPONSIBLE])
def test_rule_17_the_person_who_harmed_writes_once_both_agreed_and_only_if_he_begins(
        first: Source) -> None:
    once = after(proposed(first))
    assert decisions.agree(once, THING, HANNA, PARTIES) == (True, False)
    agreed = after(proposed(first), told(Event.AGREED, actor=HANNA))
    assert decisions.agree(agreed, THING, HANNA, PARTIES) == (False, False)
    begins = first is Source.RESPONSIBLE
    assert decisions.agree(agreed, THING, ROBIN, PARTIES) == (True, begins)


def test_rule_17_nobody_agrees_to_what_is_not_the_newest() -> None:
    for process in (Process(), after(proposed(), proposed(subject=uuid4()))):
        with pytest.raises(NotPossibleNow):
            decisions.agree(process, THING, HANNA, PARTIES)


def test_rule_3_another_facilitator_confirms_what_stands() -> None:
    recorded = told(Event.ACKNOWLEDGEMENT_RECORDED)
    assert decisions.acknowledgement_to_confirm(after(recorded), THING, SAM).recorded_by == FRANCES
    for process, which, by in ((after(recorded), THING, FRANCES), (after(recorded), uuid4(), SAM),
                               (Process(), THING, SAM)):
        with pytest.raises(NotPossibleNow):
            decisions.acknowledgement_to_confirm(process, which, by)


def test_what_is_done_is_not_done_again() -> None:
    order = told(Event.ORDER_RECORDED, left="2026-01-01")
    task = told(Event.TASK_SET, left="other", entered=NOON.isoformat())
    assert decisions.order_to_end(after(order), THING).ends is None
    assert decisions.task_to_finish(after(task), THING).id == THING
    for decide, facts in (
            (decisions.order_to_end, (order, told(Event.ORDER_ENDED))),
            (decisions.task_to_finish, (task, told(Event.TASK_DONE, entered="DONE"))),
            (decisions.task_to_finish, ())):
        with pytest.raises(NotPossibleNow):
            decide(after(*facts), THING)


def alert() -> Fact:
    return told(Event.ALERT_OPENED, about=FRANCES, left=f"{Cause.TEAM.name} {THING}",
                entered=(NOON + timedelta(hours=4)).isoformat())


def test_rule_30_only_an_open_alert_is_acted_on() -> None:
    assert decisions.alert_to_act_on(after(alert()), THING).owner == FRANCES
    with pytest.raises(NotFound):
        decisions.alert_to_act_on(Process(), THING)
    with pytest.raises(NotPossibleNow):
        decisions.alert_to_act_on(after(alert(), told(Event.ALERT_CLOSED)), THING)


def test_a_case_closes_when_nothing_is_left_to_do() -> None:
    begun, stop = told(Event.CLOSING_BEGUN), told(Event.STOPPED)
    talks = [told(Event.STEP_DONE, person, left=step.id, entered="2026-01-01")
             for person in (HANNA, ROBIN) for step in FRAMEWORK.closing]
    task = told(Event.TASK_SET, left="other", entered=NOON.isoformat())
    for facts in ((begun, stop), (begun, *talks)):
        assert decisions.close(folded(facts), FRAMEWORK, PARTIES)
        assert not decisions.close(folded([*facts, told(Event.CASE_CLOSED)]), FRAMEWORK, PARTIES)
    for facts in ((stop,), (begun,), (begun, stop, task), (begun, stop, alert()),
                  (begun, *talks[1:])):
        with pytest.raises(NotPossibleNow):
            decisions.close(folded(facts), FRAMEWORK, PARTIES)


def test_the_closing_talks_are_held_again_as_it_goes_on() -> None:
    last, first = FRAMEWORK.closing[0].id, FRAMEWORK.preparation[0].id
    steps = [told(Event.STEP_DONE, HANNA, left=step, entered="2026-01-01")
             for step in (first, last)]
    assert decisions.talks_to_repeat(after(*steps), FRAMEWORK) == [(HANNA, last)]
    with pytest.raises(NotPossibleNow):
        decisions.talks_to_repeat(after(*steps, told(Event.CASE_ERASED)), FRAMEWORK)


def test_rule_6_nobody_is_invited_before_the_person_harmed_has_begun() -> None:
    asked = after(told(Event.REFERRED, entered=Source.HARMED.name))
    decisions.require_can_be_invited(asked, Role.RESPONSIBLE, {Role.HARMED, Role.OTHER})
    decisions.require_can_be_invited(asked, Role.OTHER, {Role.OTHER})
    by_him = after(told(Event.REFERRED, entered=Source.RESPONSIBLE.name))
    for process, there in ((by_him, ()), (asked, {Role.HARMED})):
        with pytest.raises(NotPossibleNow):
            decisions.require_can_be_invited(process, Role.HARMED, there)


def test_only_a_member_is_chosen() -> None:
    case = folded([told(Event.MEMBER_JOINED, FRANCES)])
    decisions.require_in_team(case, FRANCES)
    with pytest.raises(NotPossibleNow):
        decisions.require_in_team(case, SAM)


# --- who can join and leave a team

def test_somebody_is_asked_once_and_no_member_is() -> None:
    decisions.require_can_be_asked(TOLD, OTHER)
    asked = TOLD.after([fact(Event.MEMBER_ASKED, OTHER, entered="3")])
    for case, who in ((TOLD, SAM), (asked, OTHER)):
        with pytest.raises(NotPossibleNow):
            decisions.require_can_be_asked(case, who)


def test_rule_11_a_specialist_reads_with_the_team_and_is_not_of_it() -> None:
    asked = TOLD.after([fact(Event.MEMBER_ASKED, OTHER, left="specialist", entered="3")])
    assert asked.asked_specialists == asked.asked == {OTHER}
    reads = asked.after([fact(Event.MEMBER_JOINED, OTHER, left="no conflict", entered="4")])
    assert reads.team == TOLD.team and reads.specialists == {OTHER}
    assert reads.readers == TOLD.team | {OTHER} and not reads.asked | reads.asked_specialists
    assert reads.memberships[-1].specialist and OTHER in reads.ever_joined
    assert reads.ever_decided == TOLD.ever_joined == TOLD.ever_decided
    decisions.require_specialist(reads, OTHER)
    for case, who in ((reads, FRANCES), (TOLD, OTHER)):
        with pytest.raises(NotPossibleNow):
            decisions.require_specialist(case, who)
    with pytest.raises(NotPossibleNow):
        decisions.require_can_be_asked(reads, OTHER)
    gone = reads.after([fact(Event.MEMBER_LEFT, OTHER, entered="5")])
    assert not gone.specialists and gone.memberships[-1].left_at
    declined = asked.after([fact(Event.MEMBER_DECLINED, OTHER, entered="4")])
    member = declined.after([fact(Event.MEMBER_ASKED, OTHER, entered="5"),
                             fact(Event.MEMBER_JOINED, OTHER, entered="6")])
    assert OTHER in member.team and not member.specialists


def test_somebody_is_suggested_once_and_no_longer_once_they_are_asked_or_will_not_be() -> None:
    decisions.require_can_be_suggested(TOLD, OTHER)
    suggested = TOLD.after([fact(Event.COLLEAGUE_SUGGESTED, OTHER)])
    decisions.require_suggested(suggested, OTHER)
    asked = suggested.after([fact(Event.MEMBER_ASKED, OTHER, entered="3")])
    closed = TOLD.after([fact(Event.CASE_CLOSED, THING)])
    for case, who in ((TOLD, SAM), (suggested, OTHER), (asked, OTHER), (closed, OTHER)):
        with pytest.raises(NotPossibleNow):
            decisions.require_can_be_suggested(case, who)
    declined = suggested.after([fact(Event.COLLEAGUE_NOT_ASKED, OTHER)])
    for case in (TOLD, asked, declined):
        with pytest.raises(NotPossibleNow):
            decisions.require_suggested(case, OTHER)


def test_nobody_leaves_who_alone_can_open_something() -> None:
    assert decisions.why_stay(TOLD, SAM, BOTH, {1}) is None
    assert decisions.why_stay(TOLD, SAM, {**BOTH, 2: {SAM}}, {1, 2}) is Stays.ONLY_READER
    assert decisions.why_stay(TOLD, SAM, {**BOTH, 2: {SAM, OTHER}}, {1, 2}) is Stays.ONLY_READER
    assert decisions.why_stay(TOLD, SAM, {**BOTH, 2: {SAM}}, {1}) is None  # nothing is left to open
    assert decisions.why_stay(TOLD, SAM, {}, {1}) is Stays.ONLY_READER


def test_rule_11_once_a_letter_was_handed_over_two_stay() -> None:
    two = TOLD.after([])
    two.reached = {HANNA: (NOON,)}
    assert decisions.why_stay(two, SAM, BOTH, {1}) is Stays.TWO_AT_LEAST
    three = two.after([fact(Event.MEMBER_JOINED, OTHER, entered="3")])
    assert decisions.why_stay(three, SAM, BOTH, {1}) is None


def test_a_new_key_for_whom_the_present_one_was_not_handed_and_for_who_comes_back() -> None:
    assert not decisions.begins_epoch(TOLD, OTHER, {1})
    assert decisions.begins_epoch(TOLD, OTHER, set())
    left = TOLD.after([fact(Event.MEMBER_LEFT, SAM, entered="3")])
    assert decisions.begins_epoch(left, SAM, {1})
