"""Releasing: the one place where a letter reaches its recipient.
The worker calls it and never sees a word.

Everything is checked again in the transaction that releases: gates, pace, approvals, the bar that
was set at submission, the directory, the trail. A letter that does not verify stays where it is,
and the trail says so.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.errors import CannotOpen
from keys.identity import sha256
from letters.rules.case.gates import missing
from letters.rules.case.history import CaseHistory
from letters.rules.case.process import Source, Terms
from letters.rules.case.stages import facts_in
from letters.rules.errors import Tampered, Unwitnessed
from letters.rules.events import Event
from letters.rules.letter import decisions
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import Action, LetterRole, State
from letters.rules.pace import Pace, next_release
from letters.rules.roles import Role
from letters.storage.store import from_microseconds, microseconds
from letters.storage.tables.letters import (
    Channel,
    Grant,
    Letter,
    SealedRelease,
    StatementRow,
    Version,
)
from letters.workflow.access import directory
from letters.workflow.access.enter import (
    CaseAccess,
    LetterAccess,
    delete_sealed_release,
    letter_room,
    move,
)
from letters.workflow.access.record_fact import parties_of
from letters.workflow.decision.approvals import approvals
from letters.workflow.notices import outbox
from letters.workflow.platform import Platform
from letters.workflow.record import bindings, record, rows
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.review import unaltered
from letters.workflow.review.read_letter import submitted_version
from letters.workflow.upkeep import restore
from letters.workflow.writing.versions import check_bar

log = logging.getLogger("letters")

TOMORROW = timedelta(days=1)
LOOK_AGAIN = timedelta(minutes=10)
"""How soon the worker looks again at a letter with a shut gate;
a fact that opens a gate wakes it at once."""


def release_due(platform: Platform, most: int = 500) -> int:
    """Release what is due, each letter in a transaction of its own.

    Releases nothing if the state file says that the database is not what it was, or has nothing to
    say, or if the installation's chain does not hold.
    Returns how many were released.
    """
    why = restore.catch_up(platform)
    if why is not None:
        log.error("nothing is released: %s", why)
        return 0
    try:
        due = _due(platform, most)
    except Tampered as problem:
        log.error("nothing is released: the installation's chain does not hold")
        raise_alarm(platform, problem)
        return 0
    released = sum(_release_or_alarm(platform, letter) for letter in due)
    if released:
        with suppress(Unwitnessed, OSError):  # if it is not on the disk, the next look says why
            platform.state_file.note([])
    return released


def _due(platform: Platform, most: int) -> Sequence[UUID]:
    with platform.reading() as db:
        record.read_installation(platform, db)  # the keys of all who read and sealed hang on it
        return db.scalars(select(Letter.id).where(Letter.state == State.APPROVED.value,
                                                  Letter.due_at <= platform.now())
                          .order_by(Letter.due_at, Letter.id).limit(most)).all()


def release_all_due(platform: Platform) -> int:
    """Release until a look finds nothing more to release. Returns how many were released."""
    released = 0
    while found := release_due(platform):
        released += found
    return released


def _release_or_alarm(platform: Platform, letter: UUID) -> bool:
    """Release one letter. Any problem with it is recorded and does not keep the others back."""
    try:
        with platform.writing() as db:
            return _release(platform, db, letter)
    except Exception as problem:  # any problem of one letter: the others go on
        log.error("letter %s was not released: %s", letter, type(problem).__name__)
        with suppress(IntegrityError):  # the chain cannot be written to; the log has the problem
            _put_aside(platform, letter, problem)
    return False


def _put_aside(platform: Platform, letter: UUID, problem: Exception) -> None:
    """Look at it again later; if the database was changed, tomorrow,
    so that alarms do not fill the trail."""
    again = platform.now() + (TOMORROW if isinstance(problem, Tampered) else LOOK_AGAIN)
    with platform.writing() as db:
        db.execute(update(Letter).where(Letter.id == letter).values(due_at=again))
    if isinstance(problem, Tampered):
        raise_alarm(platform, problem)


def _release(platform: Platform, db: Session, letter_id: UUID) -> bool:
    room = letter_room(platform, db, letter_id)
    letter, now = room.letter, platform.now()
    if (letter.state != State.APPROVED or letter.due_at is None or letter.due_at > now
        or letter.submitted_id is None):
        return False
    story = _verified_story(platform, db, room)
    due = _when(platform, room, story, now)
    if due is None or due > now:
        letter.due_at = None if story.stopped else due or now + LOOK_AGAIN
        return False
    version, told = submitted_version(db, letter), story.letters[letter.id]
    _require_approved(platform, db, room, version, told)
    step = decisions.release(told, version.needed)
    grant = _unsealed_grant(platform, db, letter, version, story)
    delete_sealed_release(db, version.id)
    if grant is None:
        aside = decisions.step(told, Action.SET_ASIDE, LetterRole.WORKER)
        move(platform, db, room, aside, record.NOBODY, due_at=None)
        return False
    db.add(Grant(version_id=version.id, reader_kind="person", reader_id=letter.recipient_id,
                 epoch=0, sealed=grant))
    move(platform, db, room, step, record.NOBODY, about=letter.recipient_id, released_at=now,
         due_at=None)
    _after_release(platform, db, room)
    return True


def _require_approved(
    platform: Platform, db: Session, room: LetterAccess, version: Version, told: LetterHistory
) -> None:
    """Raises ``Tampered`` unless bar, approvals
    and channel all let this letter go to this recipient."""
    letter = room.letter
    check_bar(platform, letter, version, told)
    if not approvals(platform, db, letter, version, told.approvals).enough:
        raise Tampered(letter.id, letter.case_id)
    unaltered.require_agreed(letter, version, told)
    unaltered.require_alone(db, letter, version)
    directory.require_channel(platform, db, letter)


def _verified_story(platform: Platform, db: Session, room: LetterAccess) -> CaseHistory:
    """The history by the trail. Raises ``Tampered``
    unless the rows say the same of the gates and of this letter.

    The trail also has the last word on who has been reached: only the person harmed writes first,
    unless both once agreed otherwise (rule 6).
    """
    letter, case, story = room.letter, room.case, record.to_decide(platform, db, room.case.id)
    told, parties = story.letter(letter.id), parties_of(platform, room)
    if parties is None:
        raise Tampered(letter.id, case.id)
    writes_first = letter.author_id == parties.harmed or any(
        made.terms.first is Source.RESPONSIBLE
        for made in story.process.made_by(parties.harmed, parties.responsible))
    # an erased case has no letters, and nobody could stop one; a stop that is remembered stands
    lost_stop = case.id in platform.state_file.known().stopped and not story.stopped
    if case.erased_at is not None or lost_stop:
        raise Tampered(letter.id, case.id)
    try:
        team = directory.team_of(platform, db, case.id)  # by its rows
    except Tampered:
        raise Tampered(letter.id, case.id) from None
    if told.recall_asked or not (
            rows.case_agrees(case, team, story) and rows.letter_agrees(letter, told)
            and (writes_first or letter.author_id in story.reached)):
        raise Tampered(letter.id, case.id)
    return story


def _when(platform: Platform, room: LetterAccess, story: CaseHistory,
          now: datetime) -> datetime | None:
    """The moment at which the pace lets this letter go, or None while a gate is shut."""
    letter, parties, pace = room.letter, parties_of(platform, room), Pace.read(story.pace)
    if parties is None:
        raise Tampered(letter.id, letter.case_id)
    told = story.letters[letter.id]
    to_harmed = letter.recipient_id == parties.harmed
    facts = replace(facts_in(story, platform.framework, parties, letter.author_id,
                             platform.today()),
                    ready=not to_harmed or story.ready or pace.as_agreed,
                    sent_off=to_harmed or not pace.holds or told.sending)
    agreement = story.process.agreement(parties.harmed, parties.responsible)
    terms = agreement.terms if agreement else Terms()
    too_soon = to_harmed and terms.first is Source.HARMED and letter.author_id not in story.reached
    if missing(facts) or too_soon:
        return None
    return next_release(pace.for_person_harmed() if to_harmed
                        else pace.for_responsible(told.approved_at),
                        reached(platform, story, letter.recipient_id), now, platform.zone,
                        terms.days)


def reached(platform: Platform, story: CaseHistory, recipient: UUID) -> list[datetime]:
    """When letters reached this person, each once: by the trail and, if the database was restored
    and that was confirmed, by the state file."""
    remembered = platform.state_file.known().reached.get(recipient)
    return sorted({*story.reached.get(recipient, []),
                   *([from_microseconds(remembered)] if remembered else [])})


def _unsealed_grant(
    platform: Platform, db: Session, letter: Letter, version: Version, story: CaseHistory
) -> bytes | None:
    """The grant to the recipient, or None if it must be sealed again
    because one of the two keys has changed."""
    told = story.key(letter.recipient_id)
    sealed = db.get(SealedRelease, version.id)
    keys = directory.keys_of_person(platform, db, letter.recipient_id)
    statement = last_statement(db, version.id)
    if (sealed is None or statement is None or keys is None
            or not told.is_of(keys.serial, keys.name)):
        raise Tampered(letter.id, letter.case_id)
    if sealed.recipient_kid != keys.recipient.kid:
        return None
    if not told.confirmed:  # nothing is ever sealed to a key that is not confirmed
        raise Tampered(letter.id, letter.case_id)
    if (statement.recipient_kid,
        statement.sealed_hash) != (sealed.recipient_kid, sha256(sealed.sealed)):
        raise Tampered(letter.id, letter.case_id)
    require_statement(letter, version, statement,
                      directory.keys_of_person(platform, db, statement.signer_id),
                      story.letter(letter.id))
    try:
        release = platform.keys.release_identity(sealed.release_kid)
    except CannotOpen:
        return None
    try:
        return sealing.take_outer_seal_off(release, letter.recipient_id, sealed.sealed, version.id)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None


def last_statement(db: Session, version_id: UUID | None) -> StatementRow | None:
    """The last statement of the key that this version is sealed to;
    each sealing makes a new one."""
    return db.scalars(select(StatementRow).where(StatementRow.version_id == version_id)
                      .order_by(StatementRow.at.desc()).limit(1)).first()


def require_statement(letter: Letter, version: Version, statement: StatementRow,
                      signer: directory.Keys | None, told: LetterHistory) -> None:
    """Raises ``Tampered`` unless the signer stated to
    which key of the recipient this version was sealed, and the record says the same."""
    said = sealing.ReleaseStatement(version.id, version.digest, letter.recipient_id,
                                    statement.recipient_kid, statement.sealed_hash,
                                    statement.signer_id,
                                    microseconds(statement.at))
    try:
        if signer is None or statement.signer_id == letter.author_id:
            raise CannotOpen
        verifier = signer.signer(told.release, lambda key: bindings.release(
            statement, letter.recipient_id, key))
        sealing.verify_statement(verifier, said, statement.signature)
    except CannotOpen:
        raise Tampered(letter.id, letter.case_id) from None


def _after_release(platform: Platform, db: Session, room: LetterAccess) -> None:
    """The first letter opens the way back; each letter
    to the person harmed uses up her readiness."""
    letter, case = room.letter, room.case
    db.execute(update(Channel).where(
        Channel.case_id == case.id, Channel.sender_id == letter.recipient_id,
        Channel.recipient_id == letter.author_id,
        Channel.opened_at.is_(None)).values(opened_at=platform.now()))
    if _role(platform, room, letter.recipient_id) is Role.HARMED:
        case.ready_at = None
        # people tell the person who harmed
        outbox.notify(platform, db, letter.recipient_id, "update")
        record.add(platform, db, case, Event.READY_SPENT, record.NOBODY, letter.id)


def _role(platform: Platform, room: CaseAccess, person_id: UUID) -> Role | None:
    return next(
        (directory.role_of(platform, person) for _,
         person in room.participants if person.id == person_id), None
    )
