"""Retention (rule 28): closed cases are erased after their time; the day is announced, and the team
can postpone or cancel it.

The trail decides: when the case was closed, and which day was announced. The case's row only serves
to find it.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from letters.rules.case.process import Process
from letters.rules.case.retention import (
    RetentionStep,
    day_to_say,
    earliest,
    may_be_put_off,
    next_step,
)
from letters.rules.errors import NotAcceptable, NotPossibleNow, Tampered
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.tables.letters import AuditEntry, Case, Letter, Note, Version
from letters.workflow.access.enter import CaseAccess, load_case, trail_to_read
from letters.workflow.access.record_fact import recording
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.upkeep import erase, restore

LATELY = timedelta(days=2)
"""For this long after an erasure each pass rewrites the files, in case an earlier attempt
failed."""

log = logging.getLogger("letters")


@dataclass(frozen=True)
class Planned:
    """A closed case by its reference. ``day``: the earliest day of its erasure, None for never;
    ``said``: whether the day was announced; ``broken``: its trail does not hold, and it is left
    alone until it does."""

    case: UUID
    reference: str
    day: date | None
    said: bool = False
    broken: bool = False


@dataclass(frozen=True)
class WhatGoes:
    """What the team sees before: what is erased and what stays, in words; and afterwards when it
    was erased."""

    case: Case
    closed: datetime | None
    erased: datetime | None
    day: date | None
    earliest: date | None
    goes: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def day_of(process: Process) -> date | None:
    """The day on which a closed case is erased, once it was announced; None before that and after
    the erasure."""
    return None if process.closed is None or process.erased is not None else process.erase_on


def say_and_erase_due(platform: Platform) -> int:
    """The worker's daily pass: announce the days that are near, and erase the cases that are due,
    each in its own transaction. Erases none if the state file says that the database has lost
    something.
    Returns the number of cases erased."""
    why = restore.catch_up(platform)
    if why is not None:
        log.error("nothing is erased: %s", why)
        return 0
    with platform.reading() as db:
        closed = _closed_cases(db)
    erased = sum(_look_or_alarm(platform, case) for case in closed)
    with platform.reading() as db:
        lately = db.scalar(select(exists().where(Case.erased_at > platform.now() - LATELY)))
    if lately:
        _rewrite(platform)
    return erased


def postpone(platform: Platform, me: SignedIn, case_id: UUID, until: date | None) -> date:
    """Postpone the announced day, by a year at most.
    Raises ``NotPossibleNow`` if no day was announced, and ``NotAcceptable`` for a day that does not
    fit.
    Returns the new day."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        said = day_of(case.process)
        if said is None:
            raise NotPossibleNow("no day was said")
        if until is None or not may_be_put_off(said, until, platform.today()):
            raise NotAcceptable("until", marked("Choose a later day than the one that was said, "
                                                "within a year from "
                                                "today."))
        case.fact(Event.ERASURE_SET, entered=until.isoformat())
        return until


def what_goes(platform: Platform, me: SignedIn, case_id: UUID) -> WhatGoes:
    """What will be erased of a case and when, for its team; or when it was erased.
    Raises ``Tampered`` unless row and trail agree."""
    with platform.reading() as db:
        room = trail_to_read(platform, db, me, case_id, Permission.CASE_SEE)
        process = _process(platform, db, room.case)
        months = platform.framework.retention.months
        first = (
            None
            if process.closed is None or months is None
            else earliest(_day(platform, process.closed), months)
        )
        told = WhatGoes(room.case, process.closed, process.erased, day_of(process), first)
        if process.erased is not None:
            return told
        goes, stays = _in_words(db, room)
        return WhatGoes(room.case, process.closed, None, told.day, first, goes, stays)


def planned(platform: Platform) -> list[Planned]:
    """Every closed case that is not erased yet, the nearest day first: references and days, no
    name."""
    retention, found = platform.framework.retention, []
    with platform.reading() as db:
        for case in map(lambda case_id: db.get_one(Case, case_id), _closed_cases(db)):
            try:
                process = _process(platform, db, case)
            except Tampered:
                found.append(Planned(case.id, case.reference, None, broken=True))
                continue
            if process.closed is None or process.erased is not None or retention.months is None:
                day = None
            else:
                closed = _day(platform, process.closed)
                day = day_of(process) or day_to_say(retention, closed, platform.today())
            found.append(Planned(case.id, case.reference, day,
                                 day is not None and day_of(process) is not None))
    return sorted(found, key=lambda one: (one.day or date.max, one.reference))


