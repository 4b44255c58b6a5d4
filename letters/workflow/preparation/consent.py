"""Consent: to one purpose, in the words of one version, for a limited time; withdrawn on the page
where it was given (rule 2)."""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from letters.rules.case import decisions
from letters.rules.case.framework import READ, STATISTICS, Purpose
from letters.rules.case.process import Consent, Outcome
from letters.rules.errors import NotAcceptable
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.workflow.access import directory
from letters.workflow.access.enter import CaseAccess, letter_to_read
from letters.workflow.access.record_fact import looking, recording
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record


class Stands(StrEnum):
    """The states of one consent."""

    NOT_GIVEN = "not given"
    GIVEN = "given"
    OTHER_WORDS = "given to other words"
    TO_RENEW = "to be renewed"
    WITHDRAWN = "withdrawn"


ASKED_ONCE_IN = timedelta(days=1)
"""The page asks only once in this time who explained the consents."""

HOLDS = frozenset({Stands.GIVEN, Stands.OTHER_WORDS})
"""The states in which a consent counts."""


class NotSent(StrEnum):
    """The reasons why a letter cannot be sent at all."""

    CONSENT = "the writer has not agreed to be read"
    KEPT = "letters are not sent in this case"


@dataclass(frozen=True)
class ConsentQuestion:
    """One question as it reads now, and the state of the answer. ``at``: when it was given, or
    withdrawn."""

    purpose: Purpose
    words: str
    stands: Stands
    given: Consent | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Said:
    """One line of the log: what was agreed to or withdrawn, and when. ``explained_by`` is None if
    they read it themselves."""

    at: datetime
    title: str
    agreed: bool
    version: str = ""
    explained_by: str | None = None
    explained_by_id: UUID | None = None


@dataclass(frozen=True)
class ConsentView:
    """All questions to somebody, their answers, newest first, and the people in the team now, with
    the names of the specialists who read with it."""

    asked: list[ConsentQuestion]
    said: list[Said]
    team: list[tuple[UUID, str]]
    specialists: list[str]

    def about(self, purpose: str) -> ConsentQuestion | None:
        """One question."""
        return next((one for one in self.asked if one.purpose.id == purpose), None)

    def explained(self, now: datetime) -> Said | None:
        """The last yes within a day, which says who explained it; None if the page has to ask."""
        return next((one for one in self.said if one.agreed and now - one.at < ASKED_ONCE_IN), None)

    @property
    def waiting(self) -> ConsentQuestion | None:
        """The first question that was never answered, or waits to be renewed; required ones come
        first."""
        waiting = [one for one in self.asked if one.stands in (Stands.NOT_GIVEN, Stands.TO_RENEW)]
        return next((one for one in waiting if one.purpose.required),
                    waiting[0] if waiting else None)


def give(platform: Platform, me: SignedIn, case_id: UUID, purposes: Collection[str],
         explained_by: UUID | None = None) -> None:
    """Agree to these purposes, as they read now. ``explained_by``: the facilitator who explained
    them, or None.
    Raises ``NotAcceptable`` for a purpose that this role is not asked about, and ``NotPossibleNow``
    if that facilitator is not in the team."""
    with recording(platform, me, case_id, Permission.CASE_CONSENT, opens=True) as case:
        found = [_purpose(platform, me, purpose) for purpose in purposes]
        if explained_by is not None:
            decisions.require_in_team(case.story, explained_by)
        for purpose in found:
            case.fact(Event.CONSENT_GIVEN, me.person, explained_by or record.NOBODY,
                      f"{purpose.id} {purpose.version}",
                      _renewed_by(platform.today(), purpose.renew_months).isoformat())


def withdraw(platform: Platform, me: SignedIn, case_id: UUID,
             purposes: Collection[str] = ()) -> None:
    """Withdraw these consents, or all if none is named, from this commit on.
    Raises ``NotAcceptable`` for a purpose that this role is not asked about."""
    with recording(platform, me, case_id, Permission.CASE_CONSENT) as case:
        for purpose in purposes or [purpose.id for purpose in platform.framework.purposes(me.role)]:
            case.fact(Event.CONSENT_WITHDRAWN, me.person, left=_purpose(platform, me, purpose).id)


def required(platform: Platform, me: SignedIn) -> frozenset[str]:
    """The purposes to which this person must agree before anything is released to or from them."""
    return platform.framework.needed(me.role)


