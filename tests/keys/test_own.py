"""What a person keeps for themselves: nobody else can make it, nobody else can open it."""

import os
from uuid import UUID

import pytest

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import Identity
from keys.notes import open_own, seal_own

OWNER, OTHER = Identity(bytes(32)), Identity(b"\1" * 32)
HERE = context("kept save", save=UUID(int=1), person=UUID(int=2), letter=UUID(int=3))
THERE = context("kept save", save=UUID(int=1), person=UUID(int=2), letter=UUID(int=4))


@pytest.mark.parametrize("text", ["", "Words.", "\udcff \u202e 🔑", "x" * 200_000])
def test_the_owner_reads_what_they_kept(text: str) -> None:
    assert open_own(OWNER, HERE, seal_own(OWNER, HERE, text, os.urandom)) == text


def test_nobody_else_opens_it_and_it_opens_nowhere_else() -> None:
    blob = seal_own(OWNER, HERE, "Words.", os.urandom)
    for owner, bound, found in ((OTHER, HERE, blob), (OWNER, THERE, blob), (OWNER, HERE, blob[:-1]),
                                (OWNER, HERE, b""),
                                (OWNER, HERE, blob[:80] + bytes([blob[80] ^ 1]) + blob[81:])):
        with pytest.raises(CannotOpen):
            open_own(owner, bound, found)


def test_the_public_half_is_not_enough_to_make_one() -> None:
    forged = OWNER.recipient.seal(box.pad(b"Words of somebody else.", 4096), HERE)
    with pytest.raises(CannotOpen):
        open_own(OWNER, HERE, forged)


def test_its_length_tells_nothing() -> None:
    assert len(seal_own(OWNER, HERE, "x",
                        os.urandom)) == len(seal_own(OWNER, HERE, "x" * 4000, os.urandom))
