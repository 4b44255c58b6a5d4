"""Deciding on a letter: approve, hold, take up again, return, seal again.
Each decision is signed by its reader."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from keys import letter as sealing
from keys.identity import sha256
from letters.rules.errors import (
    FindingsOpen,
    KeyNotConfirmed,
    NotAcceptable,
    NotClaimed,
    NotPossibleNow,
    Tampered,
)
from letters.rules.letter import decisions
from letters.rules.letter.decisions import LetterStep
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import Action, LetterRole, State
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.storage.store import microseconds
from letters.storage.tables.letters import DecisionRow, SealedRelease, StatementRow
from letters.workflow.access import directory, sealed_notes
from letters.workflow.access.enter import (
    LetterAccess,
    delete_sealed_release,
    letter_to_change,
    letter_to_read,
    move,
    part_of,
    told_of,
)
from letters.workflow.accounts import sign_in
from letters.workflow.cases import open_and_halt
from letters.workflow.decision import content_note, disagreement, suggestions
from letters.workflow.decision import questions as decision_questions
from letters.workflow.decision.approvals import APPROVE, approvals, decision_of
from letters.workflow.notices import outbox
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import bindings, record
from letters.workflow.review.read_letter import (
    Reading,
    is_held_by,
    reading,
    require_not_claimed_by_other,
)
from letters.workflow.screening import counts
from letters.workflow.screening.sealed_findings import Disposition
from letters.workflow.writing.versions import set_bar

HOLD, RETURN = "hold", "return"
LOOKED_AT_AGAIN = timedelta(days=7)
"""When a letter that a second reader would return is looked at again,
if nothing settles it before."""


def approve(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID, password: str,
            seen: str = "",
            reason: str | None = None, questions: bool | None = None) -> None:
    """Approve exactly this version. The last approval needed seals the
    release and the content note.

    ``seen``: the content note that this reader was shown (``content_note.seen``), empty for none.
    ``reason``: what speaks for the letter, kept for the team where two read. ``questions``: this
    reader confirms the questions of the person harmed that were found in it. Pages ask for both.
    Raises ``NotAcceptable`` if the note is another by now, ``FindingsOpen`` unless every finding is
    *fine here*. Raises ``NeedsPassword``, ``NotClaimed`` or ``NotPossibleNow``.
    """
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        read, told = _deciding(platform, db, me, letter_id, version_id, Action.APPROVE)
        step = decisions.approve(told, part_of(me, read.room), me.person, read.version.needed)
        if open_findings(read):
            raise FindingsOpen
        if questions is not None:
            decision_questions.confirm(platform, db, me, read, questions)
        note = content_note.require_seen(platform, db, me, read, seen)
        if reason is not None and read.version.needed > 1:
            words = sealed_notes.checked("reason", reason)
            sealed_notes.for_team(platform, db, me, read.room, version_id, disagreement.SPEAKS_FOR,
                                  words)
        decided = _decide(platform, db, me, read, APPROVE)
        approvals(platform, db, read.room.letter, read.version,
                  {**told.approvals, me.person: decided})
        if step.entered is not State.APPROVED:
            move(platform, db, read.room, step, me.person, detail=decided)
            return
        content_note.seal(platform, db, me, read, note)
        sealed = _seal_release(platform, db, me, read)
        move(platform, db, read.room, step, me.person, detail=decided + sealed,
             due_at=platform.now())
        if not sealed:
            aside = decisions.step(told_of(platform, db, read.room), Action.SET_ASIDE,
                                   LetterRole.WORKER)
            move(platform, db, read.room, aside, me.person)
    platform.nudge()


def open_findings(read: Reading) -> dict[int, Disposition | None]:
    """The findings that keep a letter from being approved, counted from 0,
    each with this reader's disposition."""
    put_down = {number: read.dispositions.get(number) for number in range(len(read.findings))}
    return {number: chosen for number, chosen in put_down.items() if chosen is not Disposition.FINE}


