"""The audit trail: append-only, one hash chain a case and one for the installation, with no
content."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Session, aliased

from letters.rules.case.history import OF_KEYS, TEAM_CHANGES, CaseHistory, KeyHistory, folded
from letters.rules.errors import Tampered, Unwitnessed
from letters.rules.events import Event, Fact
from letters.storage import locks
from letters.storage.tables.letters import AuditEntry, Case, Installation
from letters.workflow.platform import Platform
from letters.workflow.trail import chains, evolving_key, state_file
from letters.workflow.trail.chains import ChainEntry

NOBODY = UUID(int=0)
"""The actor when the worker or an operator acts."""

_CANNOT_BE_WRITTEN = (IntegrityError, NoResultFound, MultipleResultsFound)
"""The errors of a chain whose row is gone, or into which somebody planted the next entry or a
second first row."""

ONE_ALARM_IN = timedelta(days=1)
"""However often somebody reads a thing that does not verify, the trail says so once in this
time."""

_PREVIOUS = aliased(AuditEntry)


def record(platform: Platform, db: Session, chain: Case | Installation, event: Event, actor: UUID,
           subject: UUID,
           about: UUID = NOBODY, left: str = "", entered: str = "") -> None:
    """Append one fact to the chain of the installation, or of a case whose row is locked."""
    chain.audit_number += 1
    entry = AuditEntry(
        case_id=chain.id,
        number=chain.audit_number,
        at=platform.now(),
        actor_id=actor,
        event=event.value,
        subject_id=subject,
        about_id=about,
        left=left,
        entered=entered,
    )
    entry.mac = chain.audit_head = chains.mac(platform.keys.audit, entry, chain.audit_head)
    entry.evolved = evolving_key.advance(platform, chain, entry.mac)
    db.add(entry)
    state_file.after_commit(platform, db, entry)


def verify(platform: Platform, db: Session, chain: Case | Installation) -> Sequence[ChainEntry]:
    """All entries of a chain that holds and continues what the state file saw.
    Raises ``Tampered`` if it does not."""
    return chains.whole(platform, db, chain.id)


def require_last_entered(platform: Platform, db: Session, case: Case, letter: UUID,
                         state: str) -> None:
    """Check that this is the state that the letter entered last, according to the trail.
    Raises ``Tampered`` if it is not."""
    found = db.execute(
        select(AuditEntry, _PREVIOUS.mac)
        .join(_PREVIOUS, (_PREVIOUS.case_id
                          == AuditEntry.case_id) & (_PREVIOUS.number == AuditEntry.number - 1))
        .where(AuditEntry.case_id == case.id, AuditEntry.subject_id == letter,
               AuditEntry.entered != "")
        .order_by(AuditEntry.number.desc()).limit(1)).first()
    if found is None:
        raise Tampered(letter, case.id)
    entry, before = found
    if entry.entered != state or not chains.follows(platform, entry, before):
        raise Tampered(letter, case.id)


def facts_about(platform: Platform, db: Session, chain: UUID, subject: UUID,
                *events: Event) -> list[ChainEntry]:
    """These facts about one subject, oldest first.
    Raises ``Tampered`` if the chain does not hold."""
    try:
        return [entry for entry in facts_of(platform, db, chain, *events)
                if entry.subject_id == subject]
    except Tampered:
        raise Tampered(subject, None if chain == platform.keys.installation else chain) from None


def facts_of(platform: Platform, db: Session, chain: UUID, *events: Event) -> list[ChainEntry]:
    """These facts of a chain, oldest first. Raises ``Tampered`` if the chain does not hold."""
    return [entry for entry in chains.whole(platform, db, chain) if entry.event in events]


def key_history(platform: Platform, db: Session, chain: UUID, person: UUID) -> KeyHistory:
    """Which key of a person is the current one, according to the chain that records their keys.
    Raises ``Tampered`` if the chain does not hold."""
    story = KeyHistory()
    for entry in facts_about(platform, db, chain, person, *OF_KEYS):
        story.tell(fact(entry))
    return story


def last_change_of_team(platform: Platform, db: Session, case: Case) -> int:
    """The number of the roster's statement that the trail recorded last.
    Raises ``Tampered`` if the chain does not hold or records none."""
    told = facts_of(platform, db, case.id, *TEAM_CHANGES)
    if not told:
        raise Tampered(case.id, case.id)
    return int(told[-1].entered)


def ever_joined(platform: Platform, db: Session, case: UUID) -> frozenset[UUID]:
    """Everybody who is or was in the team: their words stay theirs after they leave."""
    return frozenset(entry.subject_id
                     for entry in facts_of(platform, db, case, Event.MEMBER_JOINED))


def story(platform: Platform, db: Session, case: Case) -> CaseHistory:
    """The history of a case, computed from its verified trail.
    Raises ``Tampered`` if the trail does not hold, says something impossible, or does not continue
    what the state file saw; ``Unwitnessed`` without a state file."""
    try:
        entries = chains.whole(platform, db, case.id)
        chains.require_continued(platform, case.id, entries)
        return told_by(entries)
    except Tampered as found:
        raise Tampered(found.subject, case.id) from None


def shown(platform: Platform, db: Session, case: Case) -> CaseHistory:
    """The same for a page. Without a state file the trail itself still has to hold; decide nothing
    by it."""
    try:
        return story(platform, db, case)
    except Unwitnessed:
        return told_by(verify(platform, db, case))


def told_by(entries: Iterable[ChainEntry]) -> CaseHistory:
    """The history that these verified entries of one case make."""
    return folded(fact(entry) for entry in entries)


def alarm(platform: Platform, found: Tampered) -> None:
    """Record, in a transaction of its own, that something does not verify. The entry goes into the
    case's chain if that can still be written, else into the installation's; if neither can, only
    the program's log says it. One subject is recorded once a day, however often it is read."""
    if found.case is not None:
        with platform.store.reading() as db:
            if _alarmed_today(platform, db, found.case, found.subject or found.case):
                return
        with suppress(*_CANNOT_BE_WRITTEN), platform.store.writing() as db:
            case = db.scalars(select(Case).where(Case.id == found.case).with_for_update()).one()
            record_alarm(platform, db, case, found.subject or case.id)
            return
    with suppress(*_CANNOT_BE_WRITTEN), platform.store.writing() as db:
        installation = locks.installation(db)
        record_alarm(platform, db, installation, found.subject or found.case or installation.id)


