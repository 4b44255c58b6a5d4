"""The audit trail: append-only, a hash chain for each case and one for the installation, without a word of content."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from hmac import compare_digest
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Session, aliased

from keys.attest import attest
from letters.domain.errors import Tampered, Unwitnessed
from letters.domain.events import Event
from letters.domain.story import OF_KEYS, TEAM_CHANGES, Fact, KeyStory, Story, told
from letters.storage import locks
from letters.storage.store import microseconds
from letters.storage.tables import AuditEntry, Case, Installation
from letters.workflow import evolving, remembering
from letters.workflow.house import House

NOBODY = UUID(int=0)
"""The actor where the worker or an operator acts."""

_CANNOT_BE_WRITTEN = (IntegrityError, NoResultFound, MultipleResultsFound)
"""What comes of a chain whose next entry, or a second first row, was planted, or whose row is gone."""

ONE_ALARM_IN = timedelta(days=1)
"""However often something that does not verify is looked at, the trail says it once in this time."""

_PREVIOUS = aliased(AuditEntry)


class Broken(NamedTuple):
    """Where a chain does not hold first, and what it is there: mac, number, head or count."""

    chain: UUID
    number: int
    what: str


def record(house: House, db: Session, chain: Case | Installation, event: Event, actor: UUID, subject: UUID,
           about: UUID = NOBODY, left: str = "", entered: str = "") -> None:
    """Append one fact to the chain of a case (whose row is locked) or of the installation."""
    chain.audit_number += 1
    entry = AuditEntry(case_id=chain.id, number=chain.audit_number, at=house.now(), actor_id=actor, event=event.value,
                       subject_id=subject, about_id=about, left=left, entered=entered)
    entry.mac = chain.audit_head = _mac(house.keys.audit, entry, chain.audit_head)
    entry.evolved = evolving.advance(house, chain, entry.mac)
    db.add(entry)
    remembering.after_commit(house, db, entry)


def verify(house: House, db: Session, chain: Case | Installation) -> list[AuditEntry]:
    """All entries of a chain, if it holds from its first to its head; else ``Tampered``."""
    entries, broken = examined(house, db, chain)
    if broken is not None:
        raise Tampered(chain.id, chain.id)
    return entries


def examined(house: House, db: Session, chain: Case | Installation) -> tuple[list[AuditEntry], Broken | None]:
    """The entries of a chain as far as they hold, and where it does not hold first, if it does not."""
    held: list[AuditEntry] = []
    for entry in unbroken(house, since(db, chain.id, 1), 1, b""):
        if isinstance(entry, Broken):
            return held, entry
        held.append(entry)
    if len(held) != chain.audit_number:
        return held, Broken(chain.id, min(len(held), chain.audit_number) + 1, "count")
    if chain.audit_head != (held[-1].mac if held else b""):
        return held, Broken(chain.id, chain.audit_number, "head")
    return held, None


def since(db: Session, chain: UUID, number: int) -> Sequence[AuditEntry]:
    """The entries of a chain from this number on, as they stand; nothing is checked."""
    return db.scalars(select(AuditEntry).where(AuditEntry.case_id == chain, AuditEntry.number >= number)
                      .order_by(AuditEntry.number)).all()


def unbroken(house: House, entries: Sequence[AuditEntry], number: int, before: bytes) -> Iterator[AuditEntry | Broken]:
    """Each entry that holds, beginning with this number after this MAC; then, if one does not, what is broken.

    What was once written under a newer key of the audit ring is never followed by an entry under an older one.
    """
    ring, at = house.keys.audit_ring, 0
    for entry in entries:
        if entry.number != number:
            yield Broken(entry.case_id, number, "number")
            return
        while at < len(ring) and not compare_digest(entry.mac, _mac(ring[at], entry, before)):
            at += 1
        if at == len(ring):
            yield Broken(entry.case_id, number, "mac")
            return
        yield entry
        number, before = number + 1, entry.mac


def require_last_entered(house: House, db: Session, case: Case, letter: UUID, state: str) -> None:
    """``Tampered`` unless the state that the letter entered last, by the trail, is this one."""
    found = db.execute(
        select(AuditEntry, _PREVIOUS.mac)
        .join(_PREVIOUS, (_PREVIOUS.case_id == AuditEntry.case_id) & (_PREVIOUS.number == AuditEntry.number - 1))
        .where(AuditEntry.case_id == case.id, AuditEntry.subject_id == letter, AuditEntry.entered != "")
        .order_by(AuditEntry.number.desc()).limit(1)).first()
    if found is None:
        raise Tampered(letter, case.id)
    entry, before = found
    if entry.entered != state or not _follows(house, entry, before):
        raise Tampered(letter, case.id)


def facts_about(house: House, db: Session, chain: UUID, subject: UUID, *events: Event) -> list[AuditEntry]:
    """These facts about one subject, oldest first; ``Tampered`` if one does not follow from the entry before it."""
    return _held(house, db, _with_before(chain, events).where(AuditEntry.subject_id == subject), subject)


def facts_of(house: House, db: Session, chain: UUID, *events: Event) -> list[AuditEntry]:
    """These facts of a whole chain, oldest first; ``Tampered`` if one does not follow from the entry before it."""
    return _held(house, db, _with_before(chain, events), chain)


def key_story(house: House, db: Session, chain: UUID, person: UUID) -> KeyStory:
    """Which key of a person is the current one by the chain on which it is told; ``Tampered`` if it does not hold."""
    story = KeyStory()
    for entry in facts_about(house, db, chain, person, *OF_KEYS):
        story.tell(fact(entry))
    return story


def last_change_of_team(house: House, db: Session, case: Case) -> int:
    """The number of the roster's statement that the trail told of last; ``Tampered`` if there is none that holds."""
    found = db.execute(_with_before(case.id, TEAM_CHANGES).order_by(AuditEntry.number.desc()).limit(1)).first()
    if found is None or not _follows(house, *found):
        raise Tampered(case.id, case.id)
    return int(found[0].entered)


