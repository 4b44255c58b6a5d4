"""Tasks for people and the end of an exchange, for the team: tasks, promises, debriefs, closing."""

from uuid import UUID

from flask_babel import gettext as _

from letters.rules.case.gates import prepared
from letters.rules.case.process import TaskOutcome
from letters.rules.errors import NotAcceptable
from letters.rules.roles import Role
from letters.web import forms
from letters.web.access import me, platform
from letters.web.cases import case_words
from letters.web.cases.frame import Answer, done, room, shown
from letters.workflow.cases import calendar
from letters.workflow.cases import close as ending
from letters.workflow.cases import tasks as cases_tasks
from letters.workflow.cases.case_file import CaseFile

blueprint = room("tasks")


@blueprint.route("/tasks", methods=["GET", "POST"])
def tasks(case_id: UUID) -> Answer:
    """Open tasks, what came of the others, and the form for a new one."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            if forms.button("do", "set", "finish") == "finish":
                _finish(case_id, errors)
            else:
                cases_tasks.set_task(platform(), me(), case_id, forms.line("kind"),
                                     forms.chosen_identity("about") or
                                     UUID(int=0), forms.day("on"), forms.text("words"))
            if not errors:
                return done(_("Recorded."), "tasks.tasks", case_id=case_id)
    return shown("people/tasks", case_id, errors, _tasks)


def _finish(case_id: UUID, errors: forms.Errors) -> None:
    task = forms.identity("task")
    try:
        outcome = forms.one_of(TaskOutcome, f"outcome-{task}", _("Choose what came of it."))
        cases_tasks.finish_task(platform(), me(), case_id, task, outcome,
                                forms.text(f"words-{task}"))
    except NotAcceptable as problem:  # each task on the page has fields of its own
        errors.append((f"words-{task}" if problem.field == "words" else problem.field,
                       problem.words))


@blueprint.route("/closing", methods=["GET", "POST"])
def closing(case_id: UUID) -> Answer:
    """Begin to close, go on after all, or close; and what is still missing."""
    errors: forms.Errors = []
    if forms.sent():
        match forms.button("do", "begin", "go-on", "close"):
            case "close":
                ending.close(platform(), me(), case_id)
            case "go-on":
                if not forms.is_sure(errors):
                    return shown("people/closing", case_id, errors, _left)
                ending.go_on(platform(), me(), case_id)
            case _:
                ending.begin_closing(platform(), me(), case_id)
        return done(_("Recorded."), "tasks.closing", case_id=case_id)
    return shown("people/closing", case_id, errors, _left)


def _tasks(file: CaseFile) -> dict[str, object]:
    process = file.process
    finished = sorted((task for task in process.tasks.values() if task.done),
                      key=lambda task: task.due, reverse=True)
    people = [(person, file.names[person]) for person in (*file.roles, *file.team)]
    return {"open": [(task, file.words(task.id)) for task in process.open_tasks],
            "finished": [(task, file.words(task.id)) for task in finished], "people": people}


def _left(file: CaseFile) -> dict[str, object]:
    """What remains to be done before the case can be closed."""
    process = file.process
    without = [person for person,
               role in file.roles.items() if role in (Role.HARMED, Role.RESPONSIBLE)
               and not prepared(process, file.platform.framework, person, role, closing=True)]
    talks = [] if file.story.stopped else without
    ready = process.closing is not None and not talks and not process.open_tasks and (
        not process.open_alerts) and (
        file.story.stopped or file.parties is not None)
    return {"talks": talks, "tasks": process.open_tasks, "ready": ready}


@blueprint.get("/calendar")
def calendar_of_case(case_id: UUID) -> Answer:
    """The calendar of a case."""
    def see(file: CaseFile) -> dict[str, object]:
        dues = calendar.of_file(file)
        return {"dues": [case_words.due(file, one) for one in dues],
                "overdue": case_words.overdue(sum(one.overdue for one in dues))}
    return shown("calendar_of_case", case_id, [], see)
