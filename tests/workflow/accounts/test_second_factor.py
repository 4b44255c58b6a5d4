"""The second step: asked of who set it up, of all staff before anything else, and never to be gone
round."""

import base64
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from letters.rules.errors import (
    NeedsPassword,
    NotAcceptable,
    NotFound,
    NotPossibleNow,
    PleaseWait,
    SecondStepRefused,
    SignInRefused,
    Tampered,
)
from letters.rules.events import Event
from letters.rules.roles import Role
from letters.storage.tables.accounts import SecondFactor
from letters.storage.tables.letters import AuditEntry, Person, SessionRow
from letters.workflow.accounts import factors, invite, second_factor, sign_in, throttle
from letters.workflow.accounts.second_factor import Added
from letters.workflow.accounts.sign_in_steps import PASSWORD as HALF
from letters.workflow.accounts.sign_in_steps import SET_UP, Halfway
from tests.attacks.attacker import Attacker
from tests.cast import (
    PASSWORD,
    Cast,
    Player,
    can_only_stop,
    code_of,
    next_code,
    set_up_app,
    sign_in_fully,
)
from tests.races.at_once import at_once, kinds


def half_of(cast: Cast, name: str) -> Halfway:
    """Somebody who has just given the password."""
    half = sign_in.halfway(cast.platform, sign_in.sign_in(cast.platform, name, PASSWORD))
    assert half is not None
    return half


def row_of(attacker: Attacker, player: Player, kind: str = "totp") -> dict[str, object]:
    """The player's only factor of a kind, as it stands in the database."""
    (row,) = attacker.rows(SecondFactor, SecondFactor.person_id == player.id,
                           SecondFactor.kind == kind)
    return row


def wrong_code(cast: Cast, name: str) -> str:
    return f"{(int(next_code(cast.platform, name)) + 1) % 1_000_000:06d}"


# --- what the password alone leads to

def test_the_password_alone_is_no_session_of_somebody_with_a_second_factor(cast: Cast) -> None:
    token = sign_in.sign_in(cast.platform, "first", PASSWORD)
    assert sign_in.who_is(cast.platform, token) is None
    half = sign_in.halfway(cast.platform, token)
    assert half is not None and half.stage == HALF


def test_a_full_session_is_no_half_one(cast: Cast) -> None:
    assert sign_in.halfway(cast.platform, cast.first.token) is None
    assert sign_in.halfway(cast.platform, bytes(32)) is None


def test_staff_without_a_factor_can_only_set_one_up(cast: Cast) -> None:
    invite.enrol(cast.platform, invite.invite_staff(cast.platform, Role.FACILITATOR, "Nia New"),
                 "nia", PASSWORD)
    token = sign_in.sign_in(cast.platform, "nia", PASSWORD)
    assert sign_in.who_is(cast.platform, token) is None
    half = sign_in.halfway(cast.platform, token)
    assert half is not None and half.stage == SET_UP
    with pytest.raises(NotPossibleNow):
        second_factor.pass_with_code(cast.platform, half, "000000")
    added = set_up_app(cast.platform, half.me)
    assert added.token is not None and len(added.codes) == second_factor.CODES
    me = sign_in.who_is(cast.platform, added.token)
    assert me is not None and me.person == half.me.person
    assert sign_in.halfway(cast.platform, token) is None


def test_participants_are_not_made_to(cast: Cast) -> None:
    assert sign_in.who_is(cast.platform,
                          sign_in.sign_in(cast.platform, "harmed", PASSWORD)) is not None


def test_the_step_makes_a_new_session_and_ends_the_half_one(cast: Cast, attacker: Attacker) -> None:
    token = sign_in.sign_in(cast.platform, "first", PASSWORD)
    half = sign_in.halfway(cast.platform, token)
    assert half is not None
    full = second_factor.pass_with_code(cast.platform, half, next_code(cast.platform, "first"))
    assert full != token and sign_in.who_is(cast.platform, full) is not None
    assert sign_in.halfway(cast.platform,
                           token) is None and sign_in.who_is(cast.platform, token) is None
    assert not attacker.rows(SessionRow, SessionRow.id == half.me.session)


