"""What every answer says about itself: run nothing, embed nothing, tell nobody, keep nothing."""

from flask import Flask, request
from werkzeug.wrappers import Response

POLICY = ("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
          "frame-ancestors 'none'")

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


def register(app: Flask) -> None:
    """Put the headers on every answer; only the stylesheet and the icon may be kept by the browser."""
    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        is_file = request.endpoint == "static" and response.status_code < 400
        response.headers["Cache-Control"] = "max-age=3600" if is_file else "no-store"
        return response
