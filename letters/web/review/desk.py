"""The review desk: what waits, reading a letter with its findings, and deciding."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import CaseErased, FindingsOpen, NeedsPassword, NotClaimed, NotPossibleNow
from letters.screening import Category
from letters.web import errors, forms, letter_html, words
from letters.web.access import me, platform
from letters.web.headers import of_saving_script
from letters.web.languages import later as _l
from letters.web.review import content_note
from letters.web.review import suggestions as review_suggestions
from letters.web.review.letter import letter_page, still_open, writer_of
from letters.web.review.opened import opened
from letters.workflow.decision import decide, screening_feedback, suggestions
from letters.workflow.oversight import emergency_reading
from letters.workflow.release import pace
from letters.workflow.review import care, claims, phrases, read_letter
from letters.workflow.review import desk as waiting
from letters.workflow.review.phrases import PhraseKind
from letters.workflow.screening.sealed_findings import Disposition

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
blueprint.after_request(of_saving_script)

Answer = str | Response | tuple[str, int]


@blueprint.get("")
def queue() -> str:
    """The letters that wait, longest first; never a word of one."""
    which = request.args.get("lane") if request.args.get("lane") in waiting.LISTS else None
    newest = request.args.get("order") == "newest"
    desk = waiting.desk_for(platform(), me(), which, forms.page_key(), not newest)
    g.with_script = uses_keys = care.own_care(platform(), me()).uses_keys
    called = {case: words.case_called(desk.of_case[case], reference)
              for case, reference in {(one.row.case, one.row.reference) for one in desk.waiting}}
    return render_template("review/desk.html", desk=desk, which=which, now=platform().now(),
                           called=called, order="newest" if newest else None,
                           keys=uses_keys,
                           asked_for=emergency_reading.cases_asked_for(platform(), me()),
                           next=forms.as_key(desk.next))


@blueprint.post("/next")
def claim_next() -> Response:
    """Claim the letter that has waited longest, and read it. Beyond one's own number a day, the
    letter's page asks first."""
    if care.own_care(platform(), me()).is_reached:
        flash(_("You wanted to read no more today. You can claim a letter by itself."), "care")
        return redirect(url_for("desk.queue"))
    found = waiting.claim_next(platform(), me())
    if found is None:
        flash(_("No letter is free at this moment."), "plain")
        return redirect(url_for("desk.queue"))
    return redirect(url_for("desk.letter", letter_id=found))


@blueprint.get("/<uuid:letter_id>")
def letter(letter_id: UUID) -> str:
    """One letter: its words with findings at their place, and what can be decided."""
    return letter_page(letter_id, [])


