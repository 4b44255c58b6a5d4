"""The closing form: anonymous, to the service."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.workflow.cases import feedback

blueprint = Blueprint("feedback", __name__)


@blueprint.route("/feedback", methods=["GET", "POST"])
def form() -> str | Response | tuple[str, int]:
    """The questions of this service, each of which is optional."""
    errors: forms.Errors = []
    asked = platform().framework.feedback
    if forms.sent():
        with forms.kept(errors):
            feedback.give(platform(), me(), my_case(),
                          {one.id: forms.text(one.id) for one in asked})
            flash(_("Thank you. The service has it, without your name."), "done")
            return redirect(url_for("home.home"))
    page = render_template("home/feedback.html", questions=asked, errors=errors, typed=request.form,
                           offered=feedback.is_offered(platform(), me(), my_case()),
                           fewest=feedback.FEWEST)
    return (page, 400) if errors else page
