"""What the server vouches for, and how it finds what it does not store. Every field is tried in
test_altered."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import vouching
from keys.context import context
from keys.errors import CannotOpen
from tests.keys.samples import ATTESTED, KEY, OTHER_KEY

FIELDS = ATTESTED["person"].fields


def test_it_is_an_hmac_over_the_context() -> None:
    expected = hmac.new(KEY, context("person", **FIELDS), hashlib.sha256).digest()
    assert vouching.attest(KEY, "person", **FIELDS) == expected
    vouching.require(KEY, expected, "person", **FIELDS)


@given(st.binary(max_size=64))
def test_nobody_guesses_one(mac: bytes) -> None:
    with pytest.raises(CannotOpen):
        vouching.require(KEY, mac, "person", **FIELDS)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_word_is_found_by_itself_and_by_its_key(word: str, other: str) -> None:
    assert (vouching.lookup(KEY, word) == vouching.lookup(KEY, other)) == (word == other)
    assert vouching.lookup(KEY, word) != vouching.lookup(OTHER_KEY, word)
    assert len(vouching.lookup(KEY, word)) == 32
