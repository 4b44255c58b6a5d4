"""HTTP and calls of the workflow, nothing else. Each role has its pages; views only translate."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import DBAPIError

from letters.config import Config
from letters.rules.permissions import Permission, has
from letters.rules.roles import PARTICIPANTS, Role
from letters.web import (
    access,
    errors,
    headers,
    languages,
    letter_html,
    limits,
    rights,
    sent_once,
    unsent,
    words,
)
from letters.web.accounts import (
    contact,
    display,
    kept_about_me,
    leaving,
    lost_access,
    profile,
    reset_for_somebody,
    second_factor,
    settings,
    sign_in,
    supervised_sign_in,
)
from letters.web.cases import agreement as cases_agreement
from letters.web.cases import (
    alerts,
    background,
    case,
    case_words,
    messages,
    people,
    retention,
    risk,
    tasks,
    team,
)
from letters.web.cases.frame import tabs
from letters.web.home import (
    agreement,
    choose_facilitator,
    consent,
    contact_team,
    feedback,
    help,
    home,
    numbers_of_help,
    promises,
)
from letters.web.languages import later as _l
from letters.web.oversight import (
    disagreements,
    emergency_access,
    load,
    running,
    screening,
    suggest_colleague,
)
from letters.web.oversight import staff as administration
from letters.web.reading import inbox, pace, why_left_out
from letters.web.review import care, content_note, desk, letter, notes, suggestions
from letters.web.today import absence, search, today
from letters.web.writing import for_myself, letters, printing, returned, saved_after_sign_out
from letters.workflow.accounts.sign_in import IDLE_CHOICES, IDLE_MINUTES, ON_SHARED_DEVICE
from letters.workflow.platform import Platform


class NavEntry(NamedTuple):
    """One entry of the main navigation."""

    label: str
    url: str
    current: bool
    number: int | None = None


_ACCOUNT = (_l("Account"), "settings.overview")
_OF_PARTICIPANTS = ((_l("Home"), "home.home"), (_l("My letters"), "writing.letters"),
                    (_l("For you"), "inbox.inbox"), _ACCOUNT)
_NAV = dict.fromkeys(PARTICIPANTS, _OF_PARTICIPANTS) | {
    Role.FACILITATOR: (
        (_l("Today"), "today.today"),
        (_l("Review desk"), "desk.queue"),
        (_l("Cases"), "cases.list_cases"),
        (_l("Calendar"), "cases.all_cases"),
        _ACCOUNT,
    ),
    Role.ADMINISTRATOR: ((_l("Today"), "today.today"), (_l("Staff"), "staff.staff"),
                         (_l("Emergency access"), "emergency_access.requests"), _ACCOUNT),
    Role.SUPERVISOR: (
        (_l("Today"), "today.today"),
        (_l("Load and cases"), "load.load"),
        (_l("Emergency access"), "emergency_access.requests"),
        _ACCOUNT,
    ),
}


_IDLE = [(minutes, _l("%(minutes)s minutes", minutes=minutes)) for minutes in IDLE_CHOICES]

_WITHIN = {page: entry for entry, pages in {
    "writing": ("for_myself", "printing", "returned", "saved_after_sign_out"),
    "inbox": ("why_left_out",),
    "settings": ("second_factor", "supervised_sign_in", "lost_access", "profile", "contact",
                 "display", "kept_about_me"),
    "desk": ("care", "content_note", "screening_feedback", "notes", "suggestions"),
    "load": ("disagreements", "screening", "suggest_colleague"),
    "today": ("search", "absence"),
    "cases": ("team", "reset_for_somebody", "retention", "background", "people", "risk",
              "case_agreement", "tasks",
              "alerts", "messages"),
    "home": ("pace", "consent", "choose_facilitator", "agreement", "contact_team", "promises",
             "feedback"),
}.items() for page in pages}
"""Pages that lie behind another one's entry of the navigation."""


