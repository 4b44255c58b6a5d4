"""Recording that something does not verify: once a subject and day, wherever that can still be
written."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Session, aliased

from letters.rules.accounts import NOBODY
from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.storage import locks
from letters.storage.tables.letters import AuditEntry, Case, Installation
from letters.workflow.platform import Platform
from letters.workflow.record import record, verify

_CANNOT_BE_WRITTEN = (IntegrityError, NoResultFound, MultipleResultsFound)
"""The errors of a chain whose row is gone, or into which somebody planted the next entry or a
second first row."""

ONE_ALARM_IN = timedelta(days=1)
"""However often somebody reads a thing that does not verify, the trail says so once in this
time."""


def raise_alarm(platform: Platform, found: Tampered) -> None:
    """Record, in a transaction of its own, that something does not verify. The entry goes into the
    case's chain if that can still be written, else into the installation's; if neither can, only
    the program's log says it."""
    if found.case is not None:
        with platform.reading() as db:
            if _alarmed_today(platform, db, found.case, found.subject or found.case):
                return
        with suppress(*_CANNOT_BE_WRITTEN), platform.writing() as db:
            case = db.scalars(locks.taken(select(Case).where(Case.id == found.case))).one()
            record_alarm(platform, db, case, found.subject or case.id)
            return
    with suppress(*_CANNOT_BE_WRITTEN), platform.writing() as db:
        installation = locks.installation(db)
        record_alarm(platform, db, installation, found.subject or found.case or installation.id)


def record_alarm(platform: Platform, db: Session, chain: Case | Installation,
                 subject: UUID) -> None:
    """Record in this chain, whose row is locked, that something of the subject does not verify,
    unless it was recorded within a day."""
    if not _alarmed_today(platform, db, chain.id, subject):
        record.add(platform, db, chain, Event.TAMPERING_FOUND, NOBODY, subject)


def _alarmed_today(platform: Platform, db: Session, chain: UUID, subject: UUID) -> bool:
    """Does an entry that holds record this within a day? A planted entry suppresses no alarm, and
    the chain itself may not hold: so single entries are asked here, as nowhere else."""
    before = aliased(AuditEntry)
    told = (select(AuditEntry, before.mac)
            .outerjoin(before, (before.case_id == AuditEntry.case_id)
                       & (before.number == AuditEntry.number - 1))
            .where(AuditEntry.case_id == chain, AuditEntry.subject_id == subject,
                   AuditEntry.event == Event.TAMPERING_FOUND.value,
                   AuditEntry.at > platform.now() - ONE_ALARM_IN))
    return any(verify.follows(platform, entry, mac or b"") for entry, mac in db.execute(told))
