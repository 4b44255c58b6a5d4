"""The record: the doors to the chains of facts. One in, ``read``; one out, ``add``.

A chain is the history of a case or of the installation. ``read`` gives how it stands, as a state
that is folded from its facts. A process reads the facts that are new since it looked last, checks
that they follow, and folds them on. ``add`` appends a fact to a chain whose row is locked; it is
written when the transaction ends. Afterwards the state file and this process's memory hear of it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from letters.rules.accounts import NOBODY, Accounts
from letters.rules.case.history import CaseHistory
from letters.rules.errors import Tampered, Unwitnessed
from letters.rules.events import Event
from letters.storage.memory import NO_GENERATION, KnownChain, VerifiedChain
from letters.storage.state_file import MISSING, Head
from letters.storage.store import changed_one
from letters.storage.tables.letters import AuditEntry, Case, Installation
from letters.workflow.platform import Asked, Platform
from letters.workflow.record import evolving_key, state_file, verify
from letters.workflow.record.verify import BEGINNING, COLUMNS, Broken, ChainEntry, fact

__all__ = ["NOBODY", "Moved", "accounts", "add", "afresh", "evolves_with", "history", "lock",
           "read", "read_installation", "savepoint", "since", "to_decide", "whole",
           "without_witness", "write"]

_NEWER = {
    table: select(table.audit_number, table.audit_head, *COLUMNS).outerjoin(
        AuditEntry, (AuditEntry.case_id == table.id) & (AuditEntry.number > bindparam("after")))
    .where(table.id == bindparam("chain")).order_by(AuditEntry.number)
    for table in (Case, Installation)}
"""The row of a chain with its entries after a number. It is asked so often that building the
statement each time would take half of its time."""


class Moved(Exception):
    """A chain's row was not locked, and somebody else added to it."""


@dataclass
class Opened:
    """One chain in one transaction: where its row stood, and its head with what was added since.

    ``verified``: how things stand at that head, once somebody asked. ``locked``: its row is locked.
    ``key``: then also its evolving key as boxed, for the next fact.
    """

    row: Head
    head: Head
    locked: bool = False
    verified: VerifiedChain | None = None
    added: list[AuditEntry] = field(default_factory=list)
    key: bytes = b""


def read(platform: Platform, db: Session, case: UUID) -> CaseHistory:
    """How a case stands by its chain, for a page. Without a state file the chain itself still has
    to hold; decide nothing by it.
    Raises ``Tampered`` if it does not hold, or is older than the state file or this process saw, or
    if something was said on it while it did not hold."""
    state = _verified(platform, db, case).state
    assert isinstance(state, CaseHistory)
    return state


def read_ahead(platform: Platform, db: Session, cases: Collection[UUID]) -> None:
    """Read the chains of many cases in one statement, as far as nothing is new in them. A chain of
    which this process knows too little, or that has another head or an entry beyond it, is read by
    itself when it is asked for: for lists that only staff see, as their number of statements tells
    that something is new (rule 22)."""
    newest = select(func.max(AuditEntry.number)).where(
        AuditEntry.case_id == Case.id).scalar_subquery()
    for case, number, mac, last in db.execute(select(
            Case.id, Case.audit_number, Case.audit_head, newest).where(Case.id.in_(cases))):
        head, known = Head(number, mac), _remembered(platform, db, case)
        if case not in _chains(db) and head == known.head and last == number:
            found = verify.continued(platform, known, head, [])
            if found is not None and _is_witnessed(db, case, found):
                _chains(db)[case] = Opened(head, head, verified=found)


def to_decide(platform: Platform, db: Session, case: UUID) -> CaseHistory:
    """The same, to decide by. Raises also ``Unwitnessed`` without a state file."""
    state, asked = read(platform, db, case), _asked(db)
    if isinstance(asked.state_file, Unwitnessed):
        raise asked.state_file
    return state


def read_installation(platform: Platform, db: Session) -> Accounts:
    """How the accounts stand of which the installation's chain tells.
    Raises ``Tampered`` as ``read`` does."""
    return accounts(platform, db, platform.keys.installation)


def accounts(platform: Platform, db: Session, chain: UUID) -> Accounts:
    """How the accounts stand of which this chain tells: the installation's or a case's."""
    state = _verified(platform, db, chain).state
    return state.accounts if isinstance(state, CaseHistory) else state


def history(platform: Platform, db: Session, case: UUID, *events: Event) -> list[ChainEntry]:
    """The facts themselves, oldest first, all or of these kinds, for a page that lists them: the
    chain is read from its first fact. Raises ``Tampered`` if it does not hold."""
    read(platform, db, case)
    entries, broken = whole(platform, db, case)
    if broken is not None:
        raise Tampered(case, case)
    return [entry for entry in entries if not events or entry.event in events]


