"""Where one part rests on another: resets against emergency access, the team and the gates,
and the like."""

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
from letters.storage.tables.team import EmergencyKey
from letters.workflow.accounts import (
    invite,
    second_factor,
    sign_in,
    supervised_sign_in,
    throttle,
)
from letters.workflow.cases import close, open_and_halt
from letters.workflow.lost_access import change_password, new_identity, recovery, reset
from letters.workflow.oversight import emergency_access, emergency_reading
from letters.workflow.preparation import (
    agreement,
    assessment,
    background,
    consent,
    referral,
    steps,
)
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.team import join_and_leave
from letters.workflow.upkeep import restore
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import asked_at_once
from tests.cast import PASSWORD, Cast, Player, next_code
from tests.workflow.losing import NEW, heard, lost, signed_in
from tests.workflow.oversight.test_emergency_access import broken, due_in_an_hour, row


def another(cast: Cast, role: Role, name: str) -> Player:
    """Somebody more of the staff, whom the operator invited."""
    return Player(cast.app, cast.platform, name, invite.invite_staff(cast.platform, role, name))


# --- resets and emergency access


def test_who_reset_a_supervisor_does_not_second_what_the_supervisor_asks(cast: Cast) -> None:
    as_supervisor = lost(cast, cast.supervisor, cast.administrator)
    request = asked_at_once(cast, as_supervisor, cast.case, "A call.")
    with pytest.raises(NotIndependent):
        emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)


@pytest.mark.parametrize("stands", [due_in_an_hour, broken])
def test_a_reset_ends_what_the_supervisor_before_had_asked_for(cast: Cast,
                                                               attacker: Attacker, stands) -> None:
    request, letter = stands(cast)
    as_supervisor = lost(cast, cast.supervisor,
                         another(cast, Role.ADMINISTRATOR, "other administrator"))
    emergency_access.keep_spares(cast.platform, cast.first.me, cast.case)
    with pytest.raises(NotPossibleNow):
        emergency_reading.look_at_letter(cast.platform, as_supervisor, request, letter)
    cast.clock.advance(hours=2)
    emergency_access.open_and_close_due(cast.platform)
    assert row(cast, request).closed_at is not None and not attacker.rows(EmergencyKey)
    with pytest.raises(NotPossibleNow):
        emergency_reading.look_at_case(cast.platform, as_supervisor, request)
    emergency_access.ask(cast.platform, as_supervisor, cast.case, "A call.", False)


def test_a_letter_of_an_epoch_that_is_not_opened_yet_is_refused_and_not_an_error(
    cast: Cast,
) -> None:
    request, _ = broken(cast)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    letter = cast.submitted(cast.responsible, "Later.")
    with pytest.raises(NotPossibleNow):
        emergency_reading.look_at_letter(cast.platform, cast.supervisor.me, request, letter)
    emergency_access.open_and_close_due(cast.platform)
    assert emergency_reading.look_at_letter(cast.platform, cast.supervisor.me, request,
                                            letter).text == "Later."


# --- resets and the team

def test_a_case_key_of_a_new_epoch_is_not_sealed_to_a_member_who_was_reset(
    cast: Cast, attacker: Attacker
) -> None:
    third = another(cast, Role.FACILITATOR, "third")
    cast.join(cast.case, cast.first, third)
    as_second = lost(cast, cast.second, cast.administrator)
    join_and_leave.leave(cast.platform, third.me, cast.case)
    letter = cast.submitted(cast.harmed, "For the team alone.")
    assert not attacker.rows(CaseKey, CaseKey.member_id == as_second.person)
    with pytest.raises(CaseKeyMissing):
        read_letter.letter_for(cast.platform, as_second, letter)


def test_a_member_whose_new_key_was_signed_for_gets_the_next_epoch(
    cast: Cast, attacker: Attacker
) -> None:
    as_second = lost(cast, cast.second, cast.administrator)
    join_and_leave.sign_for(cast.platform, cast.first.me, cast.case, as_second.person,
                            as_second.identity.kid, True)
    cast.join(cast.case, cast.first, cast.stranger_facilitator, handover=False)
    read_letter.claim(cast.platform, as_second, cast.submitted(cast.harmed, "For the team."))


def test_nobody_leaves_a_case_to_a_member_who_was_reset(cast: Cast) -> None:
    case = open_and_halt.open_case(cast.platform, cast.first.me)
    cast.join(case, cast.first, cast.second)
    lost(cast, cast.second, cast.administrator)
    with pytest.raises(NotAcceptable):
        join_and_leave.leave(cast.platform, cast.first.me, case)


