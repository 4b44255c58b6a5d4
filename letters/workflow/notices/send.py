"""Sending what is due in the outbox: at most once, to the one address that the person chose, while
they agree to it.

A notice is taken out of the outbox before it is handed over. If the program dies in between, nobody
knows whether it was sent, and it is not sent again: a second one would tell more than a missing one
(decision 0032).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from letters.rules.case.framework import NOTICES
from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.storage import locks
from letters.storage.queries.lists import case_of_participant
from letters.storage.store import changed_one
from letters.storage.tables.desk import Notice
from letters.storage.tables.letters import Case, Installation, Person
from letters.workflow.access import directory
from letters.workflow.access.enter import case_of
from letters.workflow.notices import contact
from letters.workflow.notices.contact import ContactChoice
from letters.workflow.notices.outbox import NoticeKind
from letters.workflow.platform import Mail, MailOutcome, Platform
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.upkeep import restore

log = logging.getLogger("letters")

WORDS = "There is an update. Sign in when it suits you.\n"
MOST_AT_ONCE = 50
MOST_TRIES, FIRST_PAUSE = 8, timedelta(minutes=5)
"""How often a notice is tried before it counts as undeliverable, and the first pause, which doubles
each time."""
KEPT, WAITS = timedelta(days=14), timedelta(days=7)
"""How long the outbox remembers a sent notice, and how long an unsent one is worth sending."""
TOMORROW = timedelta(days=1)


@dataclass(frozen=True)
class Taken:
    """A notice that was taken out of the outbox, and the way it goes."""

    id: UUID
    person: UUID
    way: ContactChoice
    tries: int


def send_due(platform: Platform) -> int:
    """Send the notices that are due; without a mail server all of them wait.
    Returns the number sent."""
    if platform.post is None:
        return 0
    with platform.reading() as db:
        due = db.execute(select(Notice.id, Notice.person_id).where(Notice.due_at <= platform.now())
                         .order_by(Notice.kind, Notice.due_at, Notice.id).limit(MOST_AT_ONCE)).all()
    # If the database may be older than people's last choices, participants get no mail; staff do.
    is_current = bool(due) and restore.catch_up(platform) is None
    sent = 0
    for notice, person in due:
        carried = _send(platform, notice, person, is_current)
        sent += carried is MailOutcome.SENT
        # if the mail server is away, a pass waits for it only once; the rest go a minute later
        if carried is MailOutcome.LATER:
            break
    return sent


def behind_since(platform: Platform) -> datetime | None:
    """The due time of the notice that is overdue for longest, if that is more than an hour."""
    with platform.reading() as db:
        since = db.scalar(
            select(func.min(Notice.due_at)).where(
                Notice.due_at < platform.now() - timedelta(hours=1)
            )
        )
    return since


def forget(platform: Platform) -> None:
    """Delete from the outbox the notices sent long ago, and those that waited too long to be worth
    sending."""
    now = platform.now()
    with platform.writing() as db:
        db.execute(delete(Notice).where(or_(
            and_(Notice.due_at.is_(None), Notice.failed_at.is_(None), Notice.made_at < now - KEPT),
            and_(Notice.due_at.is_not(None), Notice.made_at < now - WAITS))))


def _send(platform: Platform, notice: UUID, person: UUID, is_current: bool) -> MailOutcome | None:
    """Send one notice. Trouble with it is logged by its kind, and does not stop the others."""
    assert platform.post is not None
    try:
        taken = _take(platform, notice, person, is_current)
        if taken is None:
            return None
        carried = platform.post.carry(
            Mail(
                platform.new_id(),
                taken.way.address,
                taken.way.sender,
                taken.way.subject,
                WORDS,
                platform.now().replace(minute=0, second=0, microsecond=0),
            )
        )
        _put_down(platform, taken, carried)
        return carried
    except Exception as problem:
        log.error("notice %s was not sent: %s", notice, type(problem).__name__)
        if isinstance(problem, Tampered):
            with platform.writing() as db:
                db.execute(update(Notice).where(Notice.id == notice, Notice.due_at.is_not(None))
                           .values(due_at=platform.now() + TOMORROW))
            raise_alarm(platform, problem)
        return None


def _take(platform: Platform, notice: UUID, person_id: UUID, is_current: bool) -> Taken | None:
    """Take a notice out of the outbox, with all others that wait for this person: one message says
    it all.

    None if somebody was quicker, if it has to wait, or if they want no more notices.
    """
    with platform.writing() as db:
        person = contact.locked(db, person_id)
        row = db.scalars(select(Notice).where(Notice.id == notice,
                                              Notice.due_at.is_not(None))).first()
        if row is None:
            return None
        takes_part = directory.role_of(platform, person).is_participant
        if takes_part and not is_current:
            return None
        way = contact.way_of(platform, db, person_id, of_alert=row.kind == NoticeKind.ALERT)
        wanted = bool(way.address) and (not takes_part or _agrees(platform, db, person_id))
        db.execute(delete(Notice).where(Notice.person_id == person_id, Notice.due_at.is_not(None),
                                        *([Notice.id != notice] if wanted else [])))
        if not wanted:
            return None
        row.due_at, row.tries = None, row.tries + 1
        return Taken(row.id, person_id, way, row.tries)


def _agrees(platform: Platform, db: Session, person: UUID) -> bool:
    """True while a participant agrees to be written to, according to the trail."""
    found = case_of_participant(db, person)
    if found is None:
        return False
    told = record.read(platform, db, found[0].id).process
    return told.consents_to(person, NOTICES, platform.today())


def _put_down(platform: Platform, taken: Taken, carried: MailOutcome) -> None:
    """Record the outcome of a notice."""
    now = platform.now()
    if carried is MailOutcome.NOT_KNOWN:
        return  # it stays as it is: taken out, and neither sent nor failed
    if carried is MailOutcome.LATER and taken.tries < MOST_TRIES:
        with platform.writing() as db:
            _mark(db, taken, due_at=now + FIRST_PAUSE * 2 ** (taken.tries - 1))
        return
    with platform.writing() as db:
        chain = None if carried is MailOutcome.SENT else _chain(platform, db, taken.person)
        if not _mark(db, taken, **{"sent_at" if chain is None else "failed_at": now}):
            return  # erased meanwhile
        db.execute(delete(Notice).where(Notice.person_id == taken.person,
                                        Notice.failed_at.is_not(None),
                                        Notice.id != taken.id))
        if chain is not None:
            record.add(platform, db, chain, Event.NOTICE_CAME_BACK, record.NOBODY, taken.person)


def _mark(db: Session, taken: Taken, **changes: object) -> bool:
    return changed_one(db, update(Notice).where(Notice.id == taken.id).values(**changes))


def _chain(platform: Platform, db: Session, person: UUID) -> Case | Installation:
    """The chain that records a failed notice, locked: the case for a participant, else the
    installation."""
    if directory.role_of(platform, db.get_one(Person, person)).is_participant:
        return case_of(platform, db, person).case
    return locks.installation(db)
