"""The content note: what an author or another reader puts in its place does not open, whichever
field differs."""

import pytest

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import expand, sha256
from keys.notes import NotedVersion, open_content_note
from tests.keys.samples import AUTHOR, KEY, KINDS, STRANGER, Fields, blob, changed, counting

TRUTH = KINDS["content note"].fields


def made(signed: Fields, content: bytes = b"W") -> bytes:
    """A box in its true place, whose signature says something else."""
    signature = AUTHOR.sign(context("content note words", **TRUTH | signed,
                                    text_hash=sha256(content)))
    return box.seal(expand(KEY, b"content note"), context("content note", **TRUTH),
                    signature + content, counting)


def test_what_was_signed_for_another_place_does_not_open() -> None:
    place = NotedVersion(**TRUTH)
    assert open_content_note(made({}), place, AUTHOR.verifier, KEY) == "W"
    for field, value in TRUTH.items():
        with pytest.raises(CannotOpen):
            open_content_note(made({field: changed(value)}), place, AUTHOR.verifier, KEY)


def test_it_is_its_signers_and_words() -> None:
    place = NotedVersion(**TRUTH)
    with pytest.raises(CannotOpen):
        open_content_note(blob("content note"), place, STRANGER.verifier, KEY)
    with pytest.raises(CannotOpen):
        open_content_note(made({}, b"\xff"), place, AUTHOR.verifier, KEY)


def test_the_letters_key_itself_does_not_open_its_box() -> None:
    with pytest.raises(CannotOpen):
        box.open_box(KEY, context("content note", **TRUTH), blob("content note"))
