"""Notices: that there is something, and nothing else. They name nobody, and go by the way that each person chose.

A notice waits in the outbox for a delay that is thrown for it alone, so that nobody can tell from the moment at which
it comes when something was done, nor by whom (rule 22; decision 0032). Staff hear of an alert at once.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from letters.rules.case.process import Process
from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.storage.tables.desk import ContactWay, Notice
from letters.storage.tables.letters import Case, Participant, Person
from letters.workflow.access import directory
from letters.workflow.notices import contact
from letters.workflow.platform import House
from letters.workflow.trail import trail

REMINDED = (14, 3)
"""How many days before a consent has to be renewed its giver hears that there is something."""


class Kind(StrEnum):
    """What a notice waits like; it always reads the same."""

    UPDATE = "update"
    ALERT = "alert"


def tell(house: House, db: Session, person: UUID, kind: str) -> None:
    """Let this person hear that there is something, in the caller's transaction, if they want to hear at all.

    ``kind``: "update", after a random delay; "alert", at once, for staff alone. While one waits that comes as soon,
    there is no second. Whatever is wrong with the way they chose does not hold up the caller's step.
    """
    wanted = Kind(kind)
    try:
        if not contact.way_of(house, db, person).address:
            return
        at_once = wanted is Kind.ALERT and not directory.role_of(house, db.get_one(Person, person)).is_participant
    except Tampered:
        at_once = False
    kinds = [Kind.ALERT.value] if at_once else [one.value for one in Kind]
    if db.scalar(select(exists().where(Notice.person_id == person, Notice.due_at.is_not(None),
                                       Notice.kind.in_(kinds)))):
        return
    now = house.now()
    db.add(Notice(id=house.new_id(), person_id=person, kind=(Kind.ALERT if at_once else Kind.UPDATE).value, made_at=now,
                  due_at=now if at_once else _some_time(house, now)))
    db.flush()


def _some_time(house: House, now: datetime) -> datetime:
    """A moment within the delay that the service sets, each as likely as the other."""
    return now + timedelta(seconds=int.from_bytes(house.random(8)) % (int(house.notice_delay.total_seconds()) + 1))


def remind(house: House) -> None:
    """Once a day: let those hear who want to, and who soon have to renew what they agreed to."""
    with house.store.reading() as db:
        wanting = db.execute(select(Participant.case_id, Participant.person_id)
                             .join(ContactWay, ContactWay.person_id == Participant.person_id)
                             .join(Case, Case.id == Participant.case_id)
                             .where(Case.closed_at.is_(None), Case.erased_at.is_(None))).all()
    for case, person in wanting:
        try:
            with house.store.writing() as db:
                if _renews_soon(house, db, case, person):
                    tell(house, db, person, Kind.UPDATE)
        except Tampered as found:
            trail.alarm(house, found)


def _renews_soon(house: House, db: Session, case: UUID, person: UUID) -> bool:
    told = Process()
    for entry in trail.facts_about(house, db, case, person, Event.CONSENT_GIVEN, Event.CONSENT_WITHDRAWN):
        told.tell(trail.fact(entry))
    return any((given.until - house.today()).days in REMINDED for given in told.consents.get(person, {}).values())
