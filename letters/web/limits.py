"""How often one address may try the forms that are open to all.
``workflow/throttle`` guards the accounts.

All processes of an installation count together, in its database or in ``RATELIMIT_STORAGE_URI``.
Addresses are kept as keyed hashes, for a day at most, and never logged.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address, ip_network

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits.errors import ConfigurationError
from limits.storage import Storage
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from letters.config import Config
from letters.rules.errors import CannotStart
from letters.web import devices
from letters.web.access import platform
from letters.workflow.accounts import throttle

DOORS = {"codes": ("sign_in.invitation", "sign_in.account", "lost_access.reset"),
         "recovery": ("lost_access.recover",), "names": ("sign_in.sign_in",),
         "second-steps": ("second_factor.second_step", "second_factor.second_step_passkey")}
"""The forms that test a secret. Each has its own allowance, so that tries at one never
block another. A code that belongs to no name has no other limit, so its limit holds
wherever a try comes from. A recovery code is too long to be guessed, so people who share
one address are never kept from using theirs."""
MOST_WITHOUT_WORDS = 64 * 1024
"""Bytes of a form with no field longer than a line. The others have the application's own limit."""
WITH_WORDS = frozenset({
    "alerts.alert", "alerts.open", "cases.invite", "cases.new", "desk.approve", "desk.claim",
    "desk.give_back",
    "desk.hold", "content_note.note", "content_note.questions", "screening_feedback.missed",
    "messages.case_note",
    "notes.note", "suggestions.redact", "suggestions.suggest", "suggestions.why",
    "disagreements.one", "screening.findings",
    "feedback.form", "emergency_access.ask", "messages.thread", "for_myself.edit",
    "for_myself.new",
    "background.acknowledgement", "care.settings", "background.conviction", "background.orders",
    "background.referral",
    "case_agreement.agreement", "tasks.tasks", "background.names", "people.person",
    "risk.assessment", "risk.risks", "profile.own", "contact.own", "people.contact_of",
    "returned.agree", "returned.answer", "team.answer", "contact_team.form", "unsent.keep",
    "why_left_out.ask", "absence.form",
    "writing.edit"})
"""The forms with a field longer than a line."""
AT_MOST = "30 per minute; 300 per hour"
log = logging.getLogger("letters")


class InInstallation(Storage):
    """The counts in the installation's own database, which all its processes share."""

    STORAGE_SCHEME = ["installation"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors of this storage. After one, each process counts for itself for a while."""
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count one more. Returns how many there are in this window of ``expiry`` seconds."""
        return throttle.knock(platform(), key, expiry, amount)

    def get(self, key: str) -> int:
        """The count."""
        return throttle.knocked(platform(), key)[0]

    def get_expiry(self, key: str) -> float:
        """The end of the window, in seconds since 1970."""
        return throttle.knocked(platform(), key)[1].timestamp()

    def check(self) -> bool:
        """True if counts can be kept. It is asked again, before any
        page, once they could not be."""
        with suppress(DBAPIError):
            throttle.knocked(platform(), "nothing")
            return True
        return False

    def reset(self) -> int | None:
        """Nothing is ever reset."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Nothing is ever cleared."""
        raise NotImplementedError


def register_lengths(app: Flask) -> None:
    """Read no more of a form than it can hold. Runs before everything that reads one."""
    @app.before_request
    def _length() -> None:
        request.max_content_length = None if request.endpoint in WITH_WORDS else MOST_WITHOUT_WORDS


def register(app: Flask, config: Config) -> None:
    """Limit these forms, once all pages are in the application.
    Raises ``CannotStart`` if the counts cannot be kept."""
    if config.trusted_hops:
        behind = ProxyFix(app.wsgi_app, x_for=config.trusted_hops, x_proto=0)
        app.wsgi_app = behind  # type: ignore[method-assign]
    else:
        _notice_a_proxy(app)
    logging.getLogger("flask-limiter").disabled = True  # it would log addresses
    try:
        limiter = Limiter(_key, app=app, storage_uri=config.rate_limit_storage,
                          in_memory_fallback_enabled=True)
    except ConfigurationError:
        raise CannotStart("RATELIMIT_STORAGE_URI names a store that is not known, or whose "
                          "package is not "
                          "installed.") from None
    for door, endpoints in DOORS.items():
        limit = limiter.shared_limit(AT_MOST, scope=door, methods=["POST"],
                                     exempt_when=_has_a_turn(door))
        for endpoint in endpoints:
            limited = limit(app.view_functions[endpoint])
            app.view_functions[endpoint] = limited  # type: ignore[assignment]


def address() -> str:
    """The address of a request, a whole /64 for IPv6.
    Returns nothing for this machine itself: that is the web server in front, and everybody comes
    through it (``TRUSTED_HOPS`` tells them apart)."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _notice_a_proxy(app: Flask) -> None:
    """Say once, in the log and on the staff's page, that nobody can be told apart here."""
    @app.before_request
    def _look() -> None:
        known = current_app.extensions
        if "X-Forwarded-For" in request.headers and not address() and not known.get("unseen_proxy"):
            known["unseen_proxy"] = True
            log.error("TRUSTED_HOPS is 0, but a web server stands in front of this one: "
                      "everybody seems to come from "
                      "the same machine. Set TRUSTED_HOPS to the number of web servers in front, "
                      "or who guesses at a "
                      "name keeps its owner waiting on every device that is new.")


def _has_a_turn(door: str) -> Callable[[], bool]:
    """A test whether a try is exempt from counting: it has no address of its own, or it comes from
    a device that has signed in with this name, whose tries are counted separately (``throttle``).
    """
    def has() -> bool:
        if door == "codes":
            return False
        name = throttle.of_name(platform(), request.form.get("sign_in_name", ""))
        return not address() or throttle.of_device(platform(), name, devices.shown()) is not None
    return has


def _key() -> str:
    return throttle.key(platform(), f"address {address() or 'this machine'}").hex()
