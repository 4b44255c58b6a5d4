"""A facilitator's own profile, read by people who choose a facilitator. All of it is optional."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, platform
from letters.workflow.preparation import facilitators

blueprint = Blueprint("profile", __name__)

EMPTY_LINES = 2


@blueprint.route("/profile", methods=["GET", "POST"])
def own() -> str | Response | tuple[str, int]:
    """Write the profile, or change it."""
    errors: forms.Errors = []
    if not forms.sent():
        return _page(facilitators.own_profile(platform(), me()), errors)
    told = _told()
    with forms.kept(errors):
        facilitators.save_profile(platform(), me(), told)
        flash(_("Saved."), "done")
        return redirect(url_for("profile.own"))
    return _page(told, errors), 400


def _told() -> facilitators.ProfileText:
    lines = [(forms.text(f"what-{number}").strip(), forms.text(f"when-{number}").strip())
             for number in range(facilitators.MOST_TRAININGS + EMPTY_LINES)]
    return facilitators.ProfileText(forms.text("languages").strip(), forms.text("gender").strip(),
                                    forms.text("experience").strip(), forms.text("words").strip(),
                                    tuple(line for line in lines if any(line)),
                                    forms.is_ticked("may_be_asked"))


def _page(told: facilitators.ProfileText, errors: forms.Errors) -> str:
    return render_template("accounts/settings/profile.html", told=told, errors=errors,
                           training=[*told.training, *[("", "")] * EMPTY_LINES])
