"""The review desk: what waits, reading it with its findings, and deciding."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from letters.domain.errors import FindingsOpen, NeedsPassword
from letters.domain.people import Role
from letters.storage import queries
from letters.web import forms, html, words
from letters.web.access import house, me, only_for
from letters.workflow import break_glass, decide, directory, disagreement, own_notes, read_by_glass, review
from letters.workflow.findings import Disposition

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
blueprint.before_request(only_for(Role.FACILITATOR))

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def queue() -> str:
    """The longest waiting first; never a word of a letter."""
    lane = request.args.get("lane") if request.args.get("lane") in words.LANES else None
    with house().store.reading() as db:
        page = queries.desk_page(db, me().person, lane, forms.page_key())
        counts = queries.desk_counts(db, me().person)
        names = directory.names(house(), db, {row.claimed_by for row in page.rows if row.claimed_by})
        asked_for = read_by_glass.cases_asked_for(house(), db, me().person)
    return render_template("desk/queue.html", page=page, counts=counts, lane=lane, names=names, now=house().now(),
                           asked_for=asked_for, next=forms.as_key(page.next))


@blueprint.get("/<uuid:letter_id>")
def letter(letter_id: UUID) -> str:
    """One letter: its words with findings at their place, and what can be decided."""
    return letter_page(letter_id, [])


@blueprint.post("/<uuid:letter_id>/claim")
def claim(letter_id: UUID) -> Response:
    """Take the letter to read, or give it back to the desk."""
    if forms.line("do") == "give-back":
        review.unclaim(house(), me(), letter_id)
        return redirect(url_for("desk.queue"))
    review.claim(house(), me(), letter_id)
    return redirect(url_for("desk.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/decide")
def choose(letter_id: UUID) -> Response:
    """Keep the dispositions, then go on to the decision's own page."""
    review.dispose(house(), me(), letter_id, forms.identity("version"), _dispositions())
    pages = {"approve": "desk.approve", "hold": "desk.hold", "return": "desk.give_back"}
    target = pages.get(forms.line("then"), "desk.letter")
    if target == "desk.letter":
        flash("Your notes on the findings are saved.", "done")
    return redirect(url_for(target, letter_id=letter_id))


@blueprint.route("/<uuid:letter_id>/approve", methods=["GET", "POST"])
def approve(letter_id: UUID) -> Answer:
    """The mirror: what the recipient will see, and the password."""
    def decided() -> None:
        decide.approve(house(), me(), letter_id, forms.identity("version"), forms.line("password"),
                       forms.text("reason"))
    return _decision(letter_id, "desk/approve.html", decided, "Approved. Thank you.")


@blueprint.route("/<uuid:letter_id>/hold", methods=["GET", "POST"])
def hold(letter_id: UUID) -> Answer:
    """Hold: a reason for the team, and a date."""
    def decided() -> None:
        decide.hold(house(), me(), letter_id, forms.identity("version"), forms.text("reason"), forms.day("review_on"))
    return _decision(letter_id, "desk/hold.html", decided, "Held. It stays on the desk under Held.")


@blueprint.route("/<uuid:letter_id>/return", methods=["GET", "POST"])
def give_back(letter_id: UUID) -> Answer:
    """Return: a reason for the team, and a kind note for the writer."""
    def decided() -> None:
        decide.return_to_author(house(), me(), letter_id, forms.identity("version"), forms.text("reason"),
                                forms.text("note"))
    return _decision(letter_id, "desk/return.html", decided, "Returned to its writer, with your note.")


@blueprint.post("/<uuid:letter_id>/resume")
def resume(letter_id: UUID) -> Response:
    """Take a held letter up again."""
    decide.resume(house(), me(), letter_id)
    return redirect(url_for("desk.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/seal")
def seal(letter_id: UUID) -> Response | tuple[str, int]:
    """Seal an approved letter to its recipient's present key."""
    try:
        decide.seal_again(house(), me(), letter_id, forms.line("password"))
    except NeedsPassword:
        return letter_page(letter_id, [_WRONG_PASSWORD]), 400
    flash("Sealed again.", "done")
    return redirect(url_for("desk.queue"))


_NUMBERS = frozenset(str(number) for number in range(1, 1001))  # the screening gives far fewer
_CHOICES = [("", "Not decided"), *((choice.value, choice.value.capitalize()) for choice in Disposition)]
_WRONG_PASSWORD = ("password", "This is not your password. Please try again.")


def _decision(letter_id: UUID, template: str, decided: Callable[[], None], thanks: str) -> Answer:
    errors: forms.Errors = []
    if forms.sent():
        try:
            with forms.kept(errors):
                decided()
                flash(thanks, "done")
                return redirect(url_for("desk.queue"))
        except NeedsPassword:
            errors.append(_WRONG_PASSWORD)
        except FindingsOpen:
            return letter_page(letter_id, [("findings", "Mark every finding as fine here before you approve.")]), 409
    read = review.look(house(), me(), letter_id)
    page = render_template(template, read=read, letter=read.room.letter, errors=errors, shown=html.letter(read.text),
                           typed=request.form, writer=_writer(read))
    return (page, 400) if errors else page


def letter_page(letter_id: UUID, errors: forms.Errors) -> str:
    """The page of one letter, with what was wrong in a form of it."""
    read = review.look(house(), me(), letter_id)
    letter = read.room.letter
    break_glass.keep_spares(house(), me(), letter.case_id)
    claimed = letter.claimed_by if letter.claimed_until and letter.claimed_until > house().now() else None
    with house().store.reading() as db:
        approved = decide.approvals(house(), db, letter, read.version).readers
        seen = read.curtain.readers(approved)
        named = {*seen, *(note.written_by for note in read.notes), *([claimed] if claimed else [])}
        names = directory.names(house(), db, named)
    return render_template(
        "desk/letter.html", read=read, letter=letter, errors=errors, names=names, claimed=claimed,
        approved=sorted(names[reader] for reader in seen), has_approved=me().person in approved,
        shown=html.letter_with_findings(read.text, read.findings), can=review.possible(me(), read.room),
        writer=_writer(read), choices=_CHOICES, mine=claimed == me().person,
        places=own_notes.on_letter(house(), me(), letter_id), differ=disagreement.look(house(), me(), letter_id),
        typed=request.form)


def _writer(read: review.Reading) -> Role:
    return next(Role(person.role) for _, person in read.room.participants if person.id == read.room.letter.author_id)


def _dispositions() -> dict[int, Disposition]:
    chosen = {}
    for field, value in request.form.items():
        number = field.removeprefix("finding-")
        if field != number and number in _NUMBERS and value in set(Disposition):
            chosen[int(number) - 1] = Disposition(value)
    return chosen
