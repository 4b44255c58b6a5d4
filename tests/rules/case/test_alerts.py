"""Rule 30: an alert is folded from the trail, holds until it is closed, and somebody always acts by
a moment."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from letters.rules.case import alerts
from letters.rules.case.alerts import Alert, Cause
from letters.rules.case.framework import Safeguarding
from letters.rules.case.gates import Gate, missing
from letters.rules.case.history import folded as told
from letters.rules.case.stages import Stage, facts_in, stage
from letters.rules.events import Event, Fact
from tests.rules.sample import (
    DAY,
    FRAMEWORK,
    FRANCES,
    HANNA,
    NOBODY,
    NOON,
    PARTIES,
    READY,
    ROBIN,
    SAM,
    fact,
)

ONE, OTHER, LETTER = uuid4(), uuid4(), uuid4()
SOON, LATER = NOON + timedelta(hours=4), NOON + timedelta(hours=5)


def in_order(facts: Iterable[Fact]) -> dict[UUID, Alert]:
    stands = dict[UUID, Alert]()
    for one in facts:
        alerts.tell(stands, one)
    return stands


def opened(alert: UUID = ONE, act_by=SOON) -> Fact:
    return fact(Event.ALERT_OPENED, alert, FRANCES, f"LETTER {LETTER}", act_by.isoformat())


def step(left: str = "", about: UUID = NOBODY, alert: UUID = ONE, at=NOON) -> Fact:
    return fact(Event.ALERT_STEP, alert, about, left, at=at)


CLOSED = fact(Event.ALERT_CLOSED, ONE, at=LATER)
RISEN, HANDED_ON = step(alerts.RISEN, at=LATER), step(alerts.HANDED_ON, SAM)


def folded(*facts: Fact) -> Alert:
    return in_order(facts)[ONE]


def test_an_alert_says_who_acts_by_when_and_what_it_is_about() -> None:
    assert folded(opened()) == Alert(ONE, NOON, FRANCES, FRANCES, SOON, Cause.LETTER, LETTER)


@pytest.mark.parametrize(("facts", "stands"), [
    ([HANDED_ON], (SAM, None, None)), ([RISEN], (FRANCES, LATER, None)),
    ([step()], (FRANCES, None, None)),
    ([CLOSED], (FRANCES, None, LATER)),
    ([RISEN, CLOSED, CLOSED._replace(at=NOON)], (FRANCES, LATER, LATER))])
def test_what_was_done_about_it(facts: list[Fact], stands: tuple[object, ...]) -> None:
    alert = folded(opened(), *facts)
    assert (alert.owner, alert.risen, alert.closed) == stands


def test_what_is_said_of_an_alert_that_was_never_opened_says_nothing() -> None:
    assert in_order([step(), CLOSED]) == {}


@pytest.mark.parametrize(("facts", "holds"), [
    ([opened()], True), ([opened(), HANDED_ON, RISEN, step()], True), ([opened(), CLOSED], False),
    ([opened(), opened(OTHER), CLOSED], True), ([CLOSED, opened()], True)])
@pytest.mark.parametrize("sender", [HANNA, ROBIN])
def test_rule_30_an_open_alert_holds_every_letter_of_its_case(facts: list[Fact],
                                                              holds: bool, sender: UUID) -> None:
    story = told([*READY, *facts])
    assert missing(facts_in(story, FRAMEWORK, PARTIES, sender,
                            DAY)) == ((Gate.NO_ALERT,) if holds else ())
    assert stage(story, FRAMEWORK, PARTIES, DAY) is Stage.EXCHANGE


def test_what_is_to_be_acted_on_first_comes_first() -> None:
    story = told([opened(act_by=LATER), opened(OTHER)])
    assert [alert.id for alert in story.process.open_alerts] == [OTHER, ONE]


def test_it_is_overdue_from_its_moment_on_until_it_is_closed() -> None:
    alert = folded(opened())
    assert not alert.is_overdue(SOON - timedelta(seconds=1)) and alert.is_overdue(SOON)
    assert not folded(opened(), CLOSED).is_overdue(LATER)


def test_within_hours_that_the_service_sets() -> None:
    within = Safeguarding(2, 30)
    assert [alerts.act_by(NOON, urgent, within) - NOON for urgent in (True, False)] == [
        timedelta(hours=2), timedelta(hours=30)]


@pytest.mark.parametrize("hours", [(0, 24), (25, 24), (4, 73)])
def test_a_service_cannot_let_an_alert_wait_for_long(hours: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="acted on"):
        Safeguarding(*hours)


@pytest.mark.parametrize(("chosen", "team", "owner"), [
    (SAM, {FRANCES, SAM}, SAM), (SAM, {FRANCES}, FRANCES), (None, {FRANCES, SAM}, FRANCES),
    (None, {SAM}, SAM),
    (SAM, set(), None)])
def test_rule_06_who_was_chosen_acts_if_in_the_team_else_its_first_member(
    chosen, team, owner
) -> None:
    assert alerts.first_owner(chosen, [FRANCES, SAM], team) == owner
