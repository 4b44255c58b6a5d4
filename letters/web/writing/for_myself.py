"""Words for oneself: letters that are not meant to be sent, for the person harmed alone."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import DraftChanged
from letters.web import forms
from letters.web.access import me, platform
from letters.workflow.writing import for_myself, write

blueprint = Blueprint("for_myself", __name__, url_prefix="/for-myself")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def mine() -> str:
    """All of them, by day alone."""
    page = for_myself.own_words(platform(), me(), forms.page_key())
    return render_template("writing/for_myself/list.html", page=page, next=forms.as_key(page.next))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Write a new one."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            letter = for_myself.begin_words(platform(), me(), forms.text("text"))
            flash(_("Saved. Only you can read it."), "done")
            return redirect(url_for("for_myself.edit", letter_id=letter))
    page = render_template("writing/for_myself/write.html", own=None, text=forms.text("text"),
                           errors=errors,
                           most=write.MAX_LETTER)
    return (page, 400) if errors else page


@blueprint.route("/<uuid:letter_id>", methods=["GET", "POST"])
def edit(letter_id: UUID) -> Answer:
    """Read one, and go on writing."""
    errors: forms.Errors = []
    if forms.sent():
        try:
            with forms.kept(errors):
                for_myself.save(platform(), me(), letter_id, forms.whole_number("saves"),
                                forms.text("text"))
                flash(_("Saved. Only you can read it."), "done")
                return redirect(url_for("for_myself.edit", letter_id=letter_id))
        except DraftChanged:
            return render_template(
                "writing/for_myself/conflict.html",
                own=for_myself.words_of(platform(), me(), letter_id),
                mine=forms.text("text"),
            ), 409
    own = for_myself.words_of(platform(), me(), letter_id)
    page = render_template("writing/for_myself/write.html", own=own,
                           text=forms.text("text") if errors else own.text,
                           errors=errors, most=write.MAX_LETTER,
                           channels=write.open_channels(platform(), me()))
    return (page, 400) if errors else page


@blueprint.post("/<uuid:letter_id>/letter")
def make_letter(letter_id: UUID) -> Response:
    """Begin a letter with these words."""
    letter = for_myself.make_letter(platform(), me(), letter_id, forms.identity("channel"))
    flash(_("This is a draft of a letter now. Nobody reads it until you send it. Your words stay "
            "here too."), "done")
    return redirect(url_for("writing.edit", letter_id=letter))


@blueprint.route("/<uuid:letter_id>/destroy", methods=["GET", "POST"])
def destroy(letter_id: UUID) -> Answer:
    """Destroy one for good, after a confirmation on a page of its own."""
    errors: forms.Errors = []
    if forms.sent() and forms.is_sure(errors):
        for_myself.destroy(platform(), me(), letter_id)
        flash(_("It is destroyed. Nothing of it is left here."), "done")
        return redirect(url_for("for_myself.mine"))
    page = render_template(
        "writing/for_myself/destroy.html", own=for_myself.words_of(platform(), me(), letter_id),
        errors=errors
    )
    return (page, 400) if errors else page
