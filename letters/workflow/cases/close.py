"""Closing an exchange: the team begins it, talks with each of the two, and closes when nothing is
left to do."""

from uuid import UUID

from letters.rules.case import decisions
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.workflow.access.record_fact import recording
from letters.workflow.platform import Platform, SignedIn


def begin_closing(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Begin the end of the exchange: the closing talks are next."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        if case.process.closing is None:
            case.fact(Event.CLOSING_BEGUN)


def go_on(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Go on with the exchange, because closing was too early. This also works after the case was
    closed, until it is erased. The closing talks have to be held again when the exchange ends.
    Raises ``NotPossibleNow`` if the case was erased."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        talks = decisions.talks_to_repeat(case.process, platform.framework)
        case.room.case.closed_at = None
        for person, step in talks:
            case.fact(Event.STEP_UNDONE, person, left=step)
        case.fact(Event.CLOSING_ENDED)


def close(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Close the case.
    Raises ``NotPossibleNow`` while a task or an alert is open, or while a closing talk is missing
    and nobody has stopped."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        if decisions.close(case.story, platform.framework, case.parties):
            case.room.case.closed_at = platform.now()
            case.fact(Event.CASE_CLOSED)
