"""After a rotation of the keys: seal and attest each row again, and check everything that the key
file can check.

A row is changed only if it still has the value that was read, so that nobody's work meanwhile is
overwritten; each batch is its own transaction. If it is stopped half-way, run it again: it passes
over the rows that are done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from keys import box
from keys.context import Field, context
from keys.errors import CannotOpen
from keys.identity import sha256
from keys.vouching import attest, require
from letters.rules.events import Event
from letters.storage import locks
from letters.storage.store import changed_one, microseconds
from letters.storage.tables import accounts, letters
from letters.storage.tables import desk as desks
from letters.storage.tables import team as teams
from letters.workflow.platform import Platform
from letters.workflow.record import record, verify

BATCH = 200
NEWEST, FORMER, NEITHER = "newest", "former", "neither"
Fields = dict[str, Field]


@dataclass(frozen=True)
class SealedColumn:
    """A column that a key of the key file attests or boxes. ``fields``: the contexts that it may be
    bound to, in the order to try.

    ``block`` 0: the directory key attests the column. Else it is a box padded to this many bytes,
    under the contact key or, if ``by_directory``, the directory key.
    """

    name: str
    table: type[letters.Table]
    column: str
    purpose: str
    fields: Callable[[Session, Any], Iterator[Fields]]
    block: int = 0
    by_directory: bool = False


def _bound(**columns: str) -> Callable[[Session, Any], Iterator[Fields]]:
    """The fields of a context, each with its column."""
    def fields(_: Session, row: Any) -> Iterator[Fields]:
        found = {field: getattr(row, column) for field, column in columns.items()}
        yield {field: microseconds(value) if hasattr(value, "tzinfo") else int(value)
               if value is True or value is False
               else record.NOBODY if value is None else value for field, value in found.items()}
    return fields


def _bar(db: Session, row: letters.Version) -> Iterator[Fields]:
    """A version's bar was set in one round of its letter; the row does not say in which."""
    letter = db.get_one(letters.Letter, row.letter_id)
    for number in range(letter.round, 0, -1):
        yield {"version": row.id, "digest": row.digest, "findings_hash": row.findings_hash,
               "policy": row.policy,
               "recipient": letter.recipient_id, "round": number, "needed": row.needed}


def _asked(_: Session, row: teams.TeamRequest) -> Iterator[Fields]:
    yield {"case": row.case_id, "person": row.person_id, "asked_by": row.asked_by,
           "asked": microseconds(row.asked_at),
           "epoch": row.epoch, "handover": int(row.sealed is not None)}


def _membership(db: Session, row: letters.Member) -> Iterator[Fields]:
    yield {"case": row.case_id, "person": row.person_id, "joined": microseconds(row.joined_at),
           "epoch": db.get_one(letters.Case, row.case_id).epoch}


def _given(_: Session, row: teams.Feedback) -> Iterator[Fields]:
    yield {"form": row.form_id, "supervisor": row.supervisor_id, "month": row.month,
           "role": row.role,
           "sealed_hash": sha256(row.sealed)}


def _next_entry(_: Session, row: letters.Case | letters.Installation) -> Iterator[Fields]:
    yield {"chain": row.id, "number": row.audit_number + 1}


KEPT = (
    SealedColumn("installation", letters.Installation, "mac", "installation",
                 _bound(installation="id")),
    SealedColumn("generation", letters.Installation, "generation_mac", "generation",
                 _bound(installation="id", generation="generation")),
    SealedColumn("audit key of the installation", letters.Installation, "audit_key", "audit key",
                 _next_entry, 1, True),
    SealedColumn("audit keys of cases", letters.Case, "audit_key", "audit key", _next_entry, 1,
                 True),
    SealedColumn("roles", letters.Person, "mac", "person", _bound(person="id", role="role")),
    SealedColumn("names", letters.Person, "name", "name", _bound(person="id"), box.NAME_BLOCK),
    SealedColumn("public keys", letters.PublicKey, "mac", "public key",
                 _bound(kind="kind", owner="owner_id", serial="serial", sealing="sealing",
                        verifying="verifying")),
    SealedColumn("invitations", letters.Invitation, "mac", "invitation",
                 _bound(lookup="lookup", person="person_id", case="case_id", expires="expires_at")),
    SealedColumn("participants", letters.Participant, "mac", "participant",
                 _bound(participant="id", case="case_id", person="person_id")),
    SealedColumn("channels", letters.Channel, "mac", "channel",
                 _bound(channel="id", case="case_id", sender="sender_id",
                        recipient="recipient_id")),
    SealedColumn("members", letters.Member, "mac", "member", _membership),
    SealedColumn("bars of letters", letters.Version, "screening_mac", "screening", _bar),
    SealedColumn("supervised windows", accounts.SupervisedWindow, "mac", "supervised window",
                 _bound(window="id", person="person_id", opened_by="opened_by", until="until")),
    SealedColumn("resets", accounts.Reset, "mac", "reset",
                 _bound(lookup="lookup", person="person_id", asked_by="asked_by",
                        expires="expires_at")),
    SealedColumn("colleagues asked", teams.TeamRequest, "mac", "asked", _asked),
    SealedColumn("emergency requests", teams.EmergencyRequest, "mac", "emergency access",
                 _bound(request="id", case="case_id", supervisor="supervisor_id", asked="asked_at",
                        due="due_at",
                        safeguarding="safeguarding")),
    SealedColumn("profiles", teams.Profile, "sealed", "profile", _bound(person="person_id"),
                 box.NOTE_BLOCK),
    SealedColumn("contact ways", desks.ContactWay, "sealed", "contact way",
                 _bound(person="person_id"), box.NOTE_BLOCK),
    SealedColumn("weights", letters.Version, "weight", "weight", _bound(version="id"),
                 box.NAME_BLOCK),
    SealedColumn("counts without text", desks.Tally, "sealed", "tally", _bound(name="name"),
                 box.NOTE_BLOCK),
    SealedColumn("lists of names", desks.NamesList, "sealed", "names list", _bound(case="case_id"),
                 box.NOTE_BLOCK),
    SealedColumn("feedback", teams.Feedback, "mac", "feedback given", _given),
)
"""Every column that a key of the key file attests or boxes, except the trail, which is never
rewritten."""