def test_a_member_who_was_reset_opens_no_gate_before_a_colleague_signs_for_them(cast: Cast) -> None:
    platform, as_second = cast.platform, lost(cast, cast.second, cast.administrator)
    open_and_halt.halt(platform, as_second, cast.case)
    with pytest.raises(CaseKeyMissing):
        open_and_halt.lift_halt(platform, as_second, cast.case)
    today, person = platform.today(), cast.harmed.id
    for shuts in (lambda: steps.take_step_back(platform, as_second, cast.case, person, "hopes"),
                  lambda: background.withdraw_acknowledgement(platform, as_second, cast.case),
                  lambda: close.begin_closing(platform, as_second, cast.case)):
        shuts()
    for with_words in (lambda: background.record_order(platform, as_second,
                                                       cast.case, today, None, "No contact."),
                       lambda: assessment.report_risk(platform, as_second, cast.case, "A risk.")):
        # nothing is sealed to the team by who is not known: halting needs no words
        with pytest.raises(CaseKeyMissing):
            with_words()
    background.record_order(platform, cast.first.me, cast.case, today, None, "No contact.")
    (order,) = cast.prepared.process().orders
    background.record_acknowledgement(platform, cast.first.me, cast.case, "A plea.")
    told = cast.prepared.process().acknowledgement
    assert told is not None
    rated = {one.id: {"rating": "some concern"}
             for one in platform.framework.assessment.dimensions}
    for opens in (
        lambda: background.record_acknowledgement(platform, as_second, cast.case, "I say so."),
        lambda: background.confirm_acknowledgement(platform, as_second, cast.case, told.id),
        lambda: background.end_order(platform, as_second, cast.case, order),
        lambda: background.record_age(platform, as_second, cast.case, person, Age.ADULT),
        lambda: background.record_conviction(platform, as_second, cast.case, True, "Guilty."),
        lambda: assessment.assess(
            platform, as_second, cast.case, rated, Outcome.SUITABLE, today + timedelta(days=9)
        ),
        lambda: steps.take_step(platform, as_second, cast.case, person, "hopes", today),
        lambda: referral.refer(platform, as_second, cast.case, Source.HARMED),
        lambda: close.go_on(platform, as_second, cast.case),
    ):
        with pytest.raises(CaseKeyMissing):
            opens()
    join_and_leave.sign_for(platform, cast.first.me, cast.case, as_second.person,
                            as_second.identity.kid, True)
    open_and_halt.lift_halt(platform, as_second, cast.case)


def test_who_is_alone_in_a_team_can_renew_and_then_ask_a_colleague(cast: Cast) -> None:
    new_identity.renew(cast.platform, cast.stranger_facilitator.me, PASSWORD, NEW)
    me = signed_in(cast.platform, cast.stranger_facilitator.name)
    join_and_leave.ask(cast.platform, me, cast.strange_case, cast.first.id, handover=True)


# --- resets and the gates

def test_whoever_uses_a_reset_code_opens_no_gate_and_can_shut_every_one(cast: Cast) -> None:
    letter = cast.approved(cast.harmed, "Not yet.")
    pace.pause(cast.platform, cast.harmed.me, cast.case)
    cast.set_gap(30)
    me = lost(cast, cast.harmed, cast.administrator)
    agreed = cast.prepared.process().agreements[-1].id
    for opens in (pace.end_pause, pace.say_ready, lambda *who: pace.set_pace(*who, Pace()),
                  lambda *who: consent.give(*who, ["read"]),
                  lambda *who: agreement.agree(*who, agreed),
                  lambda *who: referral.choose(*who, cast.second.id)):
        with pytest.raises(KeyNotConfirmed):
            opens(cast.platform, me, cast.case)
    assert cast.release() == 0 and cast.state(letter) is State.APPROVED
    for shuts in (pace.pause, pace.unsay_ready, consent.withdraw):
        shuts(cast.platform, me, cast.case)
    heard(cast, cast.harmed)
    consent.give(cast.platform, me, cast.case, consent.required(cast.platform, me))
    pace.end_pause(cast.platform, me, cast.case)
    assert cast.release() == 1
    pace.stop(cast.platform, lost(cast, cast.harmed), cast.case)


# --- throttling

