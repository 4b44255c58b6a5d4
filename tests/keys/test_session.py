"""A session: the cookie gives the row's id and its key. The box in the row is tried in
test_altered."""

from hypothesis import given
from hypothesis import strategies as st

from keys.identity import expand
from keys.session import session_keys

TOKENS = st.binary(min_size=32, max_size=32)


@given(TOKENS, TOKENS)
def test_each_token_has_a_row_and_a_key_of_its_own(token: bytes, other: bytes) -> None:
    ours, theirs = session_keys(token), session_keys(other)
    assert len({token, ours.row, ours.key}) == 3
    assert (ours == theirs) == (token == other)


def test_they_come_from_the_labels() -> None:
    assert session_keys(bytes(32)).row == expand(bytes(32), b"session row")
    assert session_keys(bytes(32)).key == expand(bytes(32), b"session key")
