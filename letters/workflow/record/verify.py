"""Whether facts follow one another: each has a MAC over itself and the MAC of the one before."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hmac import compare_digest
from typing import NamedTuple
from uuid import UUID

from keys.context import Field
from keys.vouching import attest
from letters.rules.accounts import Accounts
from letters.rules.case.history import CaseHistory
from letters.rules.events import BOUND, Event, Fact
from letters.storage.memory import MAC, VerifiedChain
from letters.storage.state_file import Head
from letters.storage.store import microseconds
from letters.storage.tables.letters import AuditEntry
from letters.workflow.platform import Platform


class ChainEntry(NamedTuple):
    """One entry of a chain as it stands in the database; see ``AuditEntry``."""

    case_id: UUID
    number: int
    at: datetime
    actor_id: UUID
    event: str
    subject_id: UUID
    about_id: UUID
    left: str
    entered: str
    mac: bytes
    evolved: bytes
    detail: bytes


COLUMNS = tuple(getattr(AuditEntry, name) for name in ChainEntry._fields)
"""The columns of an entry, in its order."""


NUMBER = 8
RESTS_ON = NUMBER + MAC
"""The bytes at the end of a detail, after its bindings, that name a place of the installation's
chain."""

BEGINNING = Head(0, b"")
"""Where a chain stands before its first fact."""


class Broken(NamedTuple):
    """The first place where a chain does not hold, and what is wrong there: mac, number, head or
    count."""

    chain: UUID
    number: int
    what: str


def mac(key: bytes, entry: ChainEntry | AuditEntry, before: bytes) -> bytes:
    """The MAC that binds an entry to the one before it."""
    fields: dict[str, Field] = {
        "case": entry.case_id, "number": entry.number, "at": microseconds(entry.at),
        "actor": entry.actor_id, "event": entry.event, "subject": entry.subject_id,
        "about": entry.about_id, "left": entry.left, "entered": entry.entered, "before": before}
    if entry.detail:
        return attest(key, "audit with detail", detail=entry.detail, **fields)
    return attest(key, "audit", **fields)


def is_under(key: bytes, entry: ChainEntry | AuditEntry, before: bytes) -> bool:
    """True if this entry was written after this MAC and under this key."""
    return compare_digest(entry.mac, mac(key, entry, before))


def follows(platform: Platform, entry: ChainEntry | AuditEntry, before: bytes) -> bool:
    """True if this entry follows this MAC (empty before the first of a chain), under any key of the
    ring."""
    return any(is_under(key, entry, before) for key in platform.keys.audit_ring)


def unbroken(platform: Platform, entries: Iterable[ChainEntry], head: Head = BEGINNING,
             at: int = 0) -> Iterator[tuple[ChainEntry, int] | Broken]:
    """Each entry that holds, with the place in the audit ring of its key, beginning after ``head``;
    then, if one does not hold, what is broken.

    An entry under an older key of the ring never follows an entry under a newer one. ``at``: the
    first key that may still come.
    """
    ring, (number, before) = platform.keys.audit_ring, head
    for entry in entries:
        number += 1
        if entry.number != number:
            yield Broken(entry.case_id, number, "number")
            return
        while at < len(ring) and not is_under(ring[at], entry, before):
            at += 1
        if at == len(ring):
            yield Broken(entry.case_id, number, "mac")
            return
        yield entry, at
        before = entry.mac


def examined(platform: Platform, chain: UUID, head: Head,
             entries: Iterable[ChainEntry]) -> tuple[list[ChainEntry], Broken | None]:
    """The entries of a whole chain as far as they hold to this head, and the first place where it
    breaks, if there is one."""
    kept = list[ChainEntry]()
    for found in unbroken(platform, entries):
        if isinstance(found, Broken):
            return kept, found
        kept.append(found[0])
    if len(kept) != head.number:
        return kept, Broken(chain, min(len(kept), head.number) + 1, "count")
    if (kept[-1].mac if kept else b"") != head.mac:
        return kept, Broken(chain, head.number, "head")
    return kept, None


def continued(platform: Platform, known: VerifiedChain, head: Head,
              entries: Sequence[ChainEntry]) -> VerifiedChain | None:
    """What is verified of a chain after these entries, which follow the known ones and end with
    this head; None if they do not. Raises ``Tampered`` if they say something impossible."""
    if not entries:
        return known if known.head == head else None
    facts, macs, ring = list[Fact](), [known.macs], known.ring
    for found in unbroken(platform, entries, known.head, known.ring):
        if isinstance(found, Broken):
            return None
        entry, ring = found
        facts.append(fact(entry))
        macs.append(entry.mac)
    later = VerifiedChain(b"".join(macs), ring, known.state.after(facts))
    return later if later.head == head else None


def nothing_of(platform: Platform, chain: UUID) -> VerifiedChain:
    """A chain before its first fact."""
    return VerifiedChain(b"", 0,
                         Accounts() if chain == platform.keys.installation else CaseHistory())


def fact(entry: ChainEntry | AuditEntry) -> Fact:
    """One entry as the rules read it."""
    detail, rests_on = entry.detail, b""
    if len(detail) % BOUND:
        detail, rests_on = detail[:-RESTS_ON], detail[-RESTS_ON:]
    return Fact(Event(entry.event), entry.subject_id, entry.about_id, entry.left, entry.entered,
                entry.at, entry.actor_id, detail, rests_on)


def written(head: Head) -> bytes:
    """Where the installation's chain stands, as the facts of a case name it."""
    return head.number.to_bytes(NUMBER) + head.mac


def read_head(rests_on: bytes) -> Head:
    """The place that a fact names; the beginning if it names none."""
    return Head(int.from_bytes(rests_on[:NUMBER]), rests_on[NUMBER:])
