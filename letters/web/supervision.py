"""The supervisor's room: who carries how much, the cases by their reference, and what was told at the end.

Counts and ids, no name of a case.
"""

from flask import Blueprint, render_template

from letters.domain.people import Role
from letters.domain.permissions import Permission, may
from letters.storage import queries
from letters.web import forms, words
from letters.web.access import house, me, only_for
from letters.workflow import directory, feedback

blueprint = Blueprint("supervision", __name__, url_prefix="/supervision")
blueprint.before_request(only_for(Role.SUPERVISOR))


@blueprint.get("")
def load() -> str:
    """Each facilitator's cases and waiting letters, by name and not by number: this is no ranking."""
    may(me().actor, Permission.LOAD_SEE)
    with house().store.reading() as db:
        carried = [(directory.name_of(house(), entry.person), entry) for entry in queries.load(db)]
        page = queries.all_cases(db, forms.page_key())
    carried.sort(key=lambda pair: (pair[0].casefold(), pair[1].person.id))
    return render_template("supervision/load.html", carried=carried, page=page, now=house().now(),
                           next=forms.as_key(page.next))


@blueprint.get("/feedback")
def told() -> str:
    """What people told the service at the end, question by question."""
    given = feedback.read(house(), me())
    roles = [(words.ROLES[role], number) for role, number in given.roles.items()]
    return render_template("supervision/feedback.html", given=given, roles=roles, fewest=feedback.FEWEST)
