"""Writing: one's letters, the draft, its versions, reading back, checking, sending, taking back."""

from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from letters.rules.case.framework import READ
from letters.rules.errors import DraftChanged, NotPossibleNow
from letters.rules.letter.guidance import Guide
from letters.rules.letter.lifecycle import WITH_AUTHOR, State
from letters.rules.roles import Role
from letters.screening.finders.codes import codes
from letters.storage.tables.letters import Letter
from letters.web import forms, letter_html
from letters.web.access import me, platform
from letters.web.headers import of_saving_script
from letters.web.languages import later as _l
from letters.workflow.decision import redaction, suggestions
from letters.workflow.preparation import consent
from letters.workflow.reading import asked_of, in_parts, open_letter
from letters.workflow.release import pace
from letters.workflow.screening import self_check
from letters.workflow.writing import write

blueprint = Blueprint("writing", __name__, url_prefix="/letters")
blueprint.after_request(of_saving_script)

Answer = str | Response | tuple[str, int] | tuple[dict[str, str], int]

_SENT_MEANWHILE = _l("This letter was sent meanwhile and cannot be changed. Your words are "
                     "below: you can copy them, "
                     "or use them for a new letter.")
_APART = _l("This letter was saved in another window, too. Both texts are kept. Press Save to "
            "see them both.")
_NEXT = {"check": "writing.check", "questions": "writing.guided"}
"""The page after a save, by the button that was pressed; otherwise the letter as it is now."""


@blueprint.get("")
def letters() -> str:
    """All letters that this person wrote, and where they can begin one."""
    page = write.own_letters(platform(), me(), forms.page_key())
    return render_template("writing/letters.html", page=page, next=forms.as_key(page.next),
                           channels=write.open_channels(platform(), me()))


@blueprint.get("/guidance")
def guidance() -> str:
    """What to know before writing (rule 18)."""
    guide = _guide()
    if guide is None:
        raise Forbidden
    return render_template("writing/guidance.html", guide=guide)


@blueprint.post("/new")
def new() -> Response:
    """Begin a letter, on a blank page or with questions."""
    leads_to = _NEXT.get(forms.choice("with", *_NEXT), "writing.edit")
    letter = write.begin_letter(platform(), me(), forms.identity("channel"))
    return redirect(url_for(leads_to, letter_id=letter))


@blueprint.get("/<uuid:letter_id>/questions")
def guided(letter_id: UUID) -> str | Response:
    """Questions whose answers are added after the letter's present words. They are sent to
    the page that saves the letter."""
    own, guide = write.own_text(platform(), me(), letter_id), _guide()
    if guide is None or State(_letter(letter_id).state) not in WITH_AUTHOR:
        return redirect(url_for("writing.edit", letter_id=letter_id))
    g.with_script = True
    return render_template("writing/guided.html", letter_id=letter_id, own=own, guide=guide,
                           shown=letter_html.letter(own.text) if own else "", most=write.MAX_LETTER)


@blueprint.route("/<uuid:letter_id>/write", methods=["GET", "POST"])
def edit(letter_id: UUID) -> Answer:
    """Write and save. Nothing that was typed is ever lost."""
    own = write.own_text(platform(), me(), letter_id)
    if not forms.sent():
        return _edit_page(letter_id, own.text if own else "", own.version if own else None, [])
    if forms.by_itself():
        return _save_by_itself(letter_id)
    text, errors = forms.letter_text(), list[tuple[str, str]]()
    leads_to = _NEXT.get(forms.choice("then", *_NEXT), "writing.edit")
    try:
        with forms.kept(errors):
            _save(letter_id, text)
            flash(_("Saved. Only you can read it."), "done")
            return redirect(url_for(leads_to, letter_id=letter_id))
    except DraftChanged:
        current = write.own_text(platform(), me(), letter_id)
        assert current is not None
        return render_template("writing/conflict.html", letter_id=letter_id, mine=text,
                               other=current), 409
    except NotPossibleNow:
        errors.append(("text", str(_SENT_MEANWHILE)))
        return _edit_page(letter_id, text, forms.identity_or_none("basis"), errors), 409
    return _edit_page(letter_id, text, forms.identity_or_none("basis"), errors), 400


@blueprint.route("/<uuid:letter_id>/versions", methods=["GET", "POST"])
def versions(letter_id: UUID) -> str | Response:
    """Earlier versions, each of which the writer can restore."""
    if forms.sent():
        write.restore(platform(), me(), letter_id, forms.identity("version"))
        flash(_("This version is your draft again. The others are kept."), "done")
        return redirect(url_for("writing.edit", letter_id=letter_id))
    page = write.own_page(platform(), me(), letter_id, forms.page_key())
    return render_template("writing/versions.html", letter_id=letter_id, letter=_letter(letter_id),
                           texts=page.rows,
                           next=forms.as_key(page.next), render=letter_html.letter)


@blueprint.get("/<uuid:letter_id>/read-back")
def read_back(letter_id: UUID) -> str:
    """The letter as its recipient would see it."""
    own = write.own_text(platform(), me(), letter_id)
    return render_template("writing/read_back.html", letter_id=letter_id, letter=_letter(letter_id),
                           own=own, codes=codes(own.text) if own else (),
                           shown=letter_html.letter(own.text) if own else "")


