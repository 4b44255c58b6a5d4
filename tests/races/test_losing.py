"""Keys that change at the very moment in which something is sealed to them, used or confirmed."""

import pytest

from letters.rules.errors import NotPossibleNow
from letters.rules.letter.lifecycle import State
from letters.storage.tables.letters import AuditEntry, Grant
from letters.workflow.decision import decide
from letters.workflow.lost_access import confirm_key, new_identity, recovery, reset
from letters.workflow.reading import open_letter
from letters.workflow.review import read_letter
from letters.workflow.team import join_and_leave
from tests.attacks.attacker import Attacker, Theatre
from tests.cast import PASSWORD, Cast
from tests.races.agreement import agree
from tests.races.at_once import TURNS, at_once, events, kinds
from tests.workflow.losing import NEW, heard, lost, serial, signed_in

pytestmark = pytest.mark.both_databases


def due_with_a_code(cast: Cast) -> tuple:
    """A letter to the person who harmed that is due, and a reset code for them."""
    letter = cast.approved(cast.harmed, "For you.")
    return letter, reset.ask_reset(cast.platform, cast.first.me, cast.responsible.id, PASSWORD)


@pytest.mark.parametrize("turn", TURNS)
def test_release_against_a_reset(theatre: Theatre, turn: int) -> None:
    (letter, code), cast, attacker = theatre.play(due_with_a_code), theatre.cast, theatre.attacker
    verbs = [cast.release, lambda: reset.reset(cast.platform, code, "responsible", NEW),
             cast.release]
    assert set(kinds(at_once(*verbs[turn % 2:], *verbs[:turn % 2]))) == {"done"}
    cast.release()
    assert cast.state(letter) in (State.RELEASED, State.SEAL_AGAIN)
    assert not attacker.rows(Grant, Grant.reader_id == cast.responsible.id)
    me, was_released = signed_in(cast.platform, "responsible"), cast.state(letter) is State.RELEASED
    assert heard(cast, cast.responsible).versions == was_released
    if not was_released:
        decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
        assert cast.release() == 1
    open_letter.open_letter(cast.platform, me, letter)
    assert open_letter.read_again(cast.platform, me, letter) == "For you."
    assert events(attacker, "tampering found") == 0


@pytest.mark.parametrize("turn", TURNS)
def test_release_against_new_keys(theatre: Theatre, turn: int) -> None:
    (letter, _), cast, attacker = theatre.play(due_with_a_code), theatre.cast, theatre.attacker
    verbs = [cast.release,
             lambda: new_identity.renew(cast.platform, cast.responsible.me, PASSWORD, NEW),
             cast.release]
    assert set(kinds(at_once(*verbs[turn % 2:], *verbs[:turn % 2]))) == {"done"}
    cast.release()
    agree(cast.platform)
    if cast.state(letter) is State.SEAL_AGAIN:
        decide.seal_again(cast.platform, cast.first.me, letter, PASSWORD)
        assert cast.release() == 1
    me = signed_in(cast.platform, "responsible")
    open_letter.open_letter(cast.platform, me, letter)
    assert open_letter.read_again(cast.platform, me, letter) == "For you."
    assert events(attacker, "tampering found") == 0


@pytest.mark.parametrize("turn", TURNS)
def test_approval_against_a_reset(theatre: Theatre, turn: int) -> None:
    (_, code), cast = theatre.play(due_with_a_code), theatre.cast
    letter = cast.submitted(cast.harmed, "Another.")
    verbs = [lambda: cast.approve(letter, cast.first),
             lambda: reset.reset(cast.platform, code, "responsible", NEW)]
    assert kinds(at_once(*verbs[turn % 2:], *verbs[:turn % 2])) == ["done", "done"]
    cast.release()
    assert cast.state(letter) is State.SEAL_AGAIN


@pytest.mark.parametrize("turn", TURNS)
def test_a_colleague_who_is_let_in_while_they_renew_their_keys_can_read(
    theatre: Theatre, turn: int
) -> None:
    theatre.play(due_with_a_code)
    cast = theatre.cast
    new = cast.stranger_facilitator
    verbs = [lambda: join_and_leave.ask(cast.platform, cast.first.me, cast.case, new.id,
                                        handover=True),
             lambda: new_identity.renew(cast.platform, new.me, PASSWORD, NEW)]
    assert kinds(at_once(*verbs[turn % 2:], *verbs[:turn % 2])) == ["done", "done"]
    me = signed_in(cast.platform, new.name)
    try:
        join_and_leave.answer(cast.platform, me, cast.case, joins=True)
    except NotPossibleNow:  # asked before the new keys
        join_and_leave.withdraw(cast.platform, cast.first.me, cast.case, new.id)
        join_and_leave.ask(cast.platform, cast.first.me, cast.case, new.id, handover=True)
        join_and_leave.answer(cast.platform, me, cast.case, joins=True)
    letter = cast.submitted(cast.harmed, "For the team.")
    assert read_letter.letter_for(cast.platform, me, letter).text == "For the team."


@pytest.mark.parametrize("turn", TURNS)
def test_a_code_is_used_once_however_often_the_button_is_pressed(
    theatre: Theatre, turn: int
) -> None:
    (_, code), cast = theatre.play(due_with_a_code), theatre.cast
    platform, harmed = cast.platform, cast.harmed
    for verb in (lambda: reset.reset(platform, code, "responsible", NEW),
                 lambda: recovery.recover(platform, "harmed", harmed.recovery_code, NEW)):
        assert kinds(at_once(*[verb] * 3)) == ["CodeRefused"] * 2 + ["done"]
    renewed = kinds(at_once(*[lambda: new_identity.renew(platform,
                                                         cast.first.me, PASSWORD, NEW)] * 3))
    assert (renewed.count("done") == 1
            and set(renewed) <= {"done", "NotPossibleNow", "NeedsPassword"})
    assert (serial(cast, cast.responsible.id), serial(cast, harmed.id),
            serial(cast, cast.first.id)) == (2, 1, 2)


@pytest.mark.parametrize("turn", TURNS)
def test_two_who_confirm_at_once_bring_the_letters_back_once(cast: Cast,
                                                             attacker: Attacker, turn: int) -> None:
    cast.released(cast.harmed)
    lost(cast, cast.responsible)
    waits = confirm_key.awaited(cast.platform, cast.first.me, cast.case, cast.responsible.id)
    assert waits is not None
    done = at_once(*[lambda me=member.me: confirm_key.confirm_key(
        cast.platform, me, cast.case, cast.responsible.id, waits.kid, PASSWORD, True)
                     for member in (cast.first, cast.second)])
    assert sorted(one.versions for one in done) == [0, 1]
    assert len(attacker.rows(AuditEntry, AuditEntry.event == "letters regranted")) == 1
