"""Messages between a party and their facilitators: one thread a party, and no party ever sees another's."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from letters.rules.errors import CaseKeyMissing
from letters.rules.roles import PARTICIPANTS, Role
from letters.web import forms
from letters.web.access import anybody, house, me, my_case
from letters.web.case_room import way_back
from letters.workflow import messages
from letters.workflow.cases import case_file

blueprint = Blueprint("messages", __name__)
blueprint.register_error_handler(CaseKeyMissing, way_back)

Answer = str | Response | tuple[str, int]


@blueprint.before_request
def _closed_to_others() -> None:
    person = anybody()
    allowed = PARTICIPANTS if request.endpoint == "messages.own" else {Role.FACILITATOR}
    if person is not None and person.role not in allowed:
        raise Forbidden


@blueprint.get("/cases/<uuid:case_id>/messages")
def threads(case_id: UUID) -> Answer:
    """Each party's thread; never a word of one."""
    with case_file.opened(house(), me(), case_id) as file:
        return render_template("messages/threads.html", case=file.case, threads=messages.threads(file))


@blueprint.route("/cases/<uuid:case_id>/messages/<uuid:person_id>", methods=["GET", "POST"])
def thread(case_id: UUID, person_id: UUID) -> Answer:
    """One party's thread, for the team, and a new message to them."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            messages.write(house(), me(), case_id, person_id, forms.text("words"))
            flash(_("They find it on their page when they sign in."), "done")
            return redirect(url_for("messages.thread", case_id=case_id, person_id=person_id))
    found = messages.thread(house(), me(), case_id, person_id, forms.page_key())
    page = render_template("messages/thread.html", case_id=case_id, thread=found, errors=errors, typed=request.form,
                           next=forms.as_key(found.next))
    return (page, 400) if errors else page


@blueprint.route("/messages", methods=["GET", "POST"])
def own() -> Answer:
    """One's own thread, for a party."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            messages.answer(house(), me(), my_case(), forms.text("words"))
            flash(_("Your facilitators have it."), "done")
            return redirect(url_for("messages.own"))
    found = messages.own_thread(house(), me(), my_case(), forms.page_key())
    page = render_template("messages/own.html", thread=found, errors=errors, typed=request.form,
                           next=forms.as_key(found.next))
    return (page, 400) if errors else page
