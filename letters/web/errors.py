"""From typed errors to kind pages: the only module that knows the status of an error.

A refusal is a page with a next step.
"""

import logging
from collections.abc import Callable
from typing import NamedTuple

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from keys.errors import Busy, KeysError, PasswordTooLong
from letters.rules import errors
from letters.web import words
from letters.web.access import platform
from letters.web.forms import given_back
from letters.web.languages import later as _l
from letters.workflow.record.alarm import raise_alarm

log = logging.getLogger("letters")


Page = tuple[str, int]


class ErrorPage(NamedTuple):
    """What a person is told. These words are marked by standing here; they are
    translated when they are shown."""

    status: int
    title: str
    words: str


IN_BROWSER = _l("What you typed is still in your browser")
NOT_FOUND = ErrorPage(404, "This page is not here",
                      "It may have moved, or the address may be incomplete.")
NOT_ALLOWED = ErrorPage(403, "This page is not for you",
                   "It is for people with another part in this service. Your own pages are "
                        "where they were.")
KINDS: dict[type[Exception], ErrorPage] = {
    errors.NotFound: NOT_FOUND,
    errors.NotAllowed: NOT_ALLOWED,
    errors.CaseErased: ErrorPage(
        410,
        "This case was erased",
        "It was closed, and the time for which its letters were kept is over. What was written "
        "in it is gone for good.",
    ),
    errors.NotPossibleNow: ErrorPage(
        409,
        "This is not possible now",
        "Somebody may have been quicker, or it is done "
        "already. This last step changed nothing. Please look at the page again.",
    ),
    errors.ViewAwaited: ErrorPage(
        409,
        "You two see this letter differently",
        "It stays held, and nothing is handed over. A "
        "supervisor writes what they think, then it is read again. Whoever approved it can also "
        "return it to its writer at once. The letter's page says what is possible.",
    ),
    errors.AlreadySent: ErrorPage(
        409,
        "This has arrived already",
        "It was sent twice and counts once. Please look at the "
        "page again. If it showed you a code, have a new one made: it is shown only once.",
    ),
    errors.NotClaimed: ErrorPage(
        409,
        "You have not claimed this letter now",
        "Your claim may have run out, or somebody "
        "else has the letter. What you noted on the findings is kept. Claim it again to decide.",
    ),
    errors.NotIndependent: ErrorPage(
        409,
        "Somebody else has to second this",
        "One of you two brought the other in, or the "
        "same person brought both of you in. Please ask a colleague who came in another way.",
    ),
    errors.PleaseWait: ErrorPage(429, "Please wait a moment",
                                 "Please wait a minute and try again. %(in_browser)s."),
    errors.NotAcceptable: ErrorPage(
        400, "Something is missing", "Please go back and look at the form. %(in_browser)s."
    ),
    errors.Tampered: ErrorPage(
        500,
        "This cannot be shown",
        "Something did not match when it was checked, so nothing is "
        "shown. It has been recorded, and nothing is lost. Please speak with your facilitator.",
    ),
    errors.CodeRefused: ErrorPage(
        400,
        "This does not go together",
        "The name and the code may be mistyped, or the code may be used or too old. Nothing was "
        "changed.",
    ),
    errors.KeyNotConfirmed: ErrorPage(
        409,
        "Seven words come first",
        "After a reset, two facilitators of the team confirm seven "
        "words with the person concerned, on the telephone. Until then nothing is handed to "
        "this account, opened in it or sent from it. Nothing is lost.",
    ),
    errors.CaseKeyMissing: ErrorPage(
        403,
        "This case has to be handed over to you again",
        "Your access was set up again, and "
        "the keys that you had opened nothing since. Ask a colleague of the team to hand the "
        "case over to you again.",
    ),
    Busy: ErrorPage(
        503, "Please wait a moment",
        "Many passwords are being checked. %(in_browser)s: go back and try again."
    ),
    PasswordTooLong: ErrorPage(400, "This password is too long",
                               "Please use at most 1,024 characters."),
    CSRFError: ErrorPage(
        400,
        "This form has run out",
        "Please sign in from a new tab, go back in this one, and send it again. %(in_browser)s.",
    ),
    DBAPIError: ErrorPage(
        503,
        "This does not work at the moment",
        "The place where letters are kept cannot be reached or "
        "written to. Nothing was half done. %(in_browser)s: go back, wait a moment and try again.",
    ),
    errors.Unwitnessed: ErrorPage(
        503,
        "This does not work at the moment",
        "Something that the program holds its records "
        "against is missing, so nothing is decided meanwhile. Please tell those who run it.",
    ),
    errors.CannotStart: ErrorPage(
        503, "This does not work at the moment",
        "The program is not set up fully. Please tell those who run it."
    ),
}
BY_STATUS = {
    403: NOT_ALLOWED,
    404: NOT_FOUND,
    405: ErrorPage(405, "This page cannot be opened like that",
                   "Please start again from your first page."),
    429: ErrorPage(
        429,
        "Please wait a moment",
        "There were many tries from where you are. It may not have been you. Please "
        "wait a few minutes and try again. %(in_browser)s.",
    ),
    413: ErrorPage(
        413,
        "This is too much at once",
        "Nothing was cut and nothing was kept. %(in_browser)s: go back and make it shorter, or "
        "make two letters of it.",
    ),
}
UNKNOWN = ErrorPage(500, "Something went wrong here",
                    "It is not your doing, and nothing was half done. "
               "%(in_browser)s: go back and try again.")


