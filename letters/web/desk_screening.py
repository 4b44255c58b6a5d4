"""The desk's words back to the screening: something that it missed."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.roles import Role
from letters.screening import Category
from letters.web import forms
from letters.web.access import house, me, only_for
from letters.web.desk_page import letter_page
from letters.workflow.decision import screening_feedback

blueprint = Blueprint("desk_screening", __name__, url_prefix="/desk")
blueprint.before_request(only_for(Role.FACILITATOR))


@blueprint.post("/<uuid:letter_id>/missed")
def missed(letter_id: UUID) -> Response | tuple[str, int]:
    """Keep what the screening did not notice, with its category."""
    errors: forms.Errors = []
    version, category = forms.identity("version"), forms.choice("missed-category", *Category)
    if not category:
        errors.append(("missed-category", _("Choose what it is.")))
    else:
        with forms.kept(errors):
            screening_feedback.miss(house(), me(), letter_id, version, Category(category), forms.text("missed-words"))
            flash(_("Kept for the case team. The kind of it is counted, so that the screening can be mended."), "done")
            return redirect(url_for("desk.letter", letter_id=letter_id))
    return letter_page(letter_id, errors), 400
