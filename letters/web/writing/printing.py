"""Printing one's own words: a warning first, then a page that is made
for paper and holds nothing else.

A person can print what they can read now. The workflow is asked for it in the same way
as on the page where it is read.
"""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from letters.web import letter_html
from letters.web.access import me, platform
from letters.workflow.decision import redaction
from letters.workflow.reading import in_parts
from letters.workflow.writing import for_myself, write

blueprint = Blueprint("printing", __name__, url_prefix="/print")

BACK = {"yours": "for_myself.edit", "written": "writing.letter", "received": "inbox.letter"}
"""What can be printed, and the page where it is read."""


@blueprint.get("/<what>/<uuid:which>")
def warning(what: str, which: UUID) -> str | Response:
    """What printing on paper means, before anything is printed."""
    if _words(what, which) is None:
        return redirect(_back(what, which))
    return render_template("writing/print/warning.html", what=what, which=which,
                           back=_back(what, which))


@blueprint.get("/<what>/<uuid:which>/paper")
def paper(what: str, which: UUID) -> str | Response:
    """The words alone, in the chosen size; no name, no day, no address."""
    shown = _words(what, which)
    if shown is None:
        return redirect(_back(what, which))
    return render_template("writing/print/paper.html", shown=shown,
                           large=request.args.get("size") == "large",
                           again=url_for("printing.warning", what=what, which=which))


def _words(what: str, which: UUID) -> list[Markup] | None:
    """What the reader may read at this moment; None if it was not opened, is with the
    facilitators, or has no words."""
    if what == "yours":
        return [letter_html.letter(for_myself.words_of(platform(), me(), which).text)]
    if what == "written":
        own = redaction.as_sent(platform(), me(), which) or write.own_text(platform(), me(), which)
        return [letter_html.letter(own.text)] if own else None
    if what == "received":
        layer = in_parts.letter_for(platform(), me(), which).layer
        return [letter_html.letter(part.of(layer.text)) for part in layer.shown] if layer else None
    raise NotFound


def _back(what: str, which: UUID) -> str:
    return url_for(BACK[what], letter_id=which)
