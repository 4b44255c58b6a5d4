"""What the server or a person vouches for,
so that nobody who can write to the database can forge it.

The server vouches with an HMAC over a row's meaning, a person with an Ed25519 signature over a
statement that stands by itself.

The directory of public keys, the participants of a case, its team, the direction of a channel and
the number of readers that a letter needs: each carries one. Nothing is sealed to, counted or shown
that is not attested.
"""

import hmac

from keys.context import Field, context
from keys.errors import CannotOpen
from keys.identity import Identity, Verifier


def attest(key: bytes, purpose: str, /, **fields: Field) -> bytes:
    """The 32-byte HMAC-SHA256 over the context of these fields."""
    return hmac.digest(key, context(purpose, **fields), "sha256")


def require(key: bytes, mac: bytes, purpose: str, /, **fields: Field) -> None:
    """Check that ``mac`` attests exactly these fields. Raises ``CannotOpen``."""
    if not hmac.compare_digest(mac, attest(key, purpose, **fields)):
        raise CannotOpen


def lookup(key: bytes, word: str) -> bytes:
    """Find a sign-in name or a code without storing it: HMAC of its normal form, 32 bytes."""
    return hmac.digest(key, word.encode(), "sha256")


def sign(signer: Identity, purpose: str, /, **fields: Field) -> bytes:
    """The signer's 64-byte signature over the context of these fields."""
    return signer.sign(context(purpose, **fields))


def verify(signer: Verifier, signature: bytes, purpose: str, /, **fields: Field) -> None:
    """Check the signer's signature over exactly these fields. Raises ``CannotOpen``."""
    signer.verify(signature, context(purpose, **fields))
