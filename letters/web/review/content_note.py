"""The desk: what a recipient meets before a letter, its parts, the
questions of the person harmed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from letters.rules.letter.parts import MOST_PARTS, Answer, as_read, passages
from letters.rules.roles import Role
from letters.web import forms, letter_html
from letters.web.access import me, platform
from letters.web.languages import later as _l
from letters.web.review.opened import opened
from letters.workflow.decision import content_note
from letters.workflow.decision import questions as decision_questions
from letters.workflow.decision.content_note import Draft
from letters.workflow.reading import in_parts
from letters.workflow.review import read_letter

blueprint = Blueprint("content_note", __name__, url_prefix="/desk")

_ROWS = 6
_MORE_ROWS = 3
_ANSWERS = [("", _l("Not marked")), (Answer.ANSWERED.value, _l("Answered")),
            (Answer.PARTLY.value, _l("Partly answered")), (Answer.NOT.value, _l("Not answered"))]

Answered = str | Response | tuple[str, int]


def layers(read: read_letter.Reading) -> dict[str, Any]:
    """What the desk's pages show of a letter's note, parts and questions."""
    note = content_note.note_for(platform(), me(), read)
    return {
        "note": note,
        "seen": content_note.seen(note),
        "asked": decision_questions.questions_for(platform(), me(), read),
        "pages": note.characters // 1500 + 1 if note else 0,
        "written": content_note.draft(read) is not None,
        "to_harmed": decision_questions.answers(platform(), read.room),
        "kept_here": in_parts.is_with_team(platform(), me(), read.room.letter.id),
        "questions_chosen": decision_questions.is_chosen(read),
        "questions": decision_questions.of_letter(read)
        if decision_questions.writer(platform(), read.room) is Role.HARMED
        else [],
    }


@blueprint.route("/<uuid:letter_id>/note", methods=["GET", "POST"])
def note(letter_id: UUID) -> Answered:
    """Write what the recipient meets first, and mark the letter's parts; then
    preview it as they will see it."""
    errors: forms.Errors = []
    read = opened(letter_id)
    written = (_written() if forms.sent() else content_note.draft(read)
               or content_note.proposed(read))
    if forms.sent():
        with forms.kept(errors):
            content_note.save_note(platform(), me(), letter_id, forms.identity("version"), written)
            flash(_("Kept. This is what the recipient will see first."), "done")
            return redirect(url_for("content_note.preview", letter_id=letter_id))
    shown = [letter_html.letter(span.of(read.text)) for span in passages(read.text)]
    rows = max(_ROWS, min(len(written.begins) + _MORE_ROWS, MOST_PARTS))
    page = render_template(
        "review/notes/content_note.html",
        read=read,
        letter=read.room.letter,
        errors=errors,
        draft=written,
        passages=shown,
        rows=rows,
        typed=request.form,
        content_note=content_note,
    )
    return (page, 400) if errors else page


@blueprint.get("/<uuid:letter_id>/preview")
def preview(letter_id: UUID) -> str:
    """What the recipient will see first, with the present note."""
    read = opened(letter_id)
    found = layers(read)
    if found["note"] is None:
        raise NotFound
    return render_template("review/decide/preview.html", read=read, letter=read.room.letter,
                           layers=found,
                           parts=_shown_parts(read, content_note.note_for(platform(), me(), read)))


@blueprint.route("/<uuid:letter_id>/questions", methods=["GET", "POST"])
def questions(letter_id: UUID) -> Answered:
    """Number the questions in a letter of the person harmed; only quotes."""
    errors: forms.Errors = []
    read = opened(letter_id)
    if decision_questions.writer(platform(), read.room) is not Role.HARMED:
        raise NotFound
    typed = forms.text("questions") if forms.sent() else "\n".join(
        " ".join(quote.split()) for quote in decision_questions.of_letter(read))
    if forms.sent():
        with forms.kept(errors):
            decision_questions.choose(platform(), me(), letter_id, forms.identity("version"),
                                      typed.splitlines())
            flash(_("The questions are numbered."), "done")
            return redirect(url_for("desk.letter", letter_id=letter_id))
    page = render_template(
        "review/notes/questions.html",
        read=read,
        letter=read.room.letter,
        errors=errors,
        typed=typed,
        shown=letter_html.letter(read.text),
    )
    return (page, 400) if errors else page


@blueprint.route("/<uuid:letter_id>/answers", methods=["GET", "POST"])
def answers(letter_id: UUID) -> Answered:
    """Mark how an answer treats each question, and where."""
    errors: forms.Errors = []
    read = opened(letter_id)
    asked = decision_questions.questions_for(platform(), me(), read)
    if not asked:
        raise NotFound
    if forms.sent():
        with forms.kept(errors):
            decision_questions.mark(platform(), me(), letter_id, forms.identity("version"),
                                    _marks(len(asked)))
            flash(_("Marked. Questions that are left open are shown before you approve."), "done")
            return redirect(url_for("desk.letter", letter_id=letter_id))
    page = render_template("review/notes/answers.html", read=read, letter=read.room.letter,
                           errors=errors, asked=asked,
                           choices=_ANSWERS, typed=request.form if errors else {},
                           passages=[letter_html.letter(span.of(read.text))
                                     for span in passages(read.text)])
    return (page, 400) if errors else page


def _shown_parts(read: read_letter.Reading,
                 note: content_note.ForRecipient | None) -> list[tuple[str, str, str]]:
    return [
        (part.kind.value, part.theme, letter_html.letter(part.of(read.text)))
        for part in as_read(note.parts if note else ())
    ]


def _written() -> Draft:
    begins = []
    for row in range(1, MOST_PARTS + 1):
        theme = " ".join(forms.text(f"theme-{row}").split())
        if forms.line(f"from-{row}").strip() or theme:
            begins.append((forms.whole_number(f"from-{row}"), theme))
    themes = tuple(" ".join(line.split()) for line in forms.text("themes").splitlines()
                   if line.strip())
    return Draft(forms.text("summary").strip(), themes, forms.whole_number("greeting"),
                 forms.whole_number("signature"), tuple(begins))


def _marks(number: int) -> list[tuple[Answer | None, int | None]]:
    return [(Answer(said) if (said := forms.choice(f"answer-{row}", *Answer)) else None,
             forms.whole_number(f"passage-{row}") if forms.line(f"passage-{row}").strip() else None)
            for row in range(1, number + 1)]