def test_a_half_session_lives_ten_minutes(cast: Cast) -> None:
    token = sign_in.sign_in(cast.platform, "first", PASSWORD)
    cast.clock.advance(minutes=9)
    assert sign_in.halfway(cast.platform, token) is not None
    cast.clock.advance(minutes=1)
    assert sign_in.halfway(cast.platform, token) is None


def test_a_stage_moved_up_in_the_database_opens_nothing(cast: Cast, attacker: Attacker) -> None:
    token = sign_in.sign_in(cast.platform, "first", PASSWORD)
    half = sign_in.halfway(cast.platform, token)
    assert half is not None
    attacker.run(update(SessionRow).where(SessionRow.id == half.me.session).values(stage="full"))
    assert sign_in.who_is(cast.platform,
                          token) is None and sign_in.halfway(cast.platform, token) is None


# --- codes

@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\0", "x" * 10_000])
def test_what_is_no_code_is_refused(cast: Cast, typed: str) -> None:
    with pytest.raises(SecondStepRefused):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"), typed)


def test_a_code_may_be_pasted_with_signs_that_were_changed(cast: Cast) -> None:
    """From the app with a narrow space, from a note in which hyphens became dashes."""
    code, backup = next_code(cast.platform, "first"), cast.first.backup_codes[0]
    for typed in (f"\u200b{code[:3]}\u202f{code[3:]}.", backup.replace("-", " \u2013 ").lower()):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"), typed)


def test_a_code_works_once(cast: Cast) -> None:
    code = next_code(cast.platform, "first")
    second_factor.pass_with_code(cast.platform, half_of(cast, "first"), code)
    with pytest.raises(SecondStepRefused):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"), code)


def test_a_code_given_twice_at_once_lets_in_once(cast: Cast) -> None:
    code, halves = next_code(cast.platform, "first"), [half_of(cast, "first") for _ in range(3)]
    results = at_once(*[lambda half=half: second_factor.pass_with_code(cast.platform, half, code)
                        for half in halves])
    assert sorted(kinds(results)) == ["SecondStepRefused"] * 2 + ["done"]


def test_a_code_of_an_earlier_step_is_void_after_a_later_one(
    cast: Cast, attacker: Attacker
) -> None:
    secret = secret_of(cast, attacker, cast.first)
    now = int(cast.clock().timestamp()) // 30
    second_factor.pass_with_code(cast.platform, half_of(cast, "first"), code_of(secret, now + 1))
    with pytest.raises(SecondStepRefused):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"), code_of(secret, now))


@pytest.mark.parametrize(("steps", "fits"),
                         [(-3, False), (-2, False), (0, True), (1, True), (2, False), (90, False)])
def test_a_clock_may_be_half_a_minute_off(cast: Cast, attacker: Attacker, steps: int,
                                          fits: bool) -> None:
    secret, now = secret_of(cast, attacker, cast.first), int(cast.clock().timestamp()) // 30
    typed = code_of(secret, now + steps)
    if fits:
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                     f" {typed[:3]} {typed[3:]} ")
    else:
        with pytest.raises(SecondStepRefused):
            second_factor.pass_with_code(cast.platform, half_of(cast, "first"), typed)


def test_five_wrong_codes_end_the_half_session(cast: Cast) -> None:
    half, wrong = half_of(cast, "first"), wrong_code(cast, "first")
    for _ in range(second_factor.TRIES):
        with pytest.raises(SecondStepRefused):
            second_factor.pass_with_code(cast.platform, half, wrong)
        cast.clock.advance(seconds=5)
    for code in (wrong, next_code(cast.platform, "first")):
        with pytest.raises(SignInRefused):
            second_factor.pass_with_code(cast.platform, half, code)
        cast.clock.advance(minutes=1)


