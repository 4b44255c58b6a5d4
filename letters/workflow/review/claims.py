"""Passing a claimed letter from one facilitator to another:
asking for it, handing it over, handing it on, asking a colleague to read it.

Nobody is asked why, and no reason is kept: a facilitator's reasons are their own.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.errors import NotPossibleNow
from letters.rules.events import Event
from letters.rules.letter.decisions import require_can_be_asked, require_possible
from letters.rules.letter.lifecycle import Action
from letters.rules.permissions import Permission
from letters.storage import desk_rows
from letters.storage.tables.letters import Letter
from letters.workflow.access import case_keys
from letters.workflow.access.enter import (
    LetterAccess,
    letter_to_change,
    letter_to_read,
    part_of,
    told_of,
)
from letters.workflow.notices import outbox
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.review.read_letter import (
    free,
    is_held_by,
    possible,
    require_key,
    require_not_claimed_by_other,
    submitted_version,
    take,
)
from letters.workflow.review.second_reading import curtain_of

PATIENCE = timedelta(minutes=30)
"""How long the facilitator who holds a letter has to answer a colleague who asks for it."""

ASIDE = timedelta(days=1)
"""How long a letter is not offered to the facilitator who handed it on."""


def ask(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Ask the colleague who holds a letter to hand it over.

    Raises ``NotPossibleNow`` if nobody holds it or another colleague asked before.
    """
    with platform.writing() as db:
        room = _enter(platform, db, me, letter_id)
        letter, holder = room.letter, _holder(platform, room)
        if holder is None or holder == me.person or letter.wanted_by not in (None, me.person):
            raise NotPossibleNow("nobody holds it, or somebody asked before")
        require_key(platform, db, me, letter)
        if letter.wanted_by is None:  # asking a second time does not restart the wait
            letter.wanted_by, letter.wanted_at = me.person, platform.now()
            record.add(platform, db, room.case, Event.CLAIM_ASKED, me.person, letter.id,
                       about=holder)
            outbox.notify(platform, db, holder, "alert")


def ask_to_read(platform: Platform, me: SignedIn, letter_id: UUID, colleague: UUID) -> None:
    """Ask one member of the team to read a letter. They claim it, or hand it on; whoever claims it
    first reads it all the same. One's own claim goes back to the desk.

    Raises ``NotPossibleNow`` while somebody else holds it or asks for it, for anybody who cannot
    read it now, and for whoever reads second: whom they may ask would tell who read first (rule
    13).
    """
    with platform.writing() as db:
        room = _enter(platform, db, me, letter_id)
        letter = room.letter
        require_not_claimed_by_other(platform, me, letter)
        told = told_of(platform, db, room)
        if colleague == me.person or letter.wanted_by or curtain_of(told, me.person).drawn:
            raise NotPossibleNow("one asks a colleague, unless one reads second")
        require_can_be_asked(told, colleague, _able(db, room))
        free(letter)
        record.add(platform, db, room.case, Event.READING_ASKED, me.person, letter.id,
                   about=colleague)
        outbox.notify(platform, db, colleague, "alert")


def who_can_be_asked(platform: Platform, db: Session, me: SignedIn,
                     room: LetterAccess) -> list[UUID]:
    """The colleagues who could be asked now to read a letter."""
    told, found = told_of(platform, db, room), list[UUID]()
    if room.letter.wanted_by or curtain_of(told, me.person).drawn:
        return found
    able = _able(db, room)
    for colleague in sorted(able - {me.person}):
        with suppress(NotPossibleNow):
            require_can_be_asked(told, colleague, able)
            found.append(colleague)
    return found


def hand_over(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Give a letter that one holds to the colleague who asked for it.

    Raises ``NotPossibleNow`` if one does not hold it or nobody asked.
    """
    with platform.writing() as db:
        room = _enter(platform, db, me, letter_id)
        asker = room.letter.wanted_by
        if not is_held_by(platform, room.letter, me.person) or asker not in room.team:
            raise NotPossibleNow("it is not held, or nobody asked")
        _pass_on(platform, db, me, room, asker)


def take_over(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Take a letter that one asked for half an hour ago, if its holder has not answered.

    Raises ``NotPossibleNow`` if one has not asked, or not long enough ago.
    """
    with platform.writing() as db:
        room = _enter(platform, db, me, letter_id)
        holder = _holder(platform, room)
        if holder is None or not may_be_taken(platform, room.letter, me.person):
            raise NotPossibleNow("not asked for, or too soon")
        require_key(platform, db, me, room.letter)
        take(platform, db, room.letter, me.person)
        record.add(platform, db, room.case, Event.LETTER_CLAIMED, me.person, room.letter.id,
                   about=holder)


def hand_on(platform: Platform, me: SignedIn, letter_id: UUID) -> None:
    """Pass the letter on: "not this one, not now".

    It goes to the colleague who asked for it. If nobody asked, it goes back to the desk: it is not
    offered to this facilitator for a day, and colleagues are asked to take it.
    """
    with platform.writing() as db:
        room = _enter(platform, db, me, letter_id)
        letter = room.letter
        require_not_claimed_by_other(platform, me, letter)
        asker = letter.wanted_by if is_held_by(platform, letter, me.person) else None
        if asker in room.team:
            _pass_on(platform, db, me, room, asker)
        else:
            free(letter)
            record.add(platform, db, room.case, Event.LETTER_HANDED_ON, me.person, letter.id)
        desk_rows.set_aside(db, me.person, letter.id, platform.now() + ASIDE)


def is_free(platform: Platform, me: SignedIn, letter_id: UUID) -> bool:
    """Returns True if this member could claim the letter now and does not hold it.

    Raises ``NotFound`` or ``NotAllowed``.
    """
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_REVIEW)
        return Action.CLAIM in possible(me, room) and _holder(platform, room) is None


def case_of(platform: Platform, me: SignedIn, letter_id: UUID) -> UUID:
    """The case of a letter that this member may read. Raises ``NotFound`` or ``NotAllowed``."""
    with platform.reading() as db:
        return letter_to_read(platform, db, me, letter_id, Permission.LETTER_REVIEW).case.id


def may_be_taken(platform: Platform, letter: Letter, asker: UUID) -> bool:
    """Returns True once this person has waited long enough for an answer."""
    at = takes_at(letter)
    return letter.wanted_by == asker and at is not None and at <= platform.now()


def takes_at(letter: Letter) -> datetime | None:
    """The moment from which the person who asked for a letter may take it.
    Returns None if nobody asked."""
    return letter.wanted_at + PATIENCE if letter.wanted_at is not None else None


def _enter(platform: Platform, db: Session, me: SignedIn, letter_id: UUID) -> LetterAccess:
    room = letter_to_change(platform, db, me, letter_id, Permission.LETTER_REVIEW)
    require_possible(told_of(platform, db, room), Action.CLAIM, part_of(me, room))
    return room


def _able(db: Session, room: LetterAccess) -> frozenset[UUID]:
    """The members who hold the key of the epoch in which the letter was handed in."""
    epoch = submitted_version(db, room.letter).epoch
    return room.team & case_keys.holders(db, room.case.id).get(epoch, frozenset())


def _holder(platform: Platform, room: LetterAccess) -> UUID | None:
    holder = room.letter.claimed_by
    return holder if holder is not None and is_held_by(platform, room.letter, holder) else None


def _pass_on(platform: Platform, db: Session, me: SignedIn, room: LetterAccess,
             colleague: UUID) -> None:
    take(platform, db, room.letter, colleague)
    record.add(platform, db, room.case, Event.LETTER_HANDED_ON, me.person, room.letter.id,
               about=colleague)
