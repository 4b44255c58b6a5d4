"""For supervisors: letters that two readers see differently. Both reasons, never the letter."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, platform
from letters.workflow.decision import disagreement

blueprint = Blueprint("disagreements", __name__, url_prefix="/supervision/disagreements")


@blueprint.get("")
def listed() -> str:
    """The open disagreements by the case's reference and the day, without a word or a name."""
    page = disagreement.listed(platform(), me(), forms.page_key())
    return render_template("oversight/disagreements.html", page=page, next=forms.as_key(page.next))


@blueprint.route("/<uuid:disagreement_id>", methods=["GET", "POST"])
def one(disagreement_id: UUID) -> str | Response | tuple[str, int]:
    """Both reasons, and the supervisor's view for the team."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            disagreement.give_view(platform(), me(), disagreement_id, forms.text("words"))
            flash(_("The case team reads your view now."), "done")
            return redirect(url_for("disagreements.listed"))
    page = render_template("oversight/disagreement.html", errors=errors, typed=request.form,
                           seen=disagreement.reasons(platform(), me(), disagreement_id))
    return (page, 400) if errors else page