@dataclass
class Count:
    """The number of rows under the newest key, under a former one, and under no known key."""

    newest: int = 0
    former: int = 0
    neither: int = 0


def reseal(platform: Platform, kept: SealedColumn) -> Iterator[Count]:
    """Bring every row of one kind under the newest key; rows that no key opens stay. Yields the
    counts of each batch."""
    yield from _in_batches(platform, kept, renew=True)


def check(platform: Platform, kept: SealedColumn) -> Iterator[Count]:
    """Check every row of one kind and change nothing. Yields the counts of each batch."""
    yield from _in_batches(platform, kept, renew=False)


def extend_trails(platform: Platform) -> int:
    """Add an entry under the newest key to each chain that does not end with one, so that nobody
    can append to it with a former key.
    Returns the number of chains extended."""
    with platform.reading() as db:
        chains = [None, *db.scalars(select(letters.Case.id))]
    return sum(_extend(platform, case) for case in chains)


def release_keys_used(platform: Platform) -> frozenset[bytes]:
    """The ids of the release keys to which something that waits is still sealed."""
    with platform.reading() as db:
        return frozenset([*db.scalars(select(letters.SealedRelease.release_kid).distinct()),
                          *db.scalars(select(teams.SpareCaseKey.release_kid).distinct())])


def _in_batches(platform: Platform, kept: SealedColumn, renew: bool) -> Iterator[Count]:
    after: tuple[Any, ...] | None = None
    while True:
        count = Count()
        with platform.writing() if renew else platform.reading() as db:
            rows = _page(db, kept, after)
            for row in rows:
                stands, fields = _stands(platform, db, kept, row)
                if stands == FORMER and renew:
                    stands = _renew(platform, db, kept, row, fields)
                setattr(count, stands, getattr(count, stands) + 1)
            after = tuple(getattr(rows[-1], key.key) for key in _key(kept)) if rows else None
        yield count
        if len(rows) < BATCH:
            return


def _page(db: Session, kept: SealedColumn, after: tuple[Any, ...] | None) -> list[Any]:
    key = _key(kept)
    query = select(kept.table).where(getattr(kept.table,
                                             kept.column) != b"").order_by(*key).limit(BATCH)
    if after is not None:
        query = (query.where(tuple_(*key) > tuple_(*after)) if len(key) > 1
                 else query.where(key[0] > after[0]))
    return list(db.scalars(query))


def _key(kept: SealedColumn) -> list[InstrumentedAttribute[Any]]:
    return [getattr(kept.table, column.name) for column in inspect(kept.table).primary_key]


def _stands(platform: Platform, db: Session, kept: SealedColumn, row: Any) -> tuple[str, Fields]:
    """The key under which a row stands, as newest, former or neither, and the fields that it is
    bound to."""
    present = (platform.keys.directory if not kept.block or kept.by_directory
               else platform.keys.contact)
    former = (platform.keys.former.directory if not kept.block or kept.by_directory
              else platform.keys.former.contact)
    value = getattr(row, kept.column)
    for fields in kept.fields(db, row):
        for key in (present, *former):
            try:
                _opened(kept, key, value, fields)
            except CannotOpen:
                continue
            return NEWEST if key is present else FORMER, fields
    return NEITHER, {}


def _opened(kept: SealedColumn, key: bytes, value: bytes, fields: Fields) -> bytes:
    if kept.block:
        return box.open_box(key, context(kept.purpose, **fields), value)
    require(key, value, kept.purpose, **fields)
    return b""


def _renew(platform: Platform, db: Session, kept: SealedColumn, row: Any, fields: Fields) -> str:
    keys, value = platform.keys, getattr(row, kept.column)
    if not kept.block:
        renewed = attest(keys.directory, kept.purpose, **fields)
    else:
        place = context(kept.purpose, **fields)
        content = (keys.open_directory if kept.by_directory else keys.open_contact)(place, value)
        renewed = box.seal(
            keys.directory if kept.by_directory else keys.contact, place, content, platform.random,
            kept.block
        )
    column = getattr(kept.table, kept.column)
    own = [key == getattr(row, key.key) for key in _key(kept)]
    changed = changed_one(db, update(kept.table).where(*own, column
                                                       == value).values({kept.column: renewed})
                          .execution_options(synchronize_session=False))
    return NEWEST if changed else FORMER  # somebody was quicker; the next run tries again


def _extend(platform: Platform, case: UUID | None) -> bool:
    with platform.writing() as db:
        chain: letters.Case | letters.Installation = (
            locks.installation(db) if case is None else
            db.scalars(locks.taken(select(letters.Case).where(letters.Case.id == case))).one())
        entries, broken = record.whole(platform, db, chain.id)
        if broken is not None:
            return False  # it does not hold; a new entry must not make it look as if it did
        before = entries[-2].mac if len(entries) > 1 else b""
        if entries and verify.is_under(platform.keys.audit, entries[-1], before):
            return False
        record.add(platform, db, chain, Event.KEYS_ROTATED, record.NOBODY, chain.id)
        return True
