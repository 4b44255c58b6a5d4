"""Receiving letters: what has arrived, and opening it when and as far as one likes (rule 23)."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from letters.rules.letter.redacted import MARK
from letters.rules.permissions import Permission, has
from letters.rules.roles import Role
from letters.web import forms, letter_html
from letters.web.access import me, my_case, platform
from letters.workflow.reading import in_parts
from letters.workflow.reading.in_parts import Plan, ReadingWay, Shelf, Telling
from letters.workflow.reading.open_letter import letters_arrived

blueprint = Blueprint("inbox", __name__, url_prefix="/for-you")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def inbox() -> str:
    """What has arrived, newest first; what was put away stands below."""
    page = letters_arrived(platform(), me(), forms.page_key())
    return render_template("reading/inbox.html", page=page, next=forms.as_key(page.next),
                           shelves=in_parts.shelves(platform(), me()), Shelf=Shelf,
                           given_back=in_parts.given_back(platform(), me()),
                           plans=has(me().role, Permission.CASE_SET_PACE))


@blueprint.get("/<uuid:letter_id>")
def letter(letter_id: UUID) -> str:
    """Before opening: what the letter is, without a word of it. After: the part at which
    the reader stopped, or all of it."""
    look = in_parts.letter_for(platform(), me(), letter_id,
                               forms.number(request.args.get("part", "")),
                               request.args.get("ends") == "shown")
    if look.layer is None:
        return _before(look)
    shown = [(part.theme, letter_html.letter(part.of(look.layer.text)))
             for part in look.layer.shown]
    return render_template(
        "reading/letter.html",
        look=look,
        letter_id=letter_id,
        shown=shown,
        Shelf=Shelf,
        Way=ReadingWay,
        Telling=Telling,
        tells=me().role is Role.HARMED,
        left_out=look.layer.text.count(MARK),
    )


@blueprint.get("/<uuid:letter_id>/before")
def before(letter_id: UUID) -> str:
    """The note that comes before a letter, shown even if the letter was opened already."""
    return _before(in_parts.letter_for(platform(), me(), letter_id))


@blueprint.get("/<uuid:letter_id>/answers")
def answers(letter_id: UUID) -> str:
    """One's own questions, and what the letter does with each; not a word of the letter."""
    look = in_parts.letter_for(platform(), me(), letter_id)
    if look.arrived.note is None or not look.arrived.note.questions:
        raise NotFound
    return render_template("reading/answers.html", look=look, questions=look.arrived.note.questions)


@blueprint.post("/<uuid:letter_id>/open")
def open_letter(letter_id: UUID) -> Response:
    """Open the letter now, because the reader wants to: part by part, at one part, or all of it."""
    way = ReadingWay(forms.choice("way", *ReadingWay) or ReadingWay.ALL)
    in_parts.open_at(platform(), me(), letter_id, way, forms.number(forms.line("passage")))
    return redirect(url_for("inbox.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/turn")
def turn(letter_id: UUID) -> Response:
    """Go on to the next part."""
    in_parts.turn(platform(), me(), letter_id, forms.whole_number("part"))
    return redirect(url_for("inbox.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/put")
def put(letter_id: UUID) -> Response:
    """Put it away, keep it, take it out, give it to the facilitators, or have it back from them."""
    do = forms.choice("do", "give-back", "take-back", *Shelf)
    if do == "give-back":
        in_parts.give_back(platform(), me(), letter_id)
        flash(_("Your facilitators keep this letter for you now."), "done")
    elif do == "take-back":
        in_parts.take_back(platform(), me(), letter_id)
    else:
        in_parts.put(platform(), me(), letter_id, Shelf(do))
    return redirect(url_for("inbox.inbox") if do in ("away", "give-back") else
                    url_for("inbox.before", letter_id=letter_id))


@blueprint.route("/<uuid:letter_id>/destroy", methods=["GET", "POST"])
def destroy(letter_id: UUID) -> Answer:
    """Destroy the letter for good, after a confirmation on a page of its own."""
    errors: forms.Errors = []
    if forms.sent() and forms.is_sure(errors):
        in_parts.destroy(platform(), me(), letter_id)
        flash(_("The letter is destroyed. Nothing of it is left here."), "done")
        return redirect(url_for("inbox.inbox"))
    look = in_parts.letter_for(platform(), me(), letter_id)
    page = render_template("reading/destroy.html", look=look, letter_id=letter_id, errors=errors)
    return (page, 400) if errors else page


@blueprint.post("/<uuid:letter_id>/tell")
def tell(letter_id: UUID) -> Response:
    """Choose whether the writer is told; never, unless the person harmed says so."""
    in_parts.tell_writer(platform(), me(), letter_id, Telling(forms.button("telling", *Telling)))
    flash(_("Saved."), "done")
    return redirect(url_for("inbox.letter", letter_id=letter_id))


@blueprint.route("/plan", methods=["GET", "POST"])
def plan() -> Answer:
    """How the reader wants to open a letter when one comes; nobody else reads it."""
    errors: forms.Errors = []
    made = in_parts.plan(platform(), me())
    if forms.sent():
        way = forms.choice("way", "all", "parts", "note")
        made = Plan(forms.text("when"), forms.text("with_whom"),
                    ReadingWay.ALL if way == "all" else ReadingWay.PARTS,
                    way == "note", forms.is_ticked("hide_ends"))
        with forms.kept(errors):
            in_parts.make_plan(platform(), me(), my_case(), made)
            flash(_("Your plan is saved. Only you can read it."), "done")
            return redirect(url_for("inbox.inbox"))
    page = render_template("reading/plan.html", plan=made, errors=errors)
    return (page, 400) if errors else page


def _before(look: in_parts.LetterView) -> str:
    return render_template("reading/before.html", look=look, arrived=look.arrived, plan=look.plan,
                           Shelf=Shelf,
                           note=look.arrived.note, harmed=me().role is Role.HARMED)