def hold(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID, reason: str,
         review_on: date | None,
         category: str = "") -> bool:
    """Keep a letter at the desk, with a reason for the team and a date
    to look at it again. Nothing is released.

    ``category``: what it is held for, if named; counted over all cases, and kept with none.
    Returns True if this is a disagreement with a first reader, which then has to be settled.
    """
    reason = sealed_notes.checked("reason", reason)
    if review_on is None or review_on <= platform.now().date():
        raise NotAcceptable("review_on", marked("Choose a date after today on which the letter "
                                                "is looked at again."))
    with _halting(platform, me, letter_id), platform.writing() as db:
        read, told = _deciding(platform, db, me, letter_id, version_id, Action.HOLD)
        _decide(platform, db, me, read, HOLD)
        first = told.who_approved_before(me.person)
        kind = disagreement.WOULD_HOLD if first else "reason"
        sealed_notes.for_team(platform, db, me, read.room, version_id, kind, reason)
        delete_sealed_release(db, version_id)
        if first:
            disagreement.begin_disagreement(platform, db, me, read.room, version_id, first, kind,
                                            reason)
        _held(platform, db, me, read.room, review_on)
        counts.count_verdict(platform, db, read.room.letter, counts.Verdict.HOLDS, category)
        return bool(first)


@contextmanager
def _halting(platform: Platform, me: SignedIn, letter_id: UUID) -> Iterator[None]:
    """A letter that cannot be read, since something does not verify, cannot be held: its case is
    halted instead, which keeps it back too, and the reader is told what was found."""
    try:
        yield
    except Tampered:
        with platform.reading() as db:
            case = letter_to_read(platform, db, me, letter_id, Permission.LETTER_REVIEW).case.id
        open_and_halt.halt(platform, me, case)
        raise


def _held(platform: Platform, db: Session, me: SignedIn, room: LetterAccess,
          review_on: date) -> None:
    when = datetime.combine(review_on, time(), tzinfo=platform.now().tzinfo)
    held = decisions.step(told_of(platform, db, room), Action.HOLD, part_of(me, room))
    move(platform, db, room, held, me.person, review_on=when, due_at=None)


