"""Rule 20: every gate is asked at release. What is due does not go while one is shut, and goes once
it opens."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from letters.rules.case.gates import Gate
from letters.rules.case.process import Age, Outcome, Source, Terms
from letters.rules.errors import NotPossibleNow
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.tryout.prepare_case import PreparedCase
from letters.workflow.accounts import invite
from letters.workflow.cases import alerts, close, open_and_halt
from letters.workflow.preparation import assessment, background, consent, referral, steps
from letters.workflow.release import pace
from letters.workflow.team import join_and_leave
from tests.attacks.scenes import answer_due
from tests.cast import Cast

Do = Callable[[Cast], Any]


class Way(NamedTuple):
    """How a gate is shut in a case in which all is ready, and how it is opened again."""

    shut: Do
    opened: Do


def withdraw(who: str) -> Do:
    return lambda c: consent.withdraw(c.platform, getattr(c, who).me, c.case, ["part"])


def agree_again(who: str) -> Do:
    return lambda c: consent.give(c.platform, getattr(c, who).me, c.case, ["part"])


def step_back(who: str) -> Do:
    return lambda c: steps.take_step_back(c.platform, c.first.me, c.case, getattr(c, who).id,
                                          "hopes")


def step_again(who: str) -> Do:
    return lambda c: steps.take_step(c.platform, c.second.me, c.case, getattr(c, who).id, "hopes",
                                     c.platform.today())


def close_alerts(cast: Cast) -> None:
    for alert in cast.prepared.process().open_alerts:
        alerts.close(cast.platform, cast.second.me, cast.case, alert.id,
                     "Spoken with both; all is well.")


def order(cast: Cast) -> None:
    background.record_order(cast.platform, cast.first.me, cast.case, cast.platform.today(), None,
                            "No contact.")


def order_ends(cast: Cast) -> None:
    for told in cast.prepared.process().orders:
        background.end_order(cast.platform, cast.second.me, cast.case, told)


def another_is_chosen_who_leaves(cast: Cast) -> None:
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    referral.choose(cast.platform, cast.harmed.me, cast.case, cast.stranger_facilitator.id)
    join_and_leave.leave(cast.platform, cast.stranger_facilitator.me, cast.case)


def ends(cast: Cast) -> None:
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    for person in (cast.harmed, cast.responsible):
        cast.prepared.take_all_steps(person.me, closing=True)


WAYS: dict[Gate, Way] = {
    Gate.NOT_HALTED: Way(
        lambda c: open_and_halt.halt(c.platform, c.first.me, c.case),
        lambda c: open_and_halt.lift_halt(c.platform, c.second.me, c.case),
    ),
    Gate.NOT_PAUSED: Way(
        lambda c: pace.pause(c.platform, c.harmed.me, c.case),
        lambda c: pace.end_pause(c.platform, c.harmed.me, c.case),
    ),
    Gate.NOT_CLOSED: Way(ends, lambda c: close.go_on(c.platform, c.first.me, c.case)),
    Gate.CHOSEN: Way(
        another_is_chosen_who_leaves,
        lambda c: referral.choose(c.platform, c.harmed.me, c.case, c.second.id),
    ),
    Gate.EXCHANGE: Way(
        lambda c: c.prepared.assess(Outcome.STORYTELLING), lambda c: c.prepared.assess()
    ),
    Gate.CONSENT_OF_SENDER: Way(withdraw("responsible"), agree_again("responsible")),
    Gate.CONSENT_OF_RECIPIENT: Way(withdraw("harmed"), agree_again("harmed")),
    Gate.CONVICTED: Way(
        lambda c: background.record_conviction(c.platform, c.first.me, c.case, False, "Quashed."),
        lambda c: background.record_conviction(c.platform, c.first.me, c.case, True, "On appeal."),
    ),
    Gate.ACKNOWLEDGED: Way(
        lambda c: background.withdraw_acknowledgement(c.platform, c.responsible.me, c.case),
        lambda c: c.prepared.acknowledge(),
    ),
    Gate.NO_ORDER: Way(order, order_ends),
    Gate.SUITABLE: Way(lambda c: c.prepared.assess(Outcome.NOT_YET), lambda c: c.prepared.assess()),
    Gate.NO_RISK: Way(
        lambda c: assessment.report_risk(c.platform, c.first.me, c.case, "He waits outside."),
        lambda c: c.prepared.assess(),
    ),
    Gate.NO_ALERT: Way(
        lambda c: alerts.open_alert(c.platform, c.first.me, c.case, "He waits outside.", True),
        lambda c: close_alerts(c),
    ),
    Gate.PREPARED_SENDER: Way(step_back("responsible"), step_again("responsible")),
    Gate.PREPARED_RECIPIENT: Way(step_back("harmed"), step_again("harmed")),
    Gate.REPLIES_OPEN: Way(
        lambda c: c.prepared.agree(Terms(replies=0)), lambda c: c.prepared.agree(Terms(replies=1))
    ),
    Gate.READY: Way(
        lambda c: pace.unsay_ready(c.platform, c.harmed.me, c.case),
        lambda c: pace.say_ready(c.platform, c.harmed.me, c.case),
    ),
}
ELSEWHERE = {
    Gate.INVITED: "nobody is invited: there is no letter yet (tests/rules/case/test_stages.py)",
    Gate.NOT_STOPPED: "nothing opens it again: test_release.py and tests/races",
    Gate.TEAM_OF_TWO: "test_team.py: nobody leaves two alone once a letter was handed over",
    Gate.BEGUN_BY_HARMED: "below: nobody is even invited",
    Gate.AGREED: "below: it does not become undone",
    Gate.AGE_OF_SENDER: "below, likewise", Gate.AGE_OF_RECIPIENT: "below, likewise",
    Gate.SENT_OFF: "of the pace of the person harmed: it keeps letters to the other",
}


def test_no_gate_is_left_out() -> None:
    assert {*WAYS, *ELSEWHERE} == set(Gate) and not {*WAYS} & {*ELSEWHERE}


@pytest.mark.parametrize("gate", WAYS)
def test_rule_20_a_letter_waits_for_this_gate_alone(theatre, gate: Gate) -> None:
    letter, cast = theatre.play(answer_due).approved, theatre.cast
    WAYS[gate].shut(cast)
    cast.clock.advance(minutes=11)
    assert cast.release() == 0 and cast.state(letter) is State.APPROVED
    WAYS[gate].opened(cast)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


# --- what cannot be undone is left out from the beginning

def a_case_in_which_nothing_was_done(cast: Cast) -> UUID:
    """A letter of the strange case, approved; its writer agrees to be read, and nobody did anything
    else."""
    cast.join(cast.strange_case, cast.stranger_facilitator, cast.first)
    letter = cast.submitted(cast.stranger_harmed)
    cast.approve(letter, cast.first)
    return letter


LEFT_OUT: dict[Gate, Do] = {
    Gate.AGE_OF_SENDER: lambda c: background.record_age(
        c.platform, c.first.me, c.strange_case, c.stranger_harmed.id, Age.ADULT),
    Gate.AGE_OF_RECIPIENT: lambda c: background.record_age(
        c.platform, c.first.me, c.strange_case, c.stranger_responsible.id, Age.ADULT),
    Gate.AGREED: lambda c: strange(c).agree(),
}


def strange(cast: Cast) -> PreparedCase:
    """Who prepares the strange case."""
    return PreparedCase(cast.platform, cast.strange_case,
                        (cast.stranger_facilitator.me, cast.first.me),
                        cast.stranger_harmed.me, cast.stranger_responsible.me)


@pytest.mark.parametrize("gate", LEFT_OUT)
def test_rule_20_a_letter_waits_for_what_was_never_done(theatre, gate: Gate) -> None:
    letter, cast = theatre.play(a_case_in_which_nothing_was_done), theatre.cast
    made, me = strange(cast), cast.first.me
    for person in (made.harmed, made.responsible):
        made.take_all_steps(person)
    referral.choose(cast.platform, made.harmed, cast.strange_case, cast.first.id)
    background.record_conviction(cast.platform, me, cast.strange_case, True, "Found guilty.")
    made.acknowledge()
    made.assess()
    for other, done in LEFT_OUT.items():
        if other is not gate:
            done(cast)
    assert cast.release() == 0
    LEFT_OUT[gate](cast)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_rule_06_nobody_is_invited_where_the_person_who_harmed_asked(cast: Cast) -> None:
    case = open_and_halt.open_case(cast.platform, cast.first.me, Source.RESPONSIBLE)
    referral.refer(cast.platform, cast.first.me, case, Source.RESPONSIBLE, "He asks again.")
    for role in (Role.HARMED, Role.RESPONSIBLE):
        with pytest.raises(NotPossibleNow):
            invite.invite_participant(cast.platform, cast.first.me, case, role, "Somebody")
    referral.refer(cast.platform, cast.first.me, case, Source.HARMED)
    assert invite.invite_participant(cast.platform, cast.first.me, case, Role.HARMED, "Somebody")


# --- days

def test_rule_05_an_order_ends_with_its_last_day_where_the_service_is(theatre) -> None:
    letter, cast = theatre.play(answer_due).approved, theatre.cast
    cast.clock.moment = cast.clock.moment.replace(month=7, hour=22, minute=30)  # 23:30 in London
    cast.prepared.assess()
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    background.record_order(cast.platform, cast.first.me, cast.case,
                            cast.platform.today() - timedelta(days=3),
                            cast.platform.today(), "No contact.")
    assert cast.release() == 0
    cast.clock.advance(minutes=40)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_rule_05_an_order_that_begins_tomorrow_shuts_at_midnight(theatre) -> None:
    letter, cast = theatre.play(answer_due).approved, theatre.cast
    background.record_order(
        cast.platform, cast.first.me, cast.case, cast.platform.today() + timedelta(days=1), None,
        "None."
    )
    cast.clock.advance(days=1)
    assert cast.release() == 0
    order_ends(cast)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_rule_10_an_assessment_lapses_after_its_review_date(theatre) -> None:
    letter, cast = theatre.play(answer_due).approved, theatre.cast
    cast.clock.advance(days=cast.platform.framework.assessment.lasts_days + 1)
    assert cast.release() == 0
    cast.prepared.assess()
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_rule_02_a_consent_is_renewed_from_time_to_time(theatre) -> None:
    letter, cast = theatre.play(answer_due).approved, theatre.cast
    cast.clock.advance(days=367)
    cast.prepared.assess()
    cast.agree(cast.harmed)
    assert cast.release() == 0
    cast.agree(cast.responsible)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED


def test_rule_17_days_between_two_letters_are_kept_as_agreed(cast: Cast) -> None:
    cast.prepared.agree(Terms(days=7))
    cast.released(cast.harmed, "One.")
    letter = cast.approved(cast.harmed, "Two.")
    cast.clock.advance(days=6, hours=23)
    assert cast.release() == 0
    cast.clock.advance(hours=2)
    assert cast.release() == 1 and cast.state(letter) is State.RELEASED
