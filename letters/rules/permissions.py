"""Every right in one enum, as resource:action, and one function that decides.

Three answers: yes; ``NotAllowed`` for somebody inside the case whose role does not do this; ``NotFound`` for a
stranger, who must not learn that the thing exists.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from letters.rules.errors import NotAllowed, NotFound
from letters.rules.roles import PARTICIPANTS, Actor, Role


class Permission(StrEnum):
    """What somebody may be allowed to do to a case or a letter."""

    ACCOUNT_KEEP = "account:keep"
    ACCOUNT_RESET = "account:reset"
    CUSTODY_CHOOSE = "custody:choose"
    STAFF_INVITE = "staff:invite"
    LOAD_SEE = "load:see"
    DISAGREEMENT_SEE = "disagreement:see"
    CASE_OPEN = "case:open"
    CASE_SEE = "case:see"
    CASE_MANAGE = "case:manage"
    CASE_HALT = "case:halt"
    CASE_STOP = "case:stop"
    CASE_PAUSE = "case:pause"
    CASE_SET_PACE = "case:set-pace"
    CASE_CONSENT = "case:consent"
    CASE_CHOOSE = "case:choose"
    CASE_AGREE = "case:agree"
    CASE_TELL = "case:tell"
    CASE_SEE_TEAM = "case:see-team"
    CASE_BREAK_GLASS = "case:break-glass"
    GLASS_SECOND = "glass:second"
    LETTER_WRITE = "letter:write"
    PRIVATE_WRITE = "private:write"
    LETTER_REVIEW = "letter:review"
    LETTER_READ = "letter:read"


@dataclass(frozen=True)
class Subject:
    """What is asked about, as the database vouches for it: who takes part in the case, who is in its team."""

    participants: frozenset[UUID] = frozenset()
    team: frozenset[UUID] = frozenset()
    author: UUID | None = None
    recipient: UUID | None = None
    arrived: bool = False


_BY_ROLE: dict[Permission, frozenset[Role]] = {
    Permission.ACCOUNT_KEEP: frozenset(Role),
    Permission.CUSTODY_CHOOSE: PARTICIPANTS,
    Permission.ACCOUNT_RESET: frozenset({Role.ADMINISTRATOR, Role.FACILITATOR}),
    Permission.STAFF_INVITE: frozenset({Role.ADMINISTRATOR}),
    Permission.LOAD_SEE: frozenset({Role.SUPERVISOR}),
    Permission.DISAGREEMENT_SEE: frozenset({Role.SUPERVISOR}),
    Permission.CASE_OPEN: frozenset({Role.FACILITATOR}),
    Permission.CASE_SEE: frozenset({Role.FACILITATOR}),
    Permission.CASE_MANAGE: frozenset({Role.FACILITATOR}),
    Permission.CASE_HALT: frozenset({Role.FACILITATOR}),
    Permission.CASE_STOP: PARTICIPANTS,
    Permission.CASE_PAUSE: frozenset({Role.HARMED}),
    Permission.CASE_SET_PACE: frozenset({Role.HARMED}),
    Permission.CASE_CONSENT: PARTICIPANTS,
    Permission.CASE_CHOOSE: frozenset({Role.HARMED}),
    Permission.CASE_AGREE: frozenset({Role.HARMED, Role.RESPONSIBLE}),
    Permission.CASE_TELL: PARTICIPANTS | {Role.FACILITATOR},
    Permission.CASE_SEE_TEAM: frozenset({Role.HARMED, Role.FACILITATOR}),
    Permission.CASE_BREAK_GLASS: frozenset({Role.SUPERVISOR}),
    Permission.GLASS_SECOND: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Permission.LETTER_WRITE: PARTICIPANTS,
    Permission.PRIVATE_WRITE: frozenset({Role.HARMED}),
    Permission.LETTER_REVIEW: frozenset({Role.FACILITATOR}),
    Permission.LETTER_READ: PARTICIPANTS,
}


def may(actor: Actor, permission: Permission, subject: Subject | None = None) -> None:
    """Return if the actor may do this, else raise ``NotFound`` (stranger) or ``NotAllowed`` (insider).

    Without a subject only the role is asked.
    """
    if subject is not None and not _knows(actor, permission, subject):
        raise NotFound
    if actor.role not in _BY_ROLE[permission] or (subject is not None and not _has_part(actor, permission, subject)):
        raise NotAllowed(permission.value)


def _knows(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Does this person know that the thing exists? A recipient knows nothing of a letter that has not arrived."""
    if actor.person in subject.team:
        return True
    if subject.author is None:
        return actor.person in subject.participants
    return actor.person == subject.author or (actor.person == subject.recipient and subject.arrived)


def _has_part(actor: Actor, permission: Permission, subject: Subject) -> bool:
    match permission:
        case Permission.LETTER_WRITE:
            return subject.author in (None, actor.person)
        case Permission.LETTER_READ:
            return actor.person == subject.recipient and subject.arrived
        case _:
            return True
