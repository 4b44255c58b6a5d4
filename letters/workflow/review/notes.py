"""Notes in three places that cannot be confused: mine, the case team's, and the letter's writer's.

The reader of a note is sealed into it with its kind and its place: no note can be moved to another
place.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.errors import NotAcceptable
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.workflow.access import case_keys, directory, sealed_notes
from letters.workflow.access.enter import (
    case_to_change,
    letter_to_change,
    letter_to_read,
    not_erased,
)
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record
from letters.workflow.review import second_reading


class Reader(StrEnum):
    """The person or the team that a note is for; the value is the note's kind."""

    ME = "mine"
    TEAM = "team note"
    WRITER = "note"


@dataclass(frozen=True)
class Notes:
    """The notes on a letter or a case that a team member sees, oldest first,
    with their writers' names."""

    mine: list[OpenNote]
    team: list[OpenNote]
    writer: list[OpenNote] = field(default_factory=list)
    names: dict[UUID, str] = field(default_factory=dict)


def keep_on_letter(platform: Platform, me: SignedIn, letter_id: UUID, reader: Reader,
                   words: str) -> None:
    """Keep a note on a letter for exactly this reader. A kind note reaches the writer at once, and
    the team sees what was said.

    Raises ``KeyNotConfirmed`` or ``NotPossibleNow`` if the note cannot be sealed to the writer.
    """
    words = sealed_notes.checked(field_of(reader), words)
    with platform.writing() as db:
        room = not_erased(letter_to_change(platform, db, me, letter_id, _right_to_write(reader)))
        if reader is Reader.ME:
            sealed_notes.for_me(platform, db, me, letter_id, reader.value, words)
            return
        sealed_notes.for_team(platform, db, me, room, letter_id, reader.value, words)
        if reader is Reader.WRITER:
            sealed_notes.for_person(platform, db, me, room, room.letter.author_id, letter_id,
                                    reader.value, words)


def keep_on_case(platform: Platform, me: SignedIn, case_id: UUID, reader: Reader,
                 words: str) -> None:
    """Keep a note on a case, for oneself or for the team.

    Raises ``NotAcceptable`` for a note to the writer: a case has none.
    """
    words = sealed_notes.checked(field_of(reader), words)
    with platform.writing() as db:
        room = case_to_change(platform, db, me, case_id, Permission.CASE_ADVISE)
        if reader is Reader.ME:
            sealed_notes.for_me(platform, db, me, case_id, reader.value, words)
        elif reader is Reader.TEAM:
            sealed_notes.for_team(platform, db, me, room, case_id, reader.value, words)
        else:
            raise NotAcceptable(field_of(reader),
                                marked("Choose whom you write to under Messages."))


def _right_to_write(reader: Reader) -> Permission:
    """A specialist writes to the team, and to nobody who takes part."""
    return Permission.LETTER_REVIEW if reader is Reader.WRITER else Permission.LETTER_SEE


def field_of(reader: Reader) -> str:
    """The form field for a note to this reader."""
    return f"note-{reader.name.lower()}"


def on_letter(platform: Platform, me: SignedIn, letter_id: UUID) -> Notes:
    """The notes on a letter. While two read, a colleague's notes are hidden until one's own verdict
    (``second_reading``)."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_SEE)
        curtain = second_reading.curtain(platform, db, me, room)
        found = _of(platform, db, me, room.case.id, letter_id)
        shown = Notes(found.mine, curtain.shown(found.team), curtain.shown(found.writer))
        return _named(platform, db, shown)


def on_case(platform: Platform, db: Session, me: SignedIn, case_id: UUID) -> Notes:
    """The notes on a case. What readers think of a letter that is being read is not shown here."""
    return _named(platform, db, _of(platform, db, me, case_id, case_id))


def _of(platform: Platform, db: Session, me: SignedIn, case_id: UUID, subject: UUID) -> Notes:
    ring, writers = case_keys.open_all(platform, db, me,
                                       case_id), record.read(platform, db, case_id).ever_joined
    mine = sealed_notes.opened(platform, db, me.identity, me.person, subject,
                               frozenset({me.person}), Reader.ME.value)
    team, writer = (sealed_notes.opened_by_team(platform, db, ring, case_id, subject,
                                                writers, kind.value)
                    for kind in (Reader.TEAM, Reader.WRITER))
    return Notes(mine, team, writer)


def _named(platform: Platform, db: Session, found: Notes) -> Notes:
    names = directory.names(platform, db,
                            {note.written_by for note in (*found.team, *found.writer)})
    return Notes(found.mine, found.team, found.writer, names)
