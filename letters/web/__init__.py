"""HTTP and the workflow, nothing else: each role has its room, and views only translate."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, g, request, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

from letters.config import Config
from letters.rules.roles import PARTICIPANTS, Role
from letters.web import (
    access,
    account,
    agreement,
    alerts,
    calendar,
    called,
    cases,
    comfort,
    consent,
    custody,
    desk,
    desk_care,
    desk_layers,
    desk_screening,
    desk_second,
    desk_words,
    disagreements,
    door,
    erasing,
    errors,
    exchange,
    facilitators,
    factors,
    feedback,
    glass,
    headers,
    html,
    kept,
    languages,
    limits,
    mailbox,
    messages,
    never_sent,
    once,
    pace,
    printing,
    process,
    process_agreement,
    process_care,
    process_names,
    process_people,
    process_risk,
    process_words,
    profile,
    promises,
    reach,
    reach_case,
    recovery,
    resets,
    running,
    suggestions,
    supervision,
    team,
    tell,
    unsent,
    why,
    words,
    writing,
)
from letters.web import house as administration
from letters.web.languages import later as _l
from letters.workflow.accounts.sign_in import IDLE_CHOICES, IDLE_MINUTES, ON_SHARED_DEVICE
from letters.workflow.platform import House


class NavEntry(NamedTuple):
    """One entry of the main navigation."""

    label: str
    url: str
    current: bool


_ACCOUNT = (_l("Account"), "account.overview")
_OF_PARTICIPANTS = ((_l("Home"), "exchange.home"), (_l("My letters"), "writing.letters"),
                    (_l("For you"), "mailbox.inbox"), _ACCOUNT)
_NAV = dict.fromkeys(PARTICIPANTS, _OF_PARTICIPANTS) | {
    Role.FACILITATOR: ((_l("Review desk"), "desk.queue"), (_l("Cases"), "cases.list_cases"),
                       (_l("Calendar"), "calendar.all_cases"), _ACCOUNT),
    Role.ADMINISTRATOR: ((_l("Staff"), "house.staff"), (_l("Break glass"), "glass.requests"), _ACCOUNT),
    Role.SUPERVISOR: ((_l("Load and cases"), "supervision.load"), (_l("Break glass"), "glass.requests"), _ACCOUNT),
}


_IDLE = [(minutes, _l("%(minutes)s minutes", minutes=minutes)) for minutes in IDLE_CHOICES]

_WITHIN = {"kept": "writing", "suggestions": "writing", "why": "mailbox", "desk_words": "desk"} | {
    room: entry for entry, rooms in {
        "writing": ("never_sent", "printing"),
        "account": ("factors", "custody", "recovery", "profile", "reach", "comfort"),
        "desk": ("desk_care", "desk_layers", "desk_screening", "desk_second", "desk_words"),
        "supervision": ("disagreements",),
        "cases": ("team", "resets", "erasing", "process", "process_people", "process_risk", "process_agreement",
                  "process_care", "process_names", "alerts", "reach_case", "messages"),
        "exchange": ("pace", "consent", "facilitators", "agreement", "tell", "promises", "feedback"),
    }.items() for room in rooms}
"""Rooms that lie behind another one's entry of the navigation."""


_ROOMS = (door, account, factors, custody, recovery, resets, kept, exchange, consent, facilitators, agreement, tell,
          promises, pace, feedback, writing, suggestions, mailbox, why, messages, desk, desk_care, desk_layers,
          desk_screening, desk_second, desk_words, cases, team, process, process_people, process_risk,
          process_agreement, process_care, process_names, alerts, calendar, erasing, profile, administration,
          supervision, disagreements, glass, running, reach, reach_case, never_sent, unsent, printing, comfort)


def register(app: Flask, doors: Callable[[], House], config: Config) -> None:
    """Put the rooms, the guards and the words into the application."""
    app.config.update(SESSION_COOKIE_NAME="__Host-forms", SESSION_COOKIE_SECURE=True, SESSION_COOKIE_HTTPONLY=True,
                      SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_PATH="/")
    # A form's token lasts as long as the session; no Referer is asked for, since no page here lets one be sent.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    limits.register_lengths(app)
    access.register(app, doors)
    languages.register(app, config)
    CSRFProtect(app)
    app.session_interface = FormsCookie(doors)
    for room in _ROOMS:
        app.register_blueprint(room.blueprint)
    limits.register(app, config)
    once.register(app)
    unsent.register(app)
    headers.register(app)
    errors.register(app)
    app.jinja_env.globals.update(words=words, called=called, language=languages.of_page, said=process_words,
                                 tone=html.tone, visible=html.visible)
    app.context_processor(lambda: _frame(config))


class FormsCookie(SecureCookieSessionInterface):
    """The cookie of the forms' tokens. Its key comes from the key file, which is opened with the first request."""

    def __init__(self, doors: Callable[[], House]) -> None:
        self._doors = doors

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Flask asks for this at the beginning of every request."""
        if app.secret_key is None:
            app.secret_key = self._doors().keys.forms
        return super().get_signing_serializer(app)


def _frame(config: Config) -> dict[str, Any]:
    """What the frame of every page needs to know."""
    person = access.anybody()
    frame: dict[str, Any] = {"service_name": config.service_name, "show_exit": person is None or
                             person.role.is_participant, "idle_choices": _IDLE, "on_shared": ON_SHARED_DEVICE}
    frame["idle"] = IDLE_MINUTES
    g.with_exit = frame["show_exit"]  # what the headers of this page let run
    if person is not None:
        frame["exit_keys"] = person.exit_keys
        frame["large_type"] = person.comfort.large_type
        room = _WITHIN.get(request.blueprint or "", request.blueprint)
        frame["apart"] = access.is_apart()
        frame["nav"] = [] if frame["apart"] else [NavEntry(label, url_for(endpoint), endpoint.partition(".")[0] == room)
                                                  for label, endpoint in _NAV[person.role]]
        frame["me"] = person
        if person.role.is_participant:
            frame["stop_url"] = url_for("exchange.stop")
    return frame