def test_guesses_over_many_half_sessions_get_slow(cast: Cast) -> None:
    wrong = wrong_code(cast, "first")
    for _ in range(throttle.FREE):
        with pytest.raises(SecondStepRefused):
            second_factor.pass_with_code(cast.platform, half_of(cast, "first"), wrong)
    with pytest.raises(PleaseWait):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                     next_code(cast.platform, "first"))
    cast.clock.advance(minutes=1)
    second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                 next_code(cast.platform, "first"))
    second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                 next_code(cast.platform, "first"))


def test_many_guesses_at_once_are_few(cast: Cast) -> None:
    half, wrong = half_of(cast, "first"), wrong_code(cast, "first")
    results = kinds(
        at_once(*[lambda: second_factor.pass_with_code(cast.platform, half, wrong)] * 8)
    )
    assert results.count("SecondStepRefused") <= second_factor.TRIES
    with pytest.raises(PleaseWait):
        second_factor.pass_with_code(cast.platform, half, next_code(cast.platform, "first"))


def test_a_backup_code_stands_in_once_however_it_is_typed(cast: Cast) -> None:
    code = cast.first.backup_codes[3]
    second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                 f" {code.lower().replace('-', ' ')} ")
    with pytest.raises(SecondStepRefused):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"), code)
    assert second_factor.codes_left(second_factor.own_factors(cast.platform, cast.first.me)) == 9
    for other in cast.first.backup_codes[:2]:
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"), other)


def test_a_backup_code_given_twice_at_once_lets_in_once(cast: Cast) -> None:
    code, halves = cast.first.backup_codes[0], [half_of(cast, "first") for _ in range(3)]
    results = at_once(*[lambda half=half: second_factor.pass_with_code(cast.platform, half, code)
                        for half in halves])
    assert sorted(kinds(results)) == ["SecondStepRefused"] * 2 + ["done"]


def test_a_backup_code_of_somebody_else_is_nothing(cast: Cast) -> None:
    with pytest.raises(SecondStepRefused):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                     cast.second.backup_codes[0])


def test_new_backup_codes_void_the_old(cast: Cast) -> None:
    with pytest.raises(NeedsPassword):
        second_factor.new_codes(cast.platform, cast.first.me, "not the password")
    codes = second_factor.new_codes(cast.platform, cast.first.me, PASSWORD)
    assert len(set(codes)) == 10
    with pytest.raises(SecondStepRefused):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                     cast.first.backup_codes[0])
    second_factor.pass_with_code(cast.platform, half_of(cast, "first"), codes[0])


# --- on, off, replaced

def turned_on(cast: Cast, player: Player) -> Added:
    return set_up_app(cast.platform, player.me)


def test_a_participant_turns_it_on_and_off(cast: Cast) -> None:
    other = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    added = turned_on(cast, cast.harmed)
    assert added.token is None and len(added.codes) == 10
    assert sign_in.who_is(cast.platform, other) is None, "whoever was in without it is out"
    assert sign_in.who_is(cast.platform, cast.harmed.token) is not None
    me = sign_in.who_is(cast.platform, sign_in_fully(cast.platform, "harmed"))
    assert me is not None and me.identity.root == cast.harmed.me.identity.root
    sign_in.confirm(cast.platform, me, PASSWORD)
    (app,) = [factor for factor in second_factor.own_factors(cast.platform, me)
              if factor.kind == "totp"]
    with pytest.raises(NeedsPassword):
        second_factor.remove(cast.platform, me, "not the password", app.row.id)
    second_factor.remove(cast.platform, me, PASSWORD, app.row.id)
    assert second_factor.own_factors(cast.platform, me) == []
    assert sign_in.who_is(cast.platform,
                          sign_in.sign_in(cast.platform, "harmed", PASSWORD)) is not None


