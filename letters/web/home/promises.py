"""What was promised to the person harmed, by when, and what came of it."""

from flask import Blueprint, render_template

from letters.rules.roles import Role
from letters.web.access import house, me, my_case, only_for
from letters.workflow.cases import tasks

blueprint = Blueprint("promises", __name__)
blueprint.before_request(only_for(Role.HARMED))


@blueprint.get("/promises")
def look() -> str:
    """All of them, the newest first."""
    return render_template("home/promises.html", promises=tasks.promises(house(), me(), my_case()))
