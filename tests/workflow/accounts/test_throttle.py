"""Guessing gets slow and nobody is shut out: growing delays, alike for names that nobody has,
counted right at once."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from keys.errors import Busy, PasswordTooLong
from keys.passphrase import Cost, Stretched, Stretcher
from letters.rules.errors import PleaseWait, SignInRefused
from letters.storage.tables.accounts import Attempt
from letters.storage.tables.letters import Person
from letters.workflow.accounts import sign_in, throttle
from letters.workflow.platform import Platform
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast
from tests.races.at_once import at_once, kinds

HERE, THERE = (sign_in.Visit(address=address) for address in ("203.0.113.5", "198.51.100.7"))


class Counting(Stretcher):
    """Stretches quickly, and counts."""

    def __init__(self, pepper: bytes) -> None:
        super().__init__(pepper, Cost(memory_kib=64, passes=1), at_once=8)
        self.stretched = 0

    def stretch(self, password: str, salt: bytes) -> Stretched:
        self.stretched += 1
        return super().stretch(password, salt)


@pytest.fixture
def platform(cast: Cast) -> Platform:
    """The house with a stretcher that counts."""
    return replace(cast.platform, stretcher=Counting(cast.platform.keys.pepper))


def guess(platform: Platform, name: str = "harmed", visit: sign_in.Visit = HERE,
          password: str = "wrong") -> int | str:
    """How many seconds to wait, or what came of it."""
    try:
        sign_in.sign_in(platform, name, password, visit)
    except PleaseWait as wait:
        return wait.seconds
    except SignInRefused:
        return "refused"
    return "in"


@pytest.mark.parametrize("name", ["harmed", "first", "nobody at all", "ab", ""])
def test_known_and_unknown_names_wait_alike(cast: Cast, platform: Platform, name: str) -> None:
    told = []
    for _ in range(12):
        told.append(guess(platform, name))
        told.append(waited := guess(platform, name))
        if isinstance(waited, int):
            cast.clock.advance(seconds=waited)
    assert told == ["refused"] * 3 + [1] + [word
                                            for seconds in (2, 4, 8, 16, 32, 60, 60, 60, 60, 60)
                                            for word in ("refused", seconds)]
    assert platform.stretcher.stretched == told.count("refused")  # type: ignore[attr-defined]


@pytest.mark.both_databases
def test_the_right_password_waits_too_and_then_clears_it(
    cast: Cast, platform: Platform, attacker: Attacker
) -> None:
    for _ in range(3):
        guess(platform)
    assert guess(platform, password=PASSWORD) == 1
    cast.clock.advance(seconds=1)
    assert guess(platform, password=PASSWORD) == "in"
    assert not [row for row in attacker.rows(Attempt) if row["failures"]]
    assert [guess(platform) for _ in range(4)] == ["refused"] * 3 + [1]


def test_a_stranger_cannot_shut_a_survivor_out_for_more_than_a_minute(
    cast: Cast, platform: Platform
) -> None:
    for _ in range(24):
        waited = guess(platform, visit=THERE)
        cast.clock.advance(seconds=waited if isinstance(waited, int) else 0)
    guess(platform, visit=THERE)
    assert guess(platform, password=PASSWORD, visit=HERE) == 60
    for _ in range(61):  # the stranger goes on, every second
        guess(platform, visit=THERE)
        cast.clock.advance(seconds=1)
    cast.clock.advance(seconds=1)
    guess(platform, visit=THERE)
    assert guess(platform, password=PASSWORD, visit=HERE) == "in"


def test_on_a_device_of_theirs_nobody_waits_for_others(cast: Cast, platform: Platform) -> None:
    """Whoever knows the name goes on for as long as they like, from everywhere: they are one
    place."""
    own = sign_in.Visit(devices=(throttle.new_device(platform, "harmed"),))
    for _ in range(40):
        guess(platform, visit=sign_in.Visit())
        assert guess(platform, password=PASSWORD, visit=own) == "in"
        cast.clock.advance(seconds=5)
    assert guess(platform, password=PASSWORD,
                 visit=sign_in.Visit()) not in ("in", "refused"), "others go on waiting"


def test_a_device_is_slow_for_its_own_tries(platform: Platform) -> None:
    """Whoever has it in hand guesses no quicker than anywhere else, and slows nobody else."""
    own = sign_in.Visit(devices=(throttle.new_device(platform, "harmed"),))
    assert [guess(platform, visit=own) for _ in range(4)] == ["refused"] * 3 + [1]
    assert guess(platform, password=PASSWORD) == "in"


@pytest.mark.parametrize("made_up", ["another's", "altered", "short", "nothing"])
def test_a_mark_that_was_not_made_for_this_name_is_none(platform: Platform, made_up: str) -> None:
    true = throttle.new_device(platform, "harmed")
    token = {"another's": throttle.new_device(platform, "responsible"),
             "altered": true[:-1] + bytes([true[-1] ^ 1]),
             "short": true[:20], "nothing": b""}[made_up]
    own = sign_in.Visit(devices=(token,))
    for _ in range(3):
        guess(platform)
    assert guess(platform, password=PASSWORD, visit=own) == 1


def test_waiting_gives_one_try_a_minute_and_not_more(cast: Cast, platform: Platform) -> None:
    for _ in range(24):
        waited = guess(platform, visit=THERE)
        cast.clock.advance(seconds=waited if isinstance(waited, int) else 0)
    platform.stretcher.stretched = 0  # type: ignore[attr-defined]
    for _ in range(60):
        guess(platform, visit=HERE)
        guess(platform, visit=THERE)
        cast.clock.advance(seconds=10)
    assert 10 <= platform.stretcher.stretched <= 22  # type: ignore[attr-defined]


def test_another_account_is_not_slowed(cast: Cast, platform: Platform) -> None:
    for _ in range(5):
        guess(platform, "harmed")
    assert guess(platform, "responsible", password=PASSWORD) == "in"


def test_it_fades_after_a_day_and_leaves_nothing(cast: Cast, platform: Platform,
                                                 attacker: Attacker) -> None:
    for _ in range(8):
        waited = guess(platform)
        cast.clock.advance(seconds=waited if isinstance(waited, int) else 0)
    cast.clock.advance(days=1)
    assert [guess(platform) for _ in range(4)] == ["refused"] * 3 + [1]
    cast.clock.advance(days=1, minutes=2)
    guess(platform, "somebody else")
    assert len(attacker.rows(Attempt)) == 1


@pytest.mark.parametrize("turn", range(3))
def test_eight_at_once_count_right(platform: Platform, attacker: Attacker, turn: int) -> None:
    told = at_once(*[lambda: sign_in.sign_in(platform, "harmed", "wrong", THERE)] * 8)
    assert kinds(told) == ["PleaseWait"] * 5 + ["SignInRefused"] * 3
    assert max(row["failures"] for row in attacker.rows(Attempt)) == 3


def test_a_burst_is_told_no_more_than_one_after_another(platform: Platform) -> None:
    """The right guess among the others is of no use to who sends them all at once."""
    guesses = [*["wrong"] * 30, PASSWORD]
    for _ in range(3):
        guess(platform)
    told = at_once(*[lambda word=word: sign_in.sign_in(platform, "harmed", word, THERE)
                     for word in guesses])
    assert kinds(told) == ["PleaseWait"] * 31


@pytest.mark.parametrize("refusal", [Busy, PasswordTooLong])
def test_what_was_not_looked_at_is_not_counted(cast: Cast, refusal: type[Exception],
                                               attacker: Attacker) -> None:
    class Refusing(Stretcher):
        def stretch(self, password: str, salt: bytes) -> Stretched:
            raise refusal

    platform = replace(cast.platform, stretcher=Refusing(b"", Cost(64, 1)))
    for _ in range(9):
        with pytest.raises(refusal):
            sign_in.sign_in(platform, "harmed", "wrong")
    assert [row["failures"] for row in attacker.rows(Attempt)] == [0]


ROWS = {"a time that is far off": {"last_at": timedelta(days=900)},
        "so many": {"failures": 2**31 - 2},
        "fewer than none": {"failures": -5}}


@pytest.mark.parametrize("attack", ROWS)
def test_a_row_that_was_written_into_shuts_nobody_out(
        cast: Cast, platform: Platform, attacker: Attacker, attack: str) -> None:
    for _ in range(3):
        guess(platform)
    attacker.run(update(Attempt).values({name: cast.clock() + value
                                         if isinstance(value, timedelta) else value
                                         for name, value in ROWS[attack].items()}))
    for _ in range(2):
        with suppress(AssertionError):
            assert guess(platform, password=PASSWORD) == "in"
            return
        cast.clock.advance(seconds=60)
    pytest.fail("shut out")


def test_a_facilitator_sees_that_somebody_is_failing_and_nothing_more(
    cast: Cast, platform: Platform
) -> None:
    for name in ("harmed",) * 5 + ("responsible",) * 2:
        waited = guess(platform, name)
        cast.clock.advance(seconds=waited if isinstance(waited, int) else 0)
    with platform.reading() as db:
        people = [db.get_one(Person, player.id)
                  for player in (cast.harmed, cast.responsible, cast.first)]
        assert throttle.failing(platform, db, people) == {cast.harmed.id: 4}
    cast.clock.advance(days=1)
    with platform.reading() as db:
        assert throttle.failing(platform, db, people) == {}


def test_nothing_in_the_table_names_anybody(platform: Platform, attacker: Attacker) -> None:
    for _ in range(4):
        guess(platform, "harmed")
    for row in attacker.rows(Attempt):
        assert (len(row["lookup"]) == 32 and b"harmed" not in row["lookup"]
                and b"203.0" not in row["lookup"])
