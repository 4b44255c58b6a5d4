"""A recipient asks the facilitators why part of a letter was left out, and reads their answer."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, platform
from letters.workflow.decision import redaction

blueprint = Blueprint("why_left_out", __name__, url_prefix="/for-you")


@blueprint.route("/<uuid:letter_id>/why", methods=["GET", "POST"])
def ask(letter_id: UUID) -> str | Response | tuple[str, int]:
    """Ask, and read the answers."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            redaction.ask_why(platform(), me(), letter_id, forms.text("words"))
            flash(_("Your facilitators have your question. Their answer stands on this page."),
                  "done")
            return redirect(url_for("why_left_out.ask", letter_id=letter_id))
    page = render_template("reading/why_left_out.html", letter_id=letter_id, errors=errors,
                           typed=request.form,
                           questions=redaction.own_questions(platform(), me(), letter_id))
    return (page, 400) if errors else page
