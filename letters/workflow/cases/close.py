"""Closing an exchange: begun by the team, talked over with each, and closed when nothing is left to be done."""

from uuid import UUID

from letters.rules.case.gates import has_ended
from letters.rules.errors import NotPossibleNow
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.workflow.access.record_fact import recording
from letters.workflow.platform import Platform, SignedIn


def begin_closing(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """The exchange comes to its end: the closing talks are held next."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        if case.process.closing is None:
            case.fact(Event.CLOSING_BEGUN)


def go_on(platform: Platform, me: SignedIn, case_id: UUID) -> None:
    """It was too early: the exchange goes on. Also after the case was closed, as long as nothing was erased. The
    closing talks are held anew when it comes to its end again."""
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
    """Close the case; ``NotPossibleNow`` while a task or an alert is open, or a closing talk is missing and nobody has
    stopped."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        process = case.process
        ended = case.story.stopped or has_ended(process, platform.framework, case.parties)
        if process.open_tasks or process.open_alerts or process.closing is None or not ended:
            raise NotPossibleNow("there is something left to be done")
        if process.closed is None:
            case.room.case.closed_at = platform.now()
            case.fact(Event.CASE_CLOSED)
