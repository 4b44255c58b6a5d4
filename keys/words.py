"""A fingerprint that people can say to each other: six words of the EFF's long list for a digest."""

from functools import cache
from importlib.resources import files

WORDS = 6
"""7,776 words, so six of them tell 77 bits of a digest apart."""


def fingerprint(digest: bytes) -> tuple[str, ...]:
    """The six words for a digest of 32 bytes; ``ValueError`` for any other length."""
    if len(digest) != 32:
        raise ValueError("a digest has 32 bytes")
    number, words, said = int.from_bytes(digest), _words(), []
    for _ in range(WORDS):
        number, place = divmod(number, len(words))
        said.append(words[place])
    return tuple(said)


@cache
def _words() -> tuple[str, ...]:
    return tuple((files("xkcdpass") / "static" / "eff-long").read_text("ascii").split())
