"""The box: symmetric encryption that commits to its key and hides the length of its content.

Blob = ``01`` ‖ salt (32) ‖ commitment (32) ‖
AES-256-GCM(subkey, zero nonce, padded text, ad = context).
The salt makes a subkey that is used once, which is why the nonce may be zero. The commitment is
checked first, in constant time: no blob opens under two keys.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys.errors import CannotOpen

Random = Callable[[int], bytes]
"""Returns that many random bytes; ``os.urandom`` outside tests."""

LETTER_BLOCK = 4096
NOTE_BLOCK = 1024
NAME_BLOCK = 128

_VERSION = b"\x01"
_NONCE = bytes(12)
_HEADER = 1 + 32 + 32


@dataclass(frozen=True, repr=False)
class OpenBox:
    """A box that is ready to be closed: its commitment is known before its content is."""

    salt: bytes
    commitment: bytes
    subkey: bytes
    context: bytes

    def close(self, text: bytes, block: int) -> bytes:
        """Put ``text`` in, padded to a multiple of ``block`` bytes.
        Close a prepared box only once."""
        sealed = AESGCM(self.subkey).encrypt(_NONCE, pad(text, block), self.context)
        return _VERSION + self.salt + self.commitment + sealed


def prepare(key: bytes, context: bytes, random: Random) -> OpenBox:
    """Make a box under a 32-byte key. Raises ``CannotOpen`` for a key of another length."""
    salt = random(32)
    subkey, promise = _derive(key, context, salt)
    return OpenBox(salt, promise, subkey, context)


def seal(key: bytes, context: bytes, text: bytes, random: Random, block: int = 1) -> bytes:
    """Prepare a box and close it."""
    return prepare(key, context, random).close(text, block)


def open_box(key: bytes, context: bytes, blob: bytes) -> bytes:
    """The content of a box. Raises ``CannotOpen``."""
    if blob[:1] != _VERSION:
        raise CannotOpen
    subkey, expected = _derive(key, context, blob[1:33])
    if not hmac.compare_digest(expected, commitment(blob)):
        raise CannotOpen
    try:
        return unpad(AESGCM(subkey).decrypt(_NONCE, blob[_HEADER:], context))
    except InvalidTag:
        raise CannotOpen from None


def commitment(blob: bytes) -> bytes:
    """The 32 bytes with which a blob commits to its key, salt and context."""
    return blob[33:_HEADER]


def pad(text: bytes, block: int) -> bytes:
    """Append ``80`` and zeros up to a multiple of ``block`` (ISO/IEC 7816-4)."""
    padded = text + b"\x80"
    return padded + bytes(-len(padded) % block)


def unpad(padded: bytes) -> bytes:
    """Take the padding off. Raises ``CannotOpen``."""
    text, mark, zeros = padded.rpartition(b"\x80")
    if not mark or zeros.strip(b"\0"):
        raise CannotOpen
    return text


def as_text(content: bytes) -> str:
    """The text that was put in. Raises ``CannotOpen``;
    the decoder's own error would contain the text."""
    try:
        return content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise CannotOpen from None


def _derive(key: bytes, context: bytes, salt: bytes) -> tuple[bytes, bytes]:
    if len(key) != 32:
        raise CannotOpen
    derived = HKDF(SHA256(), length=64, salt=salt, info=b"rjx1 box" + context).derive(key)
    return derived[:32], derived[32:]
