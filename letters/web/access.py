"""Who is asking: the cookie, the signed-in person, and the rule that every page is closed unless it
is listed here."""

import json
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from flask import (
    Flask,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.wrappers import Response as AnyResponse

from letters.web import forms
from letters.web.forms import by_itself, given_back
from letters.workflow.access.enter import CaseAccess
from letters.workflow.accounts import sign_in
from letters.workflow.accounts.sign_in_steps import APART, PASSWORD, SET_UP, Halfway
from letters.workflow.cases import own_cases
from letters.workflow.platform import Platform, SignedIn
from letters.workflow.writing import saved_after_sign_out

COOKIE = "__Host-session"
OPEN_TO_ALL = frozenset(
    {
        "static",
        "sign_in.front",
        "sign_in.sign_in",
        "sign_in.leave",
        "sign_in.safety",
        "help.guide",
        "sign_in.invitation",
        "sign_in.code",
        "sign_in.account",
        "lost_access.recover",
        "lost_access.reset",
    }
)
"""The only endpoints that can be reached without signing in."""
REACHED_HALFWAY = {
    PASSWORD: (
        "second_factor.second_step",
        frozenset({"second_factor.second_step", "second_factor.second_step_passkey",
                   "sign_in.sign_out"}),
    ),
    SET_UP: (
        "second_factor.overview",
        frozenset({"second_factor.overview", "second_factor.app", "second_factor.passkey",
                   "sign_in.sign_out"}),
    ),
    APART: (
        "supervised_sign_in.apart",
        frozenset({"supervised_sign_in.apart", "home.stop", "consent.withdraw",
                   "sign_in.sign_out"}),
    ),
}
"""The pages to which a half-open session is redirected, and the other pages that it can reach."""


class User:
    """What Flask-Login needs to know of a person. It loads one from the request alone."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        """Unused: nothing is ever logged in by id."""
        return str(self.signed_in.person)


def register(app: Flask, doors: Callable[[], Platform]) -> None:
    """Attach the signed-in person to every request, and close every page that is not listed."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    manager.request_loader(lambda _: _user())

    @app.before_request
    def _closed_by_default() -> AnyResponse | None:
        if (request.endpoint in OPEN_TO_ALL or request.endpoint is None
            or current_user.is_authenticated):
            return None
        half = halfway()
        leads_to, reached = (REACHED_HALFWAY[half.stage] if half
                             else ("sign_in.sign_in", frozenset()))
        if request.endpoint in reached:
            return None
        if request.method == "GET":
            return redirect(url_for(leads_to))
        if by_itself():
            return Response(json.dumps({"kept": would_keep(platform(), cookie_token())}), 401,
                            content_type="application/json")
        kept = keep_late_save(platform(), cookie_token())
        return Response(render_template("accounts/sign_in/signed_out.html", typed=given_back(),
                                        kept=kept), 401)

    app.extensions["platform"] = doors


def platform() -> Platform:
    """The platform that this application serves."""
    opened: Platform = current_app.extensions["platform"]()
    return opened


def me() -> SignedIn:
    """The signed-in person."""
    person: SignedIn = current_user.signed_in
    return person


def anybody() -> SignedIn | None:
    """The signed-in person, or None."""
    return current_user.signed_in if current_user.is_authenticated else None


def halfway() -> Halfway | None:
    """The person who has given the password alone so far, or None.
    Never somebody whom ``me`` gives."""
    if "halfway" not in g:
        token = cookie_token()
        g.halfway = sign_in.halfway(platform(), token) if token else None
    half: Halfway | None = g.halfway
    return half


def my_case() -> UUID:
    """The case of the signed-in participant."""
    if "case" not in g:
        found = own_cases.case_of_participant(platform(), me())
        if found is None:
            raise Forbidden
        g.case = found
    case_id: UUID = g.case[0].id
    return case_id


def entered(room: CaseAccess) -> None:
    """Remember if a case, or a letter of it, is shown to a specialist: such a page offers only the
    forms that are theirs (``_forms.html``)."""
    g.reads_along = me().person in room.specialists


def _user() -> User | None:
    token = cookie_token()
    found = sign_in.who_is(platform(), token) if token else None
    if found is None and request.endpoint in REACHED_HALFWAY[APART][1]:
        half = halfway()
        # on these pages it is this person: a no is always heard
        found = half.me if half and half.me.role.is_participant else None
    return User(found) if found else None


def is_apart() -> bool:
    """True if somebody has given the password alone, and can do no more than say no."""
    half: Halfway | None = g.get("halfway")
    return half is not None and half.stage in (APART, PASSWORD)


def start_session(response: AnyResponse, token: bytes) -> AnyResponse:
    """Give the browser its token, until it is closed. Forms that are already open stay valid."""
    response.set_cookie(COOKIE, token.hex(), secure=True, httponly=True, samesite="Lax", path="/")
    return response


def begin_session(page: Callable[[], str], token: bytes) -> AnyResponse:
    """A page that knows nobody yet, with which a session begins in place of the one of whoever was
    signed in here before. Forms that are already open stay valid."""
    end_on_the_server()
    g._login_user = AnonymousUserMixin()
    return start_session(Response(page()), token)


def end_session(response: AnyResponse) -> AnyResponse:
    """Forget the session on both sides."""
    end_on_the_server()
    with suppress(RuntimeError):  # there is no platform if it cannot be opened
        session.clear()
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def end_on_the_server() -> None:
    """End the session that the cookie names; what the browser holds is of no more use."""
    token = cookie_token()
    # signing out works whatever the database does; the session then expires
    with suppress(DBAPIError):
        if token:
            sign_in.sign_out(platform(), token)


def with_nobody_signed_in(page: Callable[[], str]) -> AnyResponse:
    """A page for somebody whose sessions have all ended, this one too; the browser forgets it."""
    g._login_user = AnonymousUserMixin()
    return end_session(Response(page()))


def cookie_token() -> bytes | None:
    """The 32 bytes in the cookie, or None if it is missing or malformed."""
    try:
        token = bytes.fromhex(request.cookies.get(COOKIE, ""))
    except ValueError:
        return None
    return token if len(token) == 32 else None


SAVES = frozenset({"writing.edit"})
"""The endpoints that save the words of a letter."""


def would_keep(platform: Platform, token: bytes | None) -> bool:
    """True if the words on this page would be kept if somebody pressed Save there now."""
    return (token is not None and request.endpoint in SAVES
            and saved_after_sign_out.would_keep(platform, token))


def keep_late_save(platform: Platform, token: bytes | None) -> bool:
    """Keep what this request wanted to save.

    A save by a page's script stays in the page: it can be kept only once, and the writer presses
    Save after reading that they were signed out.
    Returns True if it is kept."""
    if (token is None or request.endpoint not in SAVES or request.view_args is None
        or forms.by_itself()):
        return False
    try:
        # nobody is signed in, so this is asked before its usual place
        if current_app.config["WTF_CSRF_ENABLED"]:
            current_app.extensions["csrf"].protect()
        text = forms.letter_text()
    except HTTPException:  # a form of another site, or too much to read
        return False
    return saved_after_sign_out.keep_late(platform, token, request.view_args["letter_id"], text)
