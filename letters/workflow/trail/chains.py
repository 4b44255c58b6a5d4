"""The chains of the trail, read whole: nothing is believed of a chain of which an entry is missing or altered.

One fact by itself proves nothing: somebody who can write to the database takes the fact after it away. So a chain is
read to its head, once a transaction; that of the installation, which only grows, is remembered by the process as far as
it held, and read on from there.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from hmac import compare_digest
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from keys.vouching import attest
from letters.rules.errors import Tampered, Unwitnessed
from letters.storage.state_file import Head
from letters.storage.store import microseconds
from letters.storage.tables.letters import AuditEntry, Case, Installation
from letters.workflow.platform import Platform

Chain = Case | Installation


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


class Broken(NamedTuple):
    """Where a chain does not hold first, and what it is there: mac, number, head or count."""

    chain: UUID
    number: int
    what: str


def whole(platform: Platform, db: Session, chain: UUID) -> Sequence[ChainEntry]:
    """All entries of a chain that holds from its first to its head and goes on from where the state file saw it, oldest
    first; else ``Tampered``. Without a state file the chain by itself has to hold."""
    entries = held(platform, db, chain)
    with suppress(Unwitnessed):
        require_continued(platform, chain, entries)
    return entries


def require_continued(platform: Platform, chain: UUID, entries: Sequence[ChainEntry]) -> None:
    """``Tampered`` unless this whole chain goes on from where the state file saw it; ``Unwitnessed`` without one."""
    seen = platform.state_file.known().heads.get(chain)
    if seen is None:
        return
    if len(entries) < seen.number:  # somebody may have added to it since this transaction began to look
        with platform.store.reading() as now:
            entries = held(platform, now, chain)
    if len(entries) < seen.number or entries[seen.number - 1].mac != seen.mac:
        raise Tampered(chain, chain)


def examined(platform: Platform, db: Session, chain: Chain) -> tuple[list[ChainEntry], Broken | None]:
    """The entries of a chain as far as they hold, and where it does not hold first, if it does not."""
    return _examined(platform, db, chain.id, Head(chain.audit_number, chain.audit_head), [])


def since(db: Session, chain: UUID, number: int) -> list[ChainEntry]:
    """The entries of a chain from this number on, as they stand; nothing is checked."""
    return [ChainEntry(*row) for row in db.execute(
        select(*(getattr(AuditEntry, name) for name in ChainEntry._fields)).where(
            AuditEntry.case_id == chain, AuditEntry.number >= number).order_by(AuditEntry.number))]


def unbroken(platform: Platform, entries: Sequence[ChainEntry], number: int, before: bytes,
             at: int = 0) -> Iterator[ChainEntry | Broken]:
    """Each entry that holds, beginning with this number after this MAC; then, if one does not, what is broken.

    What was once written under a newer key of the audit ring is never followed by an entry under an older one; ``at``:
    the first key of the ring that may still come.
    """
    ring = platform.keys.audit_ring
    for entry in entries:
        if entry.number != number:
            yield Broken(entry.case_id, number, "number")
            return
        while at < len(ring) and not is_under(ring[at], entry, before):
            at += 1
        if at == len(ring):
            yield Broken(entry.case_id, number, "mac")
            return
        yield entry
        number, before = number + 1, entry.mac


def follows(platform: Platform, entry: ChainEntry | AuditEntry, before: bytes) -> bool:
    """True if this entry was written after this MAC (none before the first of a chain), under any key of the ring."""
    return any(is_under(key, entry, before) for key in platform.keys.audit_ring)


def is_under(key: bytes, entry: ChainEntry | AuditEntry, before: bytes) -> bool:
    """True if this entry, after this MAC, was written under this key."""
    return compare_digest(entry.mac, mac(key, entry, before))


def mac(key: bytes, entry: ChainEntry | AuditEntry, before: bytes) -> bytes:
    """What binds an entry to the one before it."""
    return attest(key, "audit", case=entry.case_id, number=entry.number, at=microseconds(entry.at),
                  actor=entry.actor_id, event=entry.event, subject=entry.subject_id, about=entry.about_id,
                  left=entry.left, entered=entry.entered, before=before)


def held(platform: Platform, db: Session, chain: UUID) -> Sequence[ChainEntry]:
    """All entries of a chain that holds by itself, oldest first; else ``Tampered``. Read once a transaction."""
    is_own = chain == platform.keys.installation
    row = Installation if is_own else Case
    found = db.execute(select(row.audit_number, row.audit_head).where(row.id == chain)).first()
    if found is None:
        raise Tampered(chain, chain)
    head, read = Head(*found), db.info.setdefault("chains", {})
    known = read.get(chain) or (platform.verified.get(platform.keys.audit, []) if is_own else [])
    # Asked once a transaction even where nothing can be new: how many statements a page makes must not tell whether
    # something happened elsewhere (rule 22).
    if chain not in read or not _stands(known, head):
        known, broken = _examined(platform, db, chain, head, known)
        if broken is not None:
            raise Tampered(chain, chain)
    if is_own:
        platform.verified[platform.keys.audit] = known
    read[chain] = known
    return known


def _examined(platform: Platform, db: Session, chain: UUID, head: Head,
              known: Sequence[ChainEntry]) -> tuple[list[ChainEntry], Broken | None]:
    """Read on after what is known, where the chain goes on from it; else from the first entry."""
    kept, broken = list(known), None
    more = [entry for entry in since(db, chain, len(known) + 1) if entry.number <= head.number or not known]
    for entry in unbroken(
        platform, more, len(known) + 1, known[-1].mac if known else b"", _place_in_ring(platform, known)
    ):
        if isinstance(entry, Broken):
            broken = entry
            break
        kept.append(entry)
    if broken is None and len(kept) != head.number:
        broken = Broken(chain, min(len(kept), head.number) + 1, "count")
    if broken is None and not _stands(kept, head):
        broken = Broken(chain, head.number, "head")
    return _examined(platform, db, chain, head, []) if broken and known else (kept, broken)


def _place_in_ring(platform: Platform, known: Sequence[ChainEntry]) -> int:
    """Which key of the ring the last of these entries, which hold, was written under."""
    if not known:
        return 0
    before = known[-2].mac if len(known) > 1 else b""
    return next(at for at, key in enumerate(platform.keys.audit_ring) if is_under(key, known[-1], before))


def _stands(entries: Sequence[ChainEntry], head: Head) -> bool:
    return Head(len(entries), entries[-1].mac if entries else b"") == head
