"""Closing an exchange: the team begins it, talks with each of the two, and closes when nothing is
left to do."""

from uuid import UUID

from letters.rules.case.gates import has_ended
from letters.rules.errors import NotPossibleNow
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
        if case.process.erased is not None:
            raise NotPossibleNow("this case was erased")
        case.room.case.closed_at = None
        closing = {step.id for step in platform.framework.closing}
        for person, done in case.process.steps.items():
            for step in sorted(closing & done.keys()):
                case.fact(Event.STEP_UNDONE, person, left=step)
        case.fact(Event.CLOSING_ENDED)


def close(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """Close the case.
    Raises ``NotPossibleNow`` while a task or an alert is open, or while a closing talk is missing
    and nobody has stopped."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        process = case.process
        ended = case.story.stopped or has_ended(process, platform.framework, case.parties)
        if process.open_tasks or process.open_alerts or process.closing is None or not ended:
            raise NotPossibleNow("there is something left to be done")
        if process.closed is None:
            case.room.case.closed_at = platform.now()
            case.fact(Event.CASE_CLOSED)