def may_be_counted(platform: Platform, db: Session, case_id: UUID, person: UUID) -> bool:
    """True if this person agrees to be counted, without names, or if the service does not ask for
    that."""
    if not any(purpose.id == STATISTICS for purpose in platform.framework.consents):
        return True
    told = record.read(platform, db, case_id).process
    return told.consents_to(person, STATISTICS, platform.today())


def consent_for(platform: Platform, me: SignedIn, case_id: UUID) -> ConsentView:
    """One's own questions and answers. Raises ``Tampered`` if the trail does not hold."""
    with looking(platform, me, case_id, Permission.CASE_CONSENT) as case:
        entries = [entry for entry in record.history(
            platform, case.db, case_id, Event.CONSENT_GIVEN, Event.CONSENT_WITHDRAWN)
            if entry.subject_id == me.person]
        names = directory.names(platform, case.db,
                                {*case.room.readers, *(entry.about_id for entry in entries)})
        given, withdrawn = case.process.consents.get(me.person, {}), dict[str, datetime]()
        titles, said = {one.id: one.title for one in platform.framework.consents}, list[Said]()
        for entry in entries:
            purpose, _, version = entry.left.partition(" ")
            agreed = entry.event == Event.CONSENT_GIVEN
            by = names[entry.about_id] if entry.about_id != record.NOBODY else None
            said.append(Said(entry.at, titles.get(purpose, "Taking part"), agreed, version, by,
                             entry.about_id if by else None))
            if not agreed:
                withdrawn[purpose] = entry.at
        asked = [_asked(platform, one, given.get(one.id), withdrawn.get(one.id))
                 for one in platform.framework.purposes(me.role)]
        return ConsentView(asked, said[::-1],
                           sorted(((member, names[member]) for member in case.room.team),
                                  key=lambda pair: (pair[1], pair[0])),
                           sorted(names[one] for one in case.room.specialists))


def hindered(platform: Platform, me: SignedIn, letter_id: UUID) -> NotSent | None:
    """The reason why this letter's author cannot send it, or None."""
    with platform.reading() as db:
        return _hindered(platform, db, me,
                         letter_to_read(platform, db, me, letter_id, Permission.LETTER_WRITE))


def require_may_be_read(platform: Platform, db: Session, me: SignedIn, room: CaseAccess) -> None:
    """Check that the writer agrees to the team reading their letters, and that this case sends
    letters at all.
    Raises ``NotAcceptable`` if not."""
    why = _hindered(platform, db, me, room)
    if why is not None:
        raise NotAcceptable("", marked("The letter was not sent. Your draft is kept, as you "
                                       "wrote it. Below it says "
                                       "why."))


def _hindered(platform: Platform, db: Session, me: SignedIn, room: CaseAccess) -> NotSent | None:
    told = record.read(platform, db, room.case.id).process
    if told.closed or (told.assessed and told.assessed.outcome is Outcome.STORYTELLING):
        return NotSent.KEPT
    return None if told.consents_to(me.person, READ, platform.today()) else NotSent.CONSENT


def _asked(platform: Platform, purpose: Purpose, given: Consent | None,
           withdrawn: datetime | None) -> ConsentQuestion:
    words = purpose.words.replace("{months}", _kept_for(platform.framework.retention.months))
    if given is None:
        return ConsentQuestion(purpose, words, Stands.WITHDRAWN if withdrawn else Stands.NOT_GIVEN,
                               None, withdrawn)
    stands = Stands.GIVEN if given.version == purpose.version else Stands.OTHER_WORDS
    return ConsentQuestion(
        purpose, words, stands if platform.today() <= given.until else Stands.TO_RENEW, given,
        given.given
    )


def _kept_for(months: int | None) -> str:
    if months is None:
        return "as long as this service exists"
    return "one month" if months == 1 else f"{months} months"


def _purpose(platform: Platform, me: SignedIn, purpose_id: str) -> Purpose:
    found = platform.framework.purpose(me.role, purpose_id)
    if found is None:
        raise NotAcceptable("purpose", marked("Choose one of these."))
    return found


def _renewed_by(today: date, months: int) -> date:
    """The same day this many months later, or the last day of that month."""
    years, month = divmod(today.month - 1 + months, 12)
    year, month = today.year + years, month + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))
