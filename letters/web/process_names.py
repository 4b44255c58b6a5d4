"""A case's own list of names and places, for its team."""

from uuid import UUID

from flask_babel import gettext as _

from letters.web import forms
from letters.web.access import house, me
from letters.web.case_room import Answer, done, room, shown
from letters.workflow.preparation import names_list as listing
from letters.workflow.preparation.names_list import Listed

blueprint = room("process_names")


@blueprint.route("/names", methods=["GET", "POST"])
def names(case_id: UUID) -> Answer:
    """The list as it is, in a form that puts another in its place."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            listed = Listed(tuple(forms.text("names").splitlines()), tuple(forms.text("places").splitlines()))
            listing.keep(house(), me(), case_id, listed)
            return done(_("Kept. Letters that are handed in from now on are looked at with this list."),
                        "process_names.names", case_id=case_id)
    return shown("names", case_id, errors, lambda file: {"listed": listing.of_case(house(), file.db, case_id)})
