"""What is typed and not sent is kept for its writer: one script for every form
with a field longer than a line.

Letters have a script of their own, which keeps versions (``writing``); on their other pages
it only restores what was typed.
"""

import json
from contextlib import suppress

from flask import Blueprint, Flask, Response, g, request
from sqlalchemy.exc import DBAPIError

from letters.rules.errors import NotAcceptable
from letters.storage.store import from_microseconds, microseconds
from letters.web import forms
from letters.web.access import anybody, me, platform
from letters.workflow import unsent

blueprint = Blueprint("unsent", __name__, url_prefix="/unsent")
SENT = "unsent"
"""The field in which a form says which one it is, and from which window it was sent."""
MOST_FORMS = 200
"""On one page."""


def register(app: Flask) -> None:
    """Let forms bring the script, and forget the kept words of a form that was sent."""
    app.jinja_env.globals.update(keeps_typed=_keeps_typed, typed_here=_typed_here)
    app.after_request(_sent)


@blueprint.post("")
def keep() -> Response:
    """Keep what is typed into a form; forget the row of the window from which it was taken over."""
    form, over, at = forms.line("form"), forms.line("over"), forms.line("at")
    with suppress(NotAcceptable):
        unsent.keep_typed(platform(), me(), form, forms.line("window"),
                          request.form.get("words", ""))
        if over and at.isascii() and at.isdigit() and len(at) < 20:
            unsent.forget(platform(), me(), form, over, from_microseconds(int(at)))
        return Response(status=204, mimetype="text/plain")
    return Response(status=413, mimetype="text/plain")


@blueprint.post("/look")
def look() -> Response:
    """The kept words of a page's forms, newest first, for its script."""
    kept = unsent.typed_before(platform(), me(), request.form.getlist("form")[:MOST_FORMS])
    return Response(json.dumps([one._asdict() | {"at": str(microseconds(one.at))} for one in kept]),
                    content_type="application/json")


def _keeps_typed() -> str:
    """Called by a page that has a field longer than a line."""
    g.typed_here = anybody() is not None
    return ""


def _typed_here() -> bool:
    """True at the end of such a page: it brings the script, and may run it."""
    return bool(g.get("typed_here"))


def _sent(response: Response) -> Response:
    if request.method != "POST" or response.status_code >= 400 or anybody() is None:
        return response  # after a refusal nothing is forgotten, and no form is read
    with suppress(DBAPIError):  # the form was carried out all the same
        for sent in request.form.get(SENT, "").splitlines()[:2]:
            form, _, window = sent.partition(" ")
            unsent.forget(platform(), me(), form, window)
    return response
