"""Six words for a digest."""

import pytest

from keys.identity import sha256
from keys.words import fingerprint


def test_six_words_are_the_same_for_ever_and_others_for_another_digest() -> None:
    digest = sha256(b"somebody's key")
    assert len(fingerprint(digest)) == 6
    assert fingerprint(digest) == fingerprint(digest) != fingerprint(sha256(b"another key"))
    assert fingerprint(bytes(32)) == ("abacus",) * 6


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_digest_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        fingerprint(bytes(length))
