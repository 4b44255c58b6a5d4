"""Being away: who looks after one's work, until when, and what they should know."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, platform
from letters.workflow.team import absence

blueprint = Blueprint("absence", __name__, url_prefix="/today/away")


@blueprint.route("", methods=["GET", "POST"])
def form() -> str | Response | tuple[str, int]:
    """Name a colleague until a day, with a note."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            asked = absence.go_away(platform(), me(), forms.chosen_identity("colleague"),
                                    forms.day("until"), forms.text("note"),
                                    forms.is_ticked("into_teams"))
            flash(_("Noted. Your colleague finds it under Today."), "done")
            if asked:
                flash(ngettext("They are asked to join %(num)s team.",
                               "They are asked to join %(num)s teams.", asked), "done")
            return redirect(url_for("today.today"))
    page = render_template("today/absence.html", errors=errors, typed=forms.line,
                           note=forms.text("note") if forms.sent() else "",
                           away=absence.of_oneself(platform(), me())[0],
                           colleagues=absence.colleagues(platform(), me()))
    return (page, 400) if errors else page


@blueprint.post("/back")
def back() -> Response:
    """Say that one is there again."""
    absence.come_back(platform(), me())
    flash(_("Good that you are back. What waits is yours again."), "done")
    return redirect(url_for("today.today"))
