"""The page of one letter on the review desk: the letter, and everything shown next to it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from letters.rules.roles import Role
from letters.screening import Category, Severity
from letters.web import forms, letter_html, words
from letters.web.access import me, platform
from letters.web.languages import later as _l
from letters.web.review import content_note, criteria, suggestions
from letters.web.review.opened import opened
from letters.workflow.decision import (
    decide,
    disagreement,
    earlier_letters,
    next_to_letter,
    questions,
    screening_feedback,
)
from letters.workflow.oversight import emergency_access
from letters.workflow.review import care, claims, notes, read_letter
from letters.workflow.screening.sealed_findings import Disposition

_LEADS_TO = {
    None: _l("say what you make of it"),
    Disposition.ASK: _l("“ask the writer” leads to returning the letter, with a kind note"),
    Disposition.REDACT: _l("“redact” leads to proposing to the writer that these words are left "
                           "out"),
    Disposition.ESCALATE: _l("“escalate” leads to a safeguarding alert"),
}
_CHOICES = [("", _l("Not decided")), (Disposition.FINE.value, _l("Fine here")),
            (Disposition.ASK.value, _l("Ask the writer")), (Disposition.REDACT.value, _l("Redact")),
            (Disposition.ESCALATE.value, _l("Escalate"))]


def letter_page(letter_id: UUID, wrong: forms.Errors) -> str:
    """A letter with everything shown next to it at the desk; what was typed into a form is kept."""
    read = opened(letter_id)
    letter, layers = read.room.letter, content_note.layers(read)
    read = questions.beside_questions(read, layers["asked"])
    g.with_script = True
    emergency_access.keep_spares(platform(), me(), letter.case_id)
    shown = next_to_letter.next_to_letter(platform(), me(), read)
    own = care.own_care(platform(), me())
    return render_template(
        "review/letter.html",
        covered=own.covers and any(one.severity >= Severity.SERIOUS for one in read.findings),
        called=words.case_called(shown.of_case, read.room.case.reference),
        to_do=_before_approval(read, layers),
        read=read,
        letter=letter,
        errors=wrong,
        names=shown.names,
        claimed=shown.claimed,
        asked_reader=shown.asked_reader,
        can_be_asked=[(one, shown.names[one]) for one in shown.can_be_asked],
        approved=sorted(shown.names[reader] for reader in shown.approved),
        has_approved=shown.has_approved,
        shown=letter_html.letter_with_findings(read.text, read.findings),
        can=read_letter.possible(me(), read.room),
        writer=writer_of(read),
        choices=_CHOICES,
        mine=shown.claimed == me().person,
        criteria=criteria.of(writer_of(read)),
        keys=care.KEYS if own.uses_keys else None,
        takes_at=claims.takes_at(letter),
        may_take=claims.may_be_taken(platform(), letter, me().person),
        leads_to=_ways_on(read),
        open_alerts=shown.open_alerts,
        layers=layers,
        typed=request.form,
        remarks=(earlier_letters.remarks(platform(), me(), read)
                 if request.args.get("earlier") == "shown" else None),
        kinds=words.kinds(),
        not_helpful=screening_feedback.marked_by(read.notes, me().person),
        missed=screening_feedback.missed(read.notes),
        places=notes.on_letter(platform(), me(), letter_id),
        differ=disagreement.disagreement_for(platform(), me(), letter_id),
        **suggestions.beside(shown),
    )


def _ways_on(read: read_letter.Reading) -> dict[Disposition, tuple[str, str]]:
    """The next step of each disposition: in words, and the page."""
    letter = read.room.letter
    return {Disposition.ASK: (_("Return it to the writer …"),
                              url_for("desk.give_back", letter_id=letter.id)),
            Disposition.REDACT: (_("Propose to leave it out …"),
                                 url_for("suggestions.own", letter_id=letter.id)),
            Disposition.ESCALATE: (_("Open an alert …"),
                                   url_for("alerts.open", case_id=letter.case_id))}


def _before_approval(read: read_letter.Reading, layers: dict[str, Any]) -> list[tuple[str, str]]:
    """What keeps this reader from approving: where it is done, and what."""
    found, open_ = [], decide.open_findings(read)
    if open_:
        found.append((f"#choice-{min(open_) + 1}",
                      ngettext("mark %(num)s finding", "mark %(num)s findings", len(open_))))
    if layers["to_harmed"] and not layers["written"]:
        found.append((url_for("content_note.note", letter_id=read.room.letter.id),
                      _("write the first note")))
    return found


def still_open(read: read_letter.Reading) -> forms.Errors:
    """Each finding that keeps the letter from being approved, with its disposition's next step."""
    return [(f"choice-{number + 1}", _("Finding %(number)s: %(what)s.",
                                       number=number + 1, what=_LEADS_TO[chosen]))
            for number, chosen in decide.open_findings(read).items()]


def writer_of(read: read_letter.Reading) -> Role:
    """The role in the case of the letter's author."""
    return next(Role(person.role) for _,
                person in read.room.participants if person.id == read.room.letter.author_id)


blueprint = Blueprint("screening_feedback", __name__, url_prefix="/desk")


@blueprint.post("/<uuid:letter_id>/missed")
def missed(letter_id: UUID) -> Response | tuple[str, int]:
    """Keep something that the screening did not notice, with its category."""
    errors: forms.Errors = []
    version, category = forms.identity("version"), forms.choice("missed-category", *Category)
    if not category:
        errors.append(("missed-category", _("Choose what it is.")))
    else:
        with forms.kept(errors):
            screening_feedback.miss(
                platform(), me(), letter_id, version, Category(category), forms.text("missed-words")
            )
            flash(_("Kept for the case team. The kind of it is counted, so that the screening "
                    "can be mended."), "done")
            return redirect(url_for("desk.letter", letter_id=letter_id))
    return letter_page(letter_id, errors), 400
