"""For staff: whether letters are released and notices sent, and if not, why.
Participants see nothing of it (rule 22)."""

from flask import Blueprint, current_app, render_template

from letters.web.access import platform
from letters.workflow.notices import send
from letters.workflow.upkeep import restore

blueprint = Blueprint("running", __name__)


@blueprint.get("/running")
def state() -> str:
    """The state of the database according to the state file, looked up now."""
    return render_template(
        "oversight/running.html",
        stands=restore.standing(platform()),
        sends=platform().post is not None,
        behind=send.behind_since(platform()),
        without_number=current_app.extensions["support"].without_number,
        unseen_proxy=current_app.extensions.get("unseen_proxy"),
    )
