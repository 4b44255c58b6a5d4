"""How the team reaches one who takes part: the safe way that was put down with them, and what they said about calls."""

from uuid import UUID

from flask import render_template
from flask_babel import gettext as _

from letters.web import forms
from letters.web.access import house, me
from letters.web.case_room import Answer, done, room
from letters.workflow.notices import contact

blueprint = room("reach_case")


@blueprint.route("/people/<uuid:person_id>/reach", methods=["GET", "POST"])
def person(case_id: UUID, person_id: UUID) -> Answer:
    """Read it; put the safe way down."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            contact.record_channel(house(), me(), case_id, person_id, forms.text("channel").strip())
            return done(_("Recorded."), "reach_case.person", case_id=case_id, person_id=person_id)
    way = contact.for_team(house(), me(), case_id, person_id)
    page = render_template("reach/person.html", way=way, errors=errors, case_id=case_id, person_id=person_id,
                           channel=forms.text("channel") if errors else way.channel)
    return (page, 400) if errors else page
