"""Messages of participants, for the team: one thread a participant, never shown to another."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import CaseKeyMissing
from letters.web import forms
from letters.web.access import me, platform
from letters.web.cases.case import notes_page
from letters.web.cases.frame import file_of, way_back
from letters.web.words import NOBODY_CHOSEN, NOTE_KEPT
from letters.workflow import messages
from letters.workflow.review import notes
from letters.workflow.review.notes import Reader

blueprint = Blueprint("messages", __name__)
blueprint.register_error_handler(CaseKeyMissing, way_back)

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<uuid:case_id>/messages")
def threads(case_id: UUID) -> Answer:
    """Each participant's thread, without a word of it."""
    with file_of(case_id) as file:
        return render_template("cases/threads.html", case=file.case, threads=messages.threads(file))


@blueprint.route("/cases/<uuid:case_id>/messages/<uuid:person_id>", methods=["GET", "POST"])
def thread(case_id: UUID, person_id: UUID) -> Answer:
    """One participant's thread, for the team, and a new message to them."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            messages.write(platform(), me(), case_id, person_id, forms.text("words"))
            flash(_("They find it on their page when they sign in."), "done")
            return redirect(url_for("messages.thread", case_id=case_id, person_id=person_id))
    found = messages.thread(platform(), me(), case_id, person_id, forms.page_key())
    with file_of(case_id):
        page = render_template("cases/thread.html", case_id=case_id, thread=found, errors=errors,
                               typed=request.form, next=forms.as_key(found.next))
    return (page, 400) if errors else page


@blueprint.post("/desk/of-case/<uuid:case_id>/notes")
def case_note(case_id: UUID) -> Answer:
    """Keep a note on a case."""
    errors: forms.Errors = []
    with forms.kept(errors):
        reader = forms.one_of(Reader, "reader", NOBODY_CHOSEN)
        notes.keep_on_case(platform(), me(), case_id, reader, forms.text(notes.field_of(reader)))
        flash(str(NOTE_KEPT[reader]), "done")
        return redirect(url_for("cases.of_notes", case_id=case_id))
    return notes_page(case_id, errors), 400
