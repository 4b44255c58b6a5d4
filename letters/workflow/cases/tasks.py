"""After a letter was opened: contact, aftercare, debriefs, and promises that are followed up (rules
26 and 27)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from letters.rules.case import decisions
from letters.rules.case.process import Task, TaskOutcome
from letters.rules.errors import NotAcceptable
from letters.rules.events import Event
from letters.rules.permissions import Permission
from letters.rules.translatable import marked
from letters.workflow.access import sealed_notes
from letters.workflow.access.record_fact import Recording, looking, recording
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.record import record

PROMISE, DEBRIEF, OTHER = "promise", "debrief", "other"
LATEST = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Promise:
    """A promise, its due day and its outcome, in words for the person harmed."""

    task: Task
    due: date
    at: datetime | None
    words: str
    outcome: str


def promises(platform: Platform, me: SignedIn, case_id: UUID) -> list[Promise]:
    """All promises, the newest first; only for the person harmed (rule 27)."""
    with looking(platform, me, case_id, Permission.CASE_CHOOSE) as case:
        team = record.read(platform, case.db, case_id).ever_decided
        found = []
        for task in case.process.tasks.values():
            if task.kind == PROMISE:
                said = {
                    note.kind: note
                    for note in sealed_notes.opened(platform, case.db,
                                                    me.identity, me.person, task.id, team)
                }
                promise, outcome = said.get("promise"), said.get("outcome")
                found.append(Promise(task, task.due.astimezone(platform.zone).date(),
                                     promise.written_at if promise else None,
                                     promise.words if promise else "",
                                     outcome.words if outcome else ""))
        return found[::-1]


def begin_after_opening(case: Recording) -> None:
    """Set the tasks that begin when somebody opens a letter, in the transaction in which it is
    opened."""
    now = case.platform.now()
    for task in case.platform.framework.aftercare:
        due = now + timedelta(hours=task.hours)
        case.fact(Event.TASK_SET, case.platform.new_id(), case.me.person, task.id, due.isoformat())


def set_task(
    platform: Platform, me: SignedIn, case_id: UUID, kind: str, about: UUID, on: date | None,
    words: str
) -> UUID:
    """Set a task to be done by the end of this day, about a participant or, for a debrief, a member
    of the team.

    The person harmed also reads the words of a promise.
    Raises ``NotAcceptable`` for words, kind, day or person that do not fit.
    Returns the task's id.
    """
    words = sealed_notes.checked("words", words)
    if kind not in (PROMISE, DEBRIEF, OTHER):
        raise NotAcceptable("kind", marked("Choose what kind of task this is."))
    if on is None or not platform.today() <= on <= platform.today() + LATEST:
        raise NotAcceptable("on", marked("Write the day by which this is to be done, from today "
                                         "and within two years."))
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        if kind == DEBRIEF and about not in case.room.team:
            raise NotAcceptable("about", marked("Choose a member of the team."))
        if kind != DEBRIEF and about not in case.room.takes_part:
            raise NotAcceptable("about", marked("Choose somebody who takes part."))
        task = case.words("task", words)
        if kind == PROMISE:
            sealed_notes.for_person(platform, case.db, me, case.room, case.parties.harmed, task,
                                    "promise", words)
        case.fact(Event.TASK_SET, task, about, kind, _end_of(platform, on).isoformat())
        return task


def finish_task(
    platform: Platform, me: SignedIn, case_id: UUID, task_id: UUID, outcome: TaskOutcome,
    words: str = ""
) -> None:
    """Record the outcome of a task. The person harmed is told the outcome of a promise, kept or not
    (rule 27).
    Raises ``NotPossibleNow`` if it is done already, and ``NotAcceptable`` for a promise without
    words."""
    with recording(platform, me, case_id, Permission.CASE_MANAGE) as case:
        task = decisions.task_to_finish(case.process, task_id)
        if task.kind == PROMISE:
            words = sealed_notes.checked("words", words)
            sealed_notes.for_person(platform, case.db, me, case.room, case.parties.harmed, task_id,
                                    "outcome", words)
        if words.strip():
            sealed_notes.for_team(
                platform, case.db, me, case.room, task_id, "outcome",
                sealed_notes.checked("words", words)
            )
        case.fact(Event.TASK_DONE, task_id, entered=outcome.name)


def _end_of(platform: Platform, day: date) -> datetime:
    return datetime.combine(day, time(23, 59), platform.zone)
