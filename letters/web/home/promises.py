"""Promises to the person harmed: what, by when, and what came of it."""

from flask import Blueprint, render_template

from letters.web.access import me, my_case, platform
from letters.workflow.cases import tasks

blueprint = Blueprint("promises", __name__)


@blueprint.get("/promises")
def look() -> str:
    """All promises, newest first."""
    return render_template("home/promises.html",
                           promises=tasks.promises(platform(), me(), my_case()))
