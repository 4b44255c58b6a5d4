"""A supervisor suggests a colleague for the team of a case, by what each facilitator carries."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, platform
from letters.workflow.oversight import load
from letters.workflow.oversight.load import FacilitatorLoad
from letters.workflow.team import suggest

blueprint = Blueprint("suggest_colleague", __name__, url_prefix="/supervision")


@blueprint.route("/cases/<uuid:case_id>/colleague", methods=["GET", "POST"])
def colleague(case_id: UUID) -> str | Response | tuple[str, int]:
    """Every facilitator with their load, and one to choose."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            suggest.suggest(platform(), me(), case_id, forms.chosen_identity("colleague"))
            flash(_("The team finds it under Today, and asks your colleague or not."), "done")
            return redirect(url_for("load.load"))
    page = render_template("oversight/suggest_colleague.html", errors=errors, typed=forms.line,
                           reference=suggest.reference(platform(), me(), case_id),
                           case_id=case_id,
                           colleagues=[(one.person, _carries(one))
                                       for one in load.load(platform(), me())])
    return (page, 400) if errors else page


def _carries(one: FacilitatorLoad) -> str:
    cases = ngettext("%(num)s case", "%(num)s cases", one.cases)
    letters = ngettext("%(num)s letter waits", "%(num)s letters wait", one.letters)
    return _("%(name)s: %(cases)s, %(letters)s", name=one.name, cases=cases, letters=letters)