def test_turning_it_on_asks_for_password_and_code(cast: Cast) -> None:
    offered = second_factor.offer_app(cast.platform, cast.harmed.me)
    secret, now = base64.b32decode(offered.secret), int(cast.clock().timestamp()) // 30
    with pytest.raises(NeedsPassword):
        second_factor.add_app(cast.platform, cast.harmed.me, "not the password", offered,
                              code_of(secret, now))
    with pytest.raises(NotAcceptable):
        second_factor.add_app(cast.platform, cast.harmed.me, PASSWORD, offered,
                              code_of(secret, now + 5))
    assert second_factor.own_factors(cast.platform, cast.harmed.me) == []


def test_what_is_offered_to_one_is_nothing_for_another(cast: Cast) -> None:
    offered = second_factor.offer_app(cast.platform, cast.harmed.me)
    again = second_factor.offered_again(cast.platform, cast.harmed.me, offered.factor,
                                        offered.sealed)
    assert again.secret == offered.secret
    for player, factor in ((cast.responsible, offered.factor), (cast.harmed, uuid4())):
        with pytest.raises(NotFound):
            second_factor.offered_again(cast.platform, player.me, factor, offered.sealed)


def test_staff_replace_their_last_factor_and_never_remove_it(cast: Cast) -> None:
    me = cast.first.me
    old = next(factor.row.id for factor in second_factor.own_factors(cast.platform, me)
               if factor.kind == "totp")
    with pytest.raises(NotPossibleNow):
        second_factor.remove(cast.platform, me, PASSWORD, old)
    assert set_up_app(cast.platform, me).codes == []
    second_factor.remove(cast.platform, me, PASSWORD, old)
    with pytest.raises(NotFound):
        second_factor.remove(cast.platform, me, PASSWORD, old)
    second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                 next_code(cast.platform, "first"))


def test_nobody_removes_anothers_factor_or_the_codes_alone(cast: Cast, attacker: Attacker) -> None:
    for row in (row_of(attacker, cast.second), row_of(attacker, cast.first, "backup")):
        with pytest.raises(NotFound):
            second_factor.remove(cast.platform, cast.first.me, PASSWORD, row["id"])  # type: ignore[arg-type]


def test_nobody_has_more_than_ten(cast: Cast) -> None:
    for _ in range(second_factor.MOST - 1):
        set_up_app(cast.platform, cast.first.me)
    with pytest.raises(NotPossibleNow):
        set_up_app(cast.platform, cast.first.me)


def test_a_reset_voids_what_was_in_hand_even_where_rows_are_gone(
    cast: Cast, attacker: Attacker
) -> None:
    attacker.run(delete(SecondFactor).where(SecondFactor.person_id == cast.first.id,
                                            SecondFactor.kind == "totp"))
    with cast.platform.writing() as db:
        person = factors.locked(db, cast.first.id)
        factors.void_all(cast.platform, db, cast.second.id, person)
        db.flush()
        assert factors.factors_of(cast.platform, db, person) == []
    assert not attacker.rows(SecondFactor, SecondFactor.person_id == cast.first.id)


# --- somebody with the database, and the password

def secret_of(cast: Cast, attacker: Attacker, player: Player) -> bytes:
    row = row_of(attacker, player)
    return factors.open_sealed(
        cast.platform, row["id"], player.id, factors.FactorKind.APP, row["secret"]
    )  # type: ignore[arg-type]


def test_a_flipped_column_shuts_the_account(cast: Cast, attacker: Attacker) -> None:
    attacker.run(update(Person).where(Person.id == cast.first.id).values(second_factor=False))
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "first", PASSWORD)
    with pytest.raises(NeedsPassword):
        sign_in.confirm(cast.platform, cast.first.me, PASSWORD)