def register(app: Flask) -> None:
    """Answer every error with a page, which holds no word of what was sent."""
    for error, kind in KINDS.items():
        app.register_error_handler(error, _answer(kind))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)
    app.register_error_handler(errors.Tampered, _tampered)
    app.register_error_handler(errors.PleaseWait, _please_wait)
    app.register_error_handler(KeysError, _answer(KINDS[errors.Tampered]))


def _answer(kind: ErrorPage) -> Callable[[Exception], Page]:
    def answer(problem: Exception) -> Page:
        if kind.status >= 500:
            log.error("answered %d for %s", kind.status, type(problem).__name__)
        return page(kind)
    return answer


def _http(problem: HTTPException) -> Page | HTTPException | Response:
    if problem.code is not None and problem.code < 400:
        return problem
    if problem is request.routing_exception and (known := _without_slash()):
        return redirect(known)
    return page(BY_STATUS.get(problem.code or 500, UNKNOWN._replace(status=problem.code or 500)))


def _without_slash() -> str | None:
    """The address of the page that was asked for with a slash at its end, if there is one. It is
    built from the page's own rule, so it never leads elsewhere; the page asks who is there."""
    if request.method not in ("GET", "HEAD") or not request.path.endswith("/"):
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(request.path.rstrip("/"), "GET")
    except HTTPException:
        return None
    asked = request.query_string.decode("ascii", "replace")
    return f"{url_for(endpoint, **values)}{asked and '?'}{asked}"


def _unknown(problem: Exception) -> Page:
    # Only the type: a message or a traceback with locals could carry what somebody wrote.
    log.error("unforeseen %s", type(problem).__name__)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise problem
    return page(UNKNOWN)


def _tampered(problem: errors.Tampered) -> Page:
    log.error("something in the database does not verify")
    raise_alarm(platform(), problem)
    return page(KINDS[errors.Tampered])


def _please_wait(problem: errors.PleaseWait) -> Page:
    return page(KINDS[errors.PleaseWait]._replace(words=f"{words.please_wait(problem.seconds)} "
                                                  "%(in_browser)s."))


def page(kind: ErrorPage) -> Page:
    """A page that says kindly what happened, and its status."""
    said = ErrorPage(kind.status, gettext(kind.title), gettext(kind.words, in_browser=IN_BROWSER))
    words = "" if kind.status == 403 else given_back()  # such a person was given no form
    try:
        return render_template("error.html", kind=said, typed=words), kind.status
    # even the signed-in person cannot be looked up: the page is the same for everybody
    except Exception:
        g._login_user = AnonymousUserMixin()
        return render_template("error.html", kind=said, typed=words), kind.status
