"""What waits in a case, for whom, and until when:
the team's calendar, derived from the history and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from letters.rules.case.framework import Framework
from letters.rules.case.gates import Parties, prepared
from letters.rules.case.history import CaseHistory
from letters.rules.roles import Role

RENEWED_FROM = timedelta(days=30)
"""How long before its end a consent is to be talked over."""


class DueKind(StrEnum):
    """What is due."""

    TASK = "task"
    REVIEW = "assessment review"
    CONSENT = "consent to renew"
    ORDER = "order ends"
    AGREEMENT = "agreement"
    ACKNOWLEDGEMENT = "acknowledgement to confirm"
    RISK = "risk to look at"
    HELD = "held letter"
    STEPS = "steps"
    ERASURE = "erasure"


@dataclass(frozen=True)
class Due:
    """One thing that is due.

    ``when``: its day, or None if it waits without one. ``who``: for or with whom, or None for the
    team. ``subject``: what it is about, if that has an id. ``what``: a purpose, a kind of task, or
    which steps.
    """

    kind: DueKind
    when: date | None
    who: UUID | None = None
    subject: UUID | None = None
    what: str = ""
    overdue: bool = False


def due(story: CaseHistory, framework: Framework, parties: Parties | None,
        people: Mapping[UUID, Role], now: datetime,
        held: Mapping[UUID, datetime] | None = None) -> list[Due]:
    """What is overdue first, then what waits without a day, then what comes.

    ``people``: the participants. ``held``: the held letters, each with the moment to look at it
    again. ``now``: the moment where the service is. In a closed case nothing is due but erasing it.
    """
    process = story.process
    if process.closed is not None:
        erasing = process.erase_on if process.erased is None else None
        return [] if erasing is None else [Due(DueKind.ERASURE, erasing,
                                               overdue=erasing < now.date())]
    found = [*_tasks(story, now), *_of_team(story, framework, now.date()),
             *_consents(story, framework, people, now.date()),
             *_agreement(story, parties), *_steps(story, framework, people)]
    found += [_by(DueKind.HELD, at.astimezone(now.tzinfo).date(), now.date(), subject=letter)
              for letter, at in (held or {}).items()]
    return sorted(found, key=first_things_first)


def _tasks(story: CaseHistory, now: datetime) -> Iterator[Due]:
    for task in story.process.open_tasks:
        yield Due(DueKind.TASK, task.due.astimezone(now.tzinfo).date(), task.about, task.id,
                  task.kind, task.due < now)


def _of_team(story: CaseHistory, framework: Framework, today: date) -> Iterator[Due]:
    process = story.process
    if process.assessed is not None:
        until = process.suitable_until(framework.assessment.looks)
        yield _by(DueKind.REVIEW, until or process.assessed.until, today)
    for order_id, order in process.orders.items():
        if order.ends is not None and today <= order.ends:
            yield Due(DueKind.ORDER, order.ends, subject=order_id)
    told = process.acknowledgement
    if told is not None and told.confirmed_by is None:
        yield Due(DueKind.ACKNOWLEDGEMENT, None, subject=told.id)
    for risk in process.risks:
        yield Due(DueKind.RISK, None, subject=risk)


def _consents(story: CaseHistory, framework: Framework, people: Mapping[UUID, Role],
              today: date) -> Iterator[Due]:
    for person, role in people.items():
        for purpose in framework.purposes(role):
            given = story.process.consents.get(person, {}).get(purpose.id)
            if given is not None and given.until - RENEWED_FROM <= today:
                yield _by(DueKind.CONSENT, given.until, today, person, what=purpose.id)


def _agreement(story: CaseHistory, parties: Parties | None) -> Iterator[Due]:
    if parties is None or not story.process.agreements:
        return
    newest = story.process.agreements[-1]
    for person in (parties.harmed, parties.responsible):
        if person not in newest.agreed:
            yield Due(DueKind.AGREEMENT, None, person, newest.id)


def _steps(story: CaseHistory, framework: Framework, people: Mapping[UUID, Role]) -> Iterator[Due]:
    """Closing talks once the exchange comes to its end, else the preparation,
    unless somebody has stopped."""
    closing = story.process.closing is not None
    if story.stopped:
        return
    for person, role in people.items():
        if not prepared(story.process, framework, person, role, closing):
            yield Due(DueKind.STEPS, None, person, what="closing" if closing else "preparation")


def _by(kind: DueKind, day: date, today: date, who: UUID | None = None, subject: UUID | None = None,
        what: str = "") -> Due:
    return Due(kind, day, who, subject, what, overdue=day < today)


def first_things_first(one: Due) -> tuple[bool, bool, date]:
    """The sort key."""
    return not one.overdue, one.when is not None, one.when or date.min
