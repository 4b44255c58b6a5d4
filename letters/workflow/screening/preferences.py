"""What screening uses besides a letter's words:
the case's own list, and the wishes of the person harmed (rule 24)."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from letters.rules.roles import Role
from letters.screening import Category, Finding, Preferences, Severity
from letters.workflow.access import directory
from letters.workflow.access.enter import LetterAccess
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.preparation import agreement, names_list
from letters.workflow.screening import quieted

_UNREAD = Finding(Category.ADDRESS, Severity.CAUTION, 0, 0, "",
                  "The wished form of address and the words not to be used could not be opened "
                  "for this letter, so "
                  "they were not looked for: compare it with the agreement.",
                  "address.not-looked-at")


@dataclass(frozen=True)
class Wished:
    """The preferences to screen by, and what has to be said next to the findings."""

    preferences: Preferences
    said: tuple[Finding, ...] = ()


def of_letter(platform: Platform, db: Session, me: SignedIn, room: LetterAccess) -> Wished:
    """The preferences for a letter of this author.

    The wishes come from the agreement that stands. They bind letters to the person harmed and no
    others (rules 14 and 24).
    Raises ``Tampered`` if list or agreement does not verify.
    """
    listed = names_list.names_of_case(platform, db, room.case.id)
    usual = Preferences(platform.country, platform.other_countries, listed.names, listed.places,
                        quieted.now_quiet(platform, db))
    if me.role is Role.HARMED:  # nobody writes to themselves
        return Wished(usual)
    roles = {person.id: directory.role_of(platform, person) for _, person in room.participants}
    if roles.get(room.letter.recipient_id) is not Role.HARMED:
        return Wished(usual)
    stands = agreement.that_stands(platform, db, me, room)
    if stands is None:
        return Wished(usual)
    if not stands.words_are_there:  # the author has new keys, or is not one of the two who agreed
        return Wished(usual, (_UNREAD,))
    return Wished(replace(usual, words_not_used=tuple(stands.not_to_be_used),
                          greeting=stands.greeting,
                          signature=stands.signature))
