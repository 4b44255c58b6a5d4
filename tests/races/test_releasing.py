"""Release against everything else, with real threads: whichever comes first, it is one of the two,
whole."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from letters.rules.case.process import Outcome
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import AuditEntry, Grant
from letters.workflow.cases import open_and_halt
from letters.workflow.preparation import assessment, background, consent, steps
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre
from tests.attacks.scenes import hold
from tests.cast import Cast
from tests.night import size
from tests.races.agreement import agree
from tests.races.at_once import (
    TURNS,
    Verb,
    answer_approved,
    answer_read_once,
    at_once,
    events,
    kinds,
)

pytestmark = pytest.mark.both_databases

# --- against release

AGAINST_RELEASE: dict[str, Callable[[Cast, UUID], Any]] = {
    "stop by the person harmed": lambda c, letter: pace.stop(c.platform, c.harmed.me, c.case),
    "stop by the other": lambda c, letter: pace.stop(c.platform, c.responsible.me, c.case),
    "pause": lambda c, letter: pace.pause(c.platform, c.harmed.me, c.case),
    "not ready": lambda c, letter: pace.unsay_ready(c.platform, c.harmed.me, c.case),
    "consent withdrawn": lambda c, letter: consent.withdraw(c.platform, c.harmed.me, c.case),
    "halt": lambda c, letter: open_and_halt.halt(c.platform, c.first.me, c.case),
    "a longer gap": lambda c, letter: c.set_gap(30),
    "acknowledgement withdrawn": lambda c, letter: background.withdraw_acknowledgement(
        c.platform, c.responsible.me, c.case
    ),
    "risk": lambda c, letter: assessment.report_risk(
        c.platform, c.harmed.me, c.case, "He waits outside."
    ),
    "no-contact order": lambda c, letter: background.record_order(
        c.platform, c.second.me, c.case, c.platform.today(), None, "No contact."
    ),
    "not suitable": lambda c, letter: c.prepared.assess(Outcome.NOT_YET),
    "step taken back": lambda c, letter: steps.take_step_back(
        c.platform, c.first.me, c.case, c.responsible.id, "hopes"
    ),
    "no conviction": lambda c, letter: background.record_conviction(
        c.platform, c.first.me, c.case, False, "Quashed."
    ),
    "recall": lambda c, letter: write.recall(c.platform, c.responsible.me, letter),
    "hold": lambda c, letter: hold(c, letter, c.second),
}
SAID = {"stopped", "paused", "ready unsaid", "consent withdrawn", "halted", "letter recalled",
        "letter held",
        "acknowledgement withdrawn", "risk reported", "order recorded", "step undone"}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("against", AGAINST_RELEASE)
def test_release_against(theatre: Theatre, against: str, turn: int) -> None:
    letter, cast, attacker = theatre.play(answer_approved), theatre.cast, theatre.attacker
    verbs: list[Verb] = [cast.release, lambda: AGAINST_RELEASE[against](cast, letter), cast.release]
    results = at_once(*verbs[turn % 2:], *verbs[:turn % 2])
    assert set(kinds(results)) <= {"done", "NotPossibleNow"}
    agree(cast.platform)
    grants = attacker.rows(Grant, Grant.reader_id == cast.harmed.id,
                           Grant.version_id == cast.row(letter).submitted_id)
    entries = {row["event"]: row["number"]
               for row in attacker.rows(AuditEntry, AuditEntry.case_id == cast.case)}
    if cast.state(letter) is State.RELEASED:
        assert len(grants) == 1
        assert all(entries["letter released"] < number for event,
                   number in entries.items() if event in SAID)
    else:
        assert grants == []
        assert cast.release() == 0


@pytest.mark.parametrize("turn", TURNS)
def test_recall_against_the_last_approval(theatre: Theatre, turn: int) -> None:
    letter, cast = theatre.play(answer_read_once), theatre.cast
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    results = at_once(lambda: cast.approve(letter, cast.second),
                      lambda: write.recall(cast.platform, cast.responsible.me, letter))
    assert set(kinds(results)) <= {"done", "NotPossibleNow", "NotClaimed"}
    assert cast.state(letter) is State.RECALLED
    assert cast.release() == 0
    agree(cast.platform)


# --- releasing and opening

MANY = size(8, 30)


def many_due(cast: Cast) -> list[UUID]:
    """Letters of the person harmed, all due."""
    return [cast.approved(cast.harmed, f"Letter {number}.") for number in range(MANY)]


def test_eight_workers_release_each_of_many_letters_once(
    theatre: Theatre, attacker: Attacker
) -> None:
    letters, cast = theatre.play(many_due), theatre.cast
    assert sum(at_once(*[cast.release] * 8)) == MANY
    assert events(attacker, "letter released") == MANY
    assert len(attacker.rows(Grant, Grant.reader_id == cast.responsible.id)) == MANY
    assert {cast.state(letter) for letter in letters} == {State.RELEASED}
    agree(cast.platform)


def five_answers_due(cast: Cast) -> list[UUID]:
    """Five approved letters of the person who harmed, and readiness for one."""
    cast.open_the_way_back()
    letters = [cast.approved(cast.responsible, f"Answer {number}.") for number in range(5)]
    pace.say_ready(cast.platform, cast.harmed.me, cast.case)
    return letters


@pytest.mark.parametrize("turn", TURNS)
def test_rule_19_eight_workers_spend_one_readiness_on_one_letter(
    theatre: Theatre, turn: int
) -> None:
    letters, cast = theatre.play(five_answers_due), theatre.cast
    assert sum(at_once(*[cast.release] * 8)) == 1
    assert [cast.state(letter) for letter in letters].count(State.RELEASED) == 1
    agree(cast.platform)


def test_eight_workers_keep_the_gap(theatre: Theatre) -> None:
    theatre.play(many_due)
    cast = theatre.cast
    cast.set_gap(1)
    assert sum(at_once(*[cast.release] * 8)) == 1
    cast.clock.advance(days=1, minutes=1)
    assert sum(at_once(*[cast.release] * 8)) == 1


@pytest.mark.parametrize("turn", TURNS)
def test_a_letter_opened_many_times_at_once_is_opened_once(cast: Cast,
                                                           attacker: Attacker, turn: int) -> None:
    letter = cast.released(cast.harmed)
    assert (
        kinds(at_once(*[lambda: open_letter.open_letter(cast.platform,
                                                        cast.responsible.me, letter)] * 4))
        == ["done"] * 4
    )
    assert events(attacker, "letter opened") == 1
    agree(cast.platform)
