"""Golden vectors: what was sealed yesterday opens tomorrow, byte for byte."""

import hmac
import json
from pathlib import Path
from uuid import UUID

import pytest

from keys.context import PURPOSES, context
from keys.identity import expand
from tests.keys import make_vectors
from tests.keys.samples import INSIDE_OTHERS, KINDS

GOLDEN = json.loads(Path(__file__).with_name("vectors.json").read_text())
READ = {UUID: UUID, int: int, bytes: bytes.fromhex, str: str}


@pytest.fixture(scope="module")
def anew() -> dict[str, str]:
    return make_vectors.exact()


def test_every_purpose_has_its_vectors() -> None:
    assert GOLDEN["contexts"].keys() == PURPOSES.keys()
    assert {kind.purpose for kind in KINDS.values()} | INSIDE_OTHERS == PURPOSES.keys()
    assert KINDS.keys() <= GOLDEN["exact"].keys() | GOLDEN["opens"].keys()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_context_stays_as_it_was(purpose: str) -> None:
    golden = GOLDEN["contexts"][purpose]
    fields = {name: READ[kind](golden["fields"][name]) for name, kind in PURPOSES[purpose]}
    assert [*golden["fields"]] == [*fields]
    assert context(purpose, **fields).hex() == golden["context"]


@pytest.mark.parametrize("name", GOLDEN["exact"])
def test_what_has_no_randomness_comes_out_as_it_was(name: str, anew: dict[str, str]) -> None:
    assert anew[name] == GOLDEN["exact"][name]


@pytest.mark.parametrize("name", KINDS)
def test_what_was_sealed_still_opens(name: str) -> None:
    kind, sealed = KINDS[name], (GOLDEN["exact"] | GOLDEN["opens"])[name]
    assert kind.open(bytes.fromhex(sealed), kind.key, kind.fields) == kind.inside


def test_making_them_anew_makes_all_of_them(anew: dict[str, str]) -> None:
    assert anew.keys() == GOLDEN["exact"].keys()
    assert make_vectors.opening().keys() == GOLDEN["opens"].keys()
    assert make_vectors.contexts() == GOLDEN["contexts"]


def test_expanding_is_what_rfc_5869_says() -> None:
    def block(before: bytes, number: int) -> bytes:
        return hmac.digest(bytes(32), before + b"rjx1 ml-kem" + bytes([number]), "sha256")
    assert expand(bytes(32), b"ml-kem", 64) == block(b"", 1) + block(block(b"", 1), 2)
