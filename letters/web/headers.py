"""What every answer says about itself: run nothing, embed nothing, tell nobody, keep nothing."""

from flask import Flask, g, request
from werkzeug.wrappers import Response

POLICY = ("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri "
          "'none'; "
          "frame-ancestors 'none'")

WITH_SCRIPT = f"{POLICY}; script-src 'self'"
"""For pages with a script: a file of ours, which only adds convenience."""

_SAVING = f"{WITH_SCRIPT}; connect-src 'self'"

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "X-Robots-Tag": "noindex",
}


def of_saving_script(response: Response) -> Response:
    """For a group of pages: only those that bring its saving script (``g.with_script``) run it."""
    if g.get("with_script"):
        response.headers["Content-Security-Policy"] = _SAVING
    return response


def register(app: Flask) -> None:
    """Put the headers on every answer. The browser may keep only the files of ``static``."""
    @app.after_request
    def _headers(response: Response) -> Response:
        if g.get("typed_here") or g.get("with_exit"):  # the exit asks before it leads away
            response.headers["Content-Security-Policy"] = _SAVING
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        is_file = request.endpoint == "static" and response.status_code < 400
        response.headers["Cache-Control"] = "max-age=3600" if is_file else "no-store"
        return response
