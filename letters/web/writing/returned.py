"""A returned letter, for its writer alone: suggestions, and passages proposed to be left out."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import DraftChanged
from letters.web import forms, letter_html
from letters.web.access import me, platform
from letters.web.languages import later as _l
from letters.workflow.decision import redaction, suggestions
from letters.workflow.decision.suggestions import SuggestionAnswer

blueprint = Blueprint("returned", __name__, url_prefix="/letters")

ANSWERS = {
    SuggestionAnswer.ACCEPTED: _l("You put these words in."),
    SuggestionAnswer.CHANGED: _l("You change it in your own words."),
    SuggestionAnswer.REFUSED: _l("You leave it as it is."),
}


@blueprint.get("/<uuid:letter_id>/suggestions")
def look(letter_id: UUID) -> str | Response:
    """The facilitators' suggestions, next to the letter."""
    return _page(letter_id, [])


@blueprint.post("/<uuid:letter_id>/suggestions")
def answer(letter_id: UUID) -> str | Response | tuple[str | Response, int]:
    """Use the suggested words, change the passage in one's own words, or leave it."""
    errors: forms.Errors = []
    suggestion, to = forms.identity("suggestion"), url_for("returned.look", letter_id=letter_id)
    try:
        with forms.kept(errors):
            do = forms.button("do", "accept", "change", "leave")
            if do == "accept":
                suggestions.accept(platform(), me(), letter_id, suggestion, forms.identity("draft"))
                flash(_("Your letter has these words now. Only you can read it."), "done")
            elif do == "change":
                suggestions.answer(platform(), me(), letter_id, suggestion,
                                   SuggestionAnswer.CHANGED)
                to = url_for("writing.edit", letter_id=letter_id)
            else:
                suggestions.answer(
                    platform(), me(), letter_id, suggestion, SuggestionAnswer.REFUSED,
                    forms.text("reason")
                )
                flash(_("It stays as it is."), "done")
            return redirect(to)
    except DraftChanged:
        errors.append(("", _("Your letter has changed meanwhile. Please look at the suggestion "
                             "once more.")))
        return _page(letter_id, errors), 409
    # each suggestion has a field for a reason
    return _page(letter_id, [("", said) for __, said in errors]), 400


@blueprint.get("/<uuid:letter_id>/left-out")
def left_out(letter_id: UUID) -> str:
    """The letter exactly as its recipient would see it, if the writer agrees."""
    return _left_out_page(letter_id, [])


@blueprint.post("/<uuid:letter_id>/left-out")
def agree(letter_id: UUID) -> Response | tuple[str, int]:
    """Agree, which sends the letter in that form, or decline, which changes nothing."""
    errors: forms.Errors = []
    version, to = forms.identity("version"), url_for("writing.letter", letter_id=letter_id)
    try:
        with forms.kept(errors):
            if forms.button("do", "agree", "refuse") == "agree":
                redaction.agree(platform(), me(), letter_id, version)
                flash(_("Sent, with these passages left out. Your facilitators have received it."),
                      "done")
            else:
                redaction.refuse(platform(), me(), letter_id, version, forms.text("reason"))
                flash(_("Nothing is left out. Your letter is with you."), "done")
            return redirect(to)
    except DraftChanged:
        errors.append(("", _("You have changed your letter since. Please send it as it is now.")))
    return _left_out_page(letter_id, errors), 409 if errors[-1][0] == "" else 400


def _page(letter_id: UUID, errors: forms.Errors) -> str | Response:
    came = suggestions.returned(platform(), me(), letter_id)
    if came is None:
        return redirect(url_for("writing.letter", letter_id=letter_id))
    return render_template(
        "writing/returned/suggestions.html",
        letter_id=letter_id,
        came=came,
        errors=errors,
        ANSWERS=ANSWERS,
        shown=letter_html.letter(came.text),
        typed=request.form,
    )


def _left_out_page(letter_id: UUID, errors: forms.Errors) -> str:
    asked = redaction.proposed(platform(), me(), letter_id)
    return render_template("writing/returned/left_out.html", letter_id=letter_id, asked=asked,
                           errors=errors,
                           shown=letter_html.letter(asked.text), typed=request.form)
