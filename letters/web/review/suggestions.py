"""The desk's words on a letter: suggestions at their passage, proposals to leave
something out, what has changed."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NotAcceptable
from letters.rules.letter.changes import paragraphs_changed
from letters.rules.letter.passages import Anchor, around, places
from letters.rules.translatable import marked
from letters.web import forms, letter_html
from letters.web.access import me, platform
from letters.web.languages import later as _l
from letters.web.review.opened import opened
from letters.workflow.decision import compare, redaction, suggestions
from letters.workflow.decision.next_to_letter import NextToLetter
from letters.workflow.decision.suggestions import Wish
from letters.workflow.review import read_letter

blueprint = Blueprint("suggestions", __name__, url_prefix="/desk")

Answer = str | Response | tuple[str, int]

WISHES = {Wish.COMMENT: _l("Comment"), Wish.WORDS: _l("Other words"),
          Wish.LEAVE_OUT: _l("Leave it out")}
ANSWERS = {
    suggestions.SuggestionAnswer.ACCEPTED: _l("The writer put these words in."),
    suggestions.SuggestionAnswer.CHANGED: _l("The writer wanted to change it in their own words."),
    suggestions.SuggestionAnswer.REFUSED: _l("The writer leaves it as it is."),
}


def beside(shown: NextToLetter) -> dict[str, object]:
    """What the letter's page shows of all this."""
    since = shown.since
    return {
        "since": since,
        "questions": shown.questions,
        "WISHES": WISHES,
        "ANSWERS": ANSWERS,
        "changed": [letter_html.changes(one) for one in paragraphs_changed(since.pieces)] if since
        else [],
    }


@blueprint.get("/<uuid:letter_id>/words")
def own(letter_id: UUID) -> str:
    """The reader's own suggestions for this letter, and the form for one more."""
    return _page(letter_id, [])


@blueprint.post("/<uuid:letter_id>/words")
def suggest(letter_id: UUID) -> Answer:
    """Suggest something for one passage."""
    def done(read: read_letter.Reading, version: UUID) -> None:
        wish = forms.one_of(Wish, "wish", _("Choose what you suggest."))
        suggestions.suggest(platform(), me(), letter_id, version, wish, _passage(read),
                            forms.text("words"))
    return _changing(letter_id, done)


@blueprint.post("/<uuid:letter_id>/words/redact")
def redact(letter_id: UUID) -> Answer:
    """Propose to leave out the findings that the reader marked so."""
    def done(_: read_letter.Reading, version: UUID) -> None:
        suggestions.leave_out_findings(platform(), me(), letter_id, version)
    return _changing(letter_id, done)


@blueprint.post("/<uuid:letter_id>/words/withdraw")
def withdraw(letter_id: UUID) -> Answer:
    """Withdraw one's own suggestion."""
    def done(_: read_letter.Reading, version: UUID) -> None:
        suggestions.withdraw(platform(), me(), letter_id, version, forms.identity("suggestion"))
    return _changing(letter_id, done)


@blueprint.get("/<uuid:letter_id>/changes")
def changes(letter_id: UUID) -> str:
    """The whole letter with what was added and removed since its last return."""
    since = compare.since_return(platform(), me(), letter_id)
    return render_template("review/suggestions/changes.html", letter_id=letter_id, since=since,
                           shown=letter_html.changes(since.pieces) if since else "")


@blueprint.route("/<uuid:letter_id>/why", methods=["GET", "POST"])
def why(letter_id: UUID) -> Answer:
    """A recipient's questions about what was left out, and the form to answer."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            redaction.answer_why(platform(), me(), letter_id, forms.identity("question"),
                                 forms.text("words"))
            flash(_("Your answer stands on the recipient's page of this letter."), "done")
            return redirect(url_for("suggestions.why", letter_id=letter_id))
    page = render_template(
        "review/suggestions/why_left_out.html",
        letter_id=letter_id,
        errors=errors,
        typed=request.form,
        questions=redaction.questions_about(platform(), me(), letter_id),
    )
    return (page, 400) if errors else page


def _changing(letter_id: UUID, done: Callable[[read_letter.Reading, UUID], None]) -> Answer:
    errors: forms.Errors = []
    with forms.kept(errors):
        done(opened(letter_id), forms.identity("version"))
        flash(_("Kept for the team. It goes to the writer when you return the letter."), "done")
        back = "desk.letter" if forms.choice("back", "letter") else "suggestions.own"
        return redirect(url_for(back, letter_id=letter_id))
    return _page(letter_id, errors), 400


def _passage(read: read_letter.Reading) -> Anchor:
    """The passage of a finding, or the one that was copied."""
    finding = _finding(read)
    if finding is not None:
        return finding
    at = forms.whole_number("at")
    return suggestions.passage(read.text, forms.line("passage"), at if at >= 0 else None)


def _finding(read: read_letter.Reading) -> Anchor | None:
    number = request.values.get("finding", "")
    if not (number.isascii() and number.isdigit() and len(number) < 5
            and 0 < int(number) <= len(read.findings)):
        return None
    finding = read.findings[int(number) - 1]
    if finding.end <= finding.start:
        raise NotAcceptable("passage",
                            marked("This finding has no place in the letter. Copy a passage."))
    return Anchor(finding.start, read.text[finding.start:finding.end])


def _page(letter_id: UUID, errors: forms.Errors) -> str:
    read = opened(letter_id)
    anchor = None
    with forms.kept(errors):
        anchor = _finding(read)
    there = places(read.text, forms.line("passage")) if anchor is None else []
    which_place = [("", _("Choose a place"))] if len(there) > 1 else []
    which_place += [(str(one.start), " … ".join(around(read.text, one))) for one in there
                if len(there) > 1]
    return render_template(
        "review/suggestions/suggestions.html",
        read=read,
        letter=read.room.letter,
        errors=errors,
        typed=request.form,
        WISHES=WISHES,
        mine=suggestions.pending(platform(), me(), letter_id),
        which_place=which_place,
        finding=anchor,
        number=request.values.get("finding", "") if anchor else "",
        shown=letter_html.letter_with_findings(read.text, ()),
    )
