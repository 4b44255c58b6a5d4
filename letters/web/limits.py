"""How often one address may knock at the doors that are open to all. What guards an account is ``workflow/throttle``.

Addresses are kept in memory, or where ``RATELIMIT_STORAGE_URI`` says, for an hour at most, and never logged.
"""

import logging
from ipaddress import ip_address, ip_network

from flask import Flask, request
from flask_limiter import Limiter
from limits.errors import ConfigurationError
from werkzeug.middleware.proxy_fix import ProxyFix

from letters.config import Config
from letters.domain.errors import CannotStart

DOORS = frozenset({"door.sign_in", "door.invitation", "door.account", "factors.second_step",
                   "factors.second_step_passkey", "recovery.recover", "recovery.reset"})
"""Where something secret is tried. What is added here (a recovery code, a second step) shares the same allowance."""
AT_MOST = "30 per minute; 300 per hour"


def register(app: Flask, config: Config) -> None:
    """Limit the doors, once all rooms are in the application; ``CannotStart`` if the counts cannot be kept there."""
    if config.trusted_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.trusted_hops, x_proto=0)  # type: ignore[method-assign]
    logging.getLogger("flask-limiter").disabled = True  # it would write down addresses
    try:
        limiter = Limiter(_key, app=app, storage_uri=config.rate_limit_storage, in_memory_fallback_enabled=True)
    except ConfigurationError:
        raise CannotStart("RATELIMIT_STORAGE_URI names a store that is not known, or whose package is not "
                          "installed.") from None
    limit = limiter.shared_limit(AT_MOST, scope="doors", methods=["POST"], exempt_when=lambda: not address())
    for endpoint in sorted(DOORS & app.view_functions.keys()):
        app.view_functions[endpoint] = limit(app.view_functions[endpoint])  # type: ignore[assignment]


def address() -> str:
    """Where a request comes from, a whole /64 for IPv6. Nothing for this machine itself: that is the web server in
    front, and behind it is everybody (``TRUSTED_HOPS`` tells them apart)."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _key() -> str:
    return address() or "this machine"
