"""From typed errors to kind pages: the only module that knows status codes. Being refused is a page with a next step."""

import logging
from typing import NamedTuple

from flask import Flask, current_app, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from keys.errors import Busy, KeysError, PasswordTooLong
from letters.domain import errors
from letters.web.access import house
from letters.workflow import trail

log = logging.getLogger("letters")


class Kind(NamedTuple):
    """What a person is told."""

    status: int
    title: str
    words: str


NOT_FOUND = Kind(404, "This page is not here", "It may have moved, or the address may be incomplete.")
NOT_ALLOWED = Kind(403, "This page is not for you", "Somebody else looks after this. Your own pages are where they were.")
KINDS: dict[type[Exception], Kind] = {
    errors.NotFound: NOT_FOUND,
    errors.NotAllowed: NOT_ALLOWED,
    errors.NotPossibleNow: Kind(409, "This is not possible now", "Somebody may have been quicker, or it is done already. "
                                "Nothing was changed by this last step. Please look at the page again."),
    errors.NotClaimed: Kind(409, "You have not claimed this letter now", "Your claim may have run out, or somebody else "
                            "has the letter. What you noted is kept. Claim the letter again to decide on it."),
    errors.FindingsOpen: Kind(409, "Some findings are still open", "A letter is approved when every finding is marked "
                              "as fine here. Please look at the findings again."),
    errors.Tampered: Kind(500, "This cannot be shown", "Something did not match when it was checked, so nothing is "
                          "shown. It has been recorded, and nothing is lost. Please speak with your facilitator."),
    errors.NotAcceptable: Kind(400, "Something is missing", "Please go back and look at the form again. What you typed is "
                               "still in your browser."),
    Busy: Kind(503, "Many people are signing in", "Please wait a moment and try again."),
    PasswordTooLong: Kind(400, "This password is too long", "Please use at most 1,024 characters."),
    CSRFError: Kind(400, "This form has run out", "Please go back, reload the page and send it again. What you typed is "
                    "still in your browser."),
    DBAPIError: Kind(503, "This does not work at the moment", "The place where letters are kept cannot be reached or "
                     "written to. Nothing was half done. What you typed is still in your browser: go back, wait a "
                     "moment and try again."),
    errors.CannotStart: Kind(503, "This does not work at the moment", "The program is not set up fully. Please tell "
                             "those who run it."),
}
BY_STATUS = {
    403: NOT_ALLOWED, 404: NOT_FOUND,
    405: Kind(405, "This page cannot be opened like that", "Please start again from your first page."),
    413: Kind(413, "This is too much at once", "Nothing was cut and nothing was kept. What you typed is still in your "
              "browser: go back and make it shorter, or make two letters of it."),
}
UNKNOWN = Kind(500, "Something went wrong here", "It is not your doing. Nothing was half done. What you typed is still "
               "in your browser: go back and try again.")


def register(app: Flask) -> None:
    """Answer every error with a page; none carries a word of what was sent."""
    for error, kind in KINDS.items():
        app.register_error_handler(error, _answer(kind))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)
    app.register_error_handler(errors.Tampered, _tampered)
    app.register_error_handler(KeysError, _answer(KINDS[errors.Tampered]))


def _answer(kind: Kind):  # type: ignore[no-untyped-def]
    def answer(problem: Exception) -> tuple[str, int]:
        if kind.status >= 500:
            log.error("answered %d for %s", kind.status, type(problem).__name__)
        return page(kind)
    return answer


def _http(problem: HTTPException):  # type: ignore[no-untyped-def]
    if problem.code is not None and problem.code < 400:
        return problem
    return page(BY_STATUS.get(problem.code or 500, UNKNOWN._replace(status=problem.code or 500)))


def _unknown(problem: Exception) -> tuple[str, int]:
    # The type alone: a message or a traceback with locals could carry what somebody wrote.
    log.error("unforeseen %s", type(problem).__name__)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise problem
    return page(UNKNOWN)


def _tampered(problem: errors.Tampered) -> tuple[str, int]:
    log.error("something in the database does not verify")
    trail.alarm(house(), problem)
    return page(KINDS[errors.Tampered])


def page(kind: Kind) -> tuple[str, int]:
    """A page that says kindly what happened, and its status."""
    try:
        return render_template("error.html", kind=kind), kind.status
    except DBAPIError:  # even who is signed in cannot be asked
        return render_template("error.html", kind=kind, plain=True), kind.status