def resume(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Take a held letter up again. It begins a new round: earlier approvals no longer count.

    Raises ``ViewAwaited`` while two readers disagree about it by the trail and that is not settled.
    """
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        step = decisions.resume(told_of(platform, db, room), part_of(me, room), room.team)
        require_not_claimed_by_other(platform, me, room.letter)
        disagreement.close(platform, db, letter_id)
        read = reading(platform, db, me, room)
        set_bar(platform, room.letter, read.version, room.letter.round + 1)
        move(platform, db, room, step, me.person, review_on=None, round=room.letter.round + 1)


def return_to_author(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID,
                     reason: str, note: str,
                     category: str = "") -> bool:
    """Return a letter to its author, who alone changes words (rule 15).

    ``reason`` is for the team, ``note`` for the author. ``category``: as above.
    Raises ``ViewAwaited`` for a held letter whose disagreement is not settled.
    Returns True if a first reader has approved: the two disagree, so the letter is held instead,
    and the note reaches the author once that is settled.
    """
    reason, note = sealed_notes.checked("reason", reason), sealed_notes.checked("note", note)
    with platform.writing() as db:
        read, told = _deciding(platform, db, me, letter_id, version_id, Action.RETURN)
        first = told.who_approved_before(me.person)
        # The reader signs what really happens to it: once it is settled, they may still return it.
        _decide(platform, db, me, read, HOLD if first else RETURN)
        if first:
            kind = disagreement.WOULD_RETURN
            sealed_notes.for_team(platform, db, me, read.room, version_id, kind, reason)
            sealed_notes.for_team(platform, db, me, read.room, version_id, disagreement.PROPOSED,
                                  note)
            disagreement.begin_disagreement(platform, db, me, read.room, version_id, first, kind,
                                            reason)
            _held(platform, db, me, read.room, platform.today() + LOOKED_AT_AGAIN)
            return True
        step = decisions.give_back(told, part_of(me, read.room), me.person, read.room.team)
        sealed_notes.for_team(platform, db, me, read.room, version_id, "reason", reason)
        _return(platform, db, me, read, step, note)
        counts.count_verdict(platform, db, read.room.letter, counts.Verdict.RETURNS, category)
        return False


def agree_to_return(platform: Platform, me: SignedIn, letter_id: UUID, version_id: UUID) -> None:
    """A first reader comes to agree with the second: the letter goes back with the second's kind
    note. It needs no view, since a return releases nothing.

    Raises ``NotPossibleNow`` for everybody else.
    """
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        told, part = told_of(platform, db, room), part_of(me, room)
        decisions.require_possible(told, Action.RETURN, part, version_id)
        require_not_claimed_by_other(platform, me, room.letter)
        note = disagreement.proposed_note(platform, db, me, room, version_id)
        read = reading(platform, db, me, room)
        _decide(platform, db, me, read, RETURN)
        _return(platform, db, me, read, decisions.give_back(told, part, me.person, room.team), note,
                of_both=True)


def _return(platform: Platform, db: Session, me: SignedIn, read: Reading, step: LetterStep,
            note: str, of_both: bool = False) -> None:
    room, letter = read.room, read.room.letter
    disagreement.close(platform, db, letter.id)
    sealed_notes.for_team(platform, db, me, room, read.version.id, "note", note)
    sealed_notes.for_person(platform, db, me, room, letter.author_id, letter.id, "note", note)
    suggestions.send(platform, db, me, read, of_both)
    move(platform, db, room, step, me.person, review_on=None)
    outbox.notify(platform, db, letter.author_id, "update")


def seal_again(platform: Platform, me: SignedIn, letter_id: UUID, password: str) -> None:
    """Seal an approved letter to its recipient's present key.
    The decisions stand; only the seal is new."""
    sign_in.confirm(platform, me, password)
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        told, part = _to_decide(platform, db, room), part_of(me, room)
        decisions.require_possible(told, Action.SEAL, part)
        require_not_claimed_by_other(platform, me, room.letter)
        read = reading(platform, db, me, room)
        approvals(platform, db, room.letter, read.version, told.approvals)
        step = decisions.seal(told, part, read.version.needed)
        if directory.sealing_keys(platform, db, room.case.id, room.letter.recipient_id) is None:
            raise NotPossibleNow("the recipient has no account yet")
        sealed = _seal_release(platform, db, me, read)
        move(platform, db, room, step, me.person, detail=sealed, due_at=platform.now())
    platform.nudge()


def _to_decide(platform: Platform, db: Session, room: LetterAccess) -> LetterHistory:
    """How the letter stands by the record, to let it go by: with the state file."""
    return record.to_decide(platform, db, room.case.id).letter(room.letter.id)


def _deciding(
    platform: Platform, db: Session, me: SignedIn, letter_id: UUID, version_id: UUID, action: Action
) -> tuple[Reading, LetterHistory]:
    room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
    letter = room.letter
    told = (_to_decide if action is Action.APPROVE else told_of)(platform, db, room)
    decisions.require_possible(told, action, part_of(me, room), version_id)
    if action is Action.APPROVE:
        decisions.require_not_approved_by(told, me.person)
    if told.state != State.APPROVED and not is_held_by(platform, letter, me.person):
        raise NotClaimed(str(letter_id))
    return reading(platform, db, me, room), told


def _decide(platform: Platform, db: Session, me: SignedIn, read: Reading, verdict: str) -> bytes:
    """Sign a decision. Returns what its fact binds."""
    row = DecisionRow(
        id=platform.new_id(),
        version_id=read.version.id,
        reader_id=me.person,
        round=read.room.letter.round,
        verdict=verdict,
        at=platform.now(),
    )
    row.signature = sealing.sign_decision(me.identity,
                                          decision_of(read.room.letter, read.version, row))
    db.add(row)
    db.flush()
    return bindings.decision(row, me.identity.both_halves)


def _seal_release(platform: Platform, db: Session, me: SignedIn, read: Reading) -> bytes:
    """Seal the letter key to the recipient, and that seal to the release key.

    Returns what its fact binds, or nothing if the recipient has no confirmed key yet.
    """
    letter, version, now, keys = read.room.letter, read.version, platform.now(), None
    directory.require_channel(platform, db, letter)
    with suppress(KeyNotConfirmed):
        keys = directory.sealing_keys(platform, db, letter.case_id, letter.recipient_id)
    if keys is None:
        return b""
    release = platform.keys.sealing_release
    delete_sealed_release(db, version.id)
    sealed = sealing.seal_release(keys.recipient, letter.recipient_id, release, read.letter_key,
                                  version.id)
    db.add(SealedRelease(version_id=version.id, recipient_kid=keys.recipient.kid,
                         release_kid=release.kid,
                         sealed=sealed))
    statement = sealing.ReleaseStatement(version.id, version.digest, letter.recipient_id,
                                         keys.recipient.kid,
                                         sha256(sealed), me.person, microseconds(now))
    row = StatementRow(version_id=version.id, at=now, recipient_kid=keys.recipient.kid,
                       sealed_hash=sha256(sealed),
                       signer_id=me.person,
                       signature=sealing.sign_statement(me.identity, statement))
    db.add(row)
    db.flush()
    return bindings.release(row, letter.recipient_id, me.identity.both_halves)
