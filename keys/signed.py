"""What a person vouches for: an Ed25519 signature over a context, for statements that stand by themselves."""

from keys.context import Field, context
from keys.identity import Identity, Verifier


def sign(signer: Identity, purpose: str, /, **fields: Field) -> bytes:
    """The signer's 64-byte signature over the context of these fields."""
    return signer.sign(context(purpose, **fields))


def verify(signer: Verifier, signature: bytes, purpose: str, /, **fields: Field) -> None:
    """Return if it is the signer's signature over exactly these fields, else raise ``CannotOpen``."""
    signer.verify(signature, context(purpose, **fields))
