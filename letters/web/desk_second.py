"""At the desk: notes in their three places, and what becomes of a letter that two readers see differently."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import CaseKeyMissing
from letters.rules.roles import Role
from letters.web import cases, forms
from letters.web.access import house, me, only_for
from letters.web.case_room import way_back
from letters.web.desk_page import letter_page
from letters.web.languages import later as _l
from letters.workflow.decision import decide, disagreement
from letters.workflow.review import notes
from letters.workflow.review.notes import Reader

blueprint = Blueprint("desk_second", __name__, url_prefix="/desk")
blueprint.before_request(only_for(Role.FACILITATOR))
blueprint.register_error_handler(CaseKeyMissing, way_back)

Answer = str | Response | tuple[str, int]

_KEPT = {Reader.ME: _l("Kept for you alone."), Reader.TEAM: _l("Kept for the case team."),
         Reader.WRITER: _l("The writer has your note now.")}
_NOBODY = _l("Choose who will read it.")


@blueprint.post("/<uuid:letter_id>/notes")
def note(letter_id: UUID) -> Answer:
    """Keep a note on a letter: the button says who reads it."""
    errors: forms.Errors = []
    with forms.kept(errors):
        reader = forms.one_of(Reader, "reader", _NOBODY)
        notes.keep_on_letter(house(), me(), letter_id, reader, forms.text(notes.field_of(reader)))
        flash(str(_KEPT[reader]), "done")
        return redirect(url_for("desk.letter", letter_id=letter_id))
    return letter_page(letter_id, errors), 400


@blueprint.post("/of-case/<uuid:case_id>/notes")
def case_note(case_id: UUID) -> Answer:
    """Keep a note on a case."""
    errors: forms.Errors = []
    with forms.kept(errors):
        reader = forms.one_of(Reader, "reader", _NOBODY)
        notes.keep_on_case(house(), me(), case_id, reader, forms.text(notes.field_of(reader)))
        flash(str(_KEPT[reader]), "done")
        return redirect(url_for("cases.case", case_id=case_id))
    return cases.case_page(case_id, errors), 400


@blueprint.post("/<uuid:letter_id>/agree")
def agree(letter_id: UUID) -> Response:
    """The first reader sees it so, too: the letter goes back to its writer."""
    decide.agree_to_return(house(), me(), letter_id, forms.identity("version"))
    flash(_("Returned to its writer, with your colleague's note."), "done")
    return redirect(url_for("desk.queue"))


@blueprint.post("/<uuid:letter_id>/together")
def together(letter_id: UUID) -> Response:
    """Where there is no supervisor: one of the readers says that it can be read anew."""
    disagreement.decide_together(house(), me(), letter_id)
    return redirect(url_for("desk.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/pass-on")
def pass_on(letter_id: UUID) -> Response:
    """Seal both reasons to the supervisors anew."""
    disagreement.pass_on_again(house(), me(), letter_id)
    flash(_("Both reasons are sealed to every supervisor who has an account now."), "done")
    return redirect(url_for("desk.letter", letter_id=letter_id))
