"""The context is injective: it can be read back, so no two are alike."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.context import PURPOSES, context
from tests.keys.samples import changed, example

Call = tuple[str, dict[str, Any]]
VALUES = {UUID: st.uuids(), int: st.integers(0, 2**63 - 1), bytes: st.binary(max_size=80),
          str: st.text(st.characters(max_codepoint=127), max_size=40)}
CALLS = st.sampled_from([*PURPOSES]).flatmap(lambda purpose: st.tuples(
    st.just(purpose),
    st.fixed_dictionaries({name: VALUES[kind] for name, kind in PURPOSES[purpose]})))
PLACES = [(purpose, name) for purpose in PURPOSES for name in example(purpose)]


def read_back(encoded: bytes) -> Call:
    """The left inverse of ``context``."""
    assert encoded[:4] == b"rjx1"
    rest, values = encoded[4:], []
    read = {b"p": bytes.decode, b"u": lambda v: UUID(bytes=v), b"i": int.from_bytes, b"b": bytes,
            b"a": bytes.decode}
    while rest:
        end = 5 + int.from_bytes(rest[1:5])
        values.append(read[rest[:1]](rest[5:end]))
        rest = rest[end:]
    purpose = values.pop(0)
    return purpose, dict(zip((name for name, _ in PURPOSES[purpose]), values, strict=True))


@given(CALLS)
def test_it_can_be_read_back(call: Call) -> None:
    assert read_back(context(call[0], **call[1])) == call


@given(CALLS, CALLS)
def test_two_calls_never_give_the_same_bytes(one: Call, other: Call) -> None:
    assert (context(one[0], **one[1]) == context(other[0], **other[1])) == (one == other)


@given(st.binary(max_size=9), st.binary(max_size=9), st.binary(max_size=9), st.binary(max_size=9))
def test_nothing_slides_from_one_field_into_the_next(a: bytes,
                                                     b: bytes, c: bytes, d: bytes) -> None:
    fields = example("public key")
    one, other = fields | {"sealing": a, "verifying": b}, fields | {"sealing": c, "verifying": d}
    assert (context("public key", **one) == context("public key", **other)) == ((a, b) == (c, d))


def test_it_is_what_is_written_down() -> None:
    assert context("person", person=UUID(int=9), role="harmed") == (
        b"rjx1" b"p\0\0\0\x06person" b"u\0\0\0\x10" + bytes(15) + b"\x09" b"a\0\0\0\x06harmed")
    assert context("root by password", person=UUID(int=9),
                   serial=258)[-13:] == b"i\0\0\0\x08" + bytes(6) + b"\x01\x02"


def refusal(purpose: str, fields: dict[str, Any]) -> type[Exception] | None:
    """How the context of these fields is refused."""
    try:
        context(purpose, **fields)
    except (TypeError, ValueError) as refused:
        return type(refused)
    return None


def test_every_field_counts() -> None:
    assert [(purpose, name) for purpose, name in PLACES if (fields := example(purpose)) and context(
        purpose, **fields) == context(purpose, **fields | {name: changed(fields[name])})] == []


def test_no_field_can_be_left_out_or_be_of_another_type() -> None:
    wrong = []
    for purpose, name in PLACES:
        fields = example(purpose)
        without = {other: value for other, value in fields.items() if other != name}
        found = [refusal(purpose, tried)
                 for tried in (without, fields | {name: 1.5}, fields | {name: True})]
        if found != [ValueError, TypeError, TypeError]:
            wrong.append((purpose, name, found))
    assert wrong == []


def test_no_field_can_be_added() -> None:
    with pytest.raises(ValueError):
        context("name", person=UUID(int=9), more=1)


@pytest.mark.parametrize("serial", [-1, 2**63])
def test_integers_have_bounds(serial: int) -> None:
    with pytest.raises(ValueError):
        context("root by password", person=UUID(int=9), serial=serial)


def test_text_is_ascii() -> None:
    with pytest.raises(ValueError):
        context("person", person=UUID(int=9), role="geschädigt")


def test_a_purpose_must_be_registered() -> None:
    with pytest.raises(KeyError):
        context("love letter")
