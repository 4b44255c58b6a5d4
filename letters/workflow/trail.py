"""The audit trail: append-only, a hash chain for each case and one for the installation, without a word of content."""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session, aliased

from keys.attest import attest
from letters.domain.errors import Tampered
from letters.domain.events import Event
from letters.domain.story import OF_KEYS, TEAM_CHANGES, Fact, KeyStory, Story, told
from letters.storage.store import microseconds
from letters.storage.tables import AuditEntry, Case, Installation
from letters.workflow.house import House

NOBODY = UUID(int=0)
"""The actor where the worker or an operator acts."""

_PREVIOUS = aliased(AuditEntry)


def record(house: House, db: Session, chain: Case | Installation, event: Event, actor: UUID, subject: UUID,
           about: UUID = NOBODY, left: str = "", entered: str = "") -> None:
    """Append one fact to the chain of a case (whose row is locked) or of the installation."""
    chain.audit_number += 1
    entry = AuditEntry(case_id=chain.id, number=chain.audit_number, at=house.now(), actor_id=actor, event=event.value,
                       subject_id=subject, about_id=about, left=left, entered=entered)
    entry.mac = chain.audit_head = _mac(house, entry, chain.audit_head)
    db.add(entry)


def verify(house: House, db: Session, chain: Case | Installation) -> list[AuditEntry]:
    """All entries of a chain, if it holds from its first to its head; else ``Tampered``."""
    entries = db.scalars(select(AuditEntry).where(AuditEntry.case_id == chain.id).order_by(AuditEntry.number)).all()
    before = b""
    for number, entry in enumerate(entries, start=1):
        if entry.number != number or entry.mac != _mac(house, entry, before):
            raise Tampered(chain.id, chain.id)
        before = entry.mac
    if (len(entries), before) != (chain.audit_number, chain.audit_head):
        raise Tampered(chain.id, chain.id)
    return list(entries)


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
    if entry.entered != state or entry.mac != _mac(house, entry, before):
        raise Tampered(letter, case.id)


def facts_about(house: House, db: Session, chain: UUID, subject: UUID, *events: Event) -> list[AuditEntry]:
    """These facts about one subject, oldest first; ``Tampered`` if one does not follow from the entry before it."""
    found = db.execute(
        select(AuditEntry, _PREVIOUS.mac)
        .outerjoin(_PREVIOUS, (_PREVIOUS.case_id == AuditEntry.case_id) & (_PREVIOUS.number == AuditEntry.number - 1))
        .where(AuditEntry.case_id == chain, AuditEntry.subject_id == subject,
               AuditEntry.event.in_([event.value for event in events])).order_by(AuditEntry.number)).all()
    for entry, before in found:
        if entry.mac != _mac(house, entry, before or b""):
            raise Tampered(subject)
    return [entry for entry, _ in found]


def key_story(house: House, db: Session, chain: UUID, person: UUID) -> KeyStory:
    """Which key of a person is the current one by the chain on which it is told; ``Tampered`` if it does not hold."""
    told_of = KeyStory()
    for entry, before in db.execute(
            select(AuditEntry, _PREVIOUS.mac)
            .join(_PREVIOUS, (_PREVIOUS.case_id == AuditEntry.case_id) & (_PREVIOUS.number == AuditEntry.number - 1),
                  isouter=True)
            .where(AuditEntry.case_id == chain, AuditEntry.subject_id == person,
                   AuditEntry.event.in_([event.value for event in sorted(OF_KEYS)])).order_by(AuditEntry.number)):
        if before is None or entry.mac != _mac(house, entry, before):
            raise Tampered(person, chain)
        told_of.tell(_fact(entry))
    return told_of


def last_change_of_team(house: House, db: Session, case: Case) -> int:
    """The number of the roster's statement that the trail told of last; ``Tampered`` if there is none that holds."""
    found = db.execute(_with_before(case.id, TEAM_CHANGES).order_by(AuditEntry.number.desc()).limit(1)).first()
    if found is None or found[0].mac != _mac(house, found[0], found[1] or b""):
        raise Tampered(case.id, case.id)
    return int(found[0].entered)


def ever_joined(house: House, db: Session, case: UUID) -> frozenset[UUID]:
    """Everybody who is or was in the team: their words stay theirs after they have left."""
    joined = set()
    for entry, before in db.execute(_with_before(case, {Event.MEMBER_JOINED})):
        if entry.mac != _mac(house, entry, before or b""):
            raise Tampered(case, case)
        joined.add(entry.subject_id)
    return frozenset(joined)


def story(house: House, db: Session, case: Case) -> Story:
    """How a case stands by its verified trail; ``Tampered`` if it does not hold or tells what cannot be."""
    try:
        return told(_fact(entry) for entry in verify(house, db, case))
    except Tampered as found:
        raise Tampered(found.subject, case.id) from None


def alarm(house: House, found: Tampered) -> None:
    """Put down, in a transaction of its own, that something does not verify: in the case's chain, as far as that can
    still be written to, else in the installation's."""
    if found.case is not None:
        with suppress(IntegrityError, NoResultFound), house.store.writing() as db:
            case = db.scalars(select(Case).where(Case.id == found.case).with_for_update()).one()
            record(house, db, case, Event.TAMPERING_FOUND, NOBODY, found.subject or case.id)
            return
    with house.store.writing() as db:
        installation = db.scalars(select(Installation).with_for_update()).one()
        record(house, db, installation, Event.TAMPERING_FOUND, NOBODY, found.subject or found.case or installation.id)


def _fact(entry: AuditEntry) -> Fact:
    return Fact(Event(entry.event), entry.subject_id, entry.about_id, entry.left, entry.entered, entry.at,
                entry.actor_id)


def _with_before(case: UUID, events: Collection[Event]) -> Select[AuditEntry, bytes]:
    """The entries of these kinds, each with the MAC of the one before it; the first of a chain has none."""
    return (select(AuditEntry, _PREVIOUS.mac)
            .outerjoin(_PREVIOUS, (_PREVIOUS.case_id == AuditEntry.case_id)
                       & (_PREVIOUS.number == AuditEntry.number - 1))
            .where(AuditEntry.case_id == case, AuditEntry.event.in_([event.value for event in events])))


def _mac(house: House, entry: AuditEntry, before: bytes) -> bytes:
    return attest(house.keys.audit, "audit", case=entry.case_id, number=entry.number, at=microseconds(entry.at),
                  actor=entry.actor_id, event=entry.event, subject=entry.subject_id, about=entry.about_id,
                  left=entry.left, entered=entry.entered, before=before)
