"""Every right in one table, with the roles that have it, and one function that decides.

Three answers: yes; ``NotAllowed`` for somebody inside the case whose role does not do this;
``NotFound`` for a stranger, who must not learn that the thing exists.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from letters.rules.errors import NotAllowed, NotFound
from letters.rules.roles import PARTICIPANTS, STAFF, Actor, Role


class Permission(StrEnum):
    """What somebody may be allowed to do: to their account, to a case, to a letter."""

    ACCOUNT_KEEP = "account:keep"
    ACCOUNT_RESET = "account:reset"
    CUSTODY_CHOOSE = "custody:choose"
    PROFILE_WRITE = "profile:write"
    STAFF_INVITE = "staff:invite"
    RUNNING_SEE = "running:see"
    TODAY_SEE = "today:see"
    LOAD_SEE = "load:see"
    WORK_ASSIGN = "work:assign"
    SCREENING_TUNE = "screening:tune"
    DISAGREEMENT_SEE = "disagreement:see"
    EMERGENCY_ASK = "emergency:ask"
    EMERGENCY_SECOND = "emergency:second"
    EMERGENCY_SEE = "emergency:see"
    CASE_OPEN = "case:open"
    CASE_SEE = "case:see"
    CASE_ADVISE = "case:advise"
    CASE_MANAGE = "case:manage"
    CASE_HALT = "case:halt"
    CASE_TAKE_PART = "case:take-part"
    CASE_STOP = "case:stop"
    CASE_PAUSE = "case:pause"
    CASE_SET_PACE = "case:set-pace"
    CASE_CONSENT = "case:consent"
    CASE_CHOOSE = "case:choose"
    CASE_AGREE = "case:agree"
    CASE_ACKNOWLEDGE = "case:acknowledge"
    CASE_TELL = "case:tell"
    CASE_SEE_TEAM = "case:see-team"
    LETTER_WRITE = "letter:write"
    LETTER_SEE = "letter:see"
    LETTER_REVIEW = "letter:review"
    LETTER_READ = "letter:read"
    PRIVATE_WRITE = "private:write"


@dataclass(frozen=True)
class Subject:
    """The thing that is asked about, as the database vouches for it:
    a case's participants, its team, and the specialists who read with the team."""

    participants: frozenset[UUID] = frozenset()
    team: frozenset[UUID] = frozenset()
    author: UUID | None = None
    recipient: UUID | None = None
    arrived: bool = False
    specialists: frozenset[UUID] = frozenset()


class Right(NamedTuple):
    """The roles that have a right, and what it is, in words."""

    roles: frozenset[Role]
    words: str


_HARMED, _FACILITATOR = frozenset({Role.HARMED}), frozenset({Role.FACILITATOR})
_SUPERVISOR, _ADMINISTRATOR = frozenset({Role.SUPERVISOR}), frozenset({Role.ADMINISTRATOR})

