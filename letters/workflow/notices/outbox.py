"""Notices: there is something new, and nothing else. They name nobody, and go in the way that each
person chose.

A notice waits in the outbox for a random delay of its own, so that its arrival does not tell when
something was done, or by whom (rule 22; decision 0032). Staff hear of an alert at once.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from letters.rules.errors import Tampered
from letters.storage.tables.desk import ContactWay, Notice
from letters.storage.tables.letters import Case, Participant, Person
from letters.workflow.access import directory
from letters.workflow.notices import contact
from letters.workflow.platform import Platform
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm

REMINDED = (14, 3)
"""The days before a consent must be renewed on which its giver gets a notice."""


class NoticeKind(StrEnum):
    """How long a notice waits; it always reads the same."""

    UPDATE = "update"
    ALERT = "alert"


def notify(platform: Platform, db: Session, person: UUID, kind: str) -> None:
    """Notify this person that there is something new, in the caller's transaction, if they want
    notices at all.

    ``kind``: "update", after a random delay; "alert", at once, for staff only. If one already waits
    that comes as early, no second one is added. Trouble with the way they chose does not stop the
    caller's step.
    """
    at_once = False
    with suppress(Tampered):
        at_once = (
            NoticeKind(kind) is NoticeKind.ALERT
            and not directory.role_of(platform, db.get_one(Person, person)).is_participant
        )
    with suppress(Tampered):
        if not contact.way_of(platform, db, person, of_alert=at_once).address:
            return
    kinds = [NoticeKind.ALERT.value] if at_once else [one.value for one in NoticeKind]
    if db.scalar(select(exists().where(Notice.person_id == person, Notice.due_at.is_not(None),
                                       Notice.kind.in_(kinds)))):
        return
    now = platform.now()
    db.add(
        Notice(
            id=platform.new_id(),
            person_id=person,
            kind=(NoticeKind.ALERT if at_once else NoticeKind.UPDATE).value,
            made_at=now,
            due_at=now if at_once else _some_time(platform, now),
        )
    )
    db.flush()


def _some_time(platform: Platform, now: datetime) -> datetime:
    """A moment within the delay that the service sets, each equally likely."""
    return now + timedelta(
        seconds=int.from_bytes(platform.random(8))
        % (int(platform.notice_delay.total_seconds()) + 1)
    )


def remind(platform: Platform) -> None:
    """Once a day: notify the people who want notices and soon have to renew a consent."""
    with platform.reading() as db:
        wanting = db.execute(select(Participant.case_id, Participant.person_id)
                             .join(ContactWay, ContactWay.person_id == Participant.person_id)
                             .join(Case, Case.id == Participant.case_id)
                             .where(Case.closed_at.is_(None), Case.erased_at.is_(None))).all()
    for case, person in wanting:
        try:
            with platform.writing() as db:
                if _renews_soon(platform, db, case, person):
                    notify(platform, db, person, NoticeKind.UPDATE)
        except Tampered as found:
            raise_alarm(platform, found)


def _renews_soon(platform: Platform, db: Session, case: UUID, person: UUID) -> bool:
    told = record.read(platform, db, case).process
    return any((given.until - platform.today()).days in REMINDED
               for given in told.consents.get(person, {}).values())