def ever_joined(house: House, db: Session, case: UUID) -> frozenset[UUID]:
    """Everybody who is or was in the team: their words stay theirs after they have left."""
    return frozenset(entry.subject_id for entry in facts_of(house, db, case, Event.MEMBER_JOINED))


def story(house: House, db: Session, case: Case) -> Story:
    """How a case stands by its verified trail; ``Tampered`` if it does not hold, tells what cannot be, or does not go
    on from where the state file saw it."""
    try:
        entries = verify(house, db, case)
        remembering.require_continued(house, case.id, entries)
        return told_by(entries)
    except Tampered as found:
        raise Tampered(found.subject, case.id) from None


def shown(house: House, db: Session, case: Case) -> Story:
    """The same for a page. Where the state file is missing the trail itself still has to hold; decide nothing by it."""
    try:
        return story(house, db, case)
    except Unwitnessed:
        return told_by(verify(house, db, case))


def told_by(entries: Iterable[AuditEntry]) -> Story:
    """What these entries of one case, which were verified, tell."""
    return told(fact(entry) for entry in entries)


def alarm(house: House, found: Tampered) -> None:
    """Record, in a transaction of its own, that something does not verify: in the case's chain, as far as that can
    still be written to, else in the installation's. Where neither can, the program's log alone says it. Of one subject
    it is recorded once a day, however often it is looked at."""
    if found.case is not None:
        with house.store.reading() as db:
            if _alarmed_today(house, db, found.case, found.subject or found.case):
                return
        with suppress(*_CANNOT_BE_WRITTEN), house.store.writing() as db:
            case = db.scalars(select(Case).where(Case.id == found.case).with_for_update()).one()
            record_alarm(house, db, case, found.subject or case.id)
            return
    with suppress(*_CANNOT_BE_WRITTEN), house.store.writing() as db:
        installation = locks.installation(db)
        record_alarm(house, db, installation, found.subject or found.case or installation.id)


def record_alarm(house: House, db: Session, chain: Case | Installation, subject: UUID) -> None:
    """Record in this chain, whose row is locked, that something of the subject does not verify, unless it was today."""
    if not _alarmed_today(house, db, chain.id, subject):
        record(house, db, chain, Event.TAMPERING_FOUND, NOBODY, subject)


def _alarmed_today(house: House, db: Session, chain: UUID, subject: UUID) -> bool:
    """Does an entry that holds tell of this within a day? One that was planted keeps no alarm back."""
    told = _with_before(chain, [Event.TAMPERING_FOUND]).where(
        AuditEntry.subject_id == subject, AuditEntry.at > house.now() - ONE_ALARM_IN)
    return any(_follows(house, *found) for found in db.execute(told))


def fact(entry: AuditEntry) -> Fact:
    """One entry as the domain reads it."""
    return Fact(Event(entry.event), entry.subject_id, entry.about_id, entry.left, entry.entered, entry.at,
                entry.actor_id)


def _held(house: House, db: Session, query: Select[AuditEntry, bytes], subject: UUID) -> list[AuditEntry]:
    """The entries of a query, oldest first; ``Tampered`` if one does not follow from the entry before it."""
    found = db.execute(query.order_by(AuditEntry.number)).all()
    if not all(_follows(house, entry, before) for entry, before in found):
        raise Tampered(subject)
    return [entry for entry, _ in found]


def _with_before(case: UUID, events: Collection[Event]) -> Select[AuditEntry, bytes]:
    """The entries of these kinds, each with the MAC of the one before it; the first of a chain has none."""
    return (select(AuditEntry, _PREVIOUS.mac)
            .outerjoin(_PREVIOUS, (_PREVIOUS.case_id == AuditEntry.case_id)
                       & (_PREVIOUS.number == AuditEntry.number - 1))
            .where(AuditEntry.case_id == case, AuditEntry.event.in_([event.value for event in events])))


def is_under(key: bytes, entry: AuditEntry, before: bytes) -> bool:
    """True if this entry, after this MAC, was written under this key."""
    return compare_digest(entry.mac, _mac(key, entry, before))


def _follows(house: House, entry: AuditEntry, before: bytes | None) -> bool:
    """True if this entry was written after this MAC (none for the first of a chain), under any key of the ring."""
    return any(is_under(key, entry, before or b"") for key in house.keys.audit_ring)


def _mac(key: bytes, entry: AuditEntry, before: bytes) -> bytes:
    return attest(key, "audit", case=entry.case_id, number=entry.number, at=microseconds(entry.at),
                  actor=entry.actor_id, event=entry.event, subject=entry.subject_id, about=entry.about_id,
                  left=entry.left, entered=entry.entered, before=before)
