"""Emergency access: a supervisor asks and reads, a colleague seconds. These pages
only show; they move no letter."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NeedsPassword
from letters.web import forms, letter_html
from letters.web.access import me, platform
from letters.workflow.oversight import emergency_access, emergency_reading

blueprint = Blueprint("emergency_access", __name__, url_prefix="/emergency-access")

FACTS = 200
"""The most recent facts of a case that one page shows."""


@blueprint.get("")
def requests() -> str:
    """Requests by colleagues, and the emergency access that one has open."""
    return _requests_page([])


@blueprint.route("/ask/<uuid:case_id>", methods=["GET", "POST"])
def ask(case_id: UUID) -> str | Response | tuple[str, int]:
    """Ask to read a case: a reason for its team, and whether somebody may be in danger."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            urgent = forms.choice("safeguarding", "yes", "no") == "yes"
            emergency_access.ask(platform(), me(), case_id, forms.text("reason"), urgent)
            flash(_("The case's team sees your request now. Ask a colleague to second it."), "done")
            return redirect(url_for("emergency_access.requests"))
    page = render_template(
        "oversight/emergency_access/ask.html",
        errors=errors,
        typed=forms.line,
        delay=platform().emergency_delay,
        reference=emergency_reading.reference(platform(), me(), case_id),
        case_id=case_id,
    )
    return (page, 400) if errors else page


@blueprint.post("/<uuid:request_id>/second")
def second(request_id: UUID) -> Response | tuple[str, int]:
    """Vouch for a colleague's request, with one's password."""
    try:
        emergency_access.second(platform(), me(), request_id, forms.line("password"))
    except NeedsPassword:
        return _requests_page([(f"password-{request_id}",
                                _("This is not your password. Please try again."))]), 400
    flash(_("You have seconded it."), "done")
    return redirect(url_for("emergency_access.requests"))


@blueprint.post("/<uuid:request_id>/close")
def close(request_id: UUID) -> Response:
    """End the access, or withdraw the request."""
    emergency_access.close(platform(), me(), request_id)
    flash(_("It is closed. Nothing of this case opens to you any more."), "done")
    return redirect(url_for("emergency_access.requests"))


@blueprint.get("/<uuid:request_id>")
def case(request_id: UUID) -> str:
    """The case by emergency access: letters, the acknowledgement, the trail."""
    seen = emergency_reading.look_at_case(platform(), me(), request_id)
    return render_template("oversight/emergency_access/case.html", seen=seen,
                           facts=seen.facts[:FACTS])


@blueprint.get("/<uuid:request_id>/letters/<uuid:letter_id>")
def letter(request_id: UUID, letter_id: UUID) -> str:
    """One letter, with its findings and the team's notes. There is nothing to decide here."""
    read = emergency_reading.look_at_letter(platform(), me(), request_id, letter_id)
    writer = next(person.role for _,
                  person in read.room.participants if person.id == read.room.letter.author_id)
    return render_template(
        "oversight/emergency_access/letter.html",
        read=read,
        request_id=request_id,
        names=emergency_reading.note_writers(platform(), me(), read),
        writer=writer,
        shown=letter_html.letter_with_findings(read.text, read.findings),
    )


def _requests_page(errors: forms.Errors) -> str:
    return render_template(
        "oversight/emergency_access/requests.html",
        requests=emergency_reading.requests(platform(), me()),
        errors=errors,
        now=platform().now(),
    )
