"""Who can be sealed to, who can open, who signed."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import CannotOpen
from keys.identity import Identity, Recipient, Verifier, Verifiers, expand, sha256
from tests.keys.samples import AUTHOR, READER, STRANGER

ROOTS = st.binary(min_size=32, max_size=32)


@given(ROOTS, st.binary(max_size=99), st.binary(max_size=99))
def test_what_is_sealed_to_somebody_they_can_open(root: bytes, secret: bytes, place: bytes) -> None:
    sealed = Recipient(Identity(root).recipient.public).seal(secret, place)
    assert Identity(root).open(sealed, place) == secret
    assert len(sealed) == len(secret) + 1 + 1088 + 32 + 16


@given(ROOTS, st.binary(max_size=99))
def test_what_somebody_signs_is_theirs(root: bytes, words: bytes) -> None:
    identity = Identity(root)
    Verifier(identity.verifier.public).verify(identity.sign(words), words)
    with pytest.raises(CannotOpen):
        identity.verifier.verify(identity.sign(words), words + b".")


def test_the_keys_come_from_the_labels() -> None:
    root = AUTHOR.root
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expand(root, b"ml-kem",
                                                      64)).public_key().public_bytes_raw()
    x25519 = X25519PrivateKey.from_private_bytes(expand(root,
                                                        b"x25519")).public_key().public_bytes_raw()
    ed25519 = (Ed25519PrivateKey.from_private_bytes(expand(root,
                                                          b"ed25519")).public_key()
               .public_bytes_raw())
    assert (AUTHOR.recipient.public, AUTHOR.verifier.public) == (mlkem + x25519, ed25519)
    assert AUTHOR.kid == AUTHOR.recipient.kid == sha256(mlkem, x25519)
    assert len(AUTHOR.recipient.public) == 1216


def test_nobody_else_opens_it() -> None:
    sealed = READER.recipient.seal(b"secret", b"here")
    for other in (AUTHOR, STRANGER):
        with pytest.raises(CannotOpen):
            other.open(sealed, b"here")
    with pytest.raises(CannotOpen):
        READER.open(sealed, b"there")


def test_sealing_twice_gives_nothing_away() -> None:
    assert READER.recipient.seal(b"secret", b"here") != READER.recipient.seal(b"secret", b"here")


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_root_has_32_bytes(length: int) -> None:
    with pytest.raises(CannotOpen):
        Identity(bytes(length))


@pytest.mark.parametrize("public",
                         [b"", bytes(1183), bytes(1184), bytes(1215), bytes(1217), b"\xff" * 1216])
def test_what_is_no_public_key_cannot_be_sealed_to(public: bytes) -> None:
    with pytest.raises(CannotOpen):
        Recipient(public)


def test_a_point_of_low_order_cannot_be_sealed_to() -> None:
    with pytest.raises(CannotOpen):
        Recipient(READER.recipient.public[:1184] + bytes(32)).seal(b"secret", b"here")


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33)])
def test_what_is_no_verifying_key_verifies_nothing(public: bytes) -> None:
    with pytest.raises(CannotOpen):
        Verifier(public)


def test_what_somebody_signed_with_any_of_their_keys_is_theirs() -> None:
    keys = Verifiers(*(identity.verifier.public for identity in (AUTHOR, READER)))
    assert keys.public == AUTHOR.verifier.public
    for identity in (AUTHOR, READER):
        keys.verify(identity.sign(b"words"), b"words")
        with pytest.raises(CannotOpen):
            keys.verify(identity.sign(b"words"), b"other words")
    with pytest.raises(CannotOpen):
        keys.verify(STRANGER.sign(b"words"), b"words")
    with pytest.raises(CannotOpen):
        Verifiers(AUTHOR.verifier.public, b"no key")


def test_a_key_is_named_by_both_its_halves() -> None:
    identity = Identity(bytes(range(32)))
    assert identity.both_halves == sha256(identity.recipient.public, identity.verifier.public)
    assert identity.both_halves != identity.kid
