"""What this process has verified of each chain: how far, and how things stood there.

The facts up to there are never read again. Whoever changes one of them later changes nothing of
what this process does, and the nightly replay finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from letters.rules.accounts import Accounts
from letters.rules.case.history import CaseHistory
from letters.storage.state_file import Head

MAC = 32
MOST_CHAINS = 2 ** 9
NO_GENERATION = 0
"""Without a state file nothing says whose chain it is: nothing is remembered."""

State = CaseHistory | Accounts
"""How a chain stands: a case's, or that of the accounts of the installation."""


@dataclass(frozen=True)
class VerifiedChain:
    """A chain as far as it was verified: the MACs of its facts one after the other, the place in
    the audit ring of the key that the last was written under, and how things stand after it."""

    macs: bytes
    ring: int
    state: State

    @property
    def head(self) -> Head:
        """Its last fact."""
        return Head(len(self.macs) // MAC, self.macs[-MAC:])

    def has(self, head: Head) -> bool:
        """True if this was its last fact at one time."""
        return head.number == 0 or self.macs[(head.number - 1) * MAC:head.number * MAC] == head.mac


class KnownChain(NamedTuple):
    """Whose knowledge it is: a chain, in a generation of the database, under an audit key. Neither
    a rotation nor a confirmed restore finds anything that was known before."""

    chain: UUID
    generation: int
    audit_key: bytes


class Memory:
    """The chains that this process used lately."""

    def __init__(self, most: int = MOST_CHAINS) -> None:
        self._most, self._lock = most, Lock()
        # in the order of their use; a plain dict is copied without hashing each id again
        self._kept: dict[KnownChain, VerifiedChain] = {}

    def now(self) -> Mapping[KnownChain, VerifiedChain]:
        """Everything as it is at this moment; what is verified later does not change it."""
        with self._lock:
            return self._kept.copy()

    def keep(self, known: KnownChain, verified: VerifiedChain) -> None:
        """Remember this, unless more is remembered of the chain."""
        if known.generation == NO_GENERATION:
            return
        with self._lock:
            before = self._kept.pop(known, None)
            if before is None or len(before.macs) < len(verified.macs):
                before = verified
            self._kept[known] = before
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]

    def clear(self) -> None:
        """Forget everything: the next look reads each chain from its first fact."""
        with self._lock:
            self._kept.clear()
