"""The cookie that recognises a device on which somebody has signed in before. It signs nobody in:
it only spares its owner a wait.

Anybody who knows a sign-in name can make signing in slow for everybody else, but not for this
device (``workflow/throttle``). The cookie stays for ninety days, is not kept on a shared
device, and goes with quick exit.
"""

from contextlib import suppress

from flask import request
from werkzeug.wrappers import Response

from letters.web.access import platform
from letters.workflow.accounts import throttle

COOKIE = "__Host-device"
LASTS = 90 * 24 * 3600
"""Seconds."""
MOST = 3
"""At most this many people are remembered on one device."""


def shown() -> tuple[bytes, ...]:
    """The tokens that this browser sent, without malformed ones."""
    found = []
    for token in request.cookies.get(COOKIE, "").split(".")[:MOST]:
        with suppress(ValueError):
            found.append(bytes.fromhex(token))
    return tuple(found)


def remember(response: Response, sign_in_name: str, shared: bool) -> Response:
    """Remember this device, unless it is shared. The person who signed in last stands first."""
    if shared:
        return response
    name, tokens = throttle.of_name(platform(), sign_in_name), shown()
    own = [token for token in tokens if throttle.of_device(platform(), name, [token])]
    kept = [*(own or [throttle.new_device(platform(), sign_in_name)]),
            *(token for token in tokens if token not in own)]
    response.set_cookie(COOKIE, ".".join(token.hex() for token in kept[:MOST]), max_age=LASTS,
                        secure=True,
                        httponly=True, samesite="Lax", path="/")
    return response


def forget(response: Response) -> Response:
    """Have the browser forget the cookie."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response
