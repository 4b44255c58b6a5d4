"""What must not open: altered, cut short, moved elsewhere, or tried with another key. One error
tells it all."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keys.errors import CannotOpen
from tests.keys.samples import KINDS, blob, changed, opens

SHORT, HEAD, TAIL = 200, 128, 64
"""Bytes: a blob this short is tried bit by bit; of a longer one, its beginning and its end."""


@pytest.mark.parametrize("name", KINDS)
def test_it_opens_where_it_belongs(name: str) -> None:
    kind = KINDS[name]
    assert kind.open(blob(name), kind.key, kind.fields) == kind.inside


@pytest.mark.parametrize("name", KINDS)
def test_every_field_is_bound(name: str) -> None:
    kind = KINDS[name]
    assert [field for field in kind.fields
            if opens(name, blob(name), kind.fields | {field: changed(kind.fields[field])})] == []


@pytest.mark.parametrize("name", KINDS)
def test_the_wrong_key_opens_nothing(name: str) -> None:
    kind = KINDS[name]
    with pytest.raises(CannotOpen):
        kind.open(blob(name), kind.wrong_key, kind.fields)


@pytest.mark.parametrize("name", KINDS)
def test_one_kind_never_opens_as_another(name: str) -> None:
    assert [other for other in KINDS if opens(other, blob(name))] == [name]


@pytest.mark.parametrize("name", KINDS)
def test_no_byte_can_be_flipped(name: str) -> None:
    """Every bit of the beginning and the end, where formats, lengths and tags lie; one bit of each
    16th byte between.

    One more is the highest bit of an X25519 share, at 1120, which the curve by itself would ignore.
    """
    whole = blob(name)
    between = range(HEAD, len(whole) - TAIL) if len(whole) >= SHORT else range(0)
    flips = [(i, 0x80 >> bit) for i in range(len(whole)) if i not in between for bit in range(8)]
    flips += [(i, 0x80 >> i // 16 % 8) for i in between[::16]]
    flips += [(1120, 0x80)] * (1120 in between)
    assert [flip for flip in flips if opens(name, flipped(whole, *flip))] == []


@pytest.mark.parametrize("name", KINDS)
def test_nothing_can_be_cut_off_or_added(name: str) -> None:
    whole = blob(name)
    step = 1 if len(whole) < SHORT else 7
    cuts = [*(whole[:end] for end in range(0, len(whole), step)), whole[:-1], whole[1:],
            whole + b"\0", whole * 2]
    assert [len(cut) for cut in cuts if opens(name, cut)] == []


@given(st.sampled_from([*KINDS]), st.binary(max_size=80), st.data())
def test_no_part_can_be_put_in_place_of_another(name: str, patch: bytes,
                                                data: st.DataObject) -> None:
    whole = blob(name)
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    altered = whole[:start] + patch + whole[end:]
    assume(altered != whole)
    assert not opens(name, altered)


def flipped(whole: bytes, place: int, mask: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1:]
