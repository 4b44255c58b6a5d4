"""What the team foresees of a letter that they read: when it would reach its recipient, or what it would wait for."""

from uuid import UUID

from letters.rules.forecast import Foreseen, foresee
from letters.rules.permissions import Permission
from letters.workflow import release, trail
from letters.workflow.house import House, SignedIn
from letters.workflow.recording import parties_of
from letters.workflow.rooms import look_at_letter


def foreseen(house: House, me: SignedIn, letter_id: UUID) -> Foreseen | None:
    """For the team alone (rule 22); None while one of the two is not invited yet."""
    with house.store.reading() as db:
        room = look_at_letter(house, db, me, letter_id, Permission.LETTER_REVIEW)
        parties = parties_of(house, room)
        if parties is None:
            return None
        story = trail.shown(house, db, room.case)
        return foresee(story, house.framework, parties, room.letter.author_id,
                       release.reached(house, story, room.letter.recipient_id), house.now(), house.zone)