def record_alarm(platform: Platform, db: Session, chain: Case | Installation,
                 subject: UUID) -> None:
    """Record in this chain, whose row is locked, that something of the subject does not verify,
    unless it was recorded within a day."""
    if not _alarmed_today(platform, db, chain.id, subject):
        record(platform, db, chain, Event.TAMPERING_FOUND, NOBODY, subject)


def _alarmed_today(platform: Platform, db: Session, chain: UUID, subject: UUID) -> bool:
    """Does an entry that holds record this within a day? A planted entry suppresses no alarm."""
    told = _with_before(chain, [Event.TAMPERING_FOUND]).where(
        AuditEntry.subject_id == subject, AuditEntry.at > platform.now() - ONE_ALARM_IN)
    return any(chains.follows(platform, entry, before or b"") for entry, before in db.execute(told))


def fact(entry: ChainEntry) -> Fact:
    """One entry as the rules read it."""
    return Fact(Event(entry.event), entry.subject_id, entry.about_id, entry.left, entry.entered,
                entry.at,
                entry.actor_id)


def _with_before(case: UUID, events: Collection[Event]) -> Select[AuditEntry, bytes]:
    """The entries of these kinds, each with the MAC of the one before it; the first of a chain has
    none."""
    return (select(AuditEntry, _PREVIOUS.mac)
            .outerjoin(_PREVIOUS, (_PREVIOUS.case_id == AuditEntry.case_id)
                       & (_PREVIOUS.number == AuditEntry.number - 1))
            .where(AuditEntry.case_id == case,
                   AuditEntry.event.in_([event.value for event in events])))
