"""A facilitator's cases: open one, see its stage and what is missing, invite, halt."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from letters.rules.case.framework import Step
from letters.rules.case.process import Age, Source
from letters.rules.errors import CaseErased, CaseKeyMissing, NotAcceptable
from letters.rules.roles import PARTICIPANTS, Role
from letters.rules.translatable import marked
from letters.storage.queries import lists
from letters.web import forms, words
from letters.web.access import me, platform
from letters.web.cases import alerts, case_words
from letters.web.cases.frame import Answer, file_of, place_of, timeline_of, way_back
from letters.workflow import messages
from letters.workflow.access import case_keys, directory, spare_keys
from letters.workflow.accounts import invite as accounts_invite
from letters.workflow.accounts import throttle
from letters.workflow.cases import calendar, open_and_halt, own_cases
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.decision import redaction
from letters.workflow.notices import contact
from letters.workflow.oversight import emergency_reading
from letters.workflow.preparation import steps
from letters.workflow.review import notes
from letters.workflow.team import history, join_and_leave

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
blueprint.register_error_handler(CaseKeyMissing, way_back)


@blueprint.get("")
def list_cases() -> str:
    """The cases whose team the reader is in."""
    standing, oldest = forms.narrowed()
    page, names, stages = own_cases.cases_of_member(platform(), me(), forms.page_key(), standing,
                                                    oldest)
    called = {case.id: words.case_called(names[case.id], case.reference) for case in page.rows}
    said = {case.id: "" if case.erased_at else case_words.STAGES[stage][0]
            if (stage := stages[case.id]) else _("Could not be checked") for case in page.rows}
    return render_template("cases/list.html", page=page, called=called, stages=said,
                           next=forms.as_key(page.next), **forms.narrowing(standing, oldest),
                           asks=history.asks_of(platform(), me().person))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Open a case: who asked for it, and a few words."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            source = forms.one_of(Source, "source", _("Choose who asked for this exchange."))
            free = forms.choice("interest", "none", "told")
            if not free:
                raise NotAcceptable("interest", marked("Choose one of the two."))
            opened = open_and_halt.open_case(platform(), me(), source, forms.text("words"),
                                             free == "told")
            return redirect(url_for("cases.people", case_id=opened))
    page = render_template("cases/new.html", errors=errors, typed=request.form)
    return (page, 400) if errors else page


@blueprint.get("/<uuid:case_id>")
def case(case_id: UUID) -> str | Response:
    """A case: its stage, what is missing and who can supply it, who takes part; or the day on which
    it was erased."""
    spare_keys.keep_spares(platform(), me(), case_id)
    try:
        return _part(case_id, "overview", _overview)
    except CaseErased:
        return redirect(url_for("retention.case", case_id=case_id))


@blueprint.get("/<uuid:case_id>/letters")
def letters(case_id: UUID) -> str:
    """The letters that were handed in."""
    return _part(case_id, "letters", _letters)


@blueprint.get("/<uuid:case_id>/people")
def people(case_id: UUID) -> str:
    """Who takes part, invitations, and the team."""
    return people_page(case_id, [])


@blueprint.route("/<uuid:case_id>/preparation", methods=["GET", "POST"])
def preparation(case_id: UUID) -> Answer:
    """What is recorded before a first letter, and the steps with both people in one table."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            changed = steps.record_steps(platform(), me(), case_id, _days(), _ages())
            flash(ngettext("%(num)s change is recorded.", "%(num)s changes are recorded.", changed),
                  "done")
            return redirect(url_for("cases.preparation", case_id=case_id))
    page = _part(case_id, "preparation", lambda file: {
        "columns": [file.names[person] for person in file.roles],
        "rooms": _rooms(file, _PREPARATION), "lists": _step_lists(file), "sent": forms.sent(),
        "done": file.process.steps, "ages": case_words.AGES}, errors)
    return (page, 400) if errors else page


@blueprint.get("/<uuid:case_id>/safety")
def safety(case_id: UUID) -> str:
    """Alerts, risks, orders, and what the screening listens for."""
    return _part(case_id, "rooms", lambda file: {
        "title": _("Safety"), "rooms": _rooms(file, _SAFETY)})


@blueprint.get("/<uuid:case_id>/notes")
def of_notes(case_id: UUID) -> str:
    """One's own notes on a case, and the team's."""
    return notes_page(case_id, [])


@blueprint.get("/<uuid:case_id>/timeline")
def timeline(case_id: UUID) -> str:
    """What is recorded of the case, by day, the newest first."""
    kind, before = request.args.get("kind"), forms.number(request.args.get("before", ""))
    return _part(case_id, "timeline", lambda file: timeline_of(
        file, me().person, kind, before))


