"""Preparation and closing talks, step by step with each of the two (rule 9)."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from letters.rules.case.framework import Step
from letters.rules.case.process import Age
from letters.rules.errors import NotAcceptable
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.workflow.access.record_fact import Recording, recording
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.preparation.background import age_recorded

NOT_YET = marked("Write the day on which this was done, today at the latest.")


def take_step(platform: Platform, me: SignedIn, case_id: UUID, person: UUID, step_id: str,
              on: date | None) -> None:
    """Record that a step was taken with this person on this day.
    Raises ``NotAcceptable`` for a future day."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=True) as case:
        step = _step(case, person, step_id)
        if on is None or on > platform.today():
            raise NotAcceptable(f"on-{step.id}", NOT_YET)
        case.fact(Event.STEP_DONE, person, left=step.id, entered=on.isoformat())


def take_step_back(platform: Platform, me: SignedIn, case_id: UUID, person: UUID,
                   step_id: str) -> None:
    """Record that a step was not taken after all, or has to be taken again."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        case.fact(Event.STEP_UNDONE, person, left=_step(case, person, step_id).id)


def record_steps(platform: Platform, me: SignedIn, case_id: UUID,
                 days: Mapping[tuple[UUID, str], date | None],
                 ages: Mapping[UUID, Age] | None = None) -> int:
    """Record at once on which day each of these steps was taken with each of these people; None if
    it was not; and the ages of these. What stands already is not recorded again.
    Raises ``NotAcceptable`` for a future day, and as ``background.record_age`` does. Returns how
    many were changed."""
    opens = bool(ages) or any(on is not None for on in days.values())
    with recording(platform, me, case_id, Permission.CASE_MANAGE, opens=opens) as case:
        done, changed = case.process.steps, 0
        for person, age in (ages or {}).items():
            if case.process.ages.get(person) is not age:
                age_recorded(case, person, age, f"age-{person}")
                changed += 1
        for (person, step_id), on in days.items():
            step = _step(case, person, step_id)
            if on is not None and on > platform.today():
                raise NotAcceptable(f"on-{step.id}-{person}", NOT_YET)
            if on == done.get(person, {}).get(step.id):
                continue
            changed += 1
            if on is None:
                case.fact(Event.STEP_UNDONE, person, left=step.id)
            else:
                case.fact(Event.STEP_DONE, person, left=step.id, entered=on.isoformat())
        return changed


def _step(case: Recording, person: UUID, step_id: str) -> Step:
    role, framework = case.role_of(person), case.platform.framework
    for step in framework.steps(role) + framework.steps(role, closing=True):
        if step.id == step_id:
            return step
    raise NotAcceptable("step", marked("Choose one of the steps."))
