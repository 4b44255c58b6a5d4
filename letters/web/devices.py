"""The cookie by which a device that has signed in before is known again: it signs nobody in, it only waits for nobody.

Whoever knows a sign-in name can make it slow for everybody else, and not for this device (``workflow/throttle``). It
stays for ninety days, is not kept on a shared device, and goes with the quick exit.
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
"""So many people may have signed in on one device."""


def shown() -> tuple[bytes, ...]:
    """The tokens that this browser brought; none that is malformed."""
    found = []
    for token in request.cookies.get(COOKIE, "").split(".")[:MOST]:
        with suppress(ValueError):
            found.append(bytes.fromhex(token))
    return tuple(found)


def remember(response: Response, sign_in_name: str, shared: bool) -> Response:
    """Have this device known again where it may be; the one who came last stands first."""
    if shared:
        return response
    name, tokens = throttle.of_name(platform(), sign_in_name), shown()
    own = [token for token in tokens if throttle.of_device(platform(), name, [token])]
    kept = [*(own or [throttle.new_device(platform(), sign_in_name)]), *(token for token in tokens if token not in own)]
    response.set_cookie(COOKIE, ".".join(token.hex() for token in kept[:MOST]), max_age=LASTS, secure=True,
                        httponly=True, samesite="Lax", path="/")
    return response


def forget(response: Response) -> Response:
    """Have the browser forget it."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response
