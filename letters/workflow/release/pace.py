"""What the participants decide about the exchange itself: readiness, pace, pause and stop.

Each decision is voluntary and holds from its commit on, because a release takes the same lock. It
is recorded in the trail even if the row says it already: anybody who can write to the database can
set a row.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from letters.rules.errors import KeyNotConfirmed, NotAcceptable, NotPossibleNow
from letters.rules.events import Event
from letters.rules.forecast import Foreseen, Preview, foresee, preview
from letters.rules.letter.lifecycle import State
from letters.rules.pace import Pace, next_release
from letters.rules.permissions import Permission, has, may
from letters.rules.translatable import marked
from letters.storage.tables.letters import Participant
from letters.workflow.access.enter import (
    CaseAccess,
    LetterAccess,
    case_to_change,
    letter_to_change,
    letter_to_read,
    wake,
)
from letters.workflow.access.record_fact import Recording, looking, parties_of, recording
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.release import release

Record = Callable[..., None]
_APPROVED = frozenset({State.APPROVED, State.SEAL_AGAIN})


def say_ready(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Be ready for one letter. When it has arrived,
    the readiness is used up and asked for again (rule 19)."""
    with _deciding(platform, me, case_id, Permission.CASE_SET_PACE, opens=True) as (
            _, room, decided):
        room.case.ready_at = room.case.ready_at or platform.now()
        decided(Event.READY_SAID)


