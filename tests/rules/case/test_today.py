"""What waits in a case, and of whom exactly."""

from datetime import timedelta
from uuid import UUID, uuid4

from letters.rules.case.history import CaseHistory
from letters.rules.case.today import Wait, WaitKind, waits, waits_until_ready
from letters.rules.events import Event, Fact
from letters.rules.letter.lifecycle import State
from letters.rules.pace import Pace
from tests.rules.sample import CASE, FRANCES, HANNA, NOON, PARTIES, ROBIN, SAM, TEAM, fact

LETTER, NOTE, ALERT = uuid4(), uuid4(), uuid4()
BOTH = frozenset({FRANCES, SAM})


def waiting(*facts: Fact, has_supervisor: bool = True) -> list[Wait]:
    return waits(CaseHistory().after([*TEAM, *facts]), has_supervisor)


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
    assert waiting(*passed, left) == []  # nobody is there who could; the case says so


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
    assert [one.of for one in waiting(told, gone)] == [frozenset({FRANCES})]


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
