"""The nightly replay. Each chain that moved, and a thirtieth of the others, is read from its first
fact, whatever this process knows of it, and the rows that pages list are held against it.

A process never reads again what it has verified, and a page finds letters by rows. So the replay
is what finds an old fact that was changed, and a row that hides something due.
"""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.rules.case.history import CaseHistory, folded
from letters.rules.errors import Tampered
from letters.rules.roles import STAFF
from letters.storage.tables.letters import AuditEntry, Case, Letter, Person
from letters.storage.tables.team import Specialist
from letters.workflow.access import directory, own_keys
from letters.workflow.access.enter import load_case, wake
from letters.workflow.platform import Platform
from letters.workflow.record import record, rows, verify
from letters.workflow.record.alarm import raise_alarm

NIGHTS = 30
"""In how many nights each chain is read at the latest."""
log = logging.getLogger("letters")


def replay(platform: Platform) -> int:
    """Replay the installation's chain, the cases that moved since a day, and this night's part of
    the others. What does not agree is recorded. Returns how many chains were found so."""
    tonight, since = platform.today().toordinal() % NIGHTS, platform.now() - timedelta(days=1)
    with platform.reading() as db:
        moved = set(db.scalars(select(AuditEntry.case_id).where(AuditEntry.at > since).distinct()))
        cases = [case for case in db.scalars(select(Case.id).order_by(Case.id))
                 if case in moved or case.int % NIGHTS == tonight]
    return sum(not _agrees(platform, chain) for chain in (platform.keys.installation, *cases))


def _agrees(platform: Platform, chain: UUID) -> bool:
    try:
        with platform.writing() as db:
            _replay(platform, db, chain)
        return True
    except Exception as problem:  # any trouble with one chain; the others are still replayed
        log.error("chain %s does not agree with its replay: %s", chain, type(problem).__name__)
        if isinstance(problem, Tampered):
            raise_alarm(platform, problem)
        return False


def _replay(platform: Platform, db: Session, chain: UUID) -> None:
    is_own = chain == platform.keys.installation
    room = None if is_own else load_case(platform, db, chain)  # locked before it is read
    entries, broken = record.whole(platform, db, chain)
    if broken is not None:
        raise Tampered(chain, None if is_own else chain)
    if room is None:
        for person in db.scalars(select(Person).where(
                Person.role.in_([role.value for role in STAFF]), Person.enrolled_at.is_not(None))):
            own_keys.is_on_record(platform, db, person)
        return
    told = folded(map(verify.fact, entries))
    record.require_rested_on(platform, db, told)
    if told.process.erased is not None:
        return
    team = directory.team_of(platform, db, chain)  # by its rows
    reads = db.scalars(select(Specialist.person_id).where(Specialist.case_id == chain)).all()
    if (told != record.read(platform, db, chain) or told.specialists != set(reads)
            or not rows.case_agrees(room.case, team, told)):
        raise Tampered(chain, chain)
    room.require_everybody()
    for _, person in room.participants:
        own_keys.is_on_record(platform, db, person)
    _hold_letters(db, told, room.case)
    if not told.stopped:
        wake(db, room.case, platform.now())


def _hold_letters(db: Session, told: CaseHistory, case: Case) -> None:
    """Raises ``Tampered`` unless each letter of the record has a row that says the same, and each
    row stands in the record."""
    found = {letter.id: letter
             for letter in db.scalars(select(Letter).where(Letter.case_id == case.id))}
    for letter in {*found, *told.letters}:
        if letter not in found or not rows.letter_agrees(found[letter], told.letter(letter)):
            raise Tampered(letter, case.id)
