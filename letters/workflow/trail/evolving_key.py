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

from sqlalchemy.orm import Session

from keys import box
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import expand
from letters.storage import locks
from letters.storage.tables.letters import Case, Installation
from letters.workflow.platform import Platform


def advance(platform: Platform, chain: Case | Installation, mac: bytes) -> bytes:
    """Move the chain's key on.
    Returns the second MAC of the entry just counted, or nothing without a key."""
    key = present(platform, chain, chain.audit_number)
    if key is None:
        return b""
    lay(platform, chain, following(key), chain.audit_number + 1)
    return second_mac(key, mac)


def present(platform: Platform, chain: Case | Installation, number: int) -> bytes | None:
    """The key of the entry with this number, which must be the next one; None if it does not
    open."""
    if not chain.audit_key:
        return None
    try:
        return platform.keys.open_directory(_context(chain.id, number), chain.audit_key)
    except CannotOpen:
        return None


def lay(platform: Platform, chain: Case | Installation, key: bytes, number: int) -> None:
    """Put a key into the chain's row, for the entry with this number."""
    chain.audit_key = box.seal(platform.keys.directory, _context(chain.id, number), key,
                               platform.random)


def lay_first(platform: Platform, db: Session, case: Case) -> Installation:
    """Give a new case its first key, derived from the installation's present one.
    Returns the installation, locked: its next entry must name the case, so that the holder of the
    very first key can derive this one."""
    installation = locks.installation(db)
    key = present(platform, installation, installation.audit_number + 1)
    if key is not None:
        lay(platform, case, first_of(key, case.id), 1)
    return installation


def second_mac(key: bytes, mac: bytes) -> bytes:
    """The MAC that binds an entry to the key of its moment."""
    return hmac.digest(key, b"rjx1 audit entry" + mac, "sha256")


def following(key: bytes) -> bytes:
    """The key of the next entry."""
    return expand(key, b"next audit key")


def first_of(key: bytes, chain: UUID) -> bytes:
    """The first key of a chain that begins here."""
    return expand(key, b"audit chain" + chain.bytes)


def _context(chain: UUID, number: int) -> bytes:
    return context("audit key", chain=chain, number=number)
