"""How a case begins: who asked for it, and which facilitator the person harmed chooses (rules 1 and
6)."""

from uuid import UUID

from letters.rules.case import decisions
from letters.rules.case.process import Source
from letters.rules.errors import NotPossibleNow
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.storage.queries import lists
from letters.workflow.access import sealed_notes
from letters.workflow.access.record_fact import recording
from letters.workflow.platform import Platform, SignedIn


def refer(platform: Platform, me: SignedIn, case_id: UUID, source: Source, words: str = "") -> None:
    """Record who asked for this exchange, with optional words for the team."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        if words.strip():
            sealed_notes.for_team(
                platform, case.db, me, case.room, case_id, "referral",
                sealed_notes.checked("words", words)
            )
        case.fact(Event.REFERRED, entered=source.name)


def choose(platform: Platform, me: SignedIn, case_id: UUID, facilitator: UUID) -> None:
    """Choose a member of the team as one's facilitator, as the person harmed.
    Raises ``NotPossibleNow`` for anybody else."""
    with recording(platform, me, case_id, Permission.CASE_CHOOSE, opens=True) as case:
        decisions.require_in_team(case.story, facilitator)
        case.fact(Event.FACILITATOR_CHOSEN, facilitator)


def wish_another(platform: Platform, me: SignedIn, case_id: UUID,
                 facilitator: UUID | None = None) -> None:
    """Ask for another facilitator, as the person harmed, and for this one if they name one. The
    team sees it.
    Raises ``NotPossibleNow`` for somebody who is no facilitator."""
    with recording(platform, me, case_id, Permission.CASE_CHOOSE) as case:
        others = {person.id for person in lists.colleagues(case.db, case.room.team)}
        if facilitator is not None and facilitator not in others | case.room.team:
            raise NotPossibleNow("no facilitator")
        case.fact(Event.ANOTHER_WISHED, about=facilitator or UUID(int=0))


def keep_request(platform: Platform, me: SignedIn, case_id: UUID, words: str) -> None:
    """Keep a participant's request to their facilitators. Nothing follows from it by itself.
    Raises ``NotAcceptable`` without words."""
    words = sealed_notes.checked("words", words)
    with recording(platform, me, case_id, Permission.CASE_TELL) as case:
        case.fact(Event.REQUEST_KEPT, case.words("request", words))
