"""The questions in the letters that somebody has read here, for when they answer.

They are found in the letters' own words. What facilitators chose and marked stays with the team.
"""

from letters.rules.errors import NotFound, NotPossibleNow
from letters.rules.letter.parts import questions
from letters.storage.queries import lists
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.reading import in_parts

NEWEST, MOST = 3, 10


def questions_to(platform: Platform, me: SignedIn) -> list[str]:
    """The questions in one's newest opened letters, the newest letter first.

    A letter that was put away, given to the facilitators or destroyed is not asked.
    """
    with platform.store.reading() as db:
        letters = [row.id for row in lists.inbox(db, me.person).rows if row.opened_at][:NEWEST]
    away = {letter for letter, shelf in in_parts.shelves(platform, me).items()
            if shelf is in_parts.Shelf.AWAY}
    found: list[str] = []
    for letter in letters:
        if letter in away:
            continue
        try:
            layer = in_parts.letter_for(platform, me, letter).layer
        except (NotFound, NotPossibleNow):
            continue
        if layer is not None:
            found += [" ".join(span.of(layer.text).split()) for span in questions(layer.text)]
    return found[:MOST]
