"""The one place where participants reach their facilitators: a message, a risk, a request. The
other person never sees anything of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.permissions import Permission, has
from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.workflow import messages
from letters.workflow.cases import alerts
from letters.workflow.preparation import assessment, background, referral

blueprint = Blueprint("contact_team", __name__, url_prefix="/messages")


@blueprint.route("", methods=["GET", "POST"])
def form() -> str | Response | tuple[str, int]:
    """One's own thread, and a form for everything that facilitators are to hear."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            about, words = request.form.get("about", _MESSAGE), forms.text("words")
            if about == _MESSAGE:
                messages.answer(platform(), me(), my_case(), words)
                flash(_("Your facilitators have it."), "done")
                return redirect(url_for("contact_team.form"))
            if _told(about, words):
                return redirect(url_for("contact_team.kept"))
            errors.append(("about", _("Choose what it is about.")))
    found = messages.own_thread(platform(), me(), my_case(), forms.page_key())
    page = render_template("home/contact_team.html", thread=found, errors=errors,
                           typed=request.form, next=forms.as_key(found.next), abouts=_abouts(),
                           chooses=has(me().role, Permission.CASE_CHOOSE))
    return (page, 400) if errors else page


@blueprint.get("/kept")
def kept() -> str:
    """Say that it was kept."""
    return render_template("home/contact_team_kept.html",
                           heard=alerts.is_heard_of(platform(), me(), my_case()),
                           call=platform().framework.safeguarding.call)


_MESSAGE = "message"


def _abouts() -> list[tuple[str, str]]:
    """The possible subjects."""
    own = [("acknowledgement", _("I do not stand by what I said about the harm"))]
    return [(_MESSAGE, _("A message, or a question")), ("risk", _("Something has become riskier")),
            ("request", _("I ask for something")),
            *(own if has(me().role, Permission.CASE_ACKNOWLEDGE) else [])]


def _told(about: str, words: str) -> bool:
    if about == "risk":
        assessment.report_risk(platform(), me(), my_case(), words)
    elif about == "request":
        referral.keep_request(platform(), me(), my_case(), words)
    elif about == "acknowledgement" and has(me().role, Permission.CASE_ACKNOWLEDGE):
        background.withdraw_acknowledgement(platform(), me(), my_case(), words)
    else:
        return False
    return True
