"""Where one part's promise rests on another's: resets against the glass, the team and the gates, and the like."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from letters.rules.case.process import Age, Outcome, Source
from letters.rules.errors import (
    CaseKeyMissing,
    KeyNotConfirmed,
    NeedsPassword,
    NotAcceptable,
    NotIndependent,
    NotPossibleNow,
    PleaseWait,
    SecondStepRefused,
    SignInRefused,
)
from letters.rules.letter.lifecycle import State
from letters.rules.pace import Pace
from letters.rules.roles import Role
from letters.storage.tables.letters import CaseKey
from letters.storage.tables.team import GlassKey
from letters.workflow import (
    agreement,
    assessing,
    break_glass,
    closing,
    consent,
    custody,
    enrol,
    exchange,
    open_case,
    passwords,
    preparing,
    read_by_glass,
    recovery,
    referral,
    renewal,
    reset,
    restore,
    review,
    second_factor,
    sign_in,
    standing,
    team,
    throttle,
)
from tests.cast import PASSWORD, Cast, Player, next_code
from tests.workflow.attacker import Attacker
from tests.workflow.losing import NEW, heard, lost, signed_in
from tests.workflow.scenes import asked_at_once
from tests.workflow.test_break_glass import broken, due_in_an_hour, row


def another(cast: Cast, role: Role, name: str) -> Player:
    """Somebody more of the staff, whom the operator invited."""
    return Player(cast.app, cast.house, name, enrol.invite_staff(cast.house, role, name))


# --- resets and the glass


def test_who_reset_a_supervisor_does_not_second_what_the_supervisor_asks(cast: Cast) -> None:
    as_supervisor = lost(cast, cast.supervisor, cast.administrator)
    request = asked_at_once(cast, as_supervisor, cast.case, "A call.")
    with pytest.raises(NotIndependent):
        break_glass.second(cast.house, cast.administrator.me, request, PASSWORD)


@pytest.mark.parametrize("stands", [due_in_an_hour, broken])
def test_a_reset_ends_what_the_supervisor_before_had_asked_for(cast: Cast, attacker: Attacker, stands) -> None:
    request, letter = stands(cast)
    as_supervisor = lost(cast, cast.supervisor, another(cast, Role.ADMINISTRATOR, "other administrator"))
    break_glass.keep_spares(cast.house, cast.first.me, cast.case)
    with pytest.raises(NotPossibleNow):
        read_by_glass.look_at_letter(cast.house, as_supervisor, request, letter)
    cast.clock.advance(hours=2)
    break_glass.look(cast.house)
    assert row(cast, request).closed_at is not None and not attacker.rows(GlassKey)
    with pytest.raises(NotPossibleNow):
        read_by_glass.look_at_case(cast.house, as_supervisor, request)
    break_glass.ask(cast.house, as_supervisor, cast.case, "A call.", False)


def test_a_letter_of_an_epoch_that_is_not_opened_yet_is_refused_and_not_an_error(cast: Cast) -> None:
    request, _ = broken(cast)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    letter = cast.submitted(cast.responsible, "Later.")
    with pytest.raises(NotPossibleNow):
        read_by_glass.look_at_letter(cast.house, cast.supervisor.me, request, letter)
    break_glass.look(cast.house)
    assert read_by_glass.look_at_letter(cast.house, cast.supervisor.me, request, letter).text == "Later."


# --- resets and the team

def test_a_case_key_of_a_new_epoch_is_not_sealed_to_a_member_who_was_reset(cast: Cast, attacker: Attacker) -> None:
    third = another(cast, Role.FACILITATOR, "third")
    cast.join(cast.case, cast.first, third)
    as_second = lost(cast, cast.second, cast.administrator)
    team.leave(cast.house, third.me, cast.case)
    letter = cast.submitted(cast.harmed, "For the team alone.")
    assert not attacker.rows(CaseKey, CaseKey.member_id == as_second.person)
    with pytest.raises(CaseKeyMissing):
        review.look(cast.house, as_second, letter)


def test_a_member_whose_new_key_was_signed_for_gets_the_next_epoch(cast: Cast, attacker: Attacker) -> None:
    as_second = lost(cast, cast.second, cast.administrator)
    team.sign_for(cast.house, cast.first.me, cast.case, as_second.person, as_second.identity.kid, True)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    review.claim(cast.house, as_second, cast.submitted(cast.harmed, "For the team."))


def test_nobody_leaves_a_case_to_a_member_who_was_reset(cast: Cast) -> None:
    case = open_case.open_case(cast.house, cast.first.me)
    cast.join(case, cast.first, cast.second)
    lost(cast, cast.second, cast.administrator)
    with pytest.raises(NotAcceptable):
        team.leave(cast.house, cast.first.me, case)


def test_a_member_who_was_reset_opens_no_gate_before_a_colleague_signs_for_them(cast: Cast) -> None:
    house, as_second = cast.house, lost(cast, cast.second, cast.administrator)
    open_case.halt(house, as_second, cast.case)
    with pytest.raises(CaseKeyMissing):
        open_case.lift_halt(house, as_second, cast.case)
    today, person = house.today(), cast.harmed.id
    for shuts in (lambda: preparing.take_step_back(house, as_second, cast.case, person, "hopes"),
                  lambda: standing.withdraw_acknowledgement(house, as_second, cast.case),
                  lambda: closing.begin(house, as_second, cast.case)):
        shuts()
    for with_words in (lambda: standing.record_order(house, as_second, cast.case, today, None, "No contact."),
                       lambda: assessing.report_risk(house, as_second, cast.case, "A risk.")):
        with pytest.raises(CaseKeyMissing):  # nothing is sealed to the team by who is not known: halting needs no words
            with_words()
    standing.record_order(house, cast.first.me, cast.case, today, None, "No contact.")
    (order,) = cast.prepared.process().orders
    standing.record_acknowledgement(house, cast.first.me, cast.case, "A plea.")
    told = cast.prepared.process().acknowledgement
    assert told is not None
    rated = {one.id: {"rating": "no concern"} for one in house.framework.assessment.dimensions}
    for opens in (lambda: standing.record_acknowledgement(house, as_second, cast.case, "I say so."),
                  lambda: standing.confirm_acknowledgement(house, as_second, cast.case, told.id),
                  lambda: standing.end_order(house, as_second, cast.case, order),
                  lambda: standing.record_age(house, as_second, cast.case, person, Age.ADULT),
                  lambda: standing.record_conviction(house, as_second, cast.case, True, "Guilty."),
                  lambda: assessing.assess(house, as_second, cast.case, rated, Outcome.SUITABLE,
                                           today + timedelta(days=9)),
                  lambda: preparing.take_step(house, as_second, cast.case, person, "hopes", today),
                  lambda: referral.refer(house, as_second, cast.case, Source.HARMED),
                  lambda: closing.go_on(house, as_second, cast.case)):
        with pytest.raises(CaseKeyMissing):
            opens()
    team.sign_for(house, cast.first.me, cast.case, as_second.person, as_second.identity.kid, True)
    open_case.lift_halt(house, as_second, cast.case)


def test_who_is_alone_in_a_team_can_renew_and_then_ask_a_colleague(cast: Cast) -> None:
    renewal.renew(cast.house, cast.stranger_facilitator.me, PASSWORD, NEW)
    me = signed_in(cast.house, cast.stranger_facilitator.name)
    team.ask(cast.house, me, cast.strange_case, cast.first.id, handover=True)


# --- resets and the gates

def test_whoever_uses_a_reset_code_opens_no_gate_and_can_shut_every_one(cast: Cast) -> None:
    letter = cast.approved(cast.harmed, "Not yet.")
    exchange.pause(cast.house, cast.harmed.me, cast.case)
    cast.set_gap(30)
    me = lost(cast, cast.harmed, cast.administrator)
    agreed = cast.prepared.process().agreements[-1].id
    for opens in (exchange.end_pause, exchange.say_ready, lambda *who: exchange.set_pace(*who, Pace()),
                  lambda *who: consent.give(*who, ["read"]), lambda *who: agreement.agree(*who, agreed),
                  lambda *who: referral.choose(*who, cast.second.id)):
        with pytest.raises(KeyNotConfirmed):
            opens(cast.house, me, cast.case)
    assert cast.release() == 0 and cast.state(letter) is State.APPROVED
    for shuts in (exchange.pause, exchange.unsay_ready, consent.withdraw):
        shuts(cast.house, me, cast.case)
    heard(cast, cast.harmed)
    consent.give(cast.house, me, cast.case, consent.required(cast.house, me))
    exchange.end_pause(cast.house, me, cast.case)
    assert cast.release() == 1
    exchange.stop(cast.house, lost(cast, cast.harmed), cast.case)


# --- throttling

def test_no_page_of_a_session_that_was_left_open_is_a_place_to_guess_the_password(cast: Cast) -> None:
    house, me = cast.house, cast.harmed.me
    for verb in (lambda: renewal.renew(house, me, "wrong", NEW), lambda: recovery.new_recovery_code(house, me, "wrong"),
                 lambda: passwords.change(house, me, "wrong", NEW)):
        with pytest.raises(NeedsPassword):
            verb()
    with pytest.raises(PleaseWait):
        recovery.new_recovery_code(house, me, PASSWORD)
    cast.clock.advance(seconds=60)
    recovery.new_recovery_code(house, me, PASSWORD)


def test_who_guesses_at_a_sign_in_name_keeps_its_owner_from_no_change(cast: Cast) -> None:
    for _ in range(throttle.FREE):
        with pytest.raises(SignInRefused):
            sign_in.sign_in(cast.house, "harmed", "wrong")
    passwords.change(cast.house, cast.harmed.me, PASSWORD, NEW)


def test_who_knows_the_password_and_guesses_codes_does_not_shut_the_owner_out(cast: Cast) -> None:
    def tried(code: str, address: str) -> int:
        """How many seconds to wait."""
        half = sign_in.halfway(cast.house, sign_in.sign_in(cast.house, "first", PASSWORD))
        assert half is not None
        try:
            second_factor.pass_with_code(cast.house, half, code, address)
        except SecondStepRefused:
            return 0
        except PleaseWait as wait:
            return wait.seconds
        return 0
    for _ in range(16):
        cast.clock.advance(seconds=tried("000000", "198.51.100.7"))
    while waits := tried("000000", "198.51.100.7"):
        cast.clock.advance(seconds=waits)
    waits = tried(next_code(cast.house, "first"), "203.0.113.5")
    assert 0 < waits <= 60
    cast.clock.advance(seconds=waits)
    tried("000000", "198.51.100.7")
    half = sign_in.halfway(cast.house, sign_in.sign_in(cast.house, "first", PASSWORD))
    assert half is not None
    assert second_factor.pass_with_code(cast.house, half, next_code(cast.house, "first"), "203.0.113.5")


# --- the state file

def test_the_state_file_hears_of_every_change_of_a_way_in(cast: Cast) -> None:
    """Put back to before it, the database would let somebody in by a password, code or step that was given up."""
    house, chains = cast.house, {"installation": cast.house.keys.installation, "case": cast.case}

    def heard_of(chain: str) -> int:
        return house.witness.known().heads[chains[chain]].number

    for chain, verb in (
            ("case", lambda: recovery.new_recovery_code(house, cast.harmed.me, PASSWORD)),
            ("case", lambda: recovery.recover(house, "responsible", cast.responsible.recovery_code, NEW)),
            ("installation", lambda: custody.supervise(house, cast.first.me, cast.case, cast.other.id, PASSWORD))):
        house.witness.note(list(restore.look(house).news))
        before = heard_of(chain)
        verb()
        assert heard_of(chain) > before


# --- locks

def test_people_are_locked_before_the_installation(cast: Cast) -> None:
    """Else two verbs at once wait for each other: signing in with a code from paper locks in this order."""
    if cast.house.store.engine.name == "sqlite":
        pytest.skip("one lock for all")
    locked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if "FOR UPDATE" in statement:
            locked.append(statement.split("FROM ")[1].split()[0])

    event.listen(cast.house.store.engine, "before_cursor_execute", note)
    try:
        for verb in (lambda: open_case.open_case(cast.house, cast.first.me),
                     lambda: reset.ask_reset(cast.house, cast.administrator.me, cast.first.id, PASSWORD),
                     lambda: renewal.renew(cast.house, cast.first.me, PASSWORD, NEW),
                     lambda: custody.supervise(cast.house, cast.second.me, cast.case, cast.other.id, PASSWORD)):
            locked.clear()
            verb()
            order = [table for table in locked if table in ("cases", "people", "installation")]
            assert "installation" in order
            assert order == sorted(order, key=["cases", "people", "installation"].index)
    finally:
        event.remove(cast.house.store.engine, "before_cursor_execute", note)