def unsay_ready(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Not be ready after all. If letters come as agreed,
    she is asked before each one from now on."""
    with recording(platform, me, case_id, Permission.CASE_SET_PACE) as case:
        pace = Pace.read(case.story.pace)
        if pace.as_agreed:
            _put_down(case, replace(pace, as_agreed=False))
        case.room.case.ready_at = None
        case.fact(Event.READY_UNSAID, me.person)


def set_pace(platform: Platform, me: SignedIn, case_id: UUID, pace: Pace) -> None:
    """Set the whole pace; it holds from this commit on.

    Raises ``NotAcceptable`` if no letter could ever come by it.
    """
    change_pace(platform, me, case_id, lambda _: pace)


def change_pace(platform: Platform, me: SignedIn, case_id: UUID,
                change: Callable[[Pace], Pace]) -> None:
    """Change a part of the pace and leave the rest as the trail tells it, whatever the row says.

    A person who wants to be asked again each time is asked before the next letter.
    Raises ``NotAcceptable`` as ``set_pace`` does.
    """
    with recording(platform, me, case_id, Permission.CASE_SET_PACE, opens=True) as case:
        before = Pace.read(case.story.pace)
        pace = change(before)
        if next_release(pace.for_person_harmed(), (), platform.now(), platform.zone) is None:
            raise NotAcceptable("", marked("With this, no letter could ever reach you, so "
                                           "nothing was changed. If "
                                           "that is what you want, pause or stop: both are yours "
                                           "at any time."))
        _put_down(case, pace)
        if before.as_agreed and not pace.as_agreed:
            case.room.case.ready_at = None
            case.fact(Event.READY_UNSAID, me.person)


def let_go(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Let an approved letter of one's own go, if each waits for that.

    Raises ``NotPossibleNow`` if it does not wait, ``KeyNotConfirmed`` after a reset.
    """
    with _holding(platform, me, letter_id) as (db, room):
        if not record.accounts(platform, db, room.case.id).key(me.person).confirmed:
            raise KeyNotConfirmed
        record.add(platform, db, room.case, Event.SENDING_ALLOWED, me.person, letter_id)


def withhold(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Hold it after all.

    Raises ``NotPossibleNow`` if it has gone: nobody is told that they hold a letter that they do
    not.
    """
    with _holding(platform, me, letter_id) as (db, room):
        record.add(platform, db, room.case, Event.SENDING_WITHHELD, me.person, letter_id)


class OwnPace(NamedTuple):
    """What the person harmed has set, by the trail,
    and what would become of a letter approved now."""

    pace: Pace
    ready: bool
    paused: bool
    preview: Preview | None


def own_pace(platform: Platform, me: SignedIn, case_id: UUID) -> OwnPace:
    """For the person harmed alone; there is no preview while nobody else is invited."""
    with looking(platform, me, case_id, Permission.CASE_SET_PACE) as case:
        story, parties = case.story, parties_of(platform, case.room)
        foreseen = (
            preview(
                story,
                platform.framework,
                parties,
                release.reached(platform, story, me.person),
                platform.now(),
                platform.zone,
            )
            if parties
            else None
        )
        return OwnPace(Pace.read(story.pace), story.ready, story.paused, foreseen)


def may_go(platform: Platform, me: SignedIn, letter_id: UUID) -> bool | None:
    """Whether the person harmed has let this letter of theirs go.
    Returns None if it does not wait for that.

    For everybody else the answer is None before the database is asked, so that the time taken tells
    nothing.
    """
    if not has(me.role, Permission.CASE_SET_PACE):
        return None
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE)
        if State(room.letter.state) not in _APPROVED:
            return None
        story = record.read(platform, db, room.case.id)
        return story.letter(letter_id).sending if Pace.read(story.pace).holds else None


def _put_down(case: Recording, pace: Pace) -> None:
    case.room.case.pace = pace.written()
    case.fact(Event.PACE_SET, case.me.person, entered=pace.written())


@contextmanager
def _holding(platform: Platform, me: SignedIn,
             letter_id: UUID) -> Iterator[tuple[Session, LetterAccess]]:
    with platform.writing() as db:
        room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_WRITE)
        may(me.actor, Permission.CASE_SET_PACE)
        told = record.to_decide(platform, db, room.case.id)
        if told.letter(letter_id).state not in _APPROVED or not Pace.read(told.pace).holds:
            raise NotPossibleNow("this letter does not wait for that")
        yield db, room
        wake(db, room.case, platform.now())
    platform.nudge()


def pause(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Pause: nothing is released to either side until the person harmed goes on."""
    with _deciding(platform, me, case_id, Permission.CASE_PAUSE) as (_, room, decided):
        room.case.paused_at = room.case.paused_at or platform.now()
        decided(Event.PAUSED)


def end_pause(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Go on after a pause."""
    with _deciding(platform, me, case_id, Permission.CASE_PAUSE, opens=True) as (_, room, decided):
        room.case.paused_at = None
        decided(Event.PAUSE_ENDED)


def stop(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Stop for good: from this commit on nothing more is released in this case, to anyone."""
    with _deciding(platform, me, case_id, Permission.CASE_STOP) as (db, room, decided):
        if room.case.stopped_at is None:
            room.case.stopped_at, room.case.stopped_by = platform.now(), me.person
        decided(Event.STOPPED)
        # by one's own row alone: nothing that is wrong with another's keeps anybody from stopping
        db.execute(update(Participant).where(
            Participant.case_id == case_id, Participant.person_id == me.person,
            Participant.stopped_at.is_(None)).values(stopped_at=platform.now()))


@contextmanager
def _deciding(platform: Platform, me: SignedIn, case_id: UUID,
              permission: Permission,
              opens: bool = False) -> Iterator[tuple[Session, CaseAccess, Record]]:
    """Lock the case, record the decision and wake its letters. ``opens``: it could let a letter go.

    Raises ``KeyNotConfirmed`` for such a decision after a reset, until somebody confirms who this
    is.
    """
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, permission)
        if opens and not record.accounts(platform, db, case_id).key(me.person).confirmed:
            raise KeyNotConfirmed

        def decided(event: Event) -> None:
            record.add(platform, db, room.case, event, me.person, me.person)

        yield db, room, decided
        wake(db, room.case, platform.now())
    platform.nudge()


def foreseen(platform: Platform, me: SignedIn, letter_id: UUID) -> Foreseen | None:
    """What would become of a letter, for the team alone (rule 22). Returns None while one of the
    two is not invited yet."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_SEE)
        parties = parties_of(platform, room)
        if parties is None:
            return None
        story = record.read(platform, db, room.case.id)
        return foresee(story, platform.framework, parties, room.letter.author_id,
                       release.reached(platform, story, room.letter.recipient_id), platform.now(),
                       platform.zone)
