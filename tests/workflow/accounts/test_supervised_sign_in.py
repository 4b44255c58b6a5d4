"""Signing in beside a facilitator: not before it is opened, once, and no longer than half an
hour."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from letters.rules.errors import (
    NeedsPassword,
    NotAllowed,
    NotFound,
    NotPossibleNow,
    SignInRefused,
    Tampered,
)
from letters.storage.tables.accounts import SecondFactor, SupervisedWindow
from letters.workflow.accounts import second_factor, sign_in, supervised_sign_in
from letters.workflow.accounts.sign_in_steps import APART
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast, Player, can_only_stop, set_up_app, sign_in_fully
from tests.races.at_once import at_once, kinds


def supervise(cast: Cast) -> UUID:
    """From here on the person who harmed signs in beside a facilitator."""
    supervised_sign_in.supervise(cast.platform, cast.first.me, cast.case, cast.responsible.id,
                                 PASSWORD)
    return cast.responsible.id


def let_in(cast: Cast) -> bytes:
    return sign_in.sign_in(cast.platform, "responsible", PASSWORD)


def is_apart(cast: Cast, token: bytes) -> bool:
    """Is this somebody without their facilitator, who can stop and nothing else?"""
    half = sign_in.halfway(cast.platform, token)
    return half is not None and half.stage == APART and sign_in.who_is(cast.platform, token) is None


def opened(cast: Cast) -> None:
    supervised_sign_in.open_window(cast.platform, cast.second.me, cast.case, cast.responsible.id)


def test_outside_the_half_hour_the_right_password_is_told_so_and_a_wrong_one_is_not(
    cast: Cast,
) -> None:
    supervise(cast)
    assert sign_in.who_is(cast.platform,
                          cast.responsible.token) is None, "sessions from before have ended"
    assert is_apart(cast, let_in(cast))
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "responsible", "not the password")
    opened(cast)
    cast.clock.advance(minutes=30)
    assert is_apart(cast, let_in(cast))


@pytest.mark.both_databases
def test_within_it_the_password_suffices_once(cast: Cast) -> None:
    supervise(cast)
    opened(cast)
    assert sign_in.who_is(cast.platform, let_in(cast)) is not None
    assert is_apart(cast, let_in(cast))


def test_once_means_once_at_the_same_moment_too(cast: Cast) -> None:
    supervise(cast)
    opened(cast)
    tokens = []
    assert kinds(at_once(*[lambda: tokens.append(let_in(cast))] * 3)) == ["done"] * 3
    assert sorted(is_apart(cast, token) for token in tokens) == [False, True, True]


def test_a_wrong_password_does_not_use_it_up(cast: Cast) -> None:
    supervise(cast)
    opened(cast)
    with pytest.raises(SignInRefused):
        sign_in.sign_in(cast.platform, "responsible", "not the password")
    let_in(cast)


def test_the_session_ends_with_the_window(cast: Cast) -> None:
    supervise(cast)
    opened(cast)
    cast.clock.advance(minutes=20)
    token = let_in(cast)
    cast.clock.advance(minutes=9)
    assert sign_in.who_is(cast.platform, token) is not None
    cast.clock.advance(minutes=1)
    assert sign_in.who_is(cast.platform, token) is None


def test_it_can_be_taken_off_and_what_was_open_is_shut(cast: Cast) -> None:
    supervise(cast)
    opened(cast)
    supervised_sign_in.release_from_supervision(cast.platform, cast.second.me, cast.case,
                                                cast.responsible.id)
    assert sign_in.who_is(cast.platform, let_in(cast)) is not None
    for verb in (supervised_sign_in.release_from_supervision, supervised_sign_in.open_window):
        with pytest.raises(NotPossibleNow):
            verb(cast.platform, cast.first.me, cast.case, cast.responsible.id)
    supervise(cast)
    assert is_apart(cast, let_in(cast))
    with pytest.raises(NotPossibleNow):
        supervise(cast)


def test_it_goes_before_a_second_factor_of_their_own_which_is_asked_for_again_afterwards(
    cast: Cast,
) -> None:
    set_up_app(cast.platform, cast.responsible.me)
    supervise(cast)
    assert is_apart(cast,
                    sign_in_fully(cast.platform,
                                  "responsible")), "stopping is theirs alone, by both their steps"
    opened(cast)
    assert sign_in.who_is(cast.platform, let_in(cast)) is not None
    supervised_sign_in.release_from_supervision(cast.platform, cast.first.me, cast.case,
                                                cast.responsible.id)
    assert sign_in.who_is(cast.platform, let_in(cast)) is None
    assert sign_in.who_is(cast.platform, sign_in_fully(cast.platform, "responsible")) is not None


def test_it_also_catches_who_stands_at_the_second_step(cast: Cast) -> None:
    codes = set_up_app(cast.platform, cast.responsible.me).codes
    half = sign_in.halfway(cast.platform, let_in(cast))
    assert half is not None
    supervise(cast)
    with pytest.raises(SignInRefused):
        second_factor.pass_with_code(cast.platform, half, codes[0])


def test_a_participant_cannot_take_it_off_as_if_it_were_theirs(
    cast: Cast, attacker: Attacker
) -> None:
    supervise(cast)
    opened(cast)
    me = sign_in.who_is(cast.platform, let_in(cast))
    assert me is not None
    (row,) = attacker.rows(SecondFactor, SecondFactor.person_id == me.person)
    with pytest.raises(NotFound):
        second_factor.remove(cast.platform, me, PASSWORD, row["id"])


@pytest.mark.parametrize(("who", "refusal"), [
    ("stranger_facilitator", NotFound), ("stranger_harmed", NotFound), ("harmed", NotAllowed),
    ("responsible", NotAllowed)])
def test_only_the_team_sets_and_opens_it(cast: Cast, who: str, refusal: type[Exception]) -> None:
    player: Player = getattr(cast, who)
    for verb in (supervised_sign_in.open_window, supervised_sign_in.release_from_supervision):
        with pytest.raises(refusal):
            verb(cast.platform, player.me, cast.case, cast.responsible.id)
    with pytest.raises(refusal):
        supervised_sign_in.supervise(cast.platform, player.me, cast.case, cast.responsible.id,
                                     PASSWORD)


def test_a_team_has_no_say_over_people_of_other_cases_or_colleagues(cast: Cast) -> None:
    for player in (cast.stranger_responsible, cast.second):
        with pytest.raises(NotFound):
            supervised_sign_in.supervise(cast.platform, cast.first.me, cast.case, player.id,
                                         PASSWORD)


# --- the person harmed: her own word, and what always stays open (rule 6)

def test_rule_06_nobody_shuts_the_person_harmed_out(cast: Cast) -> None:
    for member in (cast.first, cast.second):
        with pytest.raises(NotAllowed):
            supervised_sign_in.supervise(cast.platform, member.me, cast.case, cast.harmed.id,
                                         PASSWORD)
    assert sign_in.who_is(cast.platform, cast.harmed.token) is not None
    assert sign_in.who_is(cast.platform,
                          sign_in.sign_in(cast.platform, "harmed", PASSWORD)) is not None


def test_it_is_never_set_without_the_password_of_who_sets_it(cast: Cast) -> None:
    for verb in (
        lambda: supervised_sign_in.supervise(cast.platform, cast.first.me, cast.case,
                                             cast.responsible.id, "another"),
        lambda: supervised_sign_in.choose(cast.platform, cast.harmed.me, "another"),
    ):
        with pytest.raises(NeedsPassword):
            verb()
    assert sign_in.who_is(cast.platform, cast.responsible.token) is not None


def test_rule_06_her_own_word_sets_it_and_takes_it_back(cast: Cast) -> None:
    supervised_sign_in.choose(cast.platform, cast.harmed.me, PASSWORD)
    assert sign_in.who_is(cast.platform, cast.harmed.token) is not None, "what she is doing goes on"
    assert supervised_sign_in.own_supervision(cast.platform, cast.harmed.me).is_own_choice
    assert is_apart(cast, sign_in.sign_in(cast.platform, "harmed", PASSWORD))
    supervised_sign_in.open_window(cast.platform, cast.first.me, cast.case, cast.harmed.id)
    token = sign_in.sign_in(cast.platform, "harmed", PASSWORD)
    me = sign_in.who_is(cast.platform, token)
    assert me is not None
    supervised_sign_in.choose_no_longer(cast.platform, me, PASSWORD)
    assert sign_in.who_is(cast.platform,
                          sign_in.sign_in(cast.platform, "harmed", PASSWORD)) is not None


def test_what_the_team_has_set_is_not_taken_back_by_who_it_is_set_for(cast: Cast) -> None:
    supervise(cast)
    opened(cast)
    me = sign_in.who_is(cast.platform, let_in(cast))
    assert me is not None
    with pytest.raises(NotPossibleNow):
        supervised_sign_in.choose_no_longer(cast.platform, me, PASSWORD)


# --- somebody with the database, and the password

def test_the_supervision_deleted_in_the_database_shuts_the_account(
    cast: Cast, attacker: Attacker
) -> None:
    supervise(cast)
    attacker.run(delete(SecondFactor).where(SecondFactor.person_id == cast.responsible.id))
    assert can_only_stop(cast, "responsible")


@pytest.mark.parametrize("kind", ["backup", "totp", "nothing known"])
def test_the_supervision_made_another_kind_shuts_the_account(cast: Cast,
                                                             attacker: Attacker, kind: str) -> None:
    supervise(cast)
    attacker.run(update(SecondFactor).where(SecondFactor.person_id
                                            == cast.responsible.id).values(kind=kind))
    assert can_only_stop(cast, "responsible")


@pytest.mark.parametrize("change", ["until", "person_id", "opened_by"])
def test_a_window_made_longer_or_led_elsewhere_is_found_out(
    cast: Cast, attacker: Attacker, change: str
) -> None:
    supervise(cast)
    supervised_sign_in.choose(cast.platform, cast.harmed.me, PASSWORD)
    if change == "person_id":  # one that was opened for the person harmed
        supervised_sign_in.open_window(cast.platform, cast.first.me, cast.case, cast.harmed.id)
    else:
        opened(cast)
    (row,) = attacker.rows(SupervisedWindow)
    new = {"until": row["until"] + timedelta(days=1), "person_id": cast.responsible.id,
           "opened_by": cast.stranger_facilitator.id}[change]
    attacker.run(update(SupervisedWindow).values({change: new}))
    with pytest.raises(Tampered):
        let_in(cast)


def test_a_window_put_back_after_it_was_used_opens_nothing(cast: Cast, attacker: Attacker) -> None:
    supervise(cast)
    opened(cast)
    (row,) = attacker.rows(SupervisedWindow)
    let_in(cast)
    attacker.put(SupervisedWindow, row)
    assert is_apart(cast, let_in(cast))