def test_no_page_of_a_session_that_was_left_open_is_a_place_to_guess_the_password(
    cast: Cast,
) -> None:
    platform, me = cast.platform, cast.harmed.me
    for verb in (
        lambda: new_identity.renew(platform, me, "wrong", NEW),
        lambda: recovery.new_recovery_code(platform, me, "wrong"),
        lambda: change_password.change(platform, me, "wrong", NEW),
    ):
        with pytest.raises(NeedsPassword):
            verb()
    with pytest.raises(PleaseWait):
        recovery.new_recovery_code(platform, me, PASSWORD)
    cast.clock.advance(seconds=60)
    recovery.new_recovery_code(platform, me, PASSWORD)


def test_who_guesses_at_a_sign_in_name_keeps_its_owner_from_no_change(cast: Cast) -> None:
    for _ in range(throttle.FREE):
        with pytest.raises(SignInRefused):
            sign_in.sign_in(cast.platform, "harmed", "wrong")
    change_password.change(cast.platform, cast.harmed.me, PASSWORD, NEW)


def test_who_knows_the_password_and_guesses_codes_does_not_shut_the_owner_out(cast: Cast) -> None:
    def tried(code: str, address: str) -> int:
        """How many seconds to wait."""
        half = sign_in.halfway(cast.platform, sign_in.sign_in(cast.platform, "first", PASSWORD))
        assert half is not None
        try:
            second_factor.pass_with_code(cast.platform, half, code, address)
        except SecondStepRefused:
            return 0
        except PleaseWait as wait:
            return wait.seconds
        return 0
    for _ in range(16):
        cast.clock.advance(seconds=tried("000000", "198.51.100.7"))
    while waits := tried("000000", "198.51.100.7"):
        cast.clock.advance(seconds=waits)
    waits = tried(next_code(cast.platform, "first"), "203.0.113.5")
    assert 0 < waits <= 60
    cast.clock.advance(seconds=waits)
    tried("000000", "198.51.100.7")
    half = sign_in.halfway(cast.platform, sign_in.sign_in(cast.platform, "first", PASSWORD))
    assert half is not None
    assert second_factor.pass_with_code(cast.platform, half, next_code(cast.platform, "first"),
                                        "203.0.113.5")


# --- the state file

def test_the_state_file_hears_of_every_change_of_a_way_in(cast: Cast) -> None:
    """Put back to before it, the database would let somebody in by a password, code or step that
    was given up."""
    platform, chains = cast.platform, {"installation": cast.platform.keys.installation,
                                       "case": cast.case}

    def heard_of(chain: str) -> int:
        return platform.state_file.known().heads[chains[chain]].number

    for chain, verb in (
        ("case", lambda: recovery.new_recovery_code(platform, cast.harmed.me, PASSWORD)),
        ("case",
         lambda: recovery.recover(platform, "responsible", cast.responsible.recovery_code, NEW)),
        (
            "installation",
            lambda: supervised_sign_in.supervise(platform, cast.first.me, cast.case,
                                                 cast.other.id, PASSWORD),
        ),
    ):
        platform.state_file.note(list(restore.standing(platform).news))
        before = heard_of(chain)
        verb()
        assert heard_of(chain) > before


# --- locks

def test_people_are_locked_before_the_installation(cast: Cast) -> None:
    """Else two verbs at once wait for each other: signing in with a code from paper locks in this
    order."""
    if cast.platform.store.engine.name == "sqlite":
        pytest.skip("one lock for all")
    locked: list[list[str]] = []

    def begin(_: object) -> None:
        locked.append([])

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if "FOR UPDATE" in statement or "FOR NO KEY UPDATE" in statement:
            locked[-1].append(statement.split("FROM ")[1].split()[0])

    event.listen(cast.platform.store.engine, "begin", begin)
    event.listen(cast.platform.store.engine, "before_cursor_execute", note)
    try:
        for verb in (
            lambda: open_and_halt.open_case(cast.platform, cast.first.me),
            lambda: reset.ask_reset(cast.platform, cast.administrator.me, cast.first.id, PASSWORD),
            lambda: new_identity.renew(cast.platform, cast.first.me, PASSWORD, NEW),
            lambda: supervised_sign_in.supervise(cast.platform, cast.second.me, cast.case,
                                                 cast.other.id, PASSWORD),
        ):
            locked.clear()
            verb()
            wanted = ["cases", "people", "installation"]
            orders = [[table for table in one if table in wanted] for one in locked]
            assert "installation" in orders[-1]
            for order in orders:
                assert order == sorted(order, key=wanted.index)
    finally:
        event.remove(cast.platform.store.engine, "begin", begin)
        event.remove(cast.platform.store.engine, "before_cursor_execute", note)