def whole(platform: Platform, db: Session,
          chain: UUID) -> tuple[list[ChainEntry], Broken | None]:
    """A chain from its first fact as far as it holds, with what was added in this transaction, and
    the first place where it breaks, if there is one."""
    opened = _chains(db).get(chain)
    head, entries = _rows(platform, db, chain, 0)
    kept, broken = verify.examined(platform, chain, head, entries)
    return [*kept, *(_entry(one) for one in opened.added)] if opened else kept, broken


def afresh(db: Session, chain: UUID) -> None:
    """Read a chain again when it is asked next, unless its row is locked: this transaction waited
    for somebody, who may have added to it."""
    opened = _chains(db).get(chain)
    if opened is not None and not opened.locked:
        del _chains(db)[chain]


def since(db: Session, chain: UUID, number: int) -> list[ChainEntry]:
    """The entries of a chain from this number on, as the database has them; nothing is checked."""
    return [ChainEntry(*row) for row in db.execute(
        select(*COLUMNS).where(AuditEntry.case_id == chain, AuditEntry.number >= number)
        .order_by(AuditEntry.number))]


def without_witness(db: Session) -> None:
    """From here on this transaction asks neither the state file nor the memory: a restore is
    confirmed, and what they know is of the database before it."""
    db.info["asked"] = Asked(Unwitnessed(MISSING), {})


def add(platform: Platform, db: Session, chain: Case | Installation, event: Event, actor: UUID,
        subject: UUID,
        about: UUID = NOBODY, left: str = "", entered: str = "", detail: bytes = b"") -> None:
    """Append one fact to the chain of the installation, or of a case whose row is locked.
    ``detail``: what it binds, see ``bindings``. A fact of a case also names where the
    installation's chain stood, if that was read before.

    It can be written to a chain that does not verify: a stop and a recall never need a sound one.
    The state file then hears of the stop, and not of the chain's new head.
    Raises ``Tampered`` if the chain verifies and the fact does not follow from it.
    """
    opened = _to_add_to(platform, db, chain)
    number, before = opened.head
    entry = AuditEntry(case_id=chain.id, number=number + 1, at=platform.now(), actor_id=actor,
                       event=event.value, subject_id=subject, about_id=about, left=left,
                       entered=entered, detail=detail + _rests_on(platform, db, chain.id))
    entry.mac = verify.mac(platform.keys.audit, entry, before)
    if opened.verified is not None:
        opened.verified = _after(platform, opened.verified, entry)
    opened.head = Head(entry.number, entry.mac)
    entry.evolved, opened.key = evolving_key.advanced(platform, chain.id, entry, opened.key)
    opened.added.append(entry)
    for name, value in _row(opened).items():
        set_committed_value(chain, name, value)
    if "at the end" not in db.info:
        db.info["at the end"] = [lambda: write(platform, db)]


def write(platform: Platform, db: Session) -> None:
    """Write what was added, once a chain; after the commit, the state file and this process's
    memory hear of it. Raises ``Moved`` if a chain is no longer where it stood when its row was
    locked."""
    db.flush()
    news = {chain: opened for chain, opened in _chains(db).items() if opened.added}
    entries = [entry for opened in news.values() for entry in opened.added]
    if not entries:
        return
    try:
        db.execute(insert(AuditEntry), [_entry(entry)._asdict() for entry in entries])
    except IntegrityError:  # somebody planted the next fact
        state_file.tell_broken(platform, entries)
        raise
    for chain, opened in news.items():
        table = _table(platform, chain)
        if not changed_one(db, update(table).where(
                table.id == chain, table.audit_number == opened.row.number,
                table.audit_head == opened.row.mac).values(_row(opened))
                .execution_options(synchronize_session=False)):
            raise Moved
        opened.row, opened.added = opened.head, []
    if "news" not in db.info:
        db.info["news"] = list[AuditEntry]()
        db.info.setdefault("afterwards", []).append(lambda: _tell(platform, db))
    db.info["news"] += entries


@contextmanager
def savepoint(platform: Platform, db: Session) -> Iterator[None]:
    """A part of a transaction that is kept whole or not at all, with the facts that it added."""
    write(platform, db)
    before, news = dict(_chains(db)), list(db.info.get("news", ()))
    for chain, opened in before.items():
        _chains(db)[chain] = replace(opened, added=[])
    try:
        with db.begin_nested():
            yield
            write(platform, db)
    except BaseException:
        _chains(db).clear()
        _chains(db).update(before)
        if "news" in db.info:
            db.info["news"][:] = news
        for row in db.identity_map.values():  # they say what was added meanwhile
            if isinstance(row, Case | Installation):
                db.expire(row, ["audit_number", "audit_head", "audit_key"])
        raise


def require_rested_on(platform: Platform, db: Session, told: CaseHistory) -> None:
    """Raises ``Tampered`` unless the installation's chain holds, and goes as far as this case's
    facts saw it: keys and roles in it decided with them."""
    known = _verified(platform, db, platform.keys.installation)
    if not known.has(verify.read_head(told.rests_on)):
        raise _tampered(platform, platform.keys.installation)


