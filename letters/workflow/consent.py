"""Consent: to one purpose, in the words of one version, for so long; withdrawn where it was given (rule 2)."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from letters.domain.errors import NotAcceptable, NotPossibleNow
from letters.domain.events import Event
from letters.domain.framework import READ, Purpose
from letters.domain.permissions import Permission
from letters.domain.process import Outcome, Process
from letters.workflow import trail
from letters.workflow.house import House, SignedIn
from letters.workflow.recording import recording
from letters.workflow.rooms import CaseRoom


def give(house: House, me: SignedIn, case_id: UUID, purposes: Collection[str],
         explained_by: UUID | None = None) -> None:
    """Agree to these purposes, as they read now. ``explained_by``: the facilitator who explained them, or nobody.

    ``NotAcceptable`` for a purpose that this role is not asked about.
    """
    with recording(house, me, case_id, Permission.CASE_CONSENT, opens=True) as case:
        if explained_by is not None and explained_by not in case.room.team:
            raise NotPossibleNow("this facilitator is not in the team")
        for purpose in [_purpose(house, me, purpose) for purpose in purposes]:
            case.fact(Event.CONSENT_GIVEN, me.person, explained_by or trail.NOBODY, f"{purpose.id} {purpose.version}",
                      _renewed_by(house.today(), purpose.renew_months).isoformat())


def withdraw(house: House, me: SignedIn, case_id: UUID, purposes: Collection[str] = ()) -> None:
    """Withdraw these, or, where none is named, all that was ever agreed to. It holds from this commit on."""
    with recording(house, me, case_id, Permission.CASE_CONSENT) as case:
        for purpose in purposes or [purpose.id for purpose in house.framework.purposes(me.role)]:
            case.fact(Event.CONSENT_WITHDRAWN, me.person, left=_purpose(house, me, purpose).id)


def required(house: House, me: SignedIn) -> frozenset[str]:
    """What has to be agreed to before anything is released to or from this person."""
    return house.framework.needed(me.role)


def require_may_be_read(house: House, db: Session, me: SignedIn, room: CaseRoom) -> None:
    """``NotAcceptable`` unless the writer agrees that the team reads their letters, and letters are sent here at all.

    Asked when a letter is sent, of single facts: the whole process is asked when it is released.
    """
    told = Process()
    for entry in trail.facts_about(house, db, room.case.id, me.person, Event.CONSENT_GIVEN, Event.CONSENT_WITHDRAWN):
        told.tell(trail.fact(entry))
    for entry in trail.facts_about(house, db, room.case.id, room.case.id, Event.ASSESSED, Event.CASE_CLOSED,
                                   Event.CLOSING_ENDED):
        told.tell(trail.fact(entry))
    if not told.consents_to(me.person, READ, house.today()):
        raise NotAcceptable("", "Your facilitators read your letter only if you agree to that. You can agree on the "
                                "page about your consent, and then send it. Your letter is kept here.")
    if told.closed or (told.assessed and told.assessed.outcome is Outcome.STORYTELLING):
        raise NotAcceptable("", "Letters are not sent here now. You can go on writing, and your letter is kept here "
                                "for you. Your facilitator can tell you more.")


def _purpose(house: House, me: SignedIn, purpose_id: str) -> Purpose:
    found = house.framework.purpose(me.role, purpose_id)
    if found is None:
        raise NotAcceptable("purpose", "Choose one of these.")
    return found


def _renewed_by(today: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(today.month - 1 + months, 12)
    first_after = date(today.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(today.year + years, month + 1, 1) + timedelta(days=today.day - 1), first_after - timedelta(days=1))