@blueprint.post("/<uuid:letter_id>/claim")
def claim(letter_id: UUID) -> Answer:
    """Claim the letter, give it back, ask for it, hand it over or on. Words of a decision that came
    too late are shown again, to be sent with the new claim."""
    wish = forms.choice("do", *_PASSING)
    if wish:
        verb, said, endpoint = _PASSING[wish]
        verb(platform(), me(), letter_id)
        flash(str(said), "done")
        return redirect(url_for("desk.queue") if endpoint == "desk.queue"
                        else url_for(endpoint, letter_id=letter_id))
    if forms.choice("do", "ask-colleague"):
        claims.ask_to_read(platform(), me(), letter_id, forms.identity("colleague"))
        flash(_("Your colleague finds it under Today. Whoever claims it first reads it."), "done")
        return redirect(url_for("desk.queue"))
    then = _PAGES.get(forms.choice("then", *_PAGES), "desk.letter")
    own = care.own_care(platform(), me())
    if (own.is_reached and not forms.is_ticked("sure")
        and claims.is_free(platform(), me(), letter_id)):
        return render_template("review/limit_reached.html", letter_id=letter_id, own=own,
                               typed=request.form)
    try:
        read_letter.claim(platform(), me(), letter_id)
    except NotPossibleNow as problem:
        return _too_late(letter_id, problem)
    if then in _TYPED:
        return _decision_page(letter_id, _TYPED[then], [], request.form)
    return redirect(url_for("desk.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/decide")
def choose(letter_id: UUID) -> Answer:
    """Keep the dispositions, then go on to the decision's page; for the script, only keep them."""
    then = forms.choice("then", *_PAGES, "keep", "save")
    try:
        read_letter.dispose(platform(), me(), letter_id, forms.identity("version"), _dispositions())
        screening_feedback.mark(platform(), me(), letter_id, forms.identity("version"),
                                _not_helpful())
    except NotPossibleNow as problem:
        return _too_late(letter_id, problem)
    if then == "keep":
        return "", 204
    target = _PAGES.get(then, "desk.letter")
    if target == "desk.letter":
        flash(_("Your notes on the findings are saved."), "done")
    return redirect(url_for(target, letter_id=letter_id))


@blueprint.route("/<uuid:letter_id>/approve", methods=["GET", "POST"])
def approve(letter_id: UUID) -> Answer:
    """The mirror: what the recipient will see and when, and the password field
    once every finding is *fine here*."""
    def decided() -> None:
        decide.approve(
            platform(),
            me(),
            letter_id,
            forms.identity("version"),
            forms.line("password"),
            forms.line("seen"),
            forms.text("reason"),
            forms.is_ticked("questions"),
        )
    return _decision(letter_id, "review/decide/approve.html", decided, _("Approved. Thank you."))


@blueprint.route("/<uuid:letter_id>/hold", methods=["GET", "POST"])
def hold(letter_id: UUID) -> Answer:
    """Hold: a reason for the team, and a date."""
    def decided() -> bool:
        return decide.hold(platform(), me(), letter_id, forms.identity("version"),
                           forms.text("reason"),
                           forms.day("review_on"), forms.choice("category", *Category))
    return _decision(letter_id, "review/decide/hold.html", decided,
                     _("Held. It stays on the desk under Held."))


@blueprint.route("/<uuid:letter_id>/return", methods=["GET", "POST"])
def give_back(letter_id: UUID) -> Answer:
    """Return: a reason for the team, and a kind note for the writer."""
    def decided() -> bool:
        return decide.return_to_author(platform(), me(), letter_id, forms.identity("version"),
                                       forms.text("reason"),
                                       forms.text("note"), forms.choice("category", *Category))
    return _decision(letter_id, "review/decide/return.html", decided,
                     _("Returned to its writer, with your note."))


@blueprint.post("/<uuid:letter_id>/resume")
def resume(letter_id: UUID) -> Response:
    """Take up a held letter again."""
    decide.resume(platform(), me(), letter_id)
    return redirect(url_for("desk.letter", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/seal")
def seal(letter_id: UUID) -> Response | tuple[str, int]:
    """Seal an approved letter to its recipient's present key."""
    try:
        decide.seal_again(platform(), me(), letter_id, forms.line("password"))
    except NeedsPassword:
        return letter_page(letter_id, [_WRONG_PASSWORD]), 400
    flash(_("Sealed again."), "done")
    return redirect(url_for("desk.queue"))


_PAGES = {"approve": "desk.approve", "hold": "desk.hold", "return": "desk.give_back"}
_TYPED = {"desk.hold": "review/decide/hold.html", "desk.give_back": "review/decide/return.html"}
_PASSING = {
    "give-back": (read_letter.unclaim, _l("It is back on the desk."), "desk.queue"),
    "ask": (claims.ask, _l("You have asked for it. It is said on the letter and in the list."),
            "desk.letter"),
    "hand-over": (claims.hand_over, _l("It is your colleague's now."), "desk.queue"),
    "take-over": (claims.take_over, _l("It is yours now."), "desk.letter"),
    "hand-on": (claims.hand_on, _l("It is handed on. It is not offered to you for a day."),
                "desk.queue"),
}
"""What can be done with a claim: the verb, what is said, and the next page."""
_NUMBERS = frozenset(str(number) for number in range(1, 1001))  # the screening gives far fewer
_DIFFER = _l("Held: another reader has approved it. Both reasons stand on its page now.")
_ALL_FINE = ("findings", _l("Mark every finding as fine here before you approve."))
_WRONG_PASSWORD = ("password", _l("This is not your password. Please try again."))


def _decision(letter_id: UUID, template: str, decided: Callable[[], bool | None],
              thanks: str) -> Answer:
    wrong: forms.Errors = []
    if forms.sent() and "phrase" in request.form and template in _SAVED:
        return _decision_page(letter_id, template, [], _with_phrase(template))
    if forms.sent():
        try:
            with forms.kept(wrong):
                flash(str(_DIFFER) if decided() else thanks, "done")
                heavy = waiting.is_heavy(platform(), me(), letter_id)
                return redirect(url_for("care.debrief", letter_id=letter_id) if heavy
                                else url_for("desk.queue"))
        except NeedsPassword:
            wrong.append(_WRONG_PASSWORD)
        except FindingsOpen:
            return letter_page(
                letter_id,
                [_ALL_FINE, *still_open(opened(letter_id))]
            ), 409
        except (NotPossibleNow, NotClaimed) as problem:
            return _too_late(letter_id, problem)
    page = _decision_page(letter_id, template, wrong, request.form)
    return (page, 400) if wrong else page


def _decision_page(letter_id: UUID, template: str, wrong: forms.Errors,
                   typed: Mapping[str, str]) -> str:
    read = opened(letter_id)
    mirror: dict[str, Any] = {}
    if template == "review/decide/approve.html":
        mirror = {"foreseen": pace.foreseen(platform(), me(), letter_id), "now": platform().now(),
                  "open": still_open(read),
                  "layers": content_note.layers(read)}
    else:
        g.with_script = True
    return render_template(
        template,
        read=read,
        letter=read.room.letter,
        errors=wrong,
        shown=letter_html.letter(read.text),
        typed=typed,
        phrases=_phrases_for(template),
        into=_SAVED[template][1] if template in _SAVED else "",
        writer=writer_of(read),
        suggested=suggestions.pending(platform(), me(), letter_id),
        WISHES=review_suggestions.WISHES,
        **mirror,
    )


_SAVED = {"review/decide/hold.html": (PhraseKind.HOLD, "reason"),
          "review/decide/return.html": (PhraseKind.RETURN, "note")}
"""Which of one's phrases are offered on the page of a decision, and the field they go into."""


def _phrases_for(template: str) -> tuple[str, ...]:
    return phrases.own_phrases(platform(), me())[_SAVED[template][0]] if template in _SAVED else ()


def _with_phrase(template: str) -> dict[str, str]:
    """What was typed, with the chosen phrase after it: it is read before it is sent."""
    kind, field = _SAVED[template]
    kept, chosen = phrases.own_phrases(platform(), me())[kind], forms.whole_number("phrase")
    typed = {name: forms.text(name) for name in request.form}
    if 0 <= chosen < len(kept):
        typed[field] = f"{typed.get(field, '').rstrip()}\n\n{kept[chosen]}".lstrip()
    return typed


def _too_late(letter_id: UUID, problem: NotPossibleNow | NotClaimed) -> tuple[str, int]:
    """A colleague was quicker, or the claim was lost: nothing was decided, and
    everything that was typed is shown."""
    if isinstance(problem, CaseErased):
        raise problem
    noted = [_("Finding %(number)s: %(value)s",
               number=number + 1, value=chosen.value) for number,
             chosen in sorted(_dispositions().items())]
    return render_template(
        "review/too_late.html",
        kind=errors.KINDS[type(problem)],
        letter_id=letter_id,
        noted=noted,
        typed=request.form,
        words=forms.typed_words(),
        then=_then(),
        free=claims.is_free(platform(), me(), letter_id),
    ), 409


def _then() -> str:
    """The decision whose words are kept, by the page sent or the claim that continues it."""
    by_endpoint = {"desk.hold": "hold", "desk.give_back": "return"}
    then = by_endpoint.get(request.endpoint or "", forms.line("then"))
    return then if then in by_endpoint.values() else ""


def _not_helpful() -> list[int]:
    """The findings whose box was ticked."""
    return [int(number) - 1 for number in forms.fields("not-helpful-") if number in _NUMBERS]


def _dispositions() -> dict[int, Disposition]:
    chosen = {}
    for field, value in request.form.items():
        number = field.removeprefix("finding-")
        if field != number and number in _NUMBERS and value:
            chosen[int(number) - 1] = Disposition(forms.choice(field, *Disposition))
    return chosen
