"""Passwords and recovery codes: from what a person knows to what opens their root.

Argon2id stretches a password with a pepper from the key file. The result is split into a
*verifier*, which is stored, and a *sealing key*, which never is. The usual PHC text form is not
used: it stores the very output that would open.
"""

import hmac
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys.box import Random
from keys.errors import Busy, CannotOpen, PasswordTooLong
from keys.identity import expand

MAX_PASSWORD_BYTES = 1024
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_MISREAD = str.maketrans("ILO", "110")


@dataclass(frozen=True)
class Cost:
    """What one guess costs. Always one lane: with more, this library deadlocks under threads."""

    memory_kib: int = 64 * 1024
    passes: int = 3


@dataclass(frozen=True, repr=False)
class Stretched:
    """The two halves of a stretched password, 32 bytes each."""

    verifier: bytes
    sealing_key: bytes

    def matches(self, verifier: bytes) -> None:
        """Check the stored verifier against this one. Raises ``CannotOpen``."""
        if not hmac.compare_digest(self.verifier, verifier):
            raise CannotOpen


class Stretcher:
    """Stretches passwords, a few at a time: each takes 64 MiB, so a crowd must wait its turn."""

    def __init__(self, pepper: bytes, cost: Cost, at_once: int = 2, patience: float = 5.0) -> None:
        """``patience``: seconds that a caller waits for its turn before ``Busy``."""
        self._pepper, self._cost, self._patience = pepper, cost, patience
        self._turns = BoundedSemaphore(at_once)

    def stretch(self, password: str, salt: bytes) -> Stretched:
        """Stretch a password with its 16-byte salt. Raises ``PasswordTooLong`` or ``Busy``."""
        known = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
        if len(known) > MAX_PASSWORD_BYTES:
            raise PasswordTooLong
        with self._turn():
            stretched = Argon2id(salt=salt, length=32, iterations=self._cost.passes, lanes=1,
                                 memory_cost=self._cost.memory_kib,
                                 secret=self._pepper).derive(known)
        return Stretched(expand(stretched, b"verifier"), expand(stretched, b"sealing key"))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._patience):
            raise Busy
        try:
            yield
        finally:
            self._turns.release()


def new_code(random: Random, groups: int = 7) -> str:
    """A code to be read from paper: groups of four letters and digits, 20 bits each (7 groups: 140
    bits)."""
    marks = [_ALPHABET[byte & 31] for byte in random(groups * 4)]
    return "-".join("".join(marks[i:i + 4]) for i in range(0, len(marks), 4))


def normal_code(typed: str) -> str:
    """What a person meant to type or paste: letters and figures alone, whatever stands between or
    around them, of any width and case. O is read as 0, I and L as 1."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(str(unicodedata.decimal(mark, mark)) for mark in plain
                   if mark.isalnum()).translate(_MISREAD)


def recovery_key(code: str) -> bytes:
    """The 32-byte key from a recovery code. It is not stretched: the code is strong by itself."""
    return HKDF(SHA256(), length=32, salt=None,
                info=b"rjx1 recovery").derive(normal_code(code).encode())
