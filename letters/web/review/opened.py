"""A letter as the team reads it, opened for a page."""

from uuid import UUID

from letters.web.access import entered, me, platform
from letters.workflow.review import read_letter


def opened(letter_id: UUID) -> read_letter.Reading:
    """The letter; if a specialist reads along, the page offers no decision."""
    read = read_letter.letter_for(platform(), me(), letter_id)
    entered(read.room)
    return read
