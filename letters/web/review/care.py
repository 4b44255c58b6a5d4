"""A facilitator's care for themselves: letters a day, the keyboard shortcuts of the
desk, a talk after a heavy letter."""

import re
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, platform
from letters.web.languages import later as _l
from letters.workflow.cases import tasks
from letters.workflow.review import care, claims, phrases
from letters.workflow.review.phrases import PhraseKind

blueprint = Blueprint("care", __name__, url_prefix="/desk")

Answer = str | Response | tuple[str, int]

SOON = timedelta(days=3)
DOES = {"next": _l("To the next finding"), "previous": _l("To the finding before"),
        "letter": _l("To the beginning of the letter"), "decisions": _l("To the decisions"),
        "keep": _l("Keep my notes on the findings now")}


@blueprint.route("/settings", methods=["GET", "POST"])
def settings() -> Answer:
    """One's own number of letters a day, and whether keys work; both off until they are set."""
    errors: forms.Errors = []
    if forms.sent():
        most = forms.whole_number("most_a_day") if forms.line("most_a_day").strip() else None
        with forms.kept(errors):
            care.save_care(platform(), me(), most, forms.is_ticked("use_keys"),
                           forms.is_ticked("covers"))
            phrases.save_phrases(platform(), me(), {
                kind: _paragraphs(forms.text(f"phrases-{kind}")) for kind in PhraseKind})
            flash(_("Saved."), "done")
            return redirect(url_for("care.settings"))
    page = render_template("review/care.html", own=care.own_care(platform(), me()),
                           keys=[(care.KEYS[name], does) for name, does in DOES.items()],
                           errors=errors, typed=request.form if errors else None,
                           phrases=phrases.own_phrases(platform(), me()))
    return (page, 400) if errors else page


def _paragraphs(words: str) -> tuple[str, ...]:
    """What stands between empty lines."""
    return tuple(filter(None, (part.strip() for part in re.split(r"\n\s*\n", words))))


@blueprint.route("/<uuid:letter_id>/debrief", methods=["GET", "POST"])
def debrief(letter_id: UUID) -> Answer:
    """After a heavy letter: a talk with somebody of the team, on a chosen day, if wanted."""
    case_id = claims.case_of(platform(), me(), letter_id)
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            tasks.set_task(platform(), me(), case_id, tasks.DEBRIEF, me().person, forms.day("on"),
                           _("A talk after a heavy letter."))
            flash(_("It is set. You find it in the calendar and among the tasks of the case."),
                  "done")
            return redirect(url_for("desk.queue"))
    page = render_template("review/debrief.html", letter_id=letter_id, case_id=case_id,
                           errors=errors,
                           on=forms.line("on") if errors
                           else (platform().today() + SOON).isoformat())
    return (page, 400) if errors else page