_PAGES = (
    sign_in,
    settings,
    kept_about_me,
    second_factor,
    supervised_sign_in,
    lost_access,
    reset_for_somebody,
    saved_after_sign_out,
    home,
    consent,
    choose_facilitator,
    agreement,
    contact_team,
    promises,
    pace,
    feedback,
    help,
    letters,
    returned,
    inbox,
    why_left_out,
    messages,
    today,
    absence,
    search,
    desk,
    care,
    content_note,
    letter,
    notes,
    suggestions,
    case,
    team,
    background,
    people,
    risk,
    cases_agreement,
    tasks,
    alerts,
    retention,
    profile,
    administration,
    load,
    disagreements,
    screening,
    suggest_colleague,
    emergency_access,
    running,
    contact,
    for_myself,
    unsent,
    printing,
    display,
)


def register(app: Flask, doors: Callable[[], Platform], config: Config) -> None:
    """Register the pages, the guards and the words with the application."""
    app.config.update(SESSION_COOKIE_NAME="__Host-forms", SESSION_COOKIE_SECURE=True,
                      SESSION_COOKIE_HTTPONLY=True,
                      SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_PATH="/")
    # A form's token lasts as long as the session; no Referer is asked for, since no page here lets
    # one be sent.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    limits.register_lengths(app)
    leaving.register(app)
    access.register(app, doors)
    languages.register(app, config)
    numbers_of_help.register(app, config)
    app.before_request(rights.require)  # before a form is read, which can be long
    CSRFProtect(app)
    app.session_interface = FormsCookie(doors)
    for room in _PAGES:
        app.register_blueprint(room.blueprint)
    rights.register(app)
    limits.register(app, config)
    sent_once.register(app)
    unsent.register(app)
    headers.register(app)
    errors.register(app)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals.update(words=words, language=languages.of_page, said=case_words,
                                 tone=letter_html.tone, visible=letter_html.visible,
                                 service_clock=words.clock)
    app.context_processor(lambda: _frame(config))


class FormsCookie(SecureCookieSessionInterface):
    """The cookie of the forms' tokens. Its key comes from the key file, which is opened with the
    first request."""

    def __init__(self, doors: Callable[[], Platform]) -> None:
        self._doors = doors

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask asks for this at the beginning of every request."""
        # without a database there are no forms, and quick exit works all the same
        with suppress(DBAPIError):
            app.secret_key = app.secret_key or self._doors().keys.forms
        return super().get_signing_serializer(app)


def _frame(config: Config) -> dict[str, Any]:
    """What the frame of every page needs."""
    person = access.anybody()
    frame: dict[str, Any] = {"service_name": config.service_name, "show_exit": person is None or
                             person.role.is_participant, "idle_choices": _IDLE,
                             "on_shared": ON_SHARED_DEVICE}
    frame["idle"] = IDLE_MINUTES
    frame["exit_url"] = current_app.extensions["settings"].exit_url
    g.with_exit = frame["show_exit"]  # which scripts the headers of this page allow
    if person is not None:
        frame["exit_keys"] = person.exit_keys
        frame["large_type"] = person.display.large_type
        room = _WITHIN.get(request.blueprint or "", request.blueprint)
        frame["apart"] = access.is_apart()
        here = _here([endpoint for _, endpoint in _NAV[person.role]], room)
        frame["nav"] = [] if frame["apart"] else [
            NavEntry(label, url_for(endpoint), endpoint == here,
                     today.number() if endpoint == "today.today" else None)
            for label, endpoint in _NAV[person.role]]
        frame["me"] = person
        if has(person.role, Permission.CASE_MANAGE):
            frame["tabs"] = tabs()
        if person.role.is_participant:
            frame["stop_url"] = url_for("home.stop")
            frame["may_pause"] = has(person.role, Permission.CASE_PAUSE)
    return frame


def _here(entries: list[str], room: str | None) -> str | None:
    """The one entry of the navigation under which this page stands."""
    if request.endpoint in entries:
        return request.endpoint
    return next((one for one in entries if one.partition(".")[0] == room), None)
