"""A note's cryptography: its reader, its writer, and that nobody puts words into a writer's
mouth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import sha256
from keys.notes import NotePlace, open_note, seal_note
from tests.keys.samples import AUTHOR, READER, SEALED, STRANGER, WORDS, WRITER, blob, changed
from tests.keys.samples import example as fields_of

FIELDS = SEALED["note"].fields
PLACE = NotePlace(**FIELDS)
TRUTH = FIELDS | {"writer": WRITER, "text_hash": sha256(WORDS.encode())}


def note(signed: dict[str, object], content: bytes = WORDS.encode()) -> bytes:
    """A note sealed where it belongs, whose writer signed this, whatever it says."""
    signature = AUTHOR.sign(context("note words",
                                    **TRUTH | {"text_hash": sha256(content)} | signed))
    return READER.recipient.seal(box.pad(signature + content, box.NOTE_BLOCK),
                                 context("note", **FIELDS))


@given(st.text(st.characters(codec=None), max_size=200))
def test_a_note_comes_out_as_it_went_in(words: str) -> None:
    sealed = seal_note(words, PLACE, WRITER, AUTHOR, READER.recipient)
    assert open_note(sealed, PLACE, WRITER, AUTHOR.verifier, READER) == words


def test_the_signed_note_of_this_test_is_a_real_one() -> None:
    assert open_note(note({}), PLACE, WRITER, AUTHOR.verifier, READER) == WORDS


@pytest.mark.parametrize("field", fields_of("note words"))
def test_the_writers_signature_is_bound_to_every_field(field: str) -> None:
    with pytest.raises(CannotOpen):
        open_note(note({field: changed(TRUTH[field])}), PLACE, WRITER, AUTHOR.verifier, READER)


def test_nobody_puts_words_into_a_writers_mouth() -> None:
    with pytest.raises(CannotOpen):
        open_note(blob("note"), PLACE, WRITER, STRANGER.verifier, READER)
    with pytest.raises(CannotOpen):
        open_note(blob("note"), PLACE, changed(WRITER), AUTHOR.verifier, READER)


@pytest.mark.parametrize("inside", [b"", b"words", bytes(64), box.pad(b"words", 1024)])
def test_what_is_sealed_without_a_signature_is_no_note(inside: bytes) -> None:
    with pytest.raises(CannotOpen):
        open_note(READER.recipient.seal(inside, context("note", **FIELDS)), PLACE, WRITER,
                  AUTHOR.verifier, READER)


def test_what_is_no_text_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        open_note(note({}, b"\xff"), PLACE, WRITER, AUTHOR.verifier, READER)


def test_every_note_that_fits_a_kilobyte_looks_the_same() -> None:
    fits = box.NOTE_BLOCK - len("\x80") - 64
    lengths = {len(seal_note("x" * n, PLACE, WRITER, AUTHOR, READER.recipient))
               for n in (0, 1, 500, fits - 1, fits)}
    assert lengths == {len(blob("note"))}
    assert len(seal_note("x" * (fits + 1), PLACE, WRITER, AUTHOR,
                         READER.recipient)) == len(blob("note")) + 1024
