"""The room for writing: one's letters, the draft, its versions, reading back, checking, sending, taking back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.domain.errors import DraftChanged, NotPossibleNow
from letters.domain.framework import READ
from letters.domain.lifecycle import WITH_AUTHOR, State
from letters.domain.people import PARTICIPANTS
from letters.storage import queries
from letters.storage.tables import Letter
from letters.web import forms, html
from letters.web.access import house, me, only_for
from letters.workflow import consent, exchange, opening, read, redaction, self_checking, suggestions, write

blueprint = Blueprint("writing", __name__, url_prefix="/letters")
blueprint.before_request(only_for(*PARTICIPANTS))


@blueprint.get("")
def letters() -> str:
    """All that one wrote, and where one can begin."""
    with house().store.reading() as db:
        page = queries.own_letters(db, me().person, forms.page_key())
        channels = [channel for channel, _ in queries.channels_from(db, me().person) if channel.opened_at]
    return render_template("writing/letters.html", page=page, channels=channels, next=forms.as_key(page.next))


@blueprint.post("/new")
def new() -> Response:
    """Begin a letter."""
    letter = write.begin(house(), me(), forms.identity("channel"))
    return redirect(url_for("writing.edit", letter_id=letter))


@blueprint.route("/<uuid:letter_id>/write", methods=["GET", "POST"])
def edit(letter_id: UUID) -> str | Response | tuple[str, int]:
    """Write and save. Nothing that was typed is ever lost."""
    own = write.own_text(house(), me(), letter_id)
    if not forms.sent():
        return _edit_page(letter_id, own.text if own else "", own.version if own else None, [])
    text, basis, errors = forms.text("text"), forms.identity_or_none("basis"), list[tuple[str, str]]()
    try:
        with forms.kept(errors):
            write.save(house(), me(), letter_id, basis, text)
            flash(_("Saved. Only you can read it."), "done")
            if forms.line("then") == "check":
                return redirect(url_for("writing.check", letter_id=letter_id))
            return redirect(url_for("writing.edit", letter_id=letter_id))
    except DraftChanged:
        current = write.own_text(house(), me(), letter_id)
        assert current is not None
        return render_template("writing/conflict.html", letter_id=letter_id, mine=text, other=current), 409
    except NotPossibleNow:
        errors.append(("text", _("This letter was sent meanwhile and cannot be changed. Your words are below: you "
                                 "can copy them, or use them for a new letter.")))
        return _edit_page(letter_id, text, basis, errors), 409
    return _edit_page(letter_id, text, basis, errors), 400


@blueprint.route("/<uuid:letter_id>/versions", methods=["GET", "POST"])
def versions(letter_id: UUID) -> str | Response:
    """Earlier versions of one's own, each of which can be brought back."""
    if forms.sent():
        write.restore(house(), me(), letter_id, forms.identity("version"))
        flash(_("This version is your draft again. The others are kept."), "done")
        return redirect(url_for("writing.edit", letter_id=letter_id))
    texts = write.own_texts(house(), me(), letter_id)
    return render_template("writing/versions.html", letter_id=letter_id, letter=_letter(letter_id), texts=texts,
                           render=html.letter)


@blueprint.get("/<uuid:letter_id>/read-back")
def read_back(letter_id: UUID) -> str:
    """The letter as it would look to who receives it."""
    own = write.own_text(house(), me(), letter_id)
    return render_template("writing/read_back.html", letter_id=letter_id, letter=_letter(letter_id), own=own,
                           shown=html.letter(own.text) if own else "")


@blueprint.get("/<uuid:letter_id>/check")
def check(letter_id: UUID) -> str | Response:
    """Before sending: the whole text, everybody who will read it, what happens next."""
    own, letter = write.own_text(house(), me(), letter_id), _letter(letter_id)
    if own is None or State(letter.state) not in WITH_AUTHOR:
        return redirect(url_for("writing.letter", letter_id=letter_id))
    return _check_page(letter_id, own, [], asked="look" in request.args)


@blueprint.post("/<uuid:letter_id>/send")
def send(letter_id: UUID) -> Response | tuple[str, int]:
    """Hand the letter to the facilitators, exactly as it was checked."""
    errors: forms.Errors = []
    try:
        with forms.kept(errors):
            write.submit(house(), me(), letter_id, forms.identity("version"))
            flash(_("Sent. Your facilitators have received it. You can take it back on this page."), "done")
            return redirect(url_for("writing.letter", letter_id=letter_id))
    except DraftChanged:
        errors.append(("", _("The letter was changed after you opened this page. Please read it once more.")))
    own = write.own_text(house(), me(), letter_id)
    assert own is not None
    return _check_page(letter_id, own, errors), 409


@blueprint.get("/<uuid:letter_id>")
def letter(letter_id: UUID) -> str:
    """Where one's letter is, in neutral words, and the way to take it back."""
    own, row = write.own_text(house(), me(), letter_id), _letter(letter_id)
    sent = redaction.as_sent(house(), me(), letter_id)
    return render_template("writing/letter.html", letter=row, own=own, with_me=State(row.state) in WITH_AUTHOR,
                           shown=html.letter((sent or own).text) if own else "", sent=sent,
                           came=suggestions.returned(house(), me(), letter_id),
                           notes=write.notes_for_author(house(), me(), letter_id),
                           readers=read.who_can_read(house(), me(), letter_id),
                           may_go=exchange.may_go(house(), me(), letter_id),
                           told=opening.told_to_writer(house(), me(), letter_id).value)


@blueprint.post("/<uuid:letter_id>/take-back")
def take_back(letter_id: UUID) -> Response:
    """Ask for the letter back; no reason is asked."""
    write.recall(house(), me(), letter_id)
    return redirect(url_for("writing.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/again")
def again(letter_id: UUID) -> Response:
    """Begin a new letter with the words of this one."""
    return redirect(url_for("writing.edit", letter_id=write.begin_again(house(), me(), letter_id)))


def _letter(letter_id: UUID) -> Letter:
    """The row of a letter; who may see it was asked when its text was opened."""
    with house().store.reading() as db:
        return db.get_one(Letter, letter_id)


def _edit_page(letter_id: UUID, text: str, basis: UUID | None, errors: forms.Errors) -> str:
    letter = _letter(letter_id)
    return render_template("writing/edit.html", letter=letter, letter_id=letter_id, text=text, basis=basis,
                           errors=errors, came=suggestions.returned(house(), me(), letter_id),
                           notes=write.notes_for_author(house(), me(), letter_id), most=write.MAX_LETTER,
                           with_me=State(letter.state) in WITH_AUTHOR)


def _check_page(letter_id: UUID, own: write.OwnText, errors: forms.Errors, asked: bool = False) -> str:
    team, recipient = read.future_readers(house(), me(), letter_id)
    return render_template("writing/check.html", letter_id=letter_id, own=own, shown=html.letter(own.text),
                           errors=errors, hindered=consent.hindered(house(), me(), letter_id), READ=READ,
                           team=team, recipient=recipient, asked=asked,
                           suggestions=self_checking.look(house(), me(), own.text, asked))
