"""Fingerprint words: the same for the same digest, others for another, and words that can be
said."""

import pytest

from keys.identity import fingerprint, sha256


def test_golden() -> None:
    assert fingerprint(bytes(32)) == ("abacus",) * 7
    assert fingerprint(sha256(b"rjx1")) == ("diploma", "gliding", "travel", "bauble", "fresh",
                                            "acclaim", "garden")


def test_seven_words_of_plain_letters() -> None:
    for number in range(200):
        words = fingerprint(sha256(bytes([number])))
        assert len(words) == 7
        assert all(3 <= len(word) <= 10 and word.isalpha() and word.islower()
                   for word in words)


def test_no_two_are_alike() -> None:
    assert len({fingerprint(sha256(number.to_bytes(2))) for number in range(5000)}) == 5000


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_only_a_digest_has_words(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        fingerprint(bytes(length))
