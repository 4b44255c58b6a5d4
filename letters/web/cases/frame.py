"""The pages behind a case's page: their access, the way back for somebody whose keys
are new, and how a page is shown."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.accounts import OF_ACCOUNTS
from letters.rules.case import alerts
from letters.rules.case.emergency_access import OF_EMERGENCIES
from letters.rules.case.history import TEAM_CHANGES
from letters.rules.case.process import OF_PROCESS
from letters.rules.errors import CaseKeyMissing
from letters.rules.events import Event
from letters.web import errors, forms, words
from letters.web.access import entered, me, platform
from letters.web.languages import later as _l
from letters.workflow.cases import case_file
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.review.second_reading import curtain_of

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


@contextmanager
def file_of(case_id: UUID) -> Iterator[CaseFile]:
    """A case's file, for a page of it."""
    with case_file.opened(platform(), me(), case_id) as file:
        entered(file.room)
        yield file


def shown(template: str, case_id: UUID, wrong: forms.Errors,
          see: Callable[[CaseFile], Mapping[str, object]] = lambda _: {}, **more: object) -> Answer:
    """A page of this case; with errors, status 400 and everything that was typed. ``see``:
    what else of the file it shows."""
    with file_of(case_id) as file:
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


KINDS = {"letters": _l("Letters"), "people": _l("People"), "team": _l("Team"),
         "preparation": _l("Preparation"), "safety": _l("Safety")}
"""The kinds of facts that a timeline can be narrowed to."""
_SAFETY = alerts.ALERTS | OF_EMERGENCIES | {
    Event.RISK_REPORTED, Event.ORDER_RECORDED, Event.ORDER_ENDED, Event.STOPPED, Event.HALTED,
    Event.HALT_LIFTED, Event.PAUSED, Event.PAUSE_ENDED, Event.TAMPERING_FOUND}
_TEAM = TEAM_CHANGES | {Event.EPOCH_BEGUN, Event.FACILITATOR_CHOSEN, Event.ANOTHER_WISHED}
_PEOPLE = OF_ACCOUNTS | {Event.CONSENT_GIVEN, Event.CONSENT_WITHDRAWN, Event.AGE_RECORDED,
                         Event.COMPANION_RECORDED}
_PRIVATE = frozenset({
    Event.LETTER_BEGUN, Event.LETTER_DESTROYED, Event.TELLING_SET, Event.PASSWORD_CHANGED,
    Event.RECOVERY_CODE_USED, Event.RECOVERY_CODE_MADE, Event.SECOND_FACTOR_ADDED,
    Event.SECOND_FACTOR_REMOVED, Event.SUPERVISED_USED, Event.CONTACT_CHOSEN})
"""What is nobody's but theirs who did it: a draft, a letter put out of the world, their account."""
FACTS_A_PAGE = 50


class TimelineFact(NamedTuple):
    """One recorded fact: when, what, of whom if it names somebody, and by whom."""

    at: datetime
    what: str
    of: str
    by: str


def timeline_of(file: CaseFile, reader: UUID, kind: str | None,
                before: int | None) -> dict[str, object]:
    """The facts of a case by day, the newest first; ``before``: from the one before this number.
    A second reader finds nothing of what the first did in this reading (rule 13)."""
    hidden = {letter: curtain_of(told, reader) for letter, told in file.story.letters.items()}
    entries = [entry for entry in reversed(file.told())
               if entry.event not in _PRIVATE
               and (kind not in KINDS or _kind(Event(entry.event)) == kind)
               and (before is None or entry.number < before)
               and not (entry.subject_id in hidden
                        and hidden[entry.subject_id].hides(entry.actor_id, entry.at))]
    page, more = entries[:FACTS_A_PAGE], len(entries) > FACTS_A_PAGE
    itself, by_day = _("the service itself"), groupby(page, lambda entry: words.day(entry.at))
    days = [(day, [TimelineFact(entry.at, entry.event, file.names.get(entry.subject_id, ""),
                                file.names.get(entry.actor_id, itself)) for entry in facts])
            for day, facts in by_day]
    return {"days": days, "kind": kind if kind in KINDS else None, "kinds": KINDS,
            "earlier": page[-1].number if more else None}


def _kind(event: Event) -> str:
    if event in _SAFETY:
        return "safety"
    if event in _TEAM:
        return "team"
    if event in _PEOPLE:
        return "people"
    return "preparation" if event in OF_PROCESS else "letters"


def done(said: str, endpoint: str, **values: object) -> Response:
    """Say that it is done, and show the page again."""
    flash(said, "done")
    return redirect(url_for(endpoint, **values))  # type: ignore[arg-type]


def place_of(endpoint: str) -> str:
    """The place of a page in the list of pages that it stands in."""
    return endpoint.partition(".")[2]


def recorded(said: str, case_id: UUID, endpoint: str) -> Response:
    """Say that it is done, and go back to all that is recorded before a first letter, to the place
    of this page in it."""
    flash(said, "done")
    return redirect(url_for("cases.preparation", case_id=case_id, _anchor=place_of(endpoint)))


class Tab(NamedTuple):
    """One of the pages of a case, as the navigation of the case shows it."""

    label: str
    url: str
    current: bool


TABS = (
    (_l("Overview"), "cases.case", ()),
    (_l("Letters"), "cases.letters", ()),
    (_l("People"), "cases.people", ("people", "reset_for_somebody", "team")),
    (_l("Preparation"), "cases.preparation", ("background", "risk", "tasks")),
    (_l("Agreement"), "case_agreement.agreement", ("case_agreement",)),
    (_l("Safety"), "cases.safety", ("alerts", "retention")),
    (_l("Messages"), "messages.threads", ("messages",)),
    (_l("Notes"), "cases.of_notes", ()),
    (_l("Timeline"), "cases.timeline", ()),
)
"""The pages of a case, each with the blueprints whose pages lie behind it."""
_OF_SAFETY = frozenset({"risk.risks", "background.orders", "background.names"})
_OUTSIDE = frozenset({"team.answer", "team.for_participants"})


def tabs() -> list[Tab]:
    """The navigation of the case that this page is about; empty on any other page."""
    case_id = (request.view_args or {}).get("case_id")
    if case_id is None or request.endpoint in _OUTSIDE:
        return []
    here = "cases.safety" if request.endpoint in _OF_SAFETY else next(
        (endpoint for __, endpoint, behind in TABS
         if endpoint == request.endpoint or request.blueprint in behind), "")
    return [Tab(str(label), url_for(endpoint, case_id=case_id), endpoint == here)
            for label, endpoint, __ in TABS]
