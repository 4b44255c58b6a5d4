"""The box: it gives back what was put in, hides how long that was, and never opens under two
keys."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from keys import box
from keys.errors import CannotOpen
from tests.keys.samples import KEY, OTHER_KEY, counting

TEXTS = st.binary(max_size=300)
CONTEXTS = st.binary(max_size=60)
KEYS = st.binary(min_size=32, max_size=32)
BLOCKS = st.sampled_from([1, 16, box.NAME_BLOCK, box.NOTE_BLOCK, box.LETTER_BLOCK])


@given(KEYS, CONTEXTS, TEXTS, KEYS, BLOCKS)
def test_it_gives_back_what_was_put_in(key: bytes, place: bytes, text: bytes, salt: bytes,
                                       block: int) -> None:
    blob = box.seal(key, place, text, lambda _: salt, block)
    assert box.open_box(key, place, blob) == text
    assert (len(blob) - 1 - 32 - 32 - 16) % block == 0


@given(KEYS, KEYS, CONTEXTS, CONTEXTS)
def test_it_opens_under_its_own_key_and_context_alone(key: bytes, other: bytes,
                                                      place: bytes, elsewhere: bytes) -> None:
    blob = box.seal(key, place, b"words", counting)
    if (key, place) != (other, elsewhere):
        with pytest.raises(CannotOpen):
            box.open_box(other, elsewhere, blob)


@given(TEXTS, BLOCKS)
def test_padding_comes_off_again(text: bytes, block: int) -> None:
    padded = box.pad(text, block)
    assert box.unpad(padded) == text
    assert len(padded) % block == 0 and 0 < len(padded) - len(text) <= block


@pytest.mark.parametrize("padded",
                         [b"", b"\0", bytes(16), b"words", b"words\x80\0\1", b"words\x81\0"])
def test_what_is_not_padded_is_refused(padded: bytes) -> None:
    with pytest.raises(CannotOpen):
        box.unpad(padded)


@pytest.mark.parametrize("block", [box.NAME_BLOCK, box.NOTE_BLOCK, box.LETTER_BLOCK])
def test_every_text_that_fits_a_block_looks_the_same(block: int) -> None:
    lengths = {len(box.seal(KEY, b"", bytes(length), counting, block)) for length in range(block)}
    assert lengths == {1 + 32 + 32 + block + 16}
    assert len(box.seal(KEY, b"", bytes(block), counting, block)) == 1 + 32 + 32 + 2 * block + 16


def test_it_is_what_is_written_down() -> None:
    derived = HKDF(SHA256(), length=64, salt=counting(32), info=b"rjx1 box" b"here").derive(KEY)
    sealed = AESGCM(derived[:32]).encrypt(bytes(12), b"words\x80\0\0", b"here")
    blob = b"\x01" + counting(32) + derived[32:] + sealed
    assert box.seal(KEY, b"here", b"words", counting, 8) == blob
    assert box.commitment(blob) == box.prepare(KEY, b"here", counting).commitment == derived[32:]


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_has_32_bytes(length: int) -> None:
    with pytest.raises(CannotOpen):
        box.prepare(bytes(length), b"", counting)
    with pytest.raises(CannotOpen):
        box.open_box(bytes(length), b"", box.seal(KEY, b"", b"words", counting))


def test_a_text_made_for_two_keys_opens_under_one_alone() -> None:
    """AES-GCM by itself commits to no key: one ciphertext can be made that is genuine under two.
    The box refuses it."""
    one, other = box.prepare(KEY, b"here", counting), box.prepare(OTHER_KEY, b"here", counting)
    sealed = genuine_under_both(one.subkey, other.subkey, b"here")
    for subkey in (one.subkey, other.subkey):
        assert len(AESGCM(subkey).decrypt(bytes(12), sealed, b"here")) == 32
    blob = b"\x01" + one.salt + one.commitment + sealed
    assert len(box.open_box(KEY, b"here", blob)) == 16
    with pytest.raises(CannotOpen):
        box.open_box(OTHER_KEY, b"here", blob)
    with pytest.raises(CannotOpen):
        box.open_box(KEY, b"here", b"\x01" + one.salt + other.commitment + sealed)


def genuine_under_both(one: bytes, other: bytes, ad: bytes) -> bytes:
    """Two blocks and a tag that AES-GCM takes under either key; under the first, the second block
    is padding.

    The tags are linear in the first block: T = x·H³ + rest, so x = (rest + rest') / (H³ + H'³)
    makes them equal. """
    second = int.from_bytes(b"\x80" + bytes(15)) ^ aes(one, 3)
    rests, cubes = [], []
    for key in (one, other):
        h = aes(key, None)
        square = times(h, h)
        cubes.append(times(square, h))
        lengths = (len(ad) * 8 << 64) | 32 * 8
        header = times(int.from_bytes(ad.ljust(16, b"\0")), times(square, square))
        rests.append(header ^ times(second, square) ^ times(lengths, h) ^ aes(key, 1))
    first = times(rests[0] ^ rests[1], inverse(cubes[0] ^ cubes[1]))
    tag = times(first, cubes[0]) ^ rests[0]
    return b"".join(number.to_bytes(16) for number in (first, second, tag))


def aes(key: bytes, counter: int | None) -> int:
    """One block: of the zero nonce with this counter, or of zeros."""
    block = bytes(16) if counter is None else bytes(12) + counter.to_bytes(4)
    return int.from_bytes(Cipher(algorithms.AES256(key), modes.ECB()).encryptor().update(block))


def times(a: int, b: int) -> int:
    """The product in the field of GHASH, where the highest bit is the constant term."""
    product = 0
    for bit in reversed(range(128)):
        product ^= a * (b >> bit & 1)
        a = (a >> 1) ^ (0xE1 << 120) * (a & 1)
    return product


def inverse(a: int) -> int:
    """a to the power 2**128 - 2."""
    result = 1 << 127
    for _ in range(127):
        a = times(a, a)
        result = times(result, a)
    return result
