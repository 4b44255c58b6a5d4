"""The agreement before the first letter, for each of the two in their own words."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NotPossibleNow
from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.workflow.preparation import agreement

blueprint = Blueprint("agreement", __name__)


@blueprint.route("/agreement", methods=["GET", "POST"])
def look() -> str | Response | tuple[str, int]:
    """Read the newest version, and agree to it."""
    errors: forms.Errors = []
    if forms.sent():
        try:
            agreement.agree(platform(), me(), my_case(), forms.identity("agreement"))
            flash(_("Thank you. You have agreed to this version."), "done")
            return redirect(url_for("agreement.look"))
        except NotPossibleNow:
            errors.append(("", _("There is a newer version by now. You find it below. Nothing "
                                 "was agreed to.")))
    page = render_template(
        "home/agreement.html", look=agreement.agreement_for(platform(), me(), my_case()),
        errors=errors
    )
    return (page, 409) if errors else page
