"""The chains of the trail, read as a whole: a chain with a missing or altered entry counts for
nothing.

A single fact proves nothing, because somebody who can write to the database could delete the fact
after it. So a chain is read to its head, once a transaction. The installation's chain only grows;
the process remembers the part that it has checked and reads on from there.
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
    """The first place where a chain does not hold, and what is wrong there: mac, number, head or
    count."""

    chain: UUID
    number: int
    what: str


def whole(platform: Platform, db: Session, chain: UUID) -> Sequence[ChainEntry]:
    """All entries of a chain, oldest first, if it holds to its head and continues what the state
    file saw. Without a state file the chain itself still has to hold.
    Raises ``Tampered`` if it does not."""
    entries = held(platform, db, chain)
    with suppress(Unwitnessed):
        require_continued(platform, chain, entries)
    return entries


def require_continued(platform: Platform, chain: UUID, entries: Sequence[ChainEntry]) -> None:
    """Check that this whole chain continues what the state file saw of it.
    Raises ``Tampered`` if it does not, and ``Unwitnessed`` without a state file."""
    seen = platform.state_file.known().heads.get(chain)
    if seen is None:
        return
    if len(entries) < seen.number:  # it may have grown since this transaction began to read
        with platform.store.reading() as now:
            entries = held(platform, now, chain)
    if len(entries) < seen.number or entries[seen.number - 1].mac != seen.mac:
        raise Tampered(chain, chain)


def examined(platform: Platform, db: Session,
             chain: Chain) -> tuple[list[ChainEntry], Broken | None]:
    """The entries of a chain as far as they hold, and the first place where it breaks, if there is
    one."""
    return _examined(platform, db, chain.id, Head(chain.audit_number, chain.audit_head), [])


def since(db: Session, chain: UUID, number: int) -> list[ChainEntry]:
    """The entries of a chain from this number on, as the database has them; nothing is checked."""
    return [ChainEntry(*row) for row in db.execute(
        select(*(getattr(AuditEntry, name) for name in ChainEntry._fields)).where(
            AuditEntry.case_id == chain, AuditEntry.number >= number).order_by(AuditEntry.number))]


def unbroken(platform: Platform, entries: Sequence[ChainEntry], number: int, before: bytes,
             at: int = 0) -> Iterator[ChainEntry | Broken]:
    """Each entry that holds, beginning with this number after this MAC; then, if one does not, what
    is broken.

    An entry under an older key of the audit ring never follows an entry under a newer one. ``at``:
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
    """True if this entry follows this MAC (empty before the first of a chain), under any key of the
    ring."""
    return any(is_under(key, entry, before) for key in platform.keys.audit_ring)


def is_under(key: bytes, entry: ChainEntry | AuditEntry, before: bytes) -> bool:
    """True if this entry was written after this MAC and under this key."""
    return compare_digest(entry.mac, mac(key, entry, before))


def mac(key: bytes, entry: ChainEntry | AuditEntry, before: bytes) -> bytes:
    """The MAC that binds an entry to the one before it."""
    return attest(key, "audit", case=entry.case_id, number=entry.number, at=microseconds(entry.at),
                  actor=entry.actor_id, event=entry.event, subject=entry.subject_id,
                  about=entry.about_id,
                  left=entry.left, entered=entry.entered, before=before)


def held(platform: Platform, db: Session, chain: UUID) -> Sequence[ChainEntry]:
    """All entries of a chain that holds by itself, oldest first. It is read once a transaction.
    Raises ``Tampered`` if it does not hold."""
    is_own = chain == platform.keys.installation
    row = Installation if is_own else Case
    found = db.execute(select(row.audit_number, row.audit_head).where(row.id == chain)).first()
    if found is None:
        raise Tampered(chain, chain)
    head, read = Head(*found), db.info.setdefault("chains", {})
    known = read.get(chain) or (platform.verified.get(platform.keys.audit, []) if is_own else [])
    # The query runs once a transaction even if nothing can be new: the number of statements that a
    # page makes must not tell whether something happened elsewhere (rule 22).
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
    """Read on from the known entries if the chain continues them; otherwise read from the first
    entry."""
    kept, broken = list(known), None
    more = [entry for entry in since(db, chain, len(known) + 1) if entry.number <= head.number
            or not known]
    for entry in unbroken(
        platform, more, len(known) + 1, known[-1].mac if known else b"",
        _place_in_ring(platform, known)
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
    """The place in the ring of the key under which the last of these verified entries was
    written."""
    if not known:
        return 0
    before = known[-2].mac if len(known) > 1 else b""
    return next(at for at,
                key in enumerate(platform.keys.audit_ring) if is_under(key, known[-1], before))


def _stands(entries: Sequence[ChainEntry], head: Head) -> bool:
    return Head(len(entries), entries[-1].mac if entries else b"") == head