def evolves_with(platform: Platform, db: Session, chain: Case | Installation) -> bytes | None:
    """The evolving key for the next fact of a chain whose row is locked; None if it has none."""
    opened = _to_add_to(platform, db, chain)
    return evolving_key.opened(platform, chain.id, opened.head.number + 1, opened.key)


def lock(db: Session, chain: Case | Installation) -> None:
    """Take note that the row of a chain is locked: what is known of it goes as far as it does."""
    opened = _chains(db).get(chain.id)
    if opened is None or not opened.locked:
        if chain in db.new:
            db.flush()
        head = Head(chain.audit_number, chain.audit_head)
        _chains(db)[chain.id] = Opened(head, head, locked=True, key=chain.audit_key)


def _to_add_to(platform: Platform, db: Session, chain: Case | Installation) -> Opened:
    lock(db, chain)
    with suppress(Tampered):
        _verified(platform, db, chain.id)
    return _chains(db)[chain.id]


def _verified(platform: Platform, db: Session, chain: UUID) -> VerifiedChain:
    opened = _chains(db).get(chain)
    if opened is not None and opened.verified is not None:
        return opened.verified
    known = _remembered(platform, db, chain)
    if opened is not None and opened.row == known.head:  # its row is locked, and nothing is new
        head, entries = opened.row, list[ChainEntry]()
    else:
        head, entries = _rows(platform, db, chain, known.head.number)
    found = verify.continued(platform, known, head, entries)
    if found is None or not _is_witnessed(db, chain, found):
        raise _tampered(platform, chain)
    if "news" not in db.info:  # else this transaction may have written some of it
        platform.verified.keep(_key(platform, db, chain), found)
    if opened is None:
        opened = _chains(db)[chain] = Opened(head, head)
    for entry in opened.added:
        found = _after(platform, found, entry)
    opened.verified = found
    return found


def _rows(platform: Platform, db: Session, chain: UUID,
          after: int) -> tuple[Head, list[ChainEntry]]:
    """Where the row of a chain stands, and its entries after a number, as the database has them. It
    is one statement, whether or not anything is new: the number of statements that a page makes
    must not tell whether something happened elsewhere (rule 22)."""
    found = db.execute(_NEWER[_table(platform, chain)], {"chain": chain, "after": after}).all()
    if not found:
        raise _tampered(platform, chain)
    head = Head(found[0][0], found[0][1])
    return head, [ChainEntry(*row[2:]) for row in found if row[2] is not None]


def _after(platform: Platform, known: VerifiedChain, entry: AuditEntry) -> VerifiedChain:
    """A chain after one more entry, which this transaction adds."""
    return VerifiedChain(known.macs + entry.mac, len(platform.keys.audit_ring) - 1,
                         known.state.after([fact(entry)]))


def _is_witnessed(db: Session, chain: UUID, found: VerifiedChain) -> bool:
    """True if a chain continues what the state file saw of it, as far as there is a file."""
    witness = _asked(db).state_file
    return isinstance(witness, Unwitnessed) or (
        chain not in witness.broken and found.has(witness.heads.get(chain, BEGINNING)))


def _rests_on(platform: Platform, db: Session, chain: UUID) -> bytes:
    known = _chains(db).get(platform.keys.installation)
    if known is None or known.verified is None or chain == platform.keys.installation:
        return b""
    return verify.written(known.head)


def _remembered(platform: Platform, db: Session, chain: UUID) -> VerifiedChain:
    return (_asked(db).memory.get(_key(platform, db, chain))
            or verify.nothing_of(platform, chain))


def _key(platform: Platform, db: Session, chain: UUID) -> KnownChain:
    witness = _asked(db).state_file
    generation = NO_GENERATION if isinstance(witness, Unwitnessed) else witness.generation
    return KnownChain(chain, generation, platform.keys.audit)


def _tell(platform: Platform, db: Session) -> None:
    sound = {chain: opened.verified for chain, opened in _chains(db).items()
             if opened.locked and opened.verified is not None}
    for chain, verified in sound.items():
        platform.verified.keep(_key(platform, db, chain), verified)
    state_file.tell(platform, db.info["news"], sound)


def _asked(db: Session) -> Asked:
    asked: Asked = db.info["asked"]
    return asked


def _chains(db: Session) -> dict[UUID, Opened]:
    chains: dict[UUID, Opened] = db.info.setdefault("chains", {})
    return chains


def _table(platform: Platform, chain: UUID) -> type[Case] | type[Installation]:
    return Installation if chain == platform.keys.installation else Case


def _row(opened: Opened) -> dict[str, object]:
    return {"audit_number": opened.head.number, "audit_head": opened.head.mac,
            "audit_key": opened.key}


def _entry(entry: AuditEntry) -> ChainEntry:
    return ChainEntry(*(getattr(entry, name) for name in ChainEntry._fields))


def _tampered(platform: Platform, chain: UUID) -> Tampered:
    return Tampered(chain, None if chain == platform.keys.installation else chain)
