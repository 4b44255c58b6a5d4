"""A signed-in session: one 32-byte token in the cookie gives the row's id and the row's key.

Neither the cookie nor the database is of use without the other.
"""

from dataclasses import dataclass

from keys.identity import expand


@dataclass(frozen=True, repr=False)
class SessionKeys:
    """What a token stands for: the id of its row (32 bytes) and the key
    that opens it (32 bytes)."""

    row: bytes
    key: bytes


def session_keys(token: bytes) -> SessionKeys:
    """Derive both from the 32 bytes in the cookie."""
    return SessionKeys(expand(token, b"session row"), expand(token, b"session key"))
