"""A team that changes while letters move, with real threads: whichever comes first, nothing is half
done."""

from uuid import UUID

import pytest

from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import AuditEntry, CaseKey, DeskEntry, Version
from letters.workflow.review import read_letter
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write
from tests.attacks.attacker import Attacker, Theatre
from tests.cast import Cast
from tests.races.agreement import agree
from tests.races.at_once import TURNS, answer_read_once, at_once, events, kinds

pytestmark = pytest.mark.both_databases


def three_and_a_draft(cast: Cast) -> UUID:
    """A team of three, and a letter that can be sent."""
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    return cast.draft(cast.harmed)


def three_and_an_answer(cast: Cast) -> UUID:
    """A team of three, and a letter that awaits its second reader."""
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    return answer_read_once(cast)


def gone(cast: Cast, attacker: Attacker) -> None:
    """The second facilitator has nothing of the case any more."""
    assert not attacker.rows(CaseKey, CaseKey.case_id == cast.case,
                             CaseKey.member_id == cast.second.id)
    assert not attacker.rows(DeskEntry, DeskEntry.person_id == cast.second.id)


@pytest.mark.parametrize("turn", TURNS)
def test_leaving_against_submitting(theatre: Theatre, turn: int) -> None:
    letter, cast, attacker = theatre.play(three_and_a_draft), theatre.cast, theatre.attacker
    version = cast.row(letter).draft_id
    verbs = [lambda: write.submit(cast.platform, cast.harmed.me, letter, version),
             lambda: join_and_leave.leave(cast.platform, cast.second.me, cast.case)]
    assert kinds(at_once(*verbs[turn % 2:], *verbs[:turn % 2])) == ["done", "done"]
    gone(cast, attacker)
    order = [row["event"]
             for row in sorted(attacker.rows(AuditEntry), key=lambda row: row["number"])
             if row["case_id"] == cast.case and row["event"] in ("letter submitted", "epoch begun")]
    sealed = attacker.rows(Version, Version.id == cast.row(letter).submitted_id)[0]
    assert sealed["epoch"] == (1 if order[0] == "letter submitted" else 2)
    for member in (cast.first, cast.stranger_facilitator):
        assert read_letter.letter_for(cast.platform, member.me, letter).text
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_rule_13_leaving_against_approving(theatre: Theatre, turn: int) -> None:
    letter, cast, attacker = theatre.play(three_and_an_answer), theatre.cast, theatre.attacker
    verbs = [
        lambda: cast.approve(letter, cast.second),
        lambda: join_and_leave.leave(cast.platform, cast.second.me, cast.case),
    ]
    results = at_once(*verbs[turn % 2:], *verbs[:turn % 2])
    assert kinds(results) in (["done", "done"], ["NotFound", "done"])
    gone(cast, attacker)
    # the one who left did not approve, and holds nothing up
    if cast.state(letter) is State.SECOND_READING:
        assert cast.row(letter).claimed_by is None
        cast.approve(letter, cast.stranger_facilitator)
    assert cast.state(letter) is State.APPROVED
    assert events(attacker, "member left") == 1
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_rule_11_two_of_three_leaving_at_once_after_a_release(theatre: Theatre, turn: int) -> None:
    theatre.play(three_and_an_answer)
    cast = theatre.cast
    results = at_once(
        *(lambda who=who: join_and_leave.leave(cast.platform, who.me, cast.case)
          for who in (cast.first, cast.second))
    )
    assert kinds(results) == ["NotAcceptable", "done"]
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_answering_against_leaving_and_submitting(theatre: Theatre, turn: int) -> None:
    letter, cast = theatre.play(three_and_a_draft), theatre.cast
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    join_and_leave.ask(cast.platform, cast.stranger_facilitator.me, cast.case, cast.second.id,
                       handover=turn % 2 == 0)
    version = cast.row(letter).draft_id
    results = at_once(lambda: join_and_leave.answer(cast.platform,
                                                    cast.second.me, cast.case, joins=True),
                      lambda: join_and_leave.leave(cast.platform, cast.first.me, cast.case),
                      lambda: write.submit(cast.platform, cast.harmed.me, letter, version))
    assert set(kinds(results)) <= {"done", "NotAcceptable"}
    assert read_letter.letter_for(cast.platform, cast.stranger_facilitator.me, letter).text
    agree(cast.platform)


@pytest.mark.parametrize("turn", TURNS)
def test_taking_an_asking_back_against_answering_it(theatre: Theatre, turn: int) -> None:
    theatre.play(three_and_a_draft)
    cast = theatre.cast
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    join_and_leave.ask(cast.platform, cast.first.me, cast.case, cast.second.id, handover=True)
    verbs = [lambda: join_and_leave.withdraw(cast.platform, cast.first.me, cast.case,
                                             cast.second.id),
             lambda: join_and_leave.answer(cast.platform, cast.second.me, cast.case, joins=True)]
    assert kinds(at_once(*verbs[turn % 2:],
                         *verbs[:turn % 2])) in (["NotPossibleNow", "done"], ["NotFound", "done"])
    agree(cast.platform)
