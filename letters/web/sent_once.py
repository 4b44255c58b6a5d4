"""A form that is sent twice is carried out once: the second is redirected like the first."""

import json
from contextlib import suppress
from time import monotonic, sleep

from flask import Flask, g, make_response, redirect, request
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from letters.rules.errors import AlreadySent
from letters.web.access import anybody, me, platform
from letters.web.errors import KINDS, page
from letters.web.forms import by_itself
from letters.web.unsent import SENT
from letters.workflow import sent_once

TOKEN = "once"
PATIENCE, GLANCE = 10.0, 0.1
"""Seconds for which the second waits for the first's answer, and seconds between two looks."""


def token() -> str:
    """A token for one form on one page."""
    return platform().random(12).hex()


def register(app: Flask) -> None:
    """Check each form before it is carried out, and note its answer. Runs after
    everything else that may refuse it."""
    app.jinja_env.globals["once"] = token
    app.before_request(_sent_before)
    app.after_request(_answered)


def _sent_before() -> Response | None:
    given = request.form.get(TOKEN, "") if request.method == "POST" else ""
    if not given or by_itself() or anybody() is None:
        return None
    said = json.dumps([request.path,
                       sorted(item for item in request.form.items(multi=True) if item[0] != SENT)])
    key, until = sent_once.key_of(platform(), me(), given, said), monotonic() + PATIENCE
    # If the first was refused while the second waited, it is the second's turn.
    while not sent_once.begin_form(platform(), key):
        address = sent_once.led_to(platform(), key)
        if address is not None or monotonic() > until:
            return redirect(address) if address else make_response(*page(KINDS[AlreadySent]))
        sleep(GLANCE)
    g.sent_form = key
    return None


def _answered(response: Response) -> Response:
    key = g.pop("sent_form", None)
    if key is not None:
        done = response.status_code < 400
        with suppress(DBAPIError):  # the form was carried out all the same
            sent_once.end(platform(), key, response.headers.get("Location", "") if done else None)
    return response
