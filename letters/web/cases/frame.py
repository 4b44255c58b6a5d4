"""The pages behind a case's page: their access, the way back for somebody whose keys
are new, and how a page is shown."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import CaseKeyMissing
from letters.rules.events import Event
from letters.web import errors, forms
from letters.web.access import me, platform
from letters.workflow.cases import case_file
from letters.workflow.cases.case_file import CaseFile

Answer = str | Response | tuple[str, int]


class HistoryLine(NamedTuple):
    """One recorded fact: when, by whom, what, and the words that go with it."""

    at: datetime
    by: str
    what: str
    words: list[str]
    subject: UUID
    entered: str


WITHOUT_WORDS = frozenset({Event.ACKNOWLEDGEMENT_CONFIRMED, Event.ORDER_ENDED})
"""Facts that name the words of an earlier fact, and have none of their own."""


def room(name: str) -> Blueprint:
    """A group of pages of a case, for facilitators alone."""
    blueprint = Blueprint(name, __name__, url_prefix="/cases/<uuid:case_id>")
    blueprint.register_error_handler(CaseKeyMissing, way_back)
    return blueprint


def way_back(_missing: Exception) -> Answer:
    """Lead somebody whose access was reset to the team's page. No redirect loses what they sent."""
    if request.method == "POST":
        return errors.page(errors.KINDS[CaseKeyMissing])
    flash(_("Your access was set up again, so this case has to be handed over to you again."),
          "care")
    return redirect(url_for("team.members", case_id=(request.view_args or {})["case_id"]))


def shown(template: str, case_id: UUID, wrong: forms.Errors,
          see: Callable[[CaseFile], Mapping[str, object]] = lambda _: {}, **more: object) -> Answer:
    """A page of this case; with errors, status 400 and everything that was typed. ``see``:
    what else of the file it shows."""
    with case_file.opened(platform(), me(), case_id) as file:
        page = render_template(f"cases/{template}.html", file=file, case=file.case, errors=wrong,
                               typed=request.form,
                               framework=platform().framework, today=platform().today(),
                               **see(file), **more)
    return (page, 400) if wrong else page


def history(file: CaseFile, said: Mapping[Event, str]) -> list[HistoryLine]:
    """The trail's facts of these kinds, newest first; each with its words, its actor's own."""
    found = []
    for entry in file.told(*said):
        event = Event(entry.event)
        note = entry.about_id if event is Event.ACKNOWLEDGEMENT_WITHDRAWN else entry.subject_id
        words = [] if event in WITHOUT_WORDS else [one.words
                                                   for one in file.words(note, by=entry.actor_id)]
        found.append(
            HistoryLine(entry.at, file.names[entry.actor_id], said[event], words, entry.subject_id,
                        entry.entered)
        )
    return found[::-1]


def done(said: str, endpoint: str, **values: object) -> Response:
    """Say that it is done, and show the page again."""
    flash(said, "done")
    return redirect(url_for(endpoint, **values))  # type: ignore[arg-type]