def test_a_column_flipped_on_shuts_the_account_too(cast: Cast, attacker: Attacker) -> None:
    attacker.run(update(Person).where(Person.id == cast.harmed.id).values(second_factor=True))
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "harmed", PASSWORD)


def test_deleted_factors_do_not_skip_the_step(cast: Cast, attacker: Attacker) -> None:
    half = half_of(cast, "first")
    attacker.run(delete(SecondFactor).where(SecondFactor.person_id == cast.first.id))
    for attempt in (lambda: sign_in.sign_in(cast.platform, "first", PASSWORD),
                    lambda: second_factor.own_factors(cast.platform, half.me),
                    lambda: second_factor.pass_with_code(cast.platform,
                                                         half, cast.first.backup_codes[0])):
        with pytest.raises(Tampered):
            attempt()


def test_the_account_put_back_to_before_its_factor_is_found_out(
    cast: Cast, attacker: Attacker
) -> None:
    """The strongest of these: the root as it was sealed before, the column, no factor rows. The
    trail remembers."""
    (before,) = attacker.rows(Person, Person.id == cast.harmed.id)
    turned_on(cast, cast.harmed)
    attacker.run(delete(SecondFactor).where(SecondFactor.person_id == cast.harmed.id),
                 update(Person).where(Person.id == cast.harmed.id).values(before))
    assert can_only_stop(cast, "harmed")
    assert attacker.rows(AuditEntry, AuditEntry.event == Event.TAMPERING_FOUND.value)


@pytest.mark.parametrize("columns", [
    ("secret",), ("id", "secret"), ("id", "secret", "kind"), ("kind",)], ids=" ".join)
def test_a_factor_of_somebody_else_swapped_in_is_found_out(
        cast: Cast, attacker: Attacker, columns: tuple[str, ...]) -> None:
    kind = "backup" if "kind" in columns else "totp"
    mine, theirs = row_of(attacker, cast.first), row_of(attacker, cast.second, kind)
    code = next_code(cast.platform, "second")
    attacker.run(delete(SecondFactor).where(SecondFactor.id.in_([mine["id"], theirs["id"]])))
    attacker.put(SecondFactor, mine, **{column: theirs[column] for column in columns})
    with pytest.raises(Tampered):
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"), code)


def test_a_factor_added_in_the_database_is_found_out(cast: Cast, attacker: Attacker) -> None:
    attacker.put(SecondFactor, row_of(attacker, cast.first), id=uuid4())
    with pytest.raises(Tampered):
        sign_in.sign_in(cast.platform, "first", PASSWORD)


@pytest.mark.parametrize("kind", ["totp", "backup"])
def test_a_factor_put_back_is_found_out(cast: Cast, attacker: Attacker, kind: str) -> None:
    """A telephone that was taken off the account, and a backup code that was used."""
    row = row_of(attacker, cast.first, kind)
    if kind == "totp":
        set_up_app(cast.platform, cast.first.me)
        second_factor.remove(cast.platform, cast.first.me, PASSWORD, row["id"])  # type: ignore[arg-type]
        attacker.put(SecondFactor, row)
    else:
        second_factor.pass_with_code(cast.platform, half_of(cast, "first"),
                                     cast.first.backup_codes[0])
        attacker.run(delete(SecondFactor).where(SecondFactor.person_id == cast.first.id,
                                                SecondFactor.kind == kind))
        attacker.put(SecondFactor, row)
    with pytest.raises(Tampered):
        sign_in.sign_in(cast.platform, "first", PASSWORD)


def test_a_trail_rewritten_about_a_factor_is_found_out(cast: Cast, attacker: Attacker) -> None:
    row = row_of(attacker, cast.first)
    attacker.run(update(AuditEntry).where(AuditEntry.about_id
                                          == row["id"]).values(about_id=uuid4()),
                 delete(SecondFactor).where(SecondFactor.id == row["id"]))
    with pytest.raises(Tampered):
        sign_in.sign_in(cast.platform, "first", PASSWORD)
