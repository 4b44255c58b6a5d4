"""Codes of this service in a letter: by their shape, and nothing that people write."""

import os
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.passphrase import new_code
from letters.screening.finders.codes import codes

CODE = "0A2B-4C6D-8EFG-HJ1K-MN3P-QR5S-TV7W"


@given(st.sampled_from([8, 7, 3]), st.sampled_from(["-", " - ", "\u2013", "\u2011", "-\u200b"]))
def test_a_code_is_found_however_it_was_pasted(groups: int, between: str) -> None:
    code = new_code(os.urandom, groups)
    while sum(part.isalpha() or part.isdigit() for part in code.split("-")) > groups - 2:
        code = new_code(os.urandom, groups)
    assert codes(f"It is {code.replace('-', between).lower()}. Keep it, {code}!") == (code,)


@pytest.mark.parametrize("between", ["", " ", "\n", "\u00a0"])
def test_a_long_code_is_found_without_hyphens(between: str) -> None:
    assert codes(f"({CODE.replace('-', between)})") == (CODE,)


@pytest.mark.parametrize("text", [
    "From 1998-2000-2001 on.", "a half-hour-long walk",
    "that they were here with them when 2019 came",
    "0770-0900-1234", "1234 5678 9012 3456 7890 1234 5678",
    "Call B2C4-C6D8 today", "", CODE + "X", f"{CODE}-{CODE}",
])
def test_what_people_write_is_no_code(text: str) -> None:
    assert codes(text) == ()


@pytest.mark.parametrize("text", ["0A2B-" * 40_000, "0A2B" + " " * 200_000, "A" * 200_000])
def test_the_longest_letter_takes_no_longer_than_it_is_long(text: str) -> None:
    start = process_time()
    codes(text)
    assert process_time() - start < 3