def _closed_cases(db: Session) -> list[UUID]:
    """The cases that row or trail calls closed, without those that the trail calls erased; read
    once a day, all of them."""
    def told(event: Event) -> Exists:
        return exists().where(AuditEntry.case_id == Case.id, AuditEntry.event == event.value)
    return list(
        db.scalars(
            select(Case.id)
            .where(
                or_(Case.closed_at.is_not(None), told(Event.CASE_CLOSED)), ~told(Event.CASE_ERASED)
            )
            .order_by(Case.id)
        )
    )


def _look_or_alarm(platform: Platform, case_id: UUID) -> bool:
    """Check one case. Trouble with it is logged, and does not stop the others."""
    try:
        with platform.writing() as db:
            return _look_at(platform, db, load_case(platform, db, case_id))
    except Exception as problem:  # any trouble with one case; the others go on
        log.error("case %s was not looked at for erasing: %s", case_id, type(problem).__name__)
        if isinstance(problem, Tampered):
            raise_alarm(platform, problem)
    return False


def _look_at(platform: Platform, db: Session, room: CaseAccess) -> bool:
    """Announce, cancel or erase, as is due. The case is locked, so somebody who reopens it comes
    before or after."""
    case, process, today = room.case, _process(platform, db, room.case), platform.today()
    if process.closed is None or process.erased is not None:
        return False
    retention, closed = platform.framework.retention, _day(platform, process.closed)
    match next_step(retention, closed, process.erase_on, today):
        case RetentionStep.SAY:
            said = day_to_say(retention, closed, today).isoformat()
            record.add(platform, db, case, Event.ERASURE_SET, record.NOBODY, case.id, entered=said)
        case RetentionStep.CALL_OFF:
            record.add(platform, db, case, Event.ERASURE_SET, record.NOBODY, case.id)
        case RetentionStep.ERASE:
            erase.erase(platform, db, room)
            return True
    return False


def _process(platform: Platform, db: Session, case: Case) -> Process:
    """The case's process according to its verified trail.
    Raises ``Tampered`` unless its row agrees about closing and erasing."""
    process = record.to_decide(platform, db, case.id).process
    if (case.closed_at is None,
        case.erased_at is None) != (process.closed is None, process.erased is None):
        raise Tampered(case.id, case.id)
    return process


def _day(platform: Platform, moment: datetime) -> date:
    return moment.astimezone(platform.zone).date()


def _in_words(db: Session, room: CaseAccess) -> tuple[tuple[str, ...], tuple[str, ...]]:
    case, people = room.case, [person.id for _, person in room.participants]

    def count(column: InstrumentedAttribute[UUID], *where: ColumnElement[bool]) -> int:
        return db.scalar(select(func.count(column)).where(*where)) or 0

    letters = count(Letter.id, Letter.case_id == case.id)
    versions = count(Version.id,
                     Version.letter_id.in_(select(Letter.id).where(Letter.case_id == case.id)))
    written = count(Note.id, Note.reader_id.in_([case.id, *people]))
    goes = (f"{_many(letters, 'letter')} in {_many(versions, 'version')}, with findings and "
            "decisions",
            f"{_many(written, 'note')} of the team and to those who take part: reasons, "
            "evidence, assessments, the "
            "agreement, requests",
            "every key with which somebody can open any of it",
            f"{_many(len(people), 'account')} of those who take part, with their names: they "
            "cannot sign in any more")
    stays = ("the case's reference, and who was in its team",
             f"its trail, {_many(case.audit_number, 'entry', 'entries')}: what happened when and "
             "by whom, with a "
             "number in place of each name of those who took part, and the settings of the pace; "
             "without a word that "
             "somebody wrote")
    return goes, stays


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _rewrite(platform: Platform) -> None:
    """Rewrite the database's files without the erased rows, which nobody can read any more in any
    case."""
    try:
        if not platform.store.rewrite(erase.TOUCHED):
            log.warning("what was erased may still stand in the database's log until the next "
                        "checkpoint")
    except Exception as problem:  # any error of the driver
        log.error("the database's files were not rewritten: %s", type(problem).__name__)
