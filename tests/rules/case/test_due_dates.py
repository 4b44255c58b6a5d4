"""The calendar: what waits for whom, overdue first, and nothing but erasing once a case is
closed."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from letters import service_files
from letters.rules.case.due_dates import Due, DueKind, due
from letters.rules.case.framework import Framework
from letters.rules.case.gates import Parties
from letters.rules.case.history import CaseHistory, folded
from letters.rules.case.process import Outcome, Source, Terms
from letters.rules.events import Event, Fact
from letters.rules.roles import Role

NOBODY, HARMED, RESPONSIBLE, OTHER, MEMBER, THING = UUID(int=0), *(uuid4() for _ in range(5))
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2027, 6, 15, 12, tzinfo=LONDON)
TODAY = NOW.date()
PEOPLE = {HARMED: Role.HARMED, RESPONSIBLE: Role.RESPONSIBLE, OTHER: Role.OTHER}


@pytest.fixture(scope="session")
def asked() -> Framework:
    return service_files.framework(Path(service_files.FRAMEWORK))


def fact(event: Event, subject: UUID = THING, about: UUID = NOBODY, left: str = "",
         entered: str = "",
         actor: UUID = MEMBER) -> Fact:
    return Fact(event, subject, about, left, entered, NOW - timedelta(days=9), actor)


def steps(asked: Framework, closing: bool = False) -> list[Fact]:
    return [fact(Event.STEP_DONE, person, left=step.id, entered="2027-01-01") for person,
            role in PEOPLE.items()
            for step in asked.steps(role, closing)]


def days(number: int) -> str:
    return (TODAY + timedelta(days=number)).isoformat()


def found(asked: Framework, *facts: Fact, parties: bool = True,
          held: dict[UUID, datetime] | None = None) -> list[Due]:
    """With everybody prepared."""
    story = folded([*steps(asked), *facts])
    return due(story, asked, Parties(HARMED, RESPONSIBLE) if parties else None, PEOPLE, NOW, held)


def consent(number: int, purpose: str = "read", person: UUID = HARMED) -> Fact:
    return fact(Event.CONSENT_GIVEN, person, MEMBER, f"{purpose} 1", days(number))


def test_nothing_is_due_where_nothing_waits(asked: Framework) -> None:
    assert found(asked) == []


def test_rule_26_a_task_is_overdue_from_its_moment_on_and_gone_when_it_is_done(
    asked: Framework,
) -> None:
    at = (NOW - timedelta(minutes=1)).astimezone(UTC)
    task = fact(Event.TASK_SET, about=HARMED, left="contact", entered=at.isoformat())
    assert found(asked, task) == [Due(DueKind.TASK, TODAY, HARMED, THING, "contact", overdue=True)]
    assert found(asked, task, fact(Event.TASK_DONE, entered="DONE")) == []


def test_a_day_is_the_services_day(asked: Framework) -> None:
    late = datetime(2027, 6, 15, 23, 30, tzinfo=UTC)  # half past midnight in London
    task = fact(Event.TASK_SET, about=HARMED, left="other", entered=late.isoformat())
    assert [one.when for one in found(asked, task)] == [date(2027, 6, 16)]


@pytest.mark.parametrize(("number", "overdue"), [(-1, True), (0, False), (60, False)])
def test_rule_10_an_assessment_is_looked_at_again(asked: Framework, number: int,
                                                  overdue: bool) -> None:
    assessed = fact(Event.ASSESSED, left=Outcome.SUITABLE.name, entered=days(number))
    assert found(asked,
                 assessed) == [Due(DueKind.REVIEW, TODAY + timedelta(days=number), overdue=overdue)]


@pytest.mark.parametrize(("number", "overdue"), [(-1, True), (0, False), (30, False), (31, None)])
def test_rule_02_a_consent_is_renewed_from_thirty_days_before(asked: Framework, number: int,
                                                              overdue: bool | None) -> None:
    expected = [] if overdue is None else [
        Due(DueKind.CONSENT, TODAY + timedelta(days=number), HARMED, what="read", overdue=overdue)]
    assert found(asked, consent(number)) == expected
    assert found(asked, consent(number), fact(Event.CONSENT_WITHDRAWN, HARMED, left="read")) == []


def test_a_purpose_that_is_no_longer_asked_for_is_not_renewed(asked: Framework) -> None:
    assert found(asked, consent(1, "no-gain", HARMED), consent(1, "former", OTHER)) == []


def test_rule_05_an_order_that_ends_is_told_of_until_it_has(asked: Framework) -> None:
    def order(last: str) -> Fact:
        return fact(Event.ORDER_RECORDED, left=days(-9), entered=last)
    assert found(asked, order(days(0))) == [Due(DueKind.ORDER, TODAY, subject=THING)]
    assert found(asked, order(days(-1))) == found(asked, order("")) == []


def test_rule_03_an_acknowledgement_waits_for_a_second(asked: Framework) -> None:
    told_once = fact(Event.ACKNOWLEDGEMENT_RECORDED)
    assert found(asked, told_once) == [Due(DueKind.ACKNOWLEDGEMENT, None, subject=THING)]
    assert found(asked, told_once, fact(Event.ACKNOWLEDGEMENT_CONFIRMED, actor=OTHER)) == []


def test_rule_10_a_risk_waits_until_it_was_looked_at(asked: Framework) -> None:
    risk = fact(Event.RISK_REPORTED)
    assert found(asked, risk) == [Due(DueKind.RISK, None, subject=THING)]
    assessed = fact(Event.ASSESSED, left=Outcome.SUITABLE.name, entered=days(9))
    assert [one.kind for one in found(asked, risk, assessed)] == [DueKind.REVIEW]


def test_rule_17_an_agreement_waits_for_each_who_has_not_agreed(asked: Framework) -> None:
    proposed = fact(Event.AGREEMENT_PROPOSED, entered=Terms(Source.HARMED, 2, 0).written())
    assert found(asked, proposed) == [Due(DueKind.AGREEMENT, None, who, THING)
                                      for who in (HARMED, RESPONSIBLE)]
    assert found(asked, proposed, fact(Event.AGREED, actor=HARMED)) == [
        Due(DueKind.AGREEMENT, None, RESPONSIBLE, THING)
    ]
    assert found(asked, proposed, parties=False) == []


def test_rule_09_steps_that_are_missing_wait_with_whom_they_are_taken(asked: Framework) -> None:
    def waits(*facts: Fact) -> list[Due]:
        return due(folded(facts), asked, None, PEOPLE, NOW)
    both = (HARMED, RESPONSIBLE)
    assert waits() == [Due(DueKind.STEPS, None, who, what="preparation") for who in both]
    closing = fact(Event.CLOSING_BEGUN)
    assert waits(closing) == [Due(DueKind.STEPS, None, who, what="closing") for who in both]
    assert waits(closing, *steps(asked, closing=True)) == waits(fact(Event.STOPPED)) == []


def test_a_held_letter_is_looked_at_again_on_its_day(asked: Framework) -> None:
    letters = {HARMED: NOW - timedelta(days=1), OTHER: NOW + timedelta(days=1)}
    assert [(one.subject, one.overdue)
            for one in found(asked, held=letters)] == [(HARMED, True), (OTHER, False)]


def test_overdue_stands_first_then_what_waits_then_what_comes(asked: Framework) -> None:
    comes = fact(Event.TASK_SET, OTHER, HARMED, "other", (NOW + timedelta(days=1)).isoformat())
    first = fact(Event.TASK_SET, MEMBER, HARMED, "other", (NOW - timedelta(days=8)).isoformat())
    kinds = [(one.kind, one.overdue)
             for one in found(asked, comes, fact(Event.RISK_REPORTED), consent(-2), first)]
    assert kinds == [(DueKind.TASK, True), (DueKind.CONSENT, True), (DueKind.RISK, False),
                     (DueKind.TASK, False)]


def test_rule_28_in_a_closed_case_nothing_is_due_but_erasing_it(asked: Framework) -> None:
    closed = [fact(Event.RISK_REPORTED), consent(-2), fact(Event.CLOSING_BEGUN),
              fact(Event.CASE_CLOSED)]
    assert found(asked, *closed) == []
    assert found(asked, *closed,
                 fact(Event.ERASURE_SET, entered=days(0))) == [Due(DueKind.ERASURE, TODAY)]
    late = fact(Event.ERASURE_SET, entered=days(-1))
    assert found(asked, *closed,
                 late) == [Due(DueKind.ERASURE, TODAY - timedelta(days=1), overdue=True)]
    assert found(asked, *closed, late, fact(Event.CASE_ERASED)) == []
    assert due(CaseHistory(), asked, None, {}, NOW) == []
