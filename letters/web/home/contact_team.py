"""Telling one's facilitators something. The answer is always the same; the other never sees it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.permissions import Permission, has
from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.workflow.cases import alerts
from letters.workflow.preparation import assessment, background, referral

blueprint = Blueprint("contact_team", __name__, url_prefix="/tell")


@blueprint.route("", methods=["GET", "POST"])
def form() -> str | Response | tuple[str, int]:
    """Report a risk, make a request, or say that the acknowledgement of harm no longer stands."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            if _told(forms.line("about"), forms.text("words")):
                return redirect(url_for("contact_team.kept"))
            errors.append(("about", _("Choose what it is about.")))
    page = render_template("home/contact_team.html", errors=errors, typed=request.form,
                           abouts=_abouts())
    return (page, 400) if errors else page


@blueprint.get("/kept")
def kept() -> str:
    """Say that it was kept."""
    return render_template("home/contact_team_kept.html",
                           heard=alerts.is_heard_of(platform(), me(), my_case()),
                           call=platform().framework.safeguarding.call)


def _abouts() -> list[tuple[str, str]]:
    """The possible subjects."""
    own = [("acknowledgement", _("I do not stand by what I said about the harm"))]
    return [("", _("Choose")), ("risk", _("Something has become riskier")),
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
