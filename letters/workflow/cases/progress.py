"""How far a case is, for each participant, and what is missing on their own side. Read from the
trail, once a page."""

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
    """The content of somebody's first page. ``stage`` is None for everyone but the two who write.
    The person who harmed is told nothing that depends on the other's actions, except an agreement
    that both made (rule 22)."""

    stage: Stage | None
    consents: bool
    agreement: bool | None
    has_chosen: bool = True
    wishes_another: bool = False
    promises: int = 0
    feedback: bool = False


def progress_for(platform: Platform, me: SignedIn, case_id: UUID) -> Progress:
    """One's own progress. ``agreement``: None without an agreement, False while it waits for one's
    answer.
    Raises ``Tampered`` if the trail does not hold."""
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
            stage(case.story, platform.framework, parties_of(platform, case.room),
                  platform.today()),
            agreed,
            answered,
            process.chosen in case.room.team,
            process.wishes_another is not None,
            sum(task.kind == PROMISE for task in process.tasks.values()),
            feedback,
        )


def _stage_for_responsible(case: Recording) -> Stage:
    parties = parties_of(case.platform, case.room)
    if parties is None:  # the person harmed is not invited yet: the page does not tell that either
        return Stage.PREPARATION
    stopped = case.room.participant(case.me.person).stopped_at is not None
    return stage_for_responsible(case.story, case.platform.framework, parties, stopped)
