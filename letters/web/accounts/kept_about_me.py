"""What is kept about me and who can read it; and a copy of it, as a file of my own."""

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NeedsPassword, PleaseWait
from letters.rules.letter.redacted import MARK
from letters.web import forms, letter_html, words
from letters.web.access import me, my_case, platform
from letters.web.words import WRONG_PASSWORD
from letters.workflow import kept_about_me
from letters.workflow.kept_about_me import KeptAboutMe, LetterWritten

blueprint = Blueprint("kept_about_me", __name__, url_prefix="/account/kept")

FILES = {"page": ("my-copy.html", "text/html; charset=utf-8"),
         "data": ("my-copy.json", "application/json")}
"""The two forms of a copy. Their names tell nobody what they hold."""


@blueprint.route("", methods=["GET", "POST"])
def own() -> Response | tuple[str, int]:
    """Say what is kept; with the password, give a copy of it."""
    errors: forms.Errors = []
    status = 400
    if forms.sent():
        form = forms.button("form", *FILES)
        try:
            return _file(form, kept_about_me.copy(platform(), me(), my_case(),
                                                  forms.line("current_password")))
        except NeedsPassword:
            errors.append(("current_password", str(WRONG_PASSWORD)))
        except PleaseWait as wait:
            status = 429
            errors.append(("current_password", words.please_wait(wait.seconds)))
    page = render_template("accounts/settings/kept_about_me.html", errors=errors)
    return (page, status) if errors else make_response(page)


def _file(form: str, kept: KeptAboutMe) -> Response:
    name, kind = FILES[form]
    if form == "page":
        body = render_template("accounts/settings/copy.html", kept=kept, letter=letter_html.letter)
    else:
        body = json.dumps(_data(kept), ensure_ascii=False, indent=2, default=str)
    answer = make_response(body)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _data(kept: KeptAboutMe) -> dict[str, Any]:
    """The copy for programs. An absent part is empty."""
    return {
        "made": kept.made,
        "letters": [_letter(one) for one in kept.written],
        "saved_after_sign_out": [{"at": one.kept_at, "text": one.text} for one in kept.late],
        "letters_for_me": [{"came": one.came, "parts": [_plain(part) for part in one.parts],
                            "more_to_read": one.more} for one in kept.received],
        "for_myself": [{"saved": one.saved_at, "text": one.text} for one in kept.for_myself],
        "taking_part": [{"at": one.at, "about": one.title, "agreed": one.agreed,
                         "version": one.version, "explained_by": one.explained_by}
                        for one in kept.consents],
        "pace": ({**json.loads(kept.pace.pace.written()), "ready": kept.pace.ready,
                  "paused": kept.pace.paused} if kept.pace else None),
        "opening_plan": asdict(kept.plan) if kept.plan else None,
        "messages": [{"at": one.written_at, "from": _writer(kept, one.written_by),
                      "text": one.words} for one in kept.messages],
        "how_to_reach_me": asdict(kept.contact),
    }


def _letter(one: LetterWritten) -> dict[str, Any]:
    return {
        "begun": one.letter.began_at,
        "said_of_it": words.status(one.letter, me().role),
        "versions": [{"saved": own.saved_at, "text": own.text} for own in one.versions],
        "sent_with_something_left_out": _plain(one.sent.text) if one.sent else None,
        "notes_to_me": [{"at": note.written_at, "text": note.words} for note in one.notes],
    }


def _plain(text: str) -> str:
    """The text with words where something was left out: the mark itself is no character."""
    return text.replace(MARK, f"[{_('Something was left out here.')}]")


def _writer(kept: KeptAboutMe, person: object) -> str:
    return next((name for one, name in kept.names.items() if one == person), "")
