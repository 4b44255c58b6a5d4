"""At the desk: notes in their three places, and what becomes of a letter
that two readers see differently."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.web import forms
from letters.web.access import me, platform
from letters.web.review.letter import letter_page
from letters.web.words import NOBODY_CHOSEN, NOTE_KEPT
from letters.workflow.decision import decide, disagreement
from letters.workflow.review import notes
from letters.workflow.review.notes import Reader

blueprint = Blueprint("notes", __name__, url_prefix="/desk")

Answer = str | Response | tuple[str, int]



@blueprint.post("/<uuid:letter_id>/notes")
def note(letter_id: UUID) -> Answer:
    """Keep a note on a letter: the button says who reads it."""
    errors: forms.Errors = []
    with forms.kept(errors):
        reader = forms.one_of(Reader, "reader", NOBODY_CHOSEN)
        notes.keep_on_letter(platform(), me(), letter_id, reader,
                             forms.text(notes.field_of(reader)))
        flash(str(NOTE_KEPT[reader]), "done")
        return redirect(url_for("desk.letter", letter_id=letter_id))
    return letter_page(letter_id, errors), 400


@blueprint.post("/<uuid:letter_id>/agree")
def agree(letter_id: UUID) -> Response:
    """The first reader agrees: the letter goes back to its writer."""
    decide.agree_to_return(platform(), me(), letter_id, forms.identity("version"))
    flash(_("Returned to its writer, with your colleague's note."), "done")
    return redirect(url_for("desk.queue"))


@blueprint.post("/<uuid:letter_id>/together")
def together(letter_id: UUID) -> Response:
    """If there is no supervisor: one of the readers says that the letter can be read again."""
    disagreement.decide_together(platform(), me(), letter_id)
    return redirect(url_for("desk.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/pass-on")
def pass_on(letter_id: UUID) -> Response:
    """Seal both reasons to the supervisors again."""
    disagreement.pass_on_again(platform(), me(), letter_id)
    flash(_("Both reasons are sealed to every supervisor who has an account now."), "done")
    return redirect(url_for("desk.letter", letter_id=letter_id))
