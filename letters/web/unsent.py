"""What is typed and not sent is kept for its writer: one script for every form with room for more than a line.

Letters have a script of their own, which keeps versions (``writing``).
"""

import json
from contextlib import suppress

from flask import Blueprint, Flask, Response, g, request

from letters.rules.errors import NotAcceptable
from letters.web import forms
from letters.web.access import anybody, house, me
from letters.workflow import unsent

blueprint = Blueprint("unsent", __name__, url_prefix="/unsent")
SENT = "unsent"
"""The field by which a form says of which page it was, and which of its forms."""


def register(app: Flask) -> None:
    """Let forms bring the script, and forget what was kept of a form that was sent."""
    app.jinja_env.globals.update(keeps_typed=_keeps_typed, typed_here=_typed_here)
    app.after_request(_sent)


@blueprint.post("")
def keep() -> Response:
    """Keep what is typed on a page."""
    with suppress(NotAcceptable):
        unsent.keep(house(), me(), forms.line("page"), request.form.get("words", ""))
        return Response(status=204, mimetype="text/plain")
    return Response(status=413, mimetype="text/plain")


@blueprint.post("/look")
def look() -> Response:
    """What was kept of a page, for its script."""
    return Response(unsent.look(house(), me(), forms.line("page")) or "{}", content_type="application/json")


def _keeps_typed() -> str:
    """Called where a page has room for more than a line."""
    g.typed_here = anybody() is not None and request.blueprint != "writing"
    return ""


def _typed_here() -> bool:
    """True at the end of such a page: it brings the script, and may run it."""
    return bool(g.get("typed_here"))


def _sent(response: Response) -> Response:
    if request.method != "POST" or response.status_code >= 400 or anybody() is None:
        return response  # of what was refused nothing is forgotten, and no form is read
    page, _, number = request.form.get(SENT, "").partition(" ")
    if page:
        kept = json.loads(unsent.look(house(), me(), page) or "{}")
        if kept.pop(number, None) is not None:
            unsent.keep(house(), me(), page, json.dumps(kept) if kept else "")
    return response
