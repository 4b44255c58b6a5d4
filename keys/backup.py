"""An offline copy of the key file, for a safe:
a text that can be printed and that a passphrase alone opens.

Argon2id stretches the passphrase into the key of a box. The pepper plays no part: it is in the
copy.
"""

import textwrap
from base64 import b32decode, b32encode

from keys import box, keyfile
from keys.box import Random
from keys.context import context
from keys.errors import CannotOpen, KeyFileDamaged
from keys.keyfile import KeyFile
from keys.passphrase import Cost, Stretcher

_FORMAT = "rjx1 key backup"
_LABEL = b"rjx1 key backup"
_LARGEST = Cost(1024 * 1024, 16)
"""The most that opening a copy may cost: its figures cannot be trusted before it opens."""


def seal_copy(keys: KeyFile, passphrase: str, random: Random, cost: Cost) -> str:
    """The key file under a passphrase, in lines of groups that can be typed from paper."""
    salt = random(16)
    key = Stretcher(_LABEL, cost).stretch(passphrase, salt).sealing_key
    sealed = box.seal(key, _context(salt, cost), keyfile.as_text(keys).encode(), random)
    letters = b32encode(sealed).decode().rstrip("=")
    groups = " ".join(letters[at:at + 8] for at in range(0, len(letters), 8))
    return "\n".join([_FORMAT, f"{salt.hex()} {cost.memory_kib} {cost.passes}",
                      *textwrap.wrap(groups, 71), ""])


def open_copy(text: str, passphrase: str) -> KeyFile:
    """The key file in a copy. Raises ``CannotOpen`` for a wrong passphrase and
    for a text that is no copy."""
    try:
        name, figures, *groups = text.strip().splitlines()
        salt, memory, passes = figures.split()
        cost, letters = Cost(int(memory), int(passes)), "".join("".join(groups).split())
        sealed = b32decode(letters + "=" * (-len(letters) % 8), casefold=True)
        if name != _FORMAT or not (8 <= cost.memory_kib <= _LARGEST.memory_kib
                                   and 1 <= cost.passes <= _LARGEST.passes):
            raise CannotOpen
        key = Stretcher(_LABEL, cost).stretch(passphrase, bytes.fromhex(salt)).sealing_key
        return keyfile.from_text(box.open_box(key, _context(bytes.fromhex(salt), cost),
                                              sealed).decode())
    except (ValueError, KeyFileDamaged):
        raise CannotOpen from None


def _context(salt: bytes, cost: Cost) -> bytes:
    return context("key backup", salt=salt, memory=cost.memory_kib, passes=cost.passes)
