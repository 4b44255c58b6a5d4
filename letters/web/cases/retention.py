"""A case's team sees what is erased and when, puts that off, and later sees that it was erased."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.web import forms, words
from letters.web.access import me, platform
from letters.workflow.upkeep import retention

blueprint = Blueprint("retention", __name__, url_prefix="/cases/<uuid:case_id>/erasing")


@blueprint.get("")
def case(case_id: UUID) -> str:
    """What is erased and what stays, and when."""
    return _page(case_id, [])


@blueprint.post("")
def postpone(case_id: UUID) -> Response | tuple[str, int]:
    """Put the day off."""
    errors: forms.Errors = []
    with forms.kept(errors):
        said = retention.postpone(platform(), me(), case_id, forms.day("until"))
        flash(_("This case is erased on %(day)s, and not before.", day=words.day(said)), "done")
        return redirect(url_for("retention.case", case_id=case_id))
    return _page(case_id, errors), 400


def _page(case_id: UUID, errors: forms.Errors) -> str:
    look = retention.what_goes(platform(), me(), case_id)
    return render_template("cases/case/retention.html", look=look, case=look.case, errors=errors,
                           typed=forms.line,
                           retention=platform().framework.retention)
