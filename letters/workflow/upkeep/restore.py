"""Comparing the database with the state file, and an operator's confirmation that a restore was
intended.

Nothing is released while the database is older than the file, or the file is missing or damaged.
Confirming begins a new generation: everything stopped, recalled or erased since then stays so.
Every case that lost something is halted until a facilitator, who may know what it was, lifts the
halt. If such a case had a day of erasure, the day is announced again, with its whole notice: the
lost part may be that somebody had reopened the case.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keys.errors import CannotOpen
from keys.vouching import attest
from letters.rules.errors import Tampered, Unwitnessed
from letters.rules.events import Event
from letters.rules.letter import decisions
from letters.rules.letter.lifecycle import ARRIVED, Action, LetterRole, State
from letters.storage import locks, state_file
from letters.storage.state_file import Head, Known, StateEntry
from letters.storage.store import microseconds
from letters.storage.tables.letters import Case, Installation, Letter
from letters.workflow.access.enter import delete_sealed_release, letter_room, move
from letters.workflow.platform import Platform
from letters.workflow.record import record, verify
from letters.workflow.record import state_file as record_state_file
from letters.workflow.record.verify import Broken, ChainEntry
from letters.workflow.upkeep import erase

OLDER = ("The database is older than the state file: "
         "it was put back to an earlier state, or rows of its trail are gone.")
ELSEWHERE = "A restore was confirmed of which this state file has not heard."
UNWRITTEN = "The state file cannot be written."
_UNTOUCHED = ARRIVED | {State.RECALLED, State.DRAFT}

log = logging.getLogger("letters")


class Standing(NamedTuple):
    """The reason why nothing is released, or None; the chains that have lost something; the entries
    that the file lacks; the chains that did not hold when something was said on them."""

    why: str | None
    behind: frozenset[UUID] = frozenset()
    news: tuple[StateEntry, ...] = ()
    broken: frozenset[UUID] = frozenset()


class Confirmed(NamedTuple):
    """The result of confirming: the generation that began, and how many cases and letters it
    touched."""

    generation: int
    halted: int
    stopped: int
    recalled: int
    erased: int
    broken: int


def standing(platform: Platform) -> Standing:
    """Compare the database with the state file. Changes nothing."""
    try:
        known = platform.state_file.known()  # before the database, so that this is never the newer
    except Unwitnessed as problem:
        return Standing(problem.why)
    return _compare(platform, known)


def catch_up(platform: Platform) -> str | None:
    """Bring the state file up to the database.
    Returns the reason why nothing may be released, or None."""
    stands = standing(platform)
    if stands.why is None and stands.news:
        try:
            platform.state_file.note([*stands.news])
        except Unwitnessed as problem:
            return problem.why
        except OSError:
            return UNWRITTEN
    return stands.why


def confirm(platform: Platform, halt_all: bool = True) -> Confirmed | None:
    """Go on with the database as it is. Safe to run again after a crash.

    ``halt_all``: if the file is missing or damaged, so that nobody knows which cases lost
    something, halt all of them.
    Raises ``Unwitnessed`` if other users can read the file: that has another remedy.
    Returns None if there is nothing to confirm.
    """
    known, stands = _remembered(platform)
    if stands.why is None and not known.broken:
        return None
    is_lost = stands.why in (state_file.MISSING, state_file.DAMAGED)
    lost = None if halt_all and is_lost else stands.behind | known.broken
    with platform.writing() as db:
        record.without_witness(db)
        # cases first, as everywhere
        db.scalars(select(Case.id).order_by(Case.id).with_for_update()).all()
        installation = locks.installation(db)
        attested = _generation(platform, installation)
        generation = attested if attested > known.generation and not is_lost else max(
            attested, known.generation) + 1  # of a lost file nobody knows what it said
        done = _apply(platform, db, known, lost)
        with _as_far_as_it_holds(platform, db, done):
            record.add(platform, db, installation, Event.RESTORE_CONFIRMED, record.NOBODY,
                       installation.id)
        attest_generation(platform, installation, generation)
        record.write(platform, db)
        db.info.pop("afterwards", None)  # the whole trail is read below
        chains = [installation.id, *db.scalars(select(Case.id))]
        unsound = [chain for chain in chains if record.whole(platform, db, chain)[1] is not None]
    platform.state_file.begin(installation.id, generation)
    lasting = [StateEntry(state_file.STOPPED, case) for case in known.stopped]
    lasting += [StateEntry(state_file.ERASED, case) for case in known.erased]
    for kind, remembered in ((state_file.RECALLED, known.recalled),
                             (state_file.REACHED, known.reached)):
        lasting += [StateEntry(kind, subject, at) for subject, at in remembered.items()]
    platform.state_file.note([*lasting,
                              StateEntry(state_file.GENERATION, installation.id, generation),
                              *(StateEntry(state_file.BROKEN, chain) for chain in unsound)])
    catch_up(platform)
    return Confirmed(generation, **done)


def attest_generation(platform: Platform, installation: Installation, generation: int) -> None:
    """Put a generation into the installation's row, under the directory key."""
    installation.generation = generation
    installation.generation_mac = attest(platform.keys.directory, "generation",
                                         installation=installation.id,
                                         generation=generation)


