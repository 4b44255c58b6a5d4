"""Release: two keys, every gate, once. Rules 19 and 20, and the trail that the rows are held
against."""

import pytest
from sqlalchemy import update

from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import AuditEntry, Case
from letters.workflow.cases import open_and_halt
from letters.workflow.preparation import consent
from letters.workflow.release import pace
from tests.cast import Cast


@pytest.mark.both_databases
def test_rule_19_two_keys_approval_without_readiness_releases_nothing(cast: Cast) -> None:
    cast.open_the_way_back()
    letter = cast.approved(cast.responsible)
    assert cast.release() == 0
    assert cast.state(letter) is State.APPROVED


def test_rule_19_two_keys_readiness_without_approval_releases_nothing(cast: Cast) -> None:
    cast.open_the_way_back()
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    letter = cast.submitted(cast.responsible)
    cast.approve(letter, cast.first)
    assert cast.release() == 0
    assert cast.state(letter) is State.SECOND_READING


def test_rule_19_readiness_is_spent_by_one_letter(cast: Cast) -> None:
    cast.open_the_way_back()
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    cast.approved(cast.responsible, "One.")
    cast.approved(cast.responsible, "Two.")
    assert cast.release() == 1
    assert cast.release() == 0
    assert cast.case_row().ready_at is None


@pytest.mark.parametrize("shut", [
    lambda c: pace.stop(c.platform, c.responsible.me, c.case),
    lambda c: pace.stop(c.platform, c.harmed.me, c.case),
    lambda c: pace.pause(c.platform, c.harmed.me, c.case),
    lambda c: consent.withdraw(c.platform, c.harmed.me, c.case),
    lambda c: consent.withdraw(c.platform, c.responsible.me, c.case),
    lambda c: open_and_halt.halt(c.platform, c.second.me, c.case),
])
def test_rule_20_gates_are_checked_again_at_release(cast: Cast, shut) -> None:
    letter = cast.approved(cast.harmed)
    shut(cast)
    assert cast.release() == 0
    assert cast.state(letter) is State.APPROVED


def test_the_minimum_gap_is_kept(cast: Cast) -> None:
    cast.set_gap(7)
    cast.released(cast.harmed, "One.")
    letter = cast.approved(cast.harmed, "Two.")
    cast.clock.advance(days=6, hours=23)
    assert cast.release() == 0
    cast.clock.advance(hours=2)
    assert cast.release() == 1
    assert cast.state(letter) is State.RELEASED


@pytest.mark.both_databases
@pytest.mark.parametrize("change", [
    lambda c: update(Case).where(Case.id == c.case).values(stopped_at=None),
    lambda c: update(Case).where(Case.id == c.case).values(pace="3"),
    lambda c: update(Case).where(Case.id == c.case).values(ready_at=c.platform.now()),
])
def test_rows_that_deny_the_trail_release_nothing_and_raise_an_alarm(cast: Cast, change) -> None:
    letter = cast.approved(cast.harmed)
    consent.withdraw(cast.platform, cast.harmed.me, cast.case)
    pace.stop(cast.platform, cast.responsible.me, cast.case)
    with cast.platform.writing() as db:
        db.execute(update(Case).where(Case.id == cast.case).values(stopped_at=None))
        db.execute(change(cast))
    assert cast.release() == 0
    assert cast.state(letter) is State.APPROVED
    with cast.platform.reading() as db:
        assert db.query(AuditEntry).filter_by(case_id=cast.case,
                                              event=Event.TAMPERING_FOUND.value).count() == 1
