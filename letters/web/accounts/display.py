"""How pages look and speak for one person: large type, reading aloud, and their words for the two
sides. Nobody else learns of it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.display import DisplayChoice, ForHarmed, ForResponsible
from letters.web import forms, words
from letters.web.access import me, platform
from letters.workflow.accounts import display

blueprint = Blueprint("display", __name__, url_prefix="/account/comfort")


@blueprint.route("", methods=["GET", "POST"])
def own() -> str | Response | tuple[str, int]:
    """See one's choices, and change them."""
    errors: forms.Errors = []
    chosen = me().display
    if forms.sent():
        chosen = DisplayChoice(forms.is_ticked("large"), forms.is_ticked("aloud"), chosen.harmed,
                               chosen.responsible)
        with forms.kept(errors):
            display.choose(platform(), me(), _with_words(chosen))
            flash(_("Saved."), "done")
            return redirect(url_for("display.own"))
    page = render_template("accounts/settings/display.html", chosen=chosen, errors=errors,
                           for_harmed=[(kind.value, term.alone) for kind,
                                       term in words.HARMED.items()],
                           for_responsible=[(kind.value, term.alone) for kind,
                                            term in words.RESPONSIBLE.items()])
    return (page, 400) if errors else page


def _with_words(chosen: DisplayChoice) -> DisplayChoice:
    """The same choices, with the words that were chosen."""
    harmed = ForHarmed(forms.button("harmed", *ForHarmed))
    responsible = ForResponsible(forms.button("responsible", *ForResponsible))
    return DisplayChoice(chosen.large_type, chosen.read_aloud, harmed, responsible)
