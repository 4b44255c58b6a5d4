"""What has changed in a letter since it was last returned:
for the team, next to the new version."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.errors import Tampered
from letters.rules.letter.changes import Change, Piece, changes
from letters.rules.permissions import Permission
from letters.workflow.access import case_keys, directory, sealed_notes
from letters.workflow.access.enter import letter_to_read
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.decision import redaction, suggestions
from letters.workflow.decision.suggestions import Received
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.review import read_letter, unaltered

_EARLIER = frozenset({"reason", "note"})


@dataclass(frozen=True)
class Since:
    """What was said with the last return and what came of it.

    ``pieces``: what has changed; empty for a member who joined later and cannot open that version.
    ``refused``: why the author did not agree to leave something out.
    """

    pieces: list[Piece]
    comments: list[OpenNote]
    received: list[Received]
    refused: str | None

    @property
    def has_changed(self) -> bool:
        """False if it was sent again unchanged."""
        return any(piece.change is not Change.SAME for piece in self.pieces)


def since_return(platform: Platform, me: SignedIn, letter_id: UUID) -> Since | None:
    """What has changed since the last return. Returns None for a letter that was never returned."""
    with platform.reading() as db:
        room = letter_to_read(platform, db, me, letter_id, Permission.LETTER_SEE)
        return of_reading(platform, db, me, read_letter.reading(platform, db, me, room))


def of_reading(platform: Platform, db: Session, me: SignedIn,
               read: read_letter.Reading) -> Since | None:
    """The same for a letter that is open already. Raises ``Tampered``."""
    room = read.room
    parent = unaltered.parent_of(db, room.letter, read.version)
    if parent is None:
        return None
    ring, author = case_keys.open_all(platform, db, me, room.case.id), directory.keys_of_person(
        platform, db, room.letter.author_id)
    if author is None:
        raise Tampered(room.letter.id, room.case.id)
    before = None if parent.epoch not in ring else unaltered.text_of(
        db, room.letter, parent, ring[parent.epoch], author.verifier)
    said = sealed_notes.opened_by_team(platform, db, ring, room.case.id, parent.id)
    return Since(changes(before, read.text) if before is not None else [],
                 [note for note in said if note.kind in _EARLIER],
                 suggestions.sent_with(platform, db, me, room, parent.id, read.text),
                 redaction.refused(platform, db, me, room, parent.id))
