"""Two readings that do not lean on one another (rule 13).

Until the second reader has given a verdict, they see nothing of the first's: no disposition, reason
or note about this letter in this round, and not who has approved. Every place that shows the team
notes about a letter or one of its versions asks ``shown``, and every place that says who has
approved asks ``readers``. The trail decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.letter.history import LetterHistory
from letters.workflow.access.enter import LetterAccess
from letters.workflow.access.sealed_notes import OpenNote
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

PREPARED = frozenset({"content note", "questions", "answers"})
"""What the team prepares together for the recipient. Every reader works on it and approves it, and
it says nothing of a verdict (decision 0030)."""


@dataclass(frozen=True)
class Curtain:
    """What a reader does not see yet: the notes that these people wrote since the round began."""

    since: datetime | None = None
    before: frozenset[UUID] = frozenset()

    @property
    def drawn(self) -> bool:
        """True while a colleague's verdict is hidden."""
        return bool(self.before)

    def shown(self, said: Iterable[OpenNote]) -> list[OpenNote]:
        """The notes that this reader may see now."""
        return [note for note in said
                if note.kind in PREPARED or not self.hides(note.written_by, note.written_at)]

    def hides(self, by: UUID, at: datetime) -> bool:
        """True for what a reader before did since the round began."""
        return by in self.before and (self.since is None or at >= self.since)

    def readers(self, approved: Collection[UUID]) -> frozenset[UUID]:
        """The people who have approved, as far as this reader is told."""
        return frozenset(approved) - self.before


def curtain(platform: Platform, db: Session, me: SignedIn, room: LetterAccess) -> Curtain:
    """The curtain for this person. A reader who has given a verdict has none, nor has a supervisor
    who reads by emergency access and decides nothing.

    Raises ``Tampered`` if the trail of this letter does not hold.
    """
    if me.person not in room.readers:
        return Curtain()
    return curtain_of(record.read(platform, db, room.case.id).letter(room.letter.id), me.person)


def curtain_of(told: LetterHistory, member: UUID) -> Curtain:
    """The curtain for a member of the team or a specialist, by how the letter stands."""
    return Curtain() if member in told.first_readers else Curtain(told.since, told.first_readers)
