"""What the lists of alerts and the supervisors' pages read: references, ids,
counts and moments, never a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from letters.rules.events import Event
from letters.rules.letter.lifecycle import WAITING, State
from letters.storage.queries.lists import PAGE
from letters.storage.tables.desk import AlertRow
from letters.storage.tables.letters import AuditEntry, Case, DecisionRow, Letter, Member, Version


@dataclass(frozen=True)
class AlertListed:
    """An open alert in a list."""

    id: UUID
    case: UUID
    reference: str
    owner: UUID
    opened_at: datetime
    act_by: datetime


@dataclass(frozen=True)
class ReviewRow:
    """A case that nobody seems to look at. ``until``: the last day of its newest assessment;
    ``held``: since when a held letter's review is due; ``last``: when something was last recorded.
    """

    case: UUID
    reference: str
    until: str | None
    held: datetime | None
    last: datetime


def alerts_of_member(db: Session, person: UUID) -> list[AlertListed]:
    """The open alerts of the cases whose team somebody is in, the most urgent first."""
    return _alerts(db, select(*_ALERT).join(Case, Case.id == AlertRow.case_id)
                   .join(Member,
                         (Member.case_id == AlertRow.case_id) & (Member.person_id == person)))


def overdue_alerts(db: Session, now: datetime) -> list[AlertListed]:
    """The open alerts on which nobody has acted in time, longest overdue first."""
    return _alerts(db, select(*_ALERT).join(Case, Case.id
                                            == AlertRow.case_id).where(AlertRow.act_by <= now))


def waiting_since(db: Session) -> Sequence[datetime]:
    """For each letter on any desk, since when it waits."""
    found = db.scalars(
        select(Letter.submitted_at).where(Letter.state.in_([state.value for state in WAITING]))
    )
    return [since for since in found if since is not None]


def weights_read(db: Session, since: datetime) -> Sequence[tuple[UUID, UUID, bytes]]:
    """The people who decided since then, each with the version and its weight, once each."""
    return db.execute(select(DecisionRow.reader_id, Version.id, Version.weight)
                      .join(Version, Version.id == DecisionRow.version_id)
                      .where(DecisionRow.at >= since).distinct()).all()


def without_review(db: Session, today: str, now: datetime,
                   quiet_since: datetime) -> list[ReviewRow]:
    """Open cases that need a look: the assessment has lapsed, a held letter's review date has
    passed, or nothing was recorded since ``quiet_since``. Quietest first; at most one page."""
    assessed = select(AuditEntry.entered).where(
        AuditEntry.case_id == Case.id, AuditEntry.event == Event.ASSESSED.value).order_by(
        AuditEntry.number.desc()).limit(1).correlate(Case).scalar_subquery()
    held = select(func.min(Letter.review_on)).where(
        Letter.case_id == Case.id, Letter.state == State.HELD.value,
        Letter.review_on <= now).correlate(
            Case).scalar_subquery()
    last = and_(AuditEntry.case_id == Case.id, AuditEntry.number == Case.audit_number)
    found = db.execute(select(Case.id, Case.reference, assessed, held,
                              AuditEntry.at).join(AuditEntry, last).where(
        Case.closed_at.is_(None), Case.erased_at.is_(None),
        or_(assessed < today, held.is_not(None), AuditEntry.at <= quiet_since))
                       .order_by(AuditEntry.at, Case.id).limit(PAGE))
    return [ReviewRow(*row) for row in found]


_ALERT = (AlertRow.id, AlertRow.case_id, Case.reference, AlertRow.owner_id, AlertRow.opened_at,
          AlertRow.act_by)


def _alerts(db: Session,
            query: Select[UUID, UUID, str, UUID, datetime, datetime]) -> list[AlertListed]:
    found = db.execute(
        query.where(AlertRow.closed_at.is_(None)).order_by(AlertRow.act_by, AlertRow.id).limit(PAGE)
    )
    return [AlertListed(*row) for row in found]
