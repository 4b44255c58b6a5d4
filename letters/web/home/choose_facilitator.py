"""The person harmed looks at facilitators, chooses one, and can ask for another at any time."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.workflow.preparation import facilitators, referral

blueprint = Blueprint("choose_facilitator", __name__, url_prefix="/facilitators")


@blueprint.get("")
def choose_from() -> str:
    """The team, and other facilitators who may be asked."""
    return render_template(
        "home/choose_facilitator.html",
        choice=facilitators.to_choose_from(platform(), me(), my_case())
    )


@blueprint.post("/choose")
def choose() -> Response:
    """Choose one of the team."""
    referral.choose(platform(), me(), my_case(), forms.identity("facilitator"))
    flash(_("You have chosen. You can change this at any time."), "done")
    return redirect(url_for("choose_facilitator.choose_from"))


@blueprint.post("/wish")
def wish() -> Response:
    """Ask for another facilitator, by name or not; no reason is asked."""
    referral.wish_another(platform(), me(), my_case(), forms.identity_or_none("facilitator"))
    flash(_("Your facilitators see that you ask for another. One of them speaks with you."), "done")
    return redirect(url_for("choose_facilitator.choose_from"))
