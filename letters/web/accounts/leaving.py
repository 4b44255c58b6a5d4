"""Quick exit on the server's side, and the mark of somebody who left while there was no line.

The exit script sets the mark and takes it away when the server has answered. A request
that still brings it is the first after a way out of which the server has not heard: the
session ends before anything is shown. The mark signs nobody in or out but whose browser it is.
"""

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from letters.config import Config
from letters.web import devices
from letters.web.access import end_on_the_server, end_session

MARK = "__Host-view"
"""Its name tells nothing to who looks into the browser."""
HEARS_ITSELF = frozenset({"static", "sign_in.leave"})


def register(app: Flask) -> None:
    """End the session that was left, before anybody asks whose it is."""
    app.before_request(_end_what_was_left)
    app.after_request(_take_the_mark_away)


def forget_everything(response: Response) -> Response:
    """End the session and have the browser forget this site.

    A browser that does not say where a request comes from is too old to understand
    ``Clear-Site-Data``.
    """
    response = _without_mark(devices.forget(end_session(response)))
    if request.headers.get("Sec-Fetch-Site") is not None:
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def away() -> Response:
    """The way to the other site."""
    config: Config = current_app.extensions["settings"]
    leads: Response = redirect(config.exit_url)
    return leads


def _end_what_was_left() -> Response | None:
    """A page is answered by the door. What a form or a script sends goes on without a session,
    so that words that were typed are given back as after any other end."""
    if MARK not in request.cookies or request.endpoint in HEARS_ITSELF:
        return None
    if request.method == "GET":
        return forget_everything(redirect(url_for("sign_in.sign_in")))
    end_on_the_server()
    g.left = True
    return None


def _take_the_mark_away(response: Response) -> Response:
    return _without_mark(response) if g.get("left") else response


def _without_mark(response: Response) -> Response:
    response.delete_cookie(MARK, secure=True, samesite="Lax", path="/")
    return response
