"""Passwords and codes: what a person knows, and what it opens."""

import os
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import Busy, CannotOpen, PasswordTooLong
from keys.identity import expand
from keys.passphrase import (
    MAX_PASSWORD_BYTES,
    Cost,
    Stretched,
    Stretcher,
    new_code,
    normal_code,
    recovery_key,
)

SALT, PEPPER = bytes(range(16)), bytes([9]) * 32
QUICK = Cost(memory_kib=64, passes=1)
STRETCHER = Stretcher(PEPPER, QUICK)


def by_hand(known: bytes, lanes: int, cost: Cost = QUICK) -> Stretched:
    whole = Argon2id(salt=SALT, length=32, iterations=cost.passes, lanes=lanes,
                     memory_cost=cost.memory_kib,
                     secret=PEPPER).derive(known)
    return Stretched(expand(whole, b"verifier"), expand(whole, b"sealing key"))


def test_argon2id_runs_in_one_lane() -> None:
    """More than one deadlocks under threads in this library."""
    assert STRETCHER.stretch("word", SALT) == by_hand(b"word", lanes=1)
    assert STRETCHER.stretch("word", SALT) != by_hand(b"word", lanes=2)


def test_a_guess_costs_what_the_design_says() -> None:
    assert Cost() == Cost(memory_kib=64 * 1024, passes=3)
    assert Stretcher(PEPPER, Cost()).stretch("word", SALT) == by_hand(b"word", lanes=1, cost=Cost())


@pytest.mark.parametrize("stretched", [
    STRETCHER.stretch("Word", SALT),
    STRETCHER.stretch("word ", SALT),
    STRETCHER.stretch("word", bytes(16)),
    Stretcher(bytes(32), QUICK).stretch("word", SALT),
    Stretcher(PEPPER, Cost(memory_kib=128, passes=1)).stretch("word", SALT),
    Stretcher(PEPPER, Cost(memory_kib=64, passes=2)).stretch("word", SALT),
], ids=["letters", "spaces", "salt", "pepper", "memory", "passes"])
def test_all_of_it_counts(stretched: Stretched) -> None:
    ours = STRETCHER.stretch("word", SALT)
    assert not {ours.verifier, ours.sealing_key} & {stretched.verifier, stretched.sealing_key}
    ours.matches(ours.verifier)
    for wrong in (stretched.verifier, ours.sealing_key, b"", ours.verifier[:31]):
        with pytest.raises(CannotOpen):
            ours.matches(wrong)


@given(st.text(max_size=60))
def test_composed_and_decomposed_are_one_password(password: str) -> None:
    forms = {unicodedata.normalize(form, password) for form in ("NFC", "NFD")}
    assert len({STRETCHER.stretch(form, SALT).verifier for form in forms}) == 1


def test_e_acute_can_be_typed_either_way() -> None:
    assert STRETCHER.stretch("caf\u00e9", SALT) == STRETCHER.stretch("cafe\u0301", SALT)
    assert STRETCHER.stretch("caf\u00e9", SALT) != STRETCHER.stretch("cafe", SALT)


@pytest.mark.parametrize("password",
                         ["x" * 1024, "é" * 512, "e\u0301" * 512, "🕊" * 256, "", "\ud83d", "\0"])
def test_a_password_may_be_long_and_odd(password: str) -> None:
    assert len(STRETCHER.stretch(password, SALT).verifier) == 32


@pytest.mark.parametrize("password", ["x" * 1025, "é" * 512 + "x", "🕊" * 256 + "x", "x" * 100_000])
def test_a_password_has_an_end(password: str) -> None:
    assert len(password.encode()) > MAX_PASSWORD_BYTES
    with pytest.raises(PasswordTooLong):
        STRETCHER.stretch(password, SALT)


def test_eight_sign_ins_at_once_finish() -> None:
    stretcher = Stretcher(PEPPER, Cost(), patience=60)
    with ThreadPoolExecutor(8) as threads:
        stretched = [*threads.map(stretcher.stretch, map(str, range(8)), [SALT] * 8, timeout=60)]
    assert len({each.verifier for each in stretched}) == 8


def test_a_crowd_is_told_to_come_back_and_finds_its_turn_again() -> None:
    stretcher = Stretcher(PEPPER, QUICK, at_once=2, patience=0)
    with stretcher._turn(), stretcher._turn(), pytest.raises(Busy):
        stretcher.stretch("word", SALT)
    assert stretcher.stretch("word", SALT) == STRETCHER.stretch("word", SALT)


def test_who_fails_gives_their_turn_back() -> None:
    stretcher = Stretcher(PEPPER, QUICK, at_once=1, patience=0)
    with pytest.raises(ValueError):
        stretcher.stretch("word", b"")
    assert stretcher.stretch("word", SALT) == STRETCHER.stretch("word", SALT)


@given(st.integers(1, 12))
def test_a_code_can_be_read_from_paper(groups: int) -> None:
    code = new_code(os.urandom, groups)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4})*", code)
    assert len(code.split("-")) == groups
    assert normal_code(code) == code.replace("-", "")


def test_a_code_has_140_bits_evenly_spread() -> None:
    """Five bits a mark; each of the 32 marks stands for eight bytes."""
    assert len(normal_code(new_code(os.urandom))) * 5 == 140
    marks = normal_code(new_code(lambda _: bytes(range(256)), groups=64))
    assert {marks.count(mark) for mark in marks} == {8} and len({*marks}) == 32


@pytest.mark.parametrize("typed", [
    "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV", "0123456789abcdefghjkmnpqrstv",
    " O123 4567 89ab cdef ghjk mnpq rstv\n",
    "ol23-4567-89AB-CDEF-GHJK-MNPQ-RSTV", "OI23\t4567--89AB-CDEF-GHJK-MNPQ-RSTV",
])
def test_a_code_may_be_typed_as_it_was_read(typed: str) -> None:
    assert recovery_key(typed) == recovery_key(new_code(lambda number: bytes(range(number))))


@pytest.mark.parametrize("between", [
    "\u2013", "\u2014", "\u2212", "\u2010", "\u2011", "\u00a0", "\u202f", "\u200b",
    "\u00ad", "\uff0d", "\u2060\n", ".", " \u2013 ",
], ids=ascii)
def test_a_code_may_be_pasted_from_where_signs_were_changed(between: str) -> None:
    """Word processors and chats make other signs of hyphens, and add some that nobody sees."""
    code = new_code(lambda number: bytes(range(number)))
    wide = code.translate({ord(mark): ord(mark) + 0xFEE0 for mark in code})
    for pasted in (code, wide, code.lower()):
        typed = f"\ufeff{pasted.replace('-', between)}."
        assert recovery_key(typed) == recovery_key(code), ascii(typed)


def test_figures_of_other_scripts_are_figures() -> None:
    assert normal_code("\u0661\u0662\u0663 \u096a\u096b\u096c") == "123456"
    assert normal_code("\ud800A\u00e9") == "A\u00c9", "another letter stays another letter"


@given(st.binary(min_size=28, max_size=28), st.binary(min_size=28, max_size=28))
def test_each_code_gives_a_key_of_its_own(one: bytes, other: bytes) -> None:
    codes = [new_code(lambda _, marks=marks: marks) for marks in (one, other)]
    assert (recovery_key(codes[0]) == recovery_key(codes[1])) == (codes[0] == codes[1])
    assert len(recovery_key(codes[0])) == 32