@blueprint.post("/<uuid:case_id>/invite")
def invite(case_id: UUID) -> str | tuple[str, int]:
    """Invite a participant; the code is shown once, in this answer."""
    errors: forms.Errors = []
    role = forms.choice("role", *PARTICIPANTS)
    if not role:
        return people_page(case_id, [("", _("Choose whom you invite."))]), 400
    with forms.kept(errors):
        code = accounts_invite.invite_participant(platform(), me(), case_id, Role(role),
                                                  forms.line("name"),
                                                  forms.text("channel").strip())
        return _code_page(code, url_for("cases.people", case_id=case_id))
    return people_page(case_id, [(f"{field}-{role}", said) for field, said in errors]), 400


@blueprint.post("/<uuid:case_id>/invite-again")
def invite_again(case_id: UUID) -> str:
    """A new code in place of a lost or expired one."""
    code = accounts_invite.invite_again(platform(), me(), case_id, forms.identity("person"))
    return _code_page(code, url_for("cases.people", case_id=case_id))


@blueprint.route("/<uuid:case_id>/halt", methods=["GET", "POST"])
def halt(case_id: UUID) -> Answer:
    """Halt, or lift the halt, if the box next to the button is ticked. It is there for a case that
    does not verify, too."""
    errors: forms.Errors = []
    if forms.sent():
        if forms.choice("do", "lift") != "lift":
            open_and_halt.halt(platform(), me(), case_id)
            return redirect(url_for("cases.case", case_id=case_id))
        if forms.is_sure(errors):
            open_and_halt.lift_halt(platform(), me(), case_id)
            return redirect(url_for("cases.case", case_id=case_id))
    case = open_and_halt.case_to_halt(platform(), me(), case_id)
    page = render_template("cases/case/halt.html", case=case, errors=errors,
                           called=words.case_called((), case.reference))
    return (page, 400) if errors else page


def _code_page(code: str, back: str) -> str:
    return render_template("cases/invitation_code.html", code=code, back=back,
                           invited=accounts_invite.read_invitation(platform(), code))


def people_page(case_id: UUID, errors: forms.Errors) -> str:
    """The people in a case, with the errors of an invitation."""
    return _part(case_id, "people", lambda file: {
        "begun": file.process.has_begun, "failing": _failing(file),
        "colleagues": _colleagues(file)}, errors)


def _colleagues(file: CaseFile) -> list[tuple[UUID, str]]:
    """Who can be asked into a team of one, by name, while nobody is."""
    story = file.story
    if len(story.team) > 1 or story.asked - story.asked_specialists:
        return []
    return join_and_leave.colleagues(platform(), file.db, story.readers | story.asked)


def notes_page(case_id: UUID, errors: forms.Errors) -> str:
    """The notes on a case, with the errors of the form for a new one."""
    return _part(case_id, "notes", lambda file: {
        "places": notes.on_case(platform(), file.db, me(), case_id)}, errors)


def _part(case_id: UUID, template: str, see: Callable[[CaseFile], Mapping[str, object]],
          errors: forms.Errors | None = None) -> str:
    """One of the pages of a case, each of one moment."""
    with file_of(case_id) as file:
        return render_template(
            f"cases/case/{template}.html", file=file, room=file.room, case=file.case,
            errors=errors or [], called=case_words.called(file), names=file.names, team=file.team,
            typed=forms.line, **see(file))


def _overview(file: CaseFile) -> dict[str, object]:
    overdue = sum(one.overdue for one in calendar.of_file(file))
    unanswered = sum(one.waits for one in messages.threads(file))
    waits = [(case_words.overdue(overdue), "tasks.calendar_of_case")] if overdue else []
    if redaction.unanswered(file.db, file.story.letters):
        waits.append((_("Its recipient asks why something was left out."), "cases.letters"))
    if unanswered:
        waits.append((_("%(unanswered)s to answer", unanswered=unanswered), "messages.threads"))
    return {"waits": waits, "groups": case_words.by_who(file, me().person), "wish": _wish(file),
            "begun": file.process.has_begun,
            "told": emergency_reading.told_to_team(platform(), file.db, me(), file.room),
            "unreached": contact.came_back(file.db, file.roles), "failing": _failing(file)}


def _failing(file: CaseFile) -> dict[UUID, int]:
    """Who failed to sign in today, and how often."""
    return throttle.failing(platform(), file.db, [person for _, person in file.room.participants])


def _letters(file: CaseFile) -> dict[str, object]:
    found = lists.letters_of_case(file.db, file.case.id)
    return {"letters": found, "asks_why": redaction.unanswered(file.db, file.story.letters),
            "openable": case_keys.openable(file.db, found, file.ring)}


def _ages() -> dict[UUID, Age]:
    """The ages in the table that differ from what the page showed."""
    chosen = {person: (forms.choice(f"age-{person}", *Age.__members__), shown)
              for person, _what, shown in forms.in_table("aged-")}
    return {person: Age[age] for person, (age, shown) in chosen.items() if age not in ("", shown)}