RIGHTS: dict[Permission, Right] = {
    Permission.ACCOUNT_KEEP: Right(frozenset(Role), "Look after one's own account"),
    Permission.ACCOUNT_RESET: Right(_FACILITATOR | _ADMINISTRATOR,
                                    "Give access again to somebody who lost it: facilitators to "
                                    "the people of their "
                                    "cases, administrators to staff"),
    Permission.CUSTODY_CHOOSE: Right(PARTICIPANTS, "Choose to sign in beside a facilitator"),
    Permission.PROFILE_WRITE: Right(_FACILITATOR,
                                    "Write what those who take part read about oneself"),
    Permission.STAFF_INVITE: Right(_ADMINISTRATOR, "Invite staff"),
    Permission.RUNNING_SEE: Right(STAFF, "See whether letters are handed over and notices sent"),
    Permission.TODAY_SEE: Right(STAFF, "See what waits for one"),
    Permission.LOAD_SEE: Right(_SUPERVISOR,
                               "See who has how many cases and letters, and how long letters wait"),
    Permission.WORK_ASSIGN: Right(_SUPERVISOR, "Suggest to the team of a case that a colleague "
                                  "joins"),
    Permission.SCREENING_TUNE: Right(_SUPERVISOR, "See what readers said of the screening, and "
                                     "take a finding as a note"),
    Permission.DISAGREEMENT_SEE: Right(_SUPERVISOR, "Read a letter on which two readers "
                                       "disagree, and give a view"),
    Permission.EMERGENCY_ASK: Right(_SUPERVISOR, "Ask for emergency access to a case"),
    Permission.EMERGENCY_SECOND: Right(_SUPERVISOR | _ADMINISTRATOR,
                                       "Second a colleague's request for it"),
    Permission.EMERGENCY_SEE: Right(_HARMED,
                                    "See that a supervisor reads the case in an emergency"),
    Permission.CASE_OPEN: Right(_FACILITATOR, "Open a case"),
    Permission.CASE_SEE: Right(_FACILITATOR, "See a case of one's own team"),
    Permission.CASE_ADVISE: Right(_FACILITATOR, "Write a note for one's own team, open an alert, "
                                  "leave the team"),
    Permission.CASE_MANAGE: Right(_FACILITATOR, "Record what happens in a case of one's own team"),
    Permission.CASE_HALT: Right(_FACILITATOR, "Halt a case of one's own team, and lift the halt"),
    Permission.CASE_TAKE_PART: Right(PARTICIPANTS, "See one's own case as somebody who takes part"),
    Permission.CASE_STOP: Right(PARTICIPANTS, "Stop the exchange"),
    Permission.CASE_PAUSE: Right(_HARMED, "Pause the exchange"),
    Permission.CASE_SET_PACE: Right(_HARMED, "Set the pace"),
    Permission.CASE_CONSENT: Right(PARTICIPANTS, "Agree to what one is asked, and withdraw"),
    Permission.CASE_CHOOSE: Right(_HARMED, "Choose a facilitator, and see what was promised"),
    Permission.CASE_AGREE: Right(frozenset({Role.HARMED, Role.RESPONSIBLE}),
                                 "Agree to how letters are written"),
    Permission.CASE_ACKNOWLEDGE: Right(frozenset({Role.RESPONSIBLE, Role.FACILITATOR}),
                                       "Say that the acknowledgement of harm no longer stands"),
    Permission.CASE_TELL: Right(PARTICIPANTS | _FACILITATOR, "Tell the team of a worry or a wish"),
    Permission.CASE_SEE_TEAM: Right(PARTICIPANTS | _FACILITATOR,
                                    "See who is in the team, and who was"),
    Permission.LETTER_WRITE: Right(PARTICIPANTS, "Write letters, and read one's own"),
    Permission.LETTER_SEE: Right(_FACILITATOR, "Read a letter of a case of one's own team"),
    Permission.LETTER_REVIEW: Right(_FACILITATOR,
                                    "Read a letter of a case of one's own team, and decide on it"),
    Permission.LETTER_READ: Right(PARTICIPANTS, "Read a letter that was handed over to one"),
    Permission.PRIVATE_WRITE: Right(_HARMED, "Write what is never sent, for oneself alone"),
}
"""Every right. ``docs/rights.md`` is generated from it."""


OF_SPECIALISTS = frozenset({Permission.CASE_SEE, Permission.CASE_SEE_TEAM, Permission.CASE_ADVISE,
                            Permission.LETTER_SEE})
"""The rights of a specialist in a case: they read what the team reads, and decide nothing."""


def has(role: Role, permission: Permission) -> bool:
    """True if people of this role have this right at all;
    ``may`` decides for which case or letter."""
    return role in RIGHTS[permission].roles


def may(actor: Actor, permission: Permission, subject: Subject | None = None) -> None:
    """Check that the actor may do this. Without a subject only the role is checked.

    Raises ``NotFound`` for a stranger, ``NotAllowed`` for an insider.
    """
    if subject is not None and not _knows(actor, permission, subject):
        raise NotFound
    if not has(actor.role,
               permission) or (subject is not None and not _has_part(actor, permission, subject)):
        raise NotAllowed(permission.value)


def _knows(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Does this person know that the thing exists? A recipient knows nothing of a letter that has
    not arrived."""
    if actor.person in subject.team | subject.specialists:
        return True
    if subject.author is None:
        return actor.person in subject.participants
    return actor.person == subject.author or (actor.person == subject.recipient and subject.arrived)


def _has_part(actor: Actor, permission: Permission, subject: Subject) -> bool:
    if actor.person in subject.specialists:
        return permission in OF_SPECIALISTS
    match permission:
        case Permission.LETTER_WRITE:
            return subject.author in (None, actor.person)
        case Permission.LETTER_READ:
            return actor.person == subject.recipient and subject.arrived
        case _:
            return True
