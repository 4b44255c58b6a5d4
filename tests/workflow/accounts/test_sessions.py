"""My sessions: seen and ended by their owner alone; the time that was chosen holds, whatever is
written in the row."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from letters.rules.devices import UNKNOWN
from letters.rules.errors import NotAcceptable, NotFound
from letters.storage.tables.letters import SessionRow
from letters.workflow.accounts import sessions, sign_in
from letters.workflow.accounts.sign_in import Visit
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast


def come_in(cast: Cast, name: str = "harmed", **visit: object) -> bytes:
    return sign_in.sign_in(cast.platform, name, PASSWORD, Visit(**visit))  # type: ignore[arg-type]


@pytest.mark.both_databases
def test_i_see_where_i_am_signed_in_and_which_is_this(cast: Cast) -> None:
    cast.clock.advance(minutes=1)
    token = come_in(cast, device="Firefox on Windows", idle_minutes=60)
    me = sign_in.who_is(cast.platform, token)
    assert me is not None
    found = sessions.own_sessions(cast.platform, me)
    assert [(each.device, each.idle_minutes, each.is_this) for each in found] == [
        ("Firefox on Windows", 60, True), (UNKNOWN, 30, False)]
    assert sessions.own_sessions(cast.platform, cast.responsible.me)[0].id != me.session


def test_what_has_run_out_is_not_in_the_list(cast: Cast) -> None:
    cast.clock.advance(minutes=31)
    me = sign_in.who_is(cast.platform, come_in(cast))
    assert me is not None and [each.is_this
                               for each in sessions.own_sessions(cast.platform, me)] == [True]


def test_i_end_one_or_all_others(cast: Cast) -> None:
    here, there, elsewhere = (come_in(cast) for _ in range(3))
    me, other = sign_in.who_is(cast.platform, here), sign_in.who_is(cast.platform, there)
    assert me is not None and other is not None
    sessions.end(cast.platform, me, other.session)
    assert sign_in.who_is(cast.platform,
                          there) is None and sign_in.who_is(cast.platform, elsewhere) is not None
    sessions.end_others(cast.platform, me)
    assert (
        sign_in.who_is(cast.platform, elsewhere) is None
        and sign_in.who_is(cast.platform, cast.harmed.token) is None
    )
    assert sign_in.who_is(cast.platform, here) is not None
    assert sign_in.who_is(cast.platform, cast.responsible.token) is not None


@pytest.mark.parametrize("session", [b"", bytes(32), "theirs"])
def test_nobody_ends_somebody_elses(cast: Cast, session: bytes | str) -> None:
    with pytest.raises(NotFound):
        sessions.end(cast.platform, cast.responsible.me,
                     cast.harmed.me.session if isinstance(session, str) else session)
    assert sign_in.who_is(cast.platform, cast.harmed.token) is not None


@pytest.mark.parametrize("minutes", sign_in.IDLE_CHOICES)
def test_the_quiet_time_that_was_chosen_holds(cast: Cast, minutes: int) -> None:
    token = come_in(cast, idle_minutes=minutes)
    cast.clock.advance(minutes=minutes - 1)
    assert sign_in.who_is(cast.platform, token) is not None
    cast.clock.advance(minutes=minutes)
    assert sign_in.who_is(cast.platform, token) is None


def test_half_a_day_is_the_longest_whatever_was_chosen(cast: Cast) -> None:
    token = come_in(cast, idle_minutes=150)
    for _ in range(5):
        cast.clock.advance(minutes=143)
        assert sign_in.who_is(cast.platform, token) is not None
    cast.clock.advance(minutes=6)
    assert sign_in.who_is(cast.platform, token) is None


@pytest.mark.parametrize("minutes", [0, -1, 14, 31, 151, 10**9])
def test_no_other_time_can_be_chosen(cast: Cast, minutes: int) -> None:
    with pytest.raises(NotAcceptable):
        come_in(cast, idle_minutes=minutes)


@pytest.mark.parametrize("changed", ["idle_minutes", "expires_at", "stage"])
def test_a_session_that_was_changed_in_the_row_is_nobodys(cast: Cast,
                                                          attacker: Attacker, changed: str) -> None:
    token = come_in(cast, idle_minutes=15)
    values = {"idle_minutes": 150, "expires_at": cast.clock() + timedelta(days=3),
              "stage": "password"}
    attacker.run(update(SessionRow).values({changed: values[changed]}))
    assert sign_in.who_is(cast.platform, token) is None


def test_a_device_that_somebody_wrote_into_the_row_is_not_shown(
    cast: Cast, attacker: Attacker
) -> None:
    attacker.run(update(SessionRow).values(device="I know where you live on Windows"))
    assert {each.device
            for each in sessions.own_sessions(cast.platform, cast.harmed.me)} == {UNKNOWN}


def test_rows_go_a_week_after_they_ran_out(cast: Cast, attacker: Attacker) -> None:
    cast.clock.advance(days=7, hours=11)
    sessions.forget_old(cast.platform)
    assert attacker.rows(SessionRow)
    cast.clock.advance(hours=2)
    sessions.forget_old(cast.platform)
    assert not attacker.rows(SessionRow)
