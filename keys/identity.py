"""Recipients, who can be sealed to, and identities, who can open.

An identity is one 32-byte root; labels derive its ML-KEM seed, its X25519 key and its Ed25519
signing key. Only the root is ever sealed. People, cases and the release have identities alike.
"""

from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from keys.errors import CannotOpen

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_VERSION = b"\x02"
_MLKEM_LENGTH = 1184


def expand(key: bytes, label: bytes, length: int = 32) -> bytes:
    """HKDF-Expand a strong key under a label into ``length`` bytes."""
    return HKDFExpand(SHA256(), length=length, info=b"rjx1 " + label).derive(key)


def sha256(*parts: bytes) -> bytes:
    """SHA-256 over the parts, one after the other."""
    digest = Hash(SHA256())
    for part in parts:
        digest.update(part)
    return digest.finalize()


class Recipient:
    """Can be sealed to: the public half, 1,216 bytes (ML-KEM-768 ‖ X25519)."""

    def __init__(self, public: bytes) -> None:
        """Raises ``CannotOpen`` if these bytes are no public key."""
        self.public = public
        self.kid = sha256(public)
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_LENGTH])
            self._key = MLKEM768X25519PublicKey(
                mlkem, X25519PublicKey.from_public_bytes(public[_MLKEM_LENGTH:])
            )
        except ValueError:
            raise CannotOpen from None

    def seal(self, secret: bytes, context: bytes) -> bytes:
        """Seal to this recipient alone, bound to the context: ``02`` ‖ HPKE.
        Raises ``CannotOpen``."""
        try:
            return _VERSION + _SUITE.encrypt(secret, self._key, info=_info(self.kid, context))
        except ValueError:  # a point of low order cannot share a secret
            raise CannotOpen from None


class Verifier:
    """Can check signatures: the Ed25519 public half, 32 bytes."""

    def __init__(self, public: bytes) -> None:
        """Raises ``CannotOpen`` if these bytes are no public key."""
        self.public = public
        try:
            self._key = Ed25519PublicKey.from_public_bytes(public)
        except ValueError:
            raise CannotOpen from None

    def verify(self, signature: bytes, signed: bytes) -> None:
        """Check this person's signature over exactly these bytes. Raises ``CannotOpen``."""
        try:
            self._key.verify(signature, signed)
        except InvalidSignature:
            raise CannotOpen from None


class Verifiers(Verifier):
    """Can check what one person signed with any key that they have had;
    ``public`` is the newest."""

    def __init__(self, newest: bytes, *earlier: bytes) -> None:
        """Raises ``CannotOpen`` if one of these is no public key."""
        super().__init__(newest)
        self._earlier = [Verifier(public) for public in earlier]

    def verify(self, signature: bytes, signed: bytes) -> None:
        """Check that one of these keys signed exactly these bytes. Raises ``CannotOpen``."""
        for verifier in self._earlier:
            with suppress(CannotOpen):
                return verifier.verify(signature, signed)
        super().verify(signature, signed)


class Identity:
    """Can open and sign: made from the root each time, kept nowhere."""

    def __init__(self, root: bytes) -> None:
        """From a 32-byte root. Raises ``CannotOpen`` for another length."""
        if len(root) != 32:
            raise CannotOpen
        self.root = root
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expand(root, b"ml-kem", 64))
        x25519 = X25519PrivateKey.from_private_bytes(expand(root, b"x25519"))
        self._opening = MLKEM768X25519PrivateKey(mlkem, x25519)
        self._signing = Ed25519PrivateKey.from_private_bytes(expand(root, b"ed25519"))
        self.recipient = Recipient(mlkem.public_key().public_bytes_raw()
                                   + x25519.public_key().public_bytes_raw())
        self.verifier = Verifier(self._signing.public_key().public_bytes_raw())

    @property
    def kid(self) -> bytes:
        """SHA-256 of the public sealing key."""
        return self.recipient.kid

    @property
    def both_halves(self) -> bytes:
        """SHA-256 of the public sealing key and the public signing key: the name of the whole
        key."""
        return sha256(self.recipient.public, self.verifier.public)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed to this identity for this context. Raises ``CannotOpen``."""
        if sealed[:1] != _VERSION:
            raise CannotOpen
        try:
            return _SUITE.decrypt(sealed[1:], self._opening, info=_info(self.kid, context))
        except Exception:  # the library raises InvalidTag or ValueError: it does not open
            raise CannotOpen from None

    def sign(self, signed: bytes) -> bytes:
        """Sign these bytes: 64 bytes of Ed25519."""
        return self._signing.sign(signed)

    def __repr__(self) -> str:
        return f"<Identity {self.kid.hex()[:8]}>"


def _info(kid: bytes, context: bytes) -> bytes:
    return b"rjx1 hpke" + kid + context


WORDS = 7
"""Seven of 2,347 words tell 78 bits of a digest apart."""
WORD_LIST = Path(__file__).with_name("words.txt")


def fingerprint(digest: bytes) -> tuple[str, ...]:
    """The seven words for a digest of 32 bytes. Raises ``ValueError`` for any other length."""
    if len(digest) != 32:
        raise ValueError("a digest has 32 bytes")
    number, words, said = int.from_bytes(digest), gentle_words(), []
    for _ in range(WORDS):
        number, place = divmod(number, len(words))
        said.append(words[place])
    return tuple(said)


@cache
def gentle_words() -> tuple[str, ...]:
    """Words that can be read out, and offered to anybody: none of them touches what could wound."""
    lines = WORD_LIST.read_text("ascii").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())
