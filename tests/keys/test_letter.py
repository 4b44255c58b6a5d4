"""A letter's cryptography: who can open it, what its signatures are bound to, and what its size
tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import box, letter
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import sha256
from keys.letter import Place
from tests.keys.samples import (
    AUTHOR,
    BOXED,
    KEY,
    READER,
    RELEASE,
    SEALED,
    STRANGER,
    WORDS,
    blob,
    changed,
    counting,
)
from tests.keys.samples import example as fields_of

FIELDS = BOXED["body"].fields
PLACE = Place(**FIELDS)
PERSON, VERSION, CASE = FIELDS["author"], FIELDS["version"], FIELDS["case"]


def body(signed: dict[str, object], content: bytes) -> bytes:
    """A well-made box whose author signed this, whatever it says."""
    prepared = box.prepare(KEY, context("body", **FIELDS), counting)
    signed = {**FIELDS, "commitment": prepared.commitment, "text_hash": sha256(content)} | signed
    return prepared.close(AUTHOR.sign(context("letter", **signed)) + content, box.LETTER_BLOCK)


@given(st.text(st.characters(codec=None), max_size=200))
def test_a_letter_comes_out_as_it_went_in(text: str) -> None:
    sealed = letter.seal_letter(text, PLACE, AUTHOR, KEY, counting)
    assert letter.open_letter(sealed, PLACE, KEY, AUTHOR.verifier) == text


@pytest.mark.parametrize("text", ["", "\ud83d", "\0", "\x80" * 3, "e\u0301 \u00e9", "🕊" * 2000])
def test_odd_letters_come_out_as_they_went_in(text: str) -> None:
    sealed = letter.seal_letter(text, PLACE, AUTHOR, KEY, counting)
    assert letter.open_letter(sealed, PLACE, KEY, AUTHOR.verifier) == text


def test_the_signed_letter_of_this_test_is_the_real_one() -> None:
    assert body({}, WORDS.encode()) == blob("body")


@pytest.mark.parametrize("field", fields_of("letter"))
def test_the_authors_signature_is_bound_to_every_field(field: str) -> None:
    """Even inside a box that opens, a signature made for another place does not count."""
    truth = FIELDS | {"commitment": box.commitment(blob("body")),
                      "text_hash": sha256(WORDS.encode())}
    with pytest.raises(CannotOpen):
        letter.open_letter(body({field: changed(truth[field])}, WORDS.encode()), PLACE, KEY,
                           AUTHOR.verifier)


def test_a_letter_that_somebody_else_signed_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        letter.open_letter(blob("body"), PLACE, KEY, STRANGER.verifier)


@pytest.mark.parametrize("inside", [b"", b"words", bytes(63), bytes(64), bytes(64) + b"words"])
def test_a_box_without_a_signature_is_no_letter(inside: bytes) -> None:
    sealed = box.seal(KEY, context("body", **FIELDS), inside, counting, box.LETTER_BLOCK)
    with pytest.raises(CannotOpen):
        letter.open_letter(sealed, PLACE, KEY, AUTHOR.verifier)


def test_what_is_no_text_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        letter.open_letter(body({}, b"\xff"), PLACE, KEY, AUTHOR.verifier)


def test_neither_key_alone_opens_a_sealed_release() -> None:
    sealed = letter.seal_release(READER.recipient, PERSON, RELEASE.recipient, KEY, VERSION)
    with pytest.raises(CannotOpen):
        letter.open_own_grant(READER, PERSON, sealed, VERSION)
    with pytest.raises(CannotOpen):
        letter.take_outer_seal_off(READER, PERSON, sealed, VERSION)
    grant = letter.take_outer_seal_off(RELEASE, PERSON, sealed, VERSION)
    with pytest.raises(CannotOpen):
        letter.open_own_grant(RELEASE, PERSON, grant, VERSION)
    assert letter.open_own_grant(READER, PERSON, grant, VERSION) == KEY


def test_a_grant_to_a_person_is_none_to_a_case() -> None:
    to_person = letter.grant_to_person(READER.recipient, CASE, KEY, VERSION)
    to_case = letter.grant_to_case(READER.recipient, CASE, 0, KEY, VERSION)
    with pytest.raises(CannotOpen):
        letter.open_case_grant(READER, CASE, 0, to_person, VERSION)
    with pytest.raises(CannotOpen):
        letter.open_own_grant(READER, CASE, to_case, VERSION)


def test_a_release_sealed_for_one_person_does_not_open_for_another() -> None:
    """The recipient inside the release and the one inside the grant are the same, or nothing
    opens."""
    sealed = SEALED["sealed release"]
    moved = RELEASE.recipient.seal(letter.grant_to_person(READER.recipient, PERSON, KEY, VERSION),
                                   context("sealed release", **sealed.fields))
    with pytest.raises(CannotOpen):
        sealed.open(moved, RELEASE, sealed.fields)


def test_the_digest_is_of_the_place_and_the_body() -> None:
    digests = {letter.digest(blob("body"), PLACE), letter.digest(blob("body")[:-1], PLACE),
               *(letter.digest(blob("body"), Place(**FIELDS | {name: changed(FIELDS[name])}))
                 for name in FIELDS)}
    assert len(digests) == 2 + len(FIELDS)


def test_the_sizes_are_those_of_the_design() -> None:
    assert len(READER.recipient.public) == 1216
    assert len(blob("grant to a person")) == len(blob("grant to a case")) == 1169
    assert len(blob("sealed release")) == 2306
    assert len(blob("body")) == 4177


def test_every_letter_that_fits_four_kilobytes_looks_the_same() -> None:
    fits = box.LETTER_BLOCK - len("\x80") - 64
    tried = {*range(0, fits, 37), fits - 1, fits}
    lengths = {len(letter.seal_letter("x" * length, PLACE, AUTHOR, KEY, counting))
               for length in tried}
    assert lengths == {4177}
    assert len(letter.seal_letter("x" * (fits + 1), PLACE, AUTHOR, KEY, counting)) == 4177 + 4096
