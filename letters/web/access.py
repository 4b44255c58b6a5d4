"""Who is asking: the cookie, the signed-in person, and the rule that every page is closed unless it is listed here."""

import json
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from flask import Flask, Response, current_app, g, redirect, render_template, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from letters.rules.roles import Role
from letters.storage.queries.lists import case_of_participant
from letters.web import late
from letters.web.forms import by_itself, given_back
from letters.workflow.accounts import sign_in
from letters.workflow.accounts.sign_in_steps import APART, PASSWORD, SET_UP, Halfway
from letters.workflow.platform import House, SignedIn

COOKIE = "__Host-session"
OPEN_TO_ALL = frozenset({"static", "door.front", "door.sign_in", "door.leave", "door.safety", "door.invitation",
                         "door.account", "recovery.recover", "recovery.reset"})
"""The only endpoints that can be reached without signing in."""
REACHED_HALFWAY = {
    PASSWORD: ("factors.second_step", frozenset({"factors.second_step", "factors.second_step_passkey",
                                                 "door.sign_out"})),
    SET_UP: ("factors.overview", frozenset({"factors.overview", "factors.app", "factors.passkey", "door.sign_out"})),
    APART: ("custody.apart", frozenset({"custody.apart", "exchange.stop", "consent.withdraw", "door.sign_out"})),
}
"""Where a session that is not full is led, and all else that it can reach."""


class User:
    """What Flask-Login wants to know of a person; it never loads one from anywhere but the request."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, signed_in: SignedIn) -> None:
        self.signed_in = signed_in

    def get_id(self) -> str:
        """Unused: nothing is ever logged in by id."""
        return str(self.signed_in.person)


def register(app: Flask, doors: Callable[[], House]) -> None:
    """Have every request carry its person, and close every page that is not listed."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    manager.request_loader(lambda _: _user())

    @app.before_request
    def _closed_by_default() -> AnyResponse | None:
        if request.endpoint in OPEN_TO_ALL or request.endpoint is None or current_user.is_authenticated:
            return None
        half = halfway()
        leads_to, reached = REACHED_HALFWAY[half.stage] if half else ("door.sign_in", frozenset())
        if request.endpoint in reached:
            return None
        if request.method == "GET":
            return redirect(url_for(leads_to))
        if by_itself():
            return Response(json.dumps({"kept": late.would_keep(house(), cookie_token())}), 401,
                            content_type="application/json")
        kept = late.keep(house(), cookie_token())
        return Response(render_template("door/signed_out.html", typed=given_back(), kept=kept), 401)

    @app.before_request
    def _rights_before_forms() -> AnyResponse | None:
        """A room's guard is asked before its form is read, which can be long."""
        for room in request.blueprints:
            for guard in app.before_request_funcs.get(room, ()):
                answer = guard()
                if answer is not None:
                    return app.make_response(answer)  # type: ignore[arg-type]
        return None

    app.extensions["doors"] = doors


def house() -> House:
    """The house that this application serves."""
    opened: House = current_app.extensions["doors"]()
    return opened


def me() -> SignedIn:
    """The signed-in person."""
    person: SignedIn = current_user.signed_in
    return person


def anybody() -> SignedIn | None:
    """The signed-in person, or None."""
    return current_user.signed_in if current_user.is_authenticated else None


def halfway() -> Halfway | None:
    """Who has given the password alone so far, or None. Never somebody whom ``me`` would give."""
    if "halfway" not in g:
        token = cookie_token()
        g.halfway = sign_in.halfway(house(), token) if token else None
    half: Halfway | None = g.halfway
    return half


def only_for(*roles: Role) -> Callable[[], None]:
    """A blueprint's guard: insiders of another role get 403."""
    def guard() -> None:
        person = anybody()
        if person is not None and person.role not in roles:
            raise Forbidden
    return guard


def my_case() -> UUID:
    """The case of the signed-in participant."""
    if "case" not in g:
        with house().store.reading() as db:
            found = case_of_participant(db, me().person)
        if found is None:
            raise Forbidden
        g.case = found
    case_id: UUID = g.case[0].id
    return case_id


def _user() -> User | None:
    token = cookie_token()
    found = sign_in.who_is(house(), token) if token else None
    if found is None and request.endpoint in REACHED_HALFWAY[APART][1]:
        half = halfway()
        found = half.me if half and half.stage == APART else None  # on these pages, and nowhere else, it is they
    return User(found) if found else None


def is_apart() -> bool:
    """True where somebody signs in beside a facilitator, and is here without one."""
    half = g.get("halfway")
    return half is not None and half.stage == APART


def start_session(response: AnyResponse, token: bytes) -> AnyResponse:
    """Give the browser its token; it goes when the browser is closed. Forms that are open already stay good."""
    response.set_cookie(COOKIE, token.hex(), secure=True, httponly=True, samesite="Lax", path="/")
    return response


def end_session(response: AnyResponse) -> AnyResponse:
    """Forget the session on both sides."""
    token = cookie_token()
    with suppress(DBAPIError):  # whoever must leave leaves, whatever the database does; the session then runs out
        if token:
            sign_in.sign_out(house(), token)
    session.clear()
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response


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
