"""A save that arrives after its session ran out: kept for its writer, if one of our own forms sent it."""

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from letters.web import forms
from letters.workflow.platform import House
from letters.workflow.writing import saved_after_sign_out

SAVES = frozenset({"writing.edit"})
"""Where the words of a letter are sent to be kept."""


def would_keep(house: House, token: bytes | None) -> bool:
    """True if the words on this page would be kept if somebody pressed Save there now."""
    return token is not None and request.endpoint in SAVES and saved_after_sign_out.would_keep(house, token)


def keep(house: House, token: bytes | None) -> bool:
    """Keep what this request wanted to save. True if it is kept.

    What a page's script wanted to save stays in that page: it can be kept once alone, and whoever writes there presses
    Save when they have read that they were signed out."""
    if token is None or request.endpoint not in SAVES or request.view_args is None or forms.by_itself():
        return False
    try:
        if current_app.config["WTF_CSRF_ENABLED"]:  # nobody is signed in here, so this is asked before its usual place
            current_app.extensions["csrf"].protect()
        text = forms.letter_text()
    except HTTPException:  # another site's form, or too much to be read
        return False
    return saved_after_sign_out.keep(house, token, request.view_args["letter_id"], text)
