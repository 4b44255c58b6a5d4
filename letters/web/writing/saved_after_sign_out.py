"""What somebody saved after they had been signed out: read it back, put it
into the letter, throw it away."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import DraftChanged, NotPossibleNow
from letters.web import forms
from letters.web.access import me, platform
from letters.workflow.writing import saved_after_sign_out

blueprint = Blueprint("saved_after_sign_out", __name__, url_prefix="/kept")


@blueprint.get("")
def saves() -> str:
    """All of it, as it was typed."""
    return _page([])


@blueprint.post("/<uuid:save_id>/take")
def take(save_id: UUID) -> Response | tuple[str, int]:
    """Make it the letter's newest version; the one before is kept."""
    try:
        letter = saved_after_sign_out.put_into_letter(platform(), me(), save_id)
    except NotPossibleNow:
        return _page([("", _("This letter was sent meanwhile and cannot be changed. Your words "
                             "stay here: you can "
                             "copy them for a new letter."))]), 409
    except DraftChanged:
        return _page([("", _("The letter was saved elsewhere at this moment. Nothing is lost; "
                             "please try "
                             "again."))]), 409
    flash(_("Your words are in the letter now. The text that stood there before is among its "
            "versions."), "done")
    return redirect(url_for("writing.edit", letter_id=letter))


@blueprint.post("/<uuid:save_id>/throw-away")
def throw_away(save_id: UUID) -> Response:
    """Forget it."""
    saved_after_sign_out.throw_away(platform(), me(), save_id)
    flash(_("It is thrown away. The letter is as it was."), "done")
    return redirect(url_for("home.home"))


def _page(errors: forms.Errors) -> str:
    return render_template(
        "writing/saved_after_sign_out.html", saves=saved_after_sign_out.waiting(platform(), me()),
        errors=errors
    )