@blueprint.get("/<uuid:letter_id>/check")
def check(letter_id: UUID) -> str | Response:
    """Before sending: the whole text, everybody who will read it, what happens next."""
    own, letter = write.own_text(platform(), me(), letter_id), _letter(letter_id)
    if own is None or State(letter.state) not in WITH_AUTHOR:
        return redirect(url_for("writing.letter", letter_id=letter_id))
    return _check_page(letter_id, own, [], asked="look" in request.args)


@blueprint.post("/<uuid:letter_id>/send")
def send(letter_id: UUID) -> Response | tuple[str, int]:
    """Hand the letter to the facilitators, exactly as it was checked."""
    errors: forms.Errors = []
    try:
        with forms.kept(errors):
            if write.submit(platform(), me(), letter_id, forms.identity("version"),
                            lambda words: not codes(words) or forms.is_sure(errors)):
                flash(_("Sent. Your facilitators have received it. You can take it back on this "
                        "page."), "done")
                return redirect(url_for("writing.letter", letter_id=letter_id))
    except DraftChanged:
        errors.append(("", _("The letter was changed after you opened this page. Please read it "
                             "once more.")))
    own = write.own_text(platform(), me(), letter_id)
    assert own is not None
    return _check_page(letter_id, own, errors), 409


@blueprint.get("/<uuid:letter_id>")
def letter(letter_id: UUID) -> str:
    """Where the letter is, in neutral words, and the way to take it back."""
    own, row = write.own_text(platform(), me(), letter_id), _letter(letter_id)
    sent = redaction.as_sent(platform(), me(), letter_id)
    return render_template("writing/letter.html", letter=row, own=own,
                           with_me=State(row.state) in WITH_AUTHOR,
                           shown=letter_html.letter((sent or own).text) if own else "", sent=sent,
                           came=suggestions.returned(platform(), me(), letter_id),
                           notes=write.notes_for_author(platform(), me(), letter_id),
                           readers=open_letter.who_can_read(platform(), me(), letter_id),
                           may_go=pace.may_go(platform(), me(), letter_id),
                           told=in_parts.told_to_writer(platform(), me(), letter_id).value)


@blueprint.post("/<uuid:letter_id>/take-back")
def take_back(letter_id: UUID) -> Response:
    """Ask for the letter back; no reason is asked."""
    write.recall(platform(), me(), letter_id)
    return redirect(url_for("writing.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/again")
def again(letter_id: UUID) -> Response:
    """Begin a new letter with the words of this one."""
    return redirect(url_for("writing.edit",
                            letter_id=write.begin_again(platform(), me(), letter_id)))


def _letter(letter_id: UUID) -> Letter:
    return write.own_letter(platform(), me(), letter_id)


def _guide() -> Guide | None:
    """What helps this person to write; None for somebody who writes no letters."""
    guide: Guide | None = current_app.extensions["prompts"].of(me().role)
    return guide


def _save(letter_id: UUID, text: str) -> UUID:
    """Save what this window sent."""
    window = write.Window(forms.by_itself(), forms.identity_or_none("mark"),
                          tuple(forms.identities("unanswered")))
    return write.save(platform(), me(), letter_id, forms.identity_or_none("basis"), text, window)


def _save_by_itself(letter_id: UUID) -> tuple[dict[str, str], int]:
    """The same for the page's script: the new version's id, or what its writer is told."""
    errors: forms.Errors = []
    try:
        with forms.kept(errors):
            return {"version": str(_save(letter_id, forms.letter_text()))}, 200
    except DraftChanged:
        return {"said": str(_APART)}, 409
    except NotPossibleNow:
        return {"said": str(_SENT_MEANWHILE)}, 409
    return {"said": errors[0][1]}, 400


def _edit_page(letter_id: UUID, text: str, basis: UUID | None, errors: forms.Errors) -> str:
    letter = _letter(letter_id)
    g.with_script = with_me = State(letter.state) in WITH_AUTHOR
    return render_template("writing/edit.html", letter=letter, letter_id=letter_id, text=text,
                           basis=basis,
                           errors=errors, came=suggestions.returned(platform(), me(), letter_id),
                           notes=write.notes_for_author(platform(), me(), letter_id),
                           most=write.MAX_LETTER,
                           with_me=with_me)


def _check_page(letter_id: UUID, own: write.OwnText, errors: forms.Errors,
                asked: bool = False) -> str:
    team, recipient = open_letter.future_readers(platform(), me(), letter_id)
    return render_template(
        "writing/check.html",
        letter_id=letter_id,
        own=own,
        shown=letter_html.letter(own.text),
        codes=codes(own.text),
        errors=errors,
        hindered=consent.hindered(platform(), me(), letter_id),
        READ=READ,
        team=team,
        recipient=recipient,
        asked=asked,
        two=me().role is Role.RESPONSIBLE,
        supervisors=open_letter.supervisors_told(platform(), me(), letter_id),
        asked_of_you=asked_of.questions_to(platform(), me()),
        suggestions=self_check.suggestions_for(platform(), me(), own.text, asked),
    )