def _days() -> dict[tuple[UUID, str], date | None]:
    """The days of the table of steps that differ from what the page showed: a colleague may have
    recorded others meanwhile. A step without a tick was not taken; ticked without a day, today."""
    found = dict[tuple[UUID, str], date | None]()
    for person, step, shown in forms.in_table("step-"):
        name, on = f"{step}-{person}", None
        if forms.is_ticked(f"took-{name}"):
            on = forms.day(f"on-{name}")
            if on is None and forms.line(f"on-{name}"):
                raise NotAcceptable(f"on-{name}", steps.NOT_YET)
            on = on or platform().today()
        if shown != (on.isoformat() if on else ""):
            found[person, step] = on
    return found


def _step_lists(file: CaseFile) -> list[tuple[str, list[tuple[Step, list[UUID]]]]]:
    """The steps of preparing, and of closing once it has begun, each with those who take it."""
    lists = list[tuple[str, list[tuple[Step, list[UUID]]]]]()
    for title, closing in ((_("Steps with each of them"), False), (_("Closing talks"), True)):
        if closing and file.process.closing is None:
            continue
        who = dict[Step, list[UUID]]()
        for person, role in file.roles.items():
            for step in file.platform.framework.steps(role, closing):
                who.setdefault(step, []).append(person)
        lists.append((title, list(who.items())))
    return lists


def _wish(file: CaseFile) -> str | None:
    """The facilitator whom the person harmed named when they asked for another
    one; empty if they named nobody."""
    if file.process.wishes_another is None:
        return None
    facilitators = lists.colleagues(file.db, frozenset())
    return next((directory.name_of(platform(), one) for one in facilitators
                 if one.id == file.process.wish),
                "")


_PREPARATION = ("background.referral", "background.conviction", "background.acknowledgement",
                "risk.assessment", "case_agreement.agreement", "tasks.tasks",
                "tasks.calendar_of_case", "tasks.closing")
_SAFETY = ("alerts.of_case", "risk.risks", "background.orders", "background.names")


def _rooms(file: CaseFile, which: tuple[str, ...]) -> list[dict[str, object]]:
    """These pages behind a case, each with its present state."""
    process, told, today = file.process, file.process.acknowledgement, platform().today()
    agreed = file.parties and process.agreement(file.parties.harmed, file.parties.responsible)
    overdue = sum(one.overdue for one in calendar.of_file(file))
    stands = {
        "tasks.calendar_of_case": (_("Calendar"), case_words.overdue(overdue)),
        "background.referral": (_("Referral"), "; ".join(
            case_words.source(source) for source in process.sources)),
        "background.conviction": (_("Conviction"), {
            None: _("Not recorded"), True: _("There is one"), False: _("There is none")}[
            process.convicted]),
        "background.acknowledgement": (_("Acknowledgement of harm"),
                                       _("Not recorded") if told is None else
                                       _("Confirmed") if told.confirmed_by
                                       else _("Waits for a second")),
        "background.orders": (_("No-contact orders"),
                              _("One stands") if any(process.orders_standing(today)) else
                              _("None stands")),
        "risk.assessment": (_("Suitability and risk"),
                            _("Until %(day)s", day=words.day(process.assessed.until))
                            if process.assessed else _("Not looked at")),
        "risk.risks": (_("Risks and requests"), _("%(count)s to look at",
                                                  count=len(process.risks)) if process.risks
                       else _("None")),
        "alerts.of_case": (_("Safeguarding"), alerts.open_in_words(len(process.open_alerts))),
        "case_agreement.agreement": (_("Agreement"),
                                     _("Made") if agreed else _("Waits") if process.agreements else
                                     _("Not proposed")),
        "background.names": (_("Names and places"),
                             _("Listed") if file.story.names_listed else _("None listed")),
        "tasks.tasks": (_("Tasks"), _("%(count)s to be done",
                                      count=len(process.open_tasks)) if process.open_tasks
                        else _("None")),
        "tasks.closing": (_("Closing"),
                          _("Closed") if process.closed else _("Begun") if process.closing else
                          _("Not begun")),
    }
    return [{"title": title, "url": url_for(endpoint, case_id=file.case.id), "status": status,
             "id": place_of(endpoint)}
            for endpoint in which for title, status in [stands[endpoint]]]


@blueprint.get("/calendar")
def all_cases() -> str:
    """The calendar across the cases whose team the reader is in."""
    kind = request.args.get("kind", "")
    with calendar.across(platform(), me(), forms.page_key()) as found:
        dues = [case_words.due(file, one) | {"reference": file.case.reference} for file,
                one in found.dues if kind not in case_words.DUE_KINDS or one.kind == kind]
        return render_template(
            "cases/calendar.html",
            dues=dues,
            kinds=[("", _("All")), *case_words.DUE_KINDS.items()],
            kind=kind,
            broken=found.broken,
            next=forms.as_key(found.next),
            overdue=case_words.overdue(sum(one.overdue for _, one in found.dues)),
        )
