"""The trail's evolving key: each entry of a chain replaces the chain's key by the next one, and the
former key is gone.

Somebody who takes key file and database later has only the present keys, and cannot rewrite the
earlier entries. The operator keeps the first keys offline (``audit begin``, decision 0020): only
with them can the former keys be derived and the entries' second MACs be checked. The program itself
checks the first MAC, as it always did.

A chain's present key is in its row, boxed under the directory key. If it does not open, the entry
is written without a second MAC, and the check with the offline key finds that: a stop must not fail
because of it.
"""

import hmac
from uuid import UUID

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import expand
from letters.storage.tables.letters import AuditEntry, Case, Installation
from letters.workflow.platform import Platform


def advanced(platform: Platform, chain: UUID, entry: AuditEntry,
             boxed: bytes) -> tuple[bytes, bytes]:
    """The second MAC of an entry, and the boxed key of the entry after it. Without a key that opens
    there is no second MAC, and what is in the row stays."""
    key = opened(platform, chain, entry.number, boxed)
    if key is None:
        return b"", boxed
    return second_mac(key, entry.mac), _boxed(platform, chain, following(key), entry.number + 1)


def opened(platform: Platform, chain: UUID, number: int, boxed: bytes) -> bytes | None:
    """The key of the entry with this number, which must be the next one; None if it does not
    open."""
    if not boxed:
        return None
    try:
        return platform.keys.open_directory(_context(chain, number), boxed)
    except CannotOpen:
        return None


def present(platform: Platform, chain: Case | Installation, number: int) -> bytes | None:
    """The same, from the chain's row."""
    return opened(platform, chain.id, number, chain.audit_key)


def lay(platform: Platform, chain: Case | Installation, key: bytes, number: int) -> None:
    """Put a key into the chain's row, for the entry with this number."""
    chain.audit_key = _boxed(platform, chain.id, key, number)


def second_mac(key: bytes, mac: bytes) -> bytes:
    """The MAC that binds an entry to the key of its moment."""
    return hmac.digest(key, b"rjx1 audit entry" + mac, "sha256")


def following(key: bytes) -> bytes:
    """The key of the next entry."""
    return expand(key, b"next audit key")


def first_of(key: bytes, chain: UUID) -> bytes:
    """The first key of a chain that begins here."""
    return expand(key, b"audit chain" + chain.bytes)


def _boxed(platform: Platform, chain: UUID, key: bytes, number: int) -> bytes:
    return box.seal(platform.keys.directory, _context(chain, number), key, platform.random)


def _context(chain: UUID, number: int) -> bytes:
    return context("audit key", chain=chain, number=number)
