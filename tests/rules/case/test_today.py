"""What waits in a case, and of whom exactly."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from letters.rules.case import decisions
from letters.rules.case.history import CaseHistory
from letters.rules.case.today import Wait, WaitKind, waits, waits_until_ready
from letters.rules.errors import LettersError
from letters.rules.events import Event, Fact
from letters.rules.letter import decisions as letters
from letters.rules.letter.lifecycle import Action, LetterRole, State
from letters.rules.pace import Pace
from tests.night import SEED, size
from tests.rules.sample import CASE, FRANCES, HANNA, NOON, PARTIES, ROBIN, SAM, TEAM, fact

LETTER, NOTE, ALERT = uuid4(), uuid4(), uuid4()
BOTH = frozenset({FRANCES, SAM})


def waiting(*facts: Fact, has_supervisor: bool = True, now: datetime = NOON) -> list[Wait]:
    return waits(CaseHistory().after([*TEAM, *facts]), has_supervisor, now)


def sent(*steps: tuple[Event, State, UUID]) -> list[Fact]:
    """A letter that was handed in, and what was decided on it."""
    facts, left = [fact(Event.LETTER_BEGUN, LETTER, entered="draft", actor=HANNA),
                   fact(Event.LETTER_SUBMITTED, LETTER, NOTE, "draft", "in review",
                        actor=HANNA)], State.IN_REVIEW
    for event, entered, who in steps:
        facts.append(fact(event, LETTER, left=left, entered=entered, actor=who))
        left = entered
    return facts


def test_nothing_waits_in_a_case_in_which_nothing_has_happened() -> None:
    assert waiting() == []


def test_rule_13_a_letter_waits_for_those_who_have_not_read_it() -> None:
    assert waiting(*sent()) == [Wait(WaitKind.LETTER, LETTER, BOTH, NOON)]
    passed = sent((Event.LETTER_PASSED_ON, State.SECOND_READING, FRANCES))
    assert [one.of for one in waiting(*passed)] == [frozenset({SAM})]
    left = fact(Event.MEMBER_LEFT, SAM, entered="3")
    # nobody is there who could read it: a colleague is to be asked
    assert [one.kind for one in waiting(*passed, left)] == [WaitKind.COLLEAGUE]


def test_a_colleague_whom_a_supervisor_suggests_waits_for_the_team_to_ask_them() -> None:
    suggested, third = fact(Event.COLLEAGUE_SUGGESTED, uuid4()), fact(Event.MEMBER_LEFT, SAM,
                                                                      entered="3")
    assert waiting(suggested) == [Wait(WaitKind.SUGGESTED, suggested.subject, BOTH, NOON)]
    assert [one.kind for one in waiting(suggested, third)] == [WaitKind.SUGGESTED]
    assert waiting(suggested, fact(Event.COLLEAGUE_NOT_ASKED, suggested.subject)) == []


def test_a_held_letter_waits_for_the_team_and_one_that_two_see_differently_for_others() -> None:
    held = sent((Event.LETTER_PASSED_ON, State.SECOND_READING, FRANCES),
                (Event.LETTER_HELD, State.HELD, SAM))
    assert waiting(*held) == [Wait(WaitKind.HELD, LETTER, BOTH)]
    differing = [*held, fact(Event.DISAGREED, LETTER, NOTE, actor=SAM)]
    assert waiting(*differing) == []  # a supervisor's, who has a list of these
    assert waiting(*differing, has_supervisor=False) == [Wait(WaitKind.TOGETHER, LETTER, BOTH)]
    said, third = fact(Event.VIEW_GIVEN, LETTER, NOTE, "together", actor=SAM), uuid4()
    alone = [fact(Event.MEMBER_JOINED, third, entered="3"), *differing,
             fact(Event.MEMBER_LEFT, FRANCES, entered="4"), said]
    assert [one.of for one in waiting(*alone, has_supervisor=False)] == [frozenset({third})]
    assert [one.of for one in waiting(*differing, said, has_supervisor=False)] == [
        frozenset({FRANCES})]


def test_a_letter_to_seal_again_waits_for_anybody_and_an_approved_one_for_nobody() -> None:
    approved = sent((Event.LETTER_APPROVED, State.APPROVED, FRANCES))
    assert waiting(*approved) == []
    aside = [*approved, fact(Event.LETTER_SET_ASIDE, LETTER, left="approved", entered="seal again")]
    assert waiting(*aside) == [Wait(WaitKind.SEAL, LETTER, BOTH, NOON)]


def test_rule_03_somebody_else_confirms_the_acknowledgement() -> None:
    recorded = fact(Event.ACKNOWLEDGEMENT_RECORDED, NOTE, actor=SAM)
    assert waiting(recorded) == [Wait(WaitKind.ACKNOWLEDGEMENT, NOTE, frozenset({FRANCES}), NOON)]
    assert waiting(recorded, fact(Event.ACKNOWLEDGEMENT_CONFIRMED, NOTE)) == []


def test_rule_30_an_alert_waits_for_its_owner_or_else_for_the_team() -> None:
    due = NOON + timedelta(hours=24)
    told = fact(Event.ALERT_OPENED, ALERT, SAM, f"TEAM {CASE}", due.isoformat())
    assert waiting(told) == [Wait(WaitKind.ALERT, ALERT, frozenset({SAM}), NOON, due)]
    gone = fact(Event.MEMBER_LEFT, SAM, entered="3")
    assert waiting(told, gone)[0].of == frozenset({FRANCES})


def test_a_reported_risk_and_a_new_key_wait_for_the_team() -> None:
    assert waiting(fact(Event.RISK_REPORTED, NOTE)) == [Wait(WaitKind.RISK, NOTE, BOTH, NOON)]
    invited = fact(Event.PERSON_INVITED, HANNA)
    assert waiting(invited) == []
    reset = [invited, fact(Event.ACCESS_RESET, HANNA, entered="2")]
    assert waiting(*reset) == [Wait(WaitKind.KEY, HANNA, BOTH, NOON)]
    heard = fact(Event.KEY_CONFIRMED, HANNA, entered="2", actor=SAM)
    assert [one.of for one in waiting(*reset, heard)] == [frozenset({FRANCES})]


def test_rule_19_an_approved_letter_waits_until_she_is_ready_and_hers_does_not() -> None:
    def told(author: UUID, *more: Fact) -> CaseHistory:
        letter = sent((Event.LETTER_APPROVED, State.APPROVED, FRANCES))
        letter[0] = letter[0]._replace(actor=author)
        return CaseHistory().after([*TEAM, *letter, *more])

    assert waits_until_ready(told(ROBIN), PARTIES) == NOON
    assert waits_until_ready(told(HANNA), PARTIES) is None
    assert waits_until_ready(CaseHistory(), PARTIES) is None
    for said in (fact(Event.READY_SAID, HANNA), fact(Event.STOPPED, HANNA),
                 fact(Event.PACE_SET, HANNA, entered=Pace(as_agreed=True).written())):
        assert waits_until_ready(told(ROBIN, said), PARTIES) is None


def test_after_a_stop_no_letter_waits_and_after_closing_nothing_does() -> None:
    recorded = fact(Event.ACKNOWLEDGEMENT_RECORDED, NOTE, actor=SAM)
    stopped = [*sent(), recorded, fact(Event.STOPPED, HANNA)]
    assert [one.kind for one in waiting(*stopped)] == [WaitKind.ACKNOWLEDGEMENT]
    assert waiting(*stopped, fact(Event.CASE_CLOSED)) == []
    told = fact(Event.ALERT_OPENED, ALERT, SAM, f"TEAM {CASE}", NOON.isoformat())
    assert [one.kind for one in waiting(fact(Event.CASE_CLOSED), told)] == [WaitKind.ALERT]


def test_a_case_that_begins_waits_for_its_people_and_a_second_facilitator() -> None:
    begun = fact(Event.REFERRED, entered="HARMED")
    invited = [fact(Event.PERSON_INVITED, person) for person in (HANNA, ROBIN)]
    assert [one.kind for one in waiting(begun)] == [WaitKind.INVITE]
    assert [one.kind for one in waiting(begun, invited[0])] == [WaitKind.INVITE]
    assert waiting(begun, *invited) == waiting(fact(Event.REFERRED, entered="RESPONSIBLE")) == []
    alone = CaseHistory().after([TEAM[0], begun, *invited])
    assert [one.kind for one in waits(alone, True, NOON)] == [WaitKind.COLLEAGUE]
    asked = alone.after([fact(Event.MEMBER_ASKED, SAM, entered="2")])
    assert waits(asked, True, NOON) == []
    reads_along = alone.after([fact(Event.MEMBER_ASKED, SAM, left="specialist", entered="2")])
    assert [one.kind for one in waits(reads_along, True, NOON)] == [WaitKind.COLLEAGUE]
    joined = reads_along.after([fact(Event.MEMBER_JOINED, SAM, entered="3")])
    assert waits(joined, True, NOON)[0].of == {FRANCES}


def test_a_case_stands_still_after_a_week_before_its_first_letter() -> None:
    invited = [fact(Event.REFERRED, entered="HARMED"),
               *(fact(Event.PERSON_INVITED, person) for person in (HANNA, ROBIN))]
    later = NOON + timedelta(days=7)
    assert [one.kind for one in waiting(*invited, now=later)] == [WaitKind.STILL]
    assert waiting(*invited, now=later - timedelta(seconds=1)) == []
    for more in (fact(Event.PAUSED), fact(Event.STOPPED), fact(Event.CASE_CLOSED),
                 fact(Event.LETTER_RELEASED, LETTER, HANNA, "approved", "released")):
        facts = [*sent((Event.LETTER_APPROVED, State.APPROVED, FRANCES)), more
                 ] if more.event is Event.LETTER_RELEASED else [more]
        assert waiting(*invited, *facts, now=later) == []


# --- random plays: what blocks stands as a task on exactly those who can unblock it

THIRD = uuid4()
PEOPLE = [FRANCES, SAM, THIRD]
TRIED = [Action.SUBMIT, Action.PASS_ON, Action.HOLD, Action.RESUME, Action.RETURN, Action.APPROVE]


def able(decide: Callable[[UUID], object]) -> frozenset[UUID]:
    """Those of the team whom this decision does not refuse."""
    found = set()
    for member in PEOPLE:
        with suppress(LettersError):
            decide(member)
            found.add(member)
    return frozenset(found)


def tried(told: CaseHistory, action: Action, who: UUID) -> Fact:
    """What a decision on the letter adds. Raises what the decision refuses with."""
    letter = told.letter(LETTER)
    if action in (Action.PASS_ON, Action.APPROVE):
        step = letters.approve(letter, LetterRole.READER, who, 2)
    elif action is Action.RESUME:
        step = letters.resume(letter, LetterRole.READER, told.team)
    elif action is Action.RETURN:
        step = letters.give_back(letter, LetterRole.READER, who, told.team)
    else:
        step = letters.step(letter, action,
                            LetterRole.AUTHOR if action is Action.SUBMIT else LetterRole.READER)
    by = ROBIN if action is Action.SUBMIT else who
    return fact(step.event, LETTER, uuid4(), step.left, step.entered, actor=by)


def require_exact(told: CaseHistory) -> set[WaitKind]:
    """Each thing that waits waits for those who can decide it, and each that somebody can decide
    waits for them."""
    found = {one.kind: one.of for one in waits(told, False, NOON)}
    letter, process = told.letter(LETTER), told.process
    recorded = process.acknowledgement
    expected = {
        WaitKind.ACKNOWLEDGEMENT: able(lambda who: decisions.acknowledgement_to_confirm(
            process, NOTE, who)) if recorded and not recorded.confirmed_by else frozenset(),
        WaitKind.LETTER: able(lambda who: letters.approve(letter, LetterRole.READER, who, 2)),
        WaitKind.HELD: able(lambda who: letters.resume(letter, LetterRole.READER, told.team)),
    }
    for kind, people in expected.items():
        assert found.get(kind, frozenset()) == people, kind
    differ = letter.disagreement
    if letter.state == State.HELD and differ is not None and not differ.settled(told.team):
        assert found[WaitKind.TOGETHER] and found[WaitKind.TOGETHER] <= told.team
        assert not found[WaitKind.TOGETHER] & differ.together
    return set(found)


def test_what_blocks_a_case_waits_for_exactly_those_who_can_unblock_it() -> None:
    seen = set[WaitKind]()
    for number in range(size(150, 5_000)):
        drawn = random.Random(f"{SEED} {number}")
        told = CaseHistory().after([
            *TEAM, fact(Event.MEMBER_JOINED, THIRD, entered="3"),
            fact(Event.LETTER_BEGUN, LETTER, entered="draft", actor=ROBIN)])
        for _ in range(20):
            who, action = drawn.choice(PEOPLE), drawn.choice(TRIED)
            if drawn.random() < .2:
                said = Event.ACKNOWLEDGEMENT_RECORDED if drawn.random() < .6 else (
                    Event.ACKNOWLEDGEMENT_CONFIRMED)
                told = told.after([fact(said, NOTE, actor=who)])
            elif action is Action.HOLD and told.letter(LETTER).who_approved_before(who):
                with suppress(LettersError):
                    told = told.after([tried(told, action, who),
                                       fact(Event.DISAGREED, LETTER, uuid4(), actor=who)])
            else:
                with suppress(LettersError):
                    told = told.after([tried(told, action, who)])
            seen |= require_exact(told)
    assert {WaitKind.LETTER, WaitKind.HELD, WaitKind.TOGETHER, WaitKind.ACKNOWLEDGEMENT} <= seen


def test_rule_10_a_second_look_waits_for_who_has_not_looked() -> None:
    looked = fact(Event.ASSESSED, CASE, NOTE, "SUITABLE", "2027-03-31", actor=SAM)
    told = CaseHistory().after([*TEAM, looked])
    assert [(one.kind, one.of) for one in waits(told, True, NOON, looks=2)] == [
        (WaitKind.LOOK, frozenset({FRANCES}))]
    both = told.after([fact(Event.ASSESSED, CASE, NOTE, "SUITABLE", "2027-03-31")])
    assert waits(told, True, NOON) == waits(both, True, NOON, looks=2) == []
