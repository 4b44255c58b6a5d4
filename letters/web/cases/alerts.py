"""Safeguarding, for the team: open an alert, see the open ones, act, hand over, close.
Participants never see these pages."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from letters.rules.case.alerts import HANDED_ON, RISEN, Alert, Cause
from letters.rules.errors import CaseKeyMissing
from letters.rules.events import Event
from letters.storage.queries import lists
from letters.web import forms
from letters.web.access import me, platform
from letters.web.cases.frame import Answer, done, file_of, way_back
from letters.web.languages import later as _l
from letters.workflow.access import case_keys
from letters.workflow.cases import alerts as acting
from letters.workflow.cases.case_file import CaseFile

blueprint = Blueprint("alerts", __name__)
blueprint.register_error_handler(CaseKeyMissing, way_back)

_SAID = {"": _l("What was done"), HANDED_ON: _l("Handed on"),
         RISEN: _l("Overdue: the supervisors were told")}


@blueprint.get("/alerts")
def mine() -> str:
    """The open alerts of all cases whose team the reader is in, the most urgent first."""
    rows, names = acting.open_in_own_cases(platform(), me())
    return render_template("cases/alerts/mine.html", rows=rows, names=names, now=platform().now(),
                           my_id=me().person)


@blueprint.get("/cases/<uuid:case_id>/alerts")
def of_case(case_id: UUID) -> str:
    """The alerts of one case, open and closed."""
    with file_of(case_id) as file:
        return render_template("cases/alerts/of_case.html", file=file, case=file.case)


@blueprint.route("/cases/<uuid:case_id>/alerts/new", methods=["GET", "POST"], endpoint="open")
def open_alert(case_id: UUID) -> Answer:
    """Open an alert, about a letter or the case."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            opened = acting.open_alert(platform(), me(), case_id, forms.text("words"),
                                       forms.is_ticked("urgent"),
                                       forms.identity_or_none("letter"))
            if not acting.is_heard_of(platform(), me(), case_id):
                number = platform().framework.safeguarding.call
                flash(_("Nobody else of the team hears of this by e-mail. Call a colleague now, "
                        "or: %(number)s",
                        number=number) if number else
                      _("Nobody else of the team hears of this by e-mail. Call a colleague now."),
                      "care")
            return redirect(url_for("alerts.alert", case_id=case_id, alert_id=opened))
    with file_of(case_id) as file:
        letter = request.form.get("letter", request.args.get("letter", ""))
        page = render_template("cases/alerts/new.html", file=file, case=file.case, errors=errors,
                               typed=request.form,
                               letter=letter, within=platform().framework.safeguarding)
    return (page, 400) if errors else page


@blueprint.route("/cases/<uuid:case_id>/alerts/<uuid:alert_id>", methods=["GET", "POST"])
def alert(case_id: UUID, alert_id: UUID) -> Answer:
    """One alert: what it is about, what was done, and what can be done now."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            return _acted(case_id, alert_id)
    with file_of(case_id) as file:
        found = file.process.alerts.get(alert_id)
        if found is None:
            raise NotFound
        page = render_template("cases/alerts/alert.html", file=file, case=file.case, alert=found,
                               errors=errors,
                               typed=request.form, now=platform().now(), steps=_steps(file, found),
                               about=_about(file, found), others=_others(file, found))
    return (page, 400) if errors else page


def open_in_words(count: int) -> str:
    """The number of open alerts, in words."""
    return {0: "No alert is open", 1: "An alert is open"}.get(count, f"{count} alerts are open")


def _acted(case_id: UUID, alert_id: UUID) -> Answer:
    asked = platform(), me(), case_id, alert_id
    match forms.button("do", "step", "hand-on", "close"):
        case "hand-on":
            acting.hand_on(*asked, _somebody())
            said = _("Handed on. They are told at once.")
        case "close":
            acting.close(*asked, forms.text("outcome"))
            said = _("Closed.")
        case _:
            acting.take_step(*asked, forms.text("words"))
            said = _("Kept.")
    return done(said, "alerts.alert", case_id=case_id, alert_id=alert_id)


def _somebody() -> UUID:
    """The person whom the form names; nobody, if none was chosen."""
    return forms.chosen_identity("to") or UUID(int=0)


def _steps(file: CaseFile, alert: Alert) -> list[dict[str, object]]:
    """What was said and done, oldest first: notes with their authors, and steps without words."""
    names, said = file.names, {"alert": _("Opened"), "step": _("What was done"),
                               "outcome": _("Closed")}
    steps: list[dict[str, object]] = [
        {"at": note.written_at, "what": said[note.kind], "by": names[note.written_by],
         "words": note.words}
        for note in file.words(alert.id)]
    for entry in file.told(Event.ALERT_STEP, about=alert.id):
        if entry.left:
            to = f" to {names[entry.about_id]}" if entry.left == HANDED_ON else ""
            steps.append({"at": entry.at, "what": _SAID[entry.left] + to,
                          "by": names.get(entry.actor_id), "words": ""})
    return sorted(steps, key=lambda step: str(step["at"]))


def _about(file: CaseFile, alert: Alert) -> dict[str, object]:
    """What the alert is about: a letter, as far as this member can open it, or
    the words that somebody reported."""
    told = [note.words
            for note in file.words(alert.thing,
                                   by=alert.opened_by)] if alert.cause is Cause.TOLD else []
    openable = case_keys.openable(file.db, lists.letters_of_case(file.db, file.case.id), file.ring)
    return {"letter": alert.thing if alert.thing in openable else None, "told": told}


def _others(file: CaseFile, alert: Alert) -> list[tuple[str, str]]:
    return [(str(member), file.names[member]) for member in file.team if member != alert.owner]
