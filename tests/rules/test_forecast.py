"""What the person harmed is told of a letter that is approved today: when it would come, or what it
would wait for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from letters.rules.case.framework import Aftercare, Assessment, Framework, Purpose, Question, Step
from letters.rules.case.gates import Gate, Parties
from letters.rules.case.history import CaseHistory
from letters.rules.case.process import (
    Acknowledgement,
    Age,
    Agreement,
    Assessed,
    Consent,
    Outcome,
    Process,
    Source,
    Terms,
)
from letters.rules.forecast import Foreseen, Preview, foresee, preview
from letters.rules.pace import Pace, Painful, Sending
from letters.rules.roles import Role

HARMED, RESPONSIBLE, FIRST, SECOND = (uuid4() for _ in range(4))
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)  # a Monday
BOTH = (HARMED, RESPONSIBLE)
ROLES = frozenset({Role.HARMED, Role.RESPONSIBLE})
FRAMEWORK = Framework("A service", (Purpose("read", "1", "", "", ROLES, 12),
                                    Purpose("no-gain", "1", "", "",
                                            frozenset({Role.RESPONSIBLE}), 12)),
                      (Step("talk", "", ROLES),), (),
                      Assessment((Question("motivation", ""),), ("low", "high"), 90,
                                 two_for_suitable=False),
                      (Aftercare("contact", "", 72),))
READ = dict.fromkeys(("read", "no-gain"), Consent("1", NOON, date(2028, 1, 1), FIRST))
PACE = Pace()


def everything(pace: Pace = PACE, days: int = 0) -> CaseHistory:
    """Nothing is missing, and nobody has said that they are ready."""
    agreement = Agreement(uuid4(), NOON, FIRST, Terms(days=days), dict.fromkeys(BOTH, NOON))
    return CaseHistory(pace=pace.written(), team={FIRST, SECOND}, process=Process(
        sources={Source.HARMED: NOON}, chosen=FIRST, consents=dict.fromkeys(BOTH, READ),
        steps={person: {"talk": NOON.date()} for person in BOTH},
        ages=dict.fromkeys(BOTH, Age.ADULT),
        convicted=True, agreements=[agreement],
        acknowledgement=Acknowledgement(uuid4(), NOON, FIRST, SECOND),
        assessments=[Assessed(uuid4(), NOON, FIRST, Outcome.SUITABLE, date(2027, 3, 1))],
        suitable_by={FIRST: date(2027, 3, 1)}))


def foreseen(story: CaseHistory, *reached: datetime) -> Preview:
    return preview(story, FRAMEWORK, Parties(HARMED, RESPONSIBLE), reached, NOON,
                   ZoneInfo("Europe/London"))


def test_rule_19_while_the_person_harmed_is_not_ready_it_would_wait_for_that() -> None:
    assert foreseen(everything()) == Preview(NOON, not_ready=True)
    assert foreseen(replace(everything(), ready=True)) == Preview(NOON)


def test_as_agreed_it_waits_for_the_agreement_alone() -> None:
    agreed = Pace(2, as_agreed=True)
    assert foreseen(everything(agreed, days=30),
                    NOON - timedelta(days=1)) == Preview(NOON + timedelta(days=29))
    nothing_agreed = everything(agreed)
    nothing_agreed.process.agreements.clear()
    assert foreseen(nothing_agreed) == Preview(NOON, something_missing=True)


def test_rule_25_the_pace_says_when() -> None:
    assert foreseen(everything(Pace(as_agreed=True, weekdays=(2,), first_hour=9))) == Preview(
        datetime(2027, 1, 6, 9, tzinfo=UTC))
    never = Pace(as_agreed=True, painful=tuple(Painful(month, 15, 16) for month in range(1, 13)))
    assert foreseen(everything(never)) == Preview(None)


@pytest.mark.parametrize("change", [{"stopped": True}, {"halted": True}, {"team": set[UUID]()}])
def test_whatever_else_is_missing_is_not_named_here(change: dict[str, object]) -> None:
    assert foreseen(replace(everything(), ready=True,
                            **change)) == Preview(NOON, something_missing=True)


def test_a_pause_is_named() -> None:
    assert foreseen(replace(everything(),
                            paused=True)) == Preview(NOON, not_ready=True, paused=True)


def test_the_team_foresees_both_directions() -> None:
    def way(story: CaseHistory, sender: UUID, *reached: datetime) -> Foreseen:
        return foresee(story, FRAMEWORK, Parties(HARMED, RESPONSIBLE), sender, reached, NOON,
                       ZoneInfo("Europe/London"))

    assert way(everything(), HARMED) == Foreseen(NOON)
    assert way(everything(Pace(sending=Sending.HOLD)), HARMED) == Foreseen(NOON, (Gate.SENT_OFF,))
    assert way(everything(Pace(sending=Sending.COOLING, cooling_hours=3)), HARMED) == Foreseen(
        NOON + timedelta(hours=3))
    assert way(everything(), RESPONSIBLE) == Foreseen(NOON, (Gate.READY,), too_soon=True)
    read = replace(everything(Pace(2, as_agreed=True), days=3), reached={RESPONSIBLE: [NOON]})
    assert way(read, RESPONSIBLE, NOON) == Foreseen(NOON + timedelta(days=3))
    read.process.agreements.clear()
    assert way(read, RESPONSIBLE, NOON) == Foreseen(NOON + timedelta(days=2), (Gate.AGREED,))
