"""The search: a form and its results. What is searched for stands in no address."""

from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, render_template, url_for

from letters.web import forms, words
from letters.web.access import me, platform
from letters.web.languages import later as _l
from letters.workflow import search as looking
from letters.workflow.search import Searched, SearchPlace, SearchResult

blueprint = Blueprint("search", __name__, url_prefix="/search")

PLACES = {SearchPlace.CASE: _l("The case"), SearchPlace.LETTER: _l("A letter"),
          SearchPlace.NOTE_ON_LETTER: _l("A note on a letter"),
          SearchPlace.NOTE: _l("A note of the case")}


class Result(NamedTuple):
    """One line: what it is and where, in which case, and the words around what was found."""

    title: str
    url: str
    case: str
    found: SearchResult


@blueprint.route("", methods=["GET", "POST"])
def search() -> str | tuple[str, int]:
    """Look for words, step by step: each answer says how many cases were looked through."""
    errors: forms.Errors = []
    found: Searched | None = None
    done = max(0, forms.whole_number("done"))
    if forms.sent():
        with forms.kept(errors):
            found = looking.search(platform(), me(), forms.line("words"), forms.page_key())
    page = render_template(
        "today/search.html", words_=forms.line("words"), errors=errors, searched=found,
        results=[_result(one) for one in found.found] if found else [],
        done=done + found.cases if found else 0,
        next=forms.as_key(found.next) if found else None)
    return (page, 400) if errors else page


def _result(found: SearchResult) -> Result:
    on_letter = found.place in (SearchPlace.LETTER, SearchPlace.NOTE_ON_LETTER)
    return Result(str(PLACES[found.place]), _url(found.subject, on_letter, found.case.id),
                  words.case_called(found.called, found.case.reference), found)


def _url(subject: UUID, on_letter: bool, case: UUID) -> str:
    return (url_for("desk.letter", letter_id=subject) if on_letter
            else url_for("cases.case", case_id=case))
