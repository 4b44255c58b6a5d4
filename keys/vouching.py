"""What the server or a person vouches for, so that nobody who can write to the database can forge it.

The server's is an HMAC over a row's meaning, a person's an Ed25519 signature for a statement that stands by itself.

The directory of public keys, who takes part in a case, who is in its team, which way a channel runs and how many
readers a letter needs all carry one. Nothing is sealed to, counted or shown that is not attested.
"""

import hmac

from keys.context import Field, context
from keys.errors import CannotOpen
from keys.identity import Identity, Verifier


def attest(key: bytes, purpose: str, /, **fields: Field) -> bytes:
    """The 32-byte HMAC-SHA256 over the context of these fields."""
    return hmac.digest(key, context(purpose, **fields), "sha256")


def require(key: bytes, mac: bytes, purpose: str, /, **fields: Field) -> None:
    """Return if ``mac`` attests exactly these fields, else raise ``CannotOpen``."""
    if not hmac.compare_digest(mac, attest(key, purpose, **fields)):
        raise CannotOpen


def lookup(key: bytes, word: str) -> bytes:
    """Find a sign-in name or a code without storing it: HMAC of its normal form, 32 bytes."""
    return hmac.digest(key, word.encode(), "sha256")


def sign(signer: Identity, purpose: str, /, **fields: Field) -> bytes:
    """The signer's 64-byte signature over the context of these fields."""
    return signer.sign(context(purpose, **fields))


def verify(signer: Verifier, signature: bytes, purpose: str, /, **fields: Field) -> None:
    """Return if it is the signer's signature over exactly these fields, else raise ``CannotOpen``."""
    signer.verify(signature, context(purpose, **fields))
