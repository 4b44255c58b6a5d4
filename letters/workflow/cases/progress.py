"""How far a case is, for each who takes part, and what is missing for themselves. Read from the trail, once a page."""

from dataclasses import dataclass
from uuid import UUID

from letters.rules.case.gates import consents
from letters.rules.case.stages import Stage, stage, stage_for_responsible
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.workflow.access.record_fact import Recording, looking, parties_of
from letters.workflow.cases.tasks import PROMISE
from letters.workflow.platform import Platform, SignedIn


@dataclass(frozen=True)
class Progress:
    """What somebody's first page says. ``stage`` is None for who stands beside the two. For the person who harmed
    nothing here depends on what the person harmed does, but for an agreement that both have made (rule 22)."""

    stage: Stage | None
    consents: bool
    agreement: bool | None
    has_chosen: bool = True
    wishes_another: bool = False
    promises: int = 0
    feedback: bool = False


def progress_for(platform: Platform, me: SignedIn, case_id: UUID) -> Progress:
    """Somebody's own way. ``agreement``: None while there is none, False while it waits for their answer.

    ``Tampered`` if the trail does not hold."""
    with looking(platform, me, case_id, Permission.CASE_CONSENT) as case:
        process = case.process
        agreed = consents(process, platform.framework, me.person, me.role, platform.today())
        newest = process.agreements[-1] if process.agreements else None
        feedback = process.closing is not None and bool(platform.framework.feedback)
        if me.role is Role.OTHER:
            return Progress(None, agreed, None, feedback=feedback)
        answered = None if newest is None else me.person in newest.agreed
        if me.role is Role.RESPONSIBLE:
            return Progress(_stage_for_responsible(case), agreed, answered, feedback=feedback)
        return Progress(
            stage(case.story, platform.framework, parties_of(platform, case.room), platform.today()),
            agreed,
            answered,
            process.chosen in case.room.team,
            process.wishes_another is not None,
            sum(task.kind == PROMISE for task in process.tasks.values()),
            feedback,
        )


def _stage_for_responsible(case: Recording) -> Stage:
    parties = parties_of(case.platform, case.room)
    if parties is None:  # the person harmed is not invited yet: nothing of that is told either
        return Stage.PREPARATION
    stopped = case.room.participant(case.me.person).stopped_at is not None
    return stage_for_responsible(case.story, case.platform.framework, parties, stopped)
