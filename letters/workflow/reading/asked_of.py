"""The questions in the letters that somebody has read here, for when they answer.

They are found in the letters' own words. What facilitators chose and marked stays with the team.
"""

from letters.rules.errors import KeyNotConfirmed, NotFound, NotPossibleNow, Tampered
from letters.rules.letter.parts import questions
from letters.rules.roles import Role
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.reading import in_parts, open_letter
from letters.workflow.record.alarm import raise_alarm

NEWEST, MOST = 3, 10


def questions_to(platform: Platform, me: SignedIn) -> list[str]:
    """The questions in one's newest opened letters, the newest letter first, as far as one has
    read them. Only for the person who harmed: nobody shows the person harmed words of a letter
    that she did not open just then (rules 23 and 26).

    A letter that was put away, given to the facilitators or destroyed, or that waits until new
    keys are confirmed, is not asked; one that does not verify raises an alarm and is left out.
    """
    if me.role is not Role.RESPONSIBLE:
        return []
    letters = [row.id for row in open_letter.letters_arrived(platform, me).rows if row.opened_at]
    away = {letter for letter, shelf in in_parts.shelves(platform, me).items()
            if shelf is in_parts.Shelf.AWAY}
    found: list[str] = []
    for letter in letters[:NEWEST]:
        if letter in away:
            continue
        try:
            layer = in_parts.letter_for(platform, me, letter).layer
        except (NotFound, NotPossibleNow, KeyNotConfirmed):
            continue
        except Tampered as wrong:
            raise_alarm(platform, wrong)
            continue
        if layer is not None:
            for read in (part.of(layer.text) for part in layer.reached):
                found += [" ".join(span.of(read).split()) for span in questions(read)]
    return found[:MOST]