def _compare(platform: Platform, known: Known) -> Standing:
    heads, behind, news = dict(known.heads), set[UUID](), list[StateEntry]()
    with platform.reading() as db:
        installation = db.scalars(select(Installation)).one()
        generation = _generation(platform, installation)
        rows = {row[0]: Head(row[1], row[2]) for row in db.execute(
            select(Case.id, Case.audit_number, Case.audit_head)).all()}
        rows[installation.id] = Head(installation.audit_number, installation.audit_head)
        behind.update(heads.keys() - rows.keys())
        for chain, stands in rows.items():
            seen = heads.get(chain, Head(0, b""))
            if stands in (seen, platform.state_file.unsound.get(chain)):
                continue
            entries = record.since(db, chain, max(seen.number, 1))
            if seen.number and (not entries or (entries[0].number, entries[0].mac) != seen):
                behind.add(chain)
            else:
                news += _heard(platform, chain, stands, entries[1:] if seen.number else entries,
                               seen)
    if behind or generation < known.generation:
        return Standing(OLDER, frozenset(behind), broken=frozenset(known.broken))
    return Standing(ELSEWHERE if generation > known.generation else None, news=tuple(news),
                    broken=frozenset(known.broken))


def _heard(
    platform: Platform, chain: UUID, stands: Head, entries: list[ChainEntry], seen: Head
) -> list[StateEntry]:
    """The new entries of a chain; none of a chain that does not hold, because releasing refuses
    that one anyway."""
    if any(isinstance(found, Broken) for found in verify.unbroken(platform, entries, seen)):
        platform.state_file.unsound[chain] = stands
        return []
    return record_state_file.marks(entries)


def _generation(platform: Platform, installation: Installation) -> int:
    """The generation that the server vouches for, else 0."""
    try:
        platform.keys.require(installation.generation_mac, "generation",
                              installation=installation.id,
                              generation=installation.generation)
    except CannotOpen:
        return 0
    return installation.generation


def _remembered(platform: Platform) -> tuple[Known, Standing]:
    """The content of the file, or the sound beginning of a damaged one, and how the database
    compares with it."""
    try:
        known = platform.state_file.known()
    except Unwitnessed as problem:
        if problem.why not in (state_file.MISSING, state_file.DAMAGED):
            raise
        known = Known() if problem.why == state_file.MISSING else platform.state_file.set_aside()
        return known, Standing(problem.why, _compare(platform, known).behind)
    return known, _compare(platform, known)


def _apply(platform: Platform, db: Session, known: Known,
           lost: frozenset[UUID] | None) -> dict[str, int]:
    """Halt the cases that lost something (None: all of them); stop, recall and erase again what the
    file remembers."""
    done = {"halted": 0, "stopped": 0, "recalled": 0, "erased": 0, "broken": 0}
    for case in db.scalars(locks.taken(select(Case).order_by(Case.id))).all():
        is_lost = lost is None or case.id in lost
        with _as_far_as_it_holds(platform, db, done):
            if case.id in known.erased:
                done["erased"] += erase.erase_again(platform, db, case)
                continue
        with _as_far_as_it_holds(platform, db, done):
            if is_lost and record.read(platform, db, case.id).process.erase_on is not None:
                record.add(platform, db, case, Event.ERASURE_SET, record.NOBODY, case.id)
        with _as_far_as_it_holds(platform, db, done):
            told = record.read(platform, db, case.id)  # the record decides, whatever the row says
            if is_lost:  # so that nothing of the abandoned branch follows from here
                record.add(platform, db, case, Event.RESTORE_CONFIRMED, record.NOBODY, case.id)
            if case.id in known.stopped and not told.stopped:
                case.stopped_at = case.stopped_at or platform.now()
                record.add(platform, db, case, Event.STOPPED, record.NOBODY, case.id)
                done["stopped"] += 1
            elif is_lost and not told.stopped:
                case.halted_at = case.halted_at or platform.now()
                record.add(platform, db, case, Event.HALTED, record.NOBODY, case.id)
                done["halted"] += 1
    taken_back = (db.scalars(select(Letter).where(Letter.id.in_(known.recalled))).all()
                  if known.recalled else [])
    for letter in taken_back:
        with _as_far_as_it_holds(platform, db, done):
            done["recalled"] += _take_back(platform, db, letter, known.recalled[letter.id])
    return done


def _take_back(platform: Platform, db: Session, letter: Letter, asked: int) -> bool:
    """Recall a letter again, unless its author submitted it again after the recall."""
    room = letter_room(platform, db, letter.id)
    told = record.read(platform, db, room.case.id).letter(letter.id)
    sent = told.submitted_at
    if told.state in _UNTOUCHED or (sent and microseconds(sent) > asked):
        return False
    record.add(platform, db, room.case, Event.RECALL_ASKED, record.NOBODY, letter.id)
    letter.recall_asked_at = letter.recall_asked_at or platform.now()
    db.flush()
    delete_sealed_release(db, letter.submitted_id)
    move(platform, db, room, decisions.step(told, Action.RECALL, LetterRole.AUTHOR), record.NOBODY)
    return True


@contextmanager
def _as_far_as_it_holds(platform: Platform, db: Session, done: dict[str, int]) -> Iterator[None]:
    """Count a case that does not verify or cannot be written to, and leave it: nothing of it can be
    released either."""
    try:
        with record.savepoint(platform, db):
            yield
    except (Tampered, IntegrityError, record.Moved):
        done["broken"] += 1
