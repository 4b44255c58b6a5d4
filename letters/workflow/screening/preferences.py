"""What a letter is screened by besides its words: the case's own list, and what the person harmed wishes (rule 24)."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from letters.rules.roles import Role
from letters.screening import Category, Finding, Preferences, Severity
from letters.workflow.access import directory
from letters.workflow.access.enter import LetterAccess
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.preparation import agreement, names_list

_UNREAD = Finding(Category.ADDRESS, Severity.CAUTION, 0, 0, "",
                  "The wished form of address and the words not to be used could not be opened for this letter, so "
                  "they were not looked for: compare it with the agreement.", "address.not-looked-at")


@dataclass(frozen=True)
class Wished:
    """What to screen by, and what has to be said of it beside the findings."""

    preferences: Preferences
    said: tuple[Finding, ...] = ()


def of_letter(platform: Platform, db: Session, me: SignedIn, room: LetterAccess) -> Wished:
    """For a letter of this author. The wishes are those of the agreement that stands; they bind letters to the person
    harmed and no others (rules 14 and 24). ``Tampered`` if list or agreement does not verify."""
    listed = names_list.names_of_case(platform, db, room.case.id)
    usual = Preferences(platform.country, platform.other_countries, listed.names, listed.places)
    roles = {person.id: directory.role_of(platform, person) for _, person in room.participants}
    if roles.get(room.letter.recipient_id) is not Role.HARMED:
        return Wished(usual)
    stands = agreement.that_stands(platform, db, me, room)
    if stands is None:
        return Wished(usual)
    if not stands.words_are_there:  # its author has new keys, or is neither of the two who agreed
        return Wished(usual, (_UNREAD,))
    return Wished(replace(usual, words_not_used=tuple(stands.not_to_be_used), greeting=stands.greeting,
                          signature=stands.signature))
