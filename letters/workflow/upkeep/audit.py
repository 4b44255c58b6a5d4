"""An operator's check of the trail: chain by chain, against heads kept elsewhere, and with the
first audit keys.

Every chain is read once, one at a time.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.errors import NotAcceptable, NotPossibleNow
from letters.rules.events import Event
from letters.rules.translatable import marked
from letters.storage import locks
from letters.storage.state_file import Head
from letters.storage.tables.letters import Case, Installation
from letters.workflow.platform import Platform
from letters.workflow.record import evolving_key, record
from letters.workflow.record.verify import Broken, ChainEntry, fact, read_head

Heads = dict[UUID, Head]
_FORMAT, _HEADS = "rjx1 audit key", "rjx1 audit heads"


@dataclass(frozen=True, repr=False)
class FirstKeys:
    """The keys that the operator keeps offline: the very first key, and for each chain of that time
    the entry after which it evolves."""

    installation: UUID
    key: bytes
    after: dict[UUID, int]


def begin_evolving(platform: Platform, key: bytes, keep: Callable[[FirstKeys], None],
                   again: bool = False) -> None:
    """Have every chain evolve from its next entry on. ``keep`` stores the first keys before the
    commit: if it fails, nothing has begun.
    Raises ``NotPossibleNow`` if the chains evolve already, unless ``again``."""
    with platform.writing() as db:
        installation = locks.installation(db)
        if installation.audit_key and not again:
            raise NotPossibleNow("begun already")
        cases = db.scalars(locks.taken(select(Case).order_by(Case.id))).all()
        after = ({installation.id: installation.audit_number}
                 | {case.id: case.audit_number for case in cases})
        evolving_key.lay(platform, installation, key, installation.audit_number + 1)
        for case in cases:
            evolving_key.lay(platform, case, evolving_key.first_of(key, case.id),
                             case.audit_number + 1)
        keep(FirstKeys(installation.id, key, after))


def verify(platform: Platform, heads: Heads | None = None,
           first: FirstKeys | None = None) -> Iterator[Broken | None]:
    """For each chain None, or the first place where it breaks. A missing chain is broken at 1."""
    begun = dict[UUID, tuple[bytes, int]]()
    if first is not None:
        begun = {chain: (first.key if chain == first.installation
                         else evolving_key.first_of(first.key, chain), after)
                 for chain, after in first.after.items()}
    seen, own = set[UUID](), list[ChainEntry]()
    with platform.reading() as db:
        installation = db.scalars(select(Installation)).one()
        for chain in _chains(db, installation):
            entries, broken = record.whole(platform, db, chain.id)
            if first is not None and chain is installation:
                begun |= _begun_later(entries, first)
            own = entries if chain is installation else own
            yield (broken or _continues(chain.id, entries, (heads or {}).get(chain.id))
                   or _rests_on(own, entries)
                   or (_evolves(platform, chain, entries, begun.get(chain.id)) if first is not None
                       else None))
            seen.add(chain.id)
            db.expunge_all()
    for missing in sorted({*(heads or {}), *begun} - seen):
        yield Broken(missing, 1, "missing")


def heads(platform: Platform) -> Heads:
    """The present head of every chain."""
    with platform.reading() as db:
        return {chain.id: Head(chain.audit_number, chain.audit_head)
                for chain in _chains(db, db.scalars(select(Installation)).one())}


def as_lines(found: Heads) -> list[str]:
    """The heads, one line a chain, and a last line with a digest of them all."""
    lines = [f"{chain} {head.number} {head.mac.hex() or '-'}" for chain,
             head in sorted(found.items())]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return [_HEADS, *lines, f"all {len(found)} {digest}"]


def from_lines(lines: Iterable[str]) -> Heads:
    """The heads from lines that ``as_lines`` made.
    Raises ``NotAcceptable`` if a line is missing or altered."""
    found: Heads = {}
    kept = [line.strip() for line in lines if line.strip()]
    try:
        for line in kept[1:-1]:
            chain, number, mac = line.split()
            found[UUID(chain)] = Head(int(number), b"" if mac == "-" else bytes.fromhex(mac))
    except ValueError:
        found = {}
    if not found or kept != as_lines(found):
        raise NotAcceptable("head", marked("These are not the heads as they were printed: a line "
                                           "is missing or "
                                           "altered."))
    return found


def as_text(first: FirstKeys) -> str:
    """The first keys in the form in which they are kept."""
    return json.dumps({"format": _FORMAT, "installation": str(first.installation),
                       "key": first.key.hex(),
                       "after": {str(chain): number for chain, number in first.after.items()}},
                      indent=1)


def from_text(text: str) -> FirstKeys:
    """The first keys from what ``as_text`` made. Raises ``NotAcceptable`` for anything else."""
    try:
        data = json.loads(text)
        if data["format"] != _FORMAT:
            raise ValueError
        after = {UUID(chain): int(number) for chain, number in data["after"].items()}
        return FirstKeys(UUID(data["installation"]), bytes.fromhex(data["key"]), after)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotAcceptable("key", marked("This is not a file of audit keys.")) from None


def _chains(db: Session, installation: Installation) -> Iterator[Case | Installation]:
    yield installation
    for case in db.scalars(select(Case.id).order_by(Case.id)).all():
        yield db.get_one(Case, case)


def _continues(chain: UUID, entries: list[ChainEntry], head: Head | None) -> Broken | None:
    """None if the chain continues from a head that was kept elsewhere."""
    if head is None or head.number == 0:
        return None
    if len(entries) < head.number or entries[head.number - 1].mac != head.mac:
        return Broken(chain, min(head.number, len(entries) + 1), "head kept elsewhere")
    return None


def _rests_on(own: list[ChainEntry], entries: list[ChainEntry]) -> Broken | None:
    """None if the installation's chain goes as far as these facts saw it, when they were added."""
    for entry in entries:
        seen = read_head(fact(entry).rests_on)
        if seen.number and (len(own) < seen.number or own[seen.number - 1].mac != seen.mac):
            return Broken(entry.case_id, entry.number, "installation seen then")
    return None


def _begun_later(entries: list[ChainEntry], first: FirstKeys) -> dict[UUID, tuple[bytes, int]]:
    """The first keys of the cases opened since, derived from the installation's key at that
    moment."""
    key, begun = first.key, {}
    for entry in entries[first.after.get(first.installation, 0):]:
        if entry.event == Event.CASE_OPENED:
            begun[entry.subject_id] = evolving_key.first_of(key, entry.subject_id), 0
        key = evolving_key.following(key)
    return begun


def _evolves(platform: Platform, chain: Case | Installation, entries: list[ChainEntry],
             begun: tuple[bytes, int] | None) -> Broken | None:
    """None if every entry has the second MAC of its moment, and the row has the key that
    follows."""
    if begun is None:
        return Broken(chain.id, 1, "not begun in the installation's trail")
    key, after = begun
    for entry in entries[after:]:
        if entry.evolved != evolving_key.second_mac(key, entry.mac):
            return Broken(chain.id, entry.number, "evolving mac")
        key = evolving_key.following(key)
    if len(entries) < after or evolving_key.present(platform, chain, len(entries) + 1) != key:
        return Broken(chain.id, len(entries) + 1, "evolving key")
    return None
