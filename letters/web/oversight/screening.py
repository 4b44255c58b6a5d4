"""For supervisors: what readers said of the screening, and which findings weigh as notes here."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.roles import Role
from letters.screening import weights
from letters.web import forms, words
from letters.web.access import me, platform
from letters.web.oversight.load import Table, said
from letters.workflow.decision import screening_feedback
from letters.workflow.screening import quieted

blueprint = Blueprint("screening", __name__, url_prefix="/supervision/screening")


@blueprint.route("", methods=["GET", "POST"])
def findings() -> str | Response | tuple[str, int]:
    """The counts by rule and category, and a form to take a finding as a note."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            quieted.quiet(platform(), me(), forms.text("rule"), forms.text("reason"))
            flash(_("In letters handed in from now on, this finding is a note."), "done")
            return redirect(url_for("screening.findings"))
    counts = screening_feedback.told(platform(), me())
    quiet = quieted.quiet_rules(platform(), me())
    page = render_template("oversight/screening.html", errors=errors, typed=request.form,
                           tables=_tables(counts), fewest=screening_feedback.FEWEST, quiet=quiet,
                           says=says, choices=_choices(counts, {one.rule for one in quiet}))
    return (page, 400) if errors else page


@blueprint.post("/restore")
def restore() -> Response:
    """Weigh a finding as it was made."""
    quieted.restore(platform(), me(), forms.text("rule"))
    flash(_("In letters handed in from now on, this finding weighs as it was made."), "done")
    return redirect(url_for("screening.findings"))


def says(rule: str) -> str:
    """What a rule says next to a letter."""
    return weights.why(rule) if weights.is_known(rule) else _("A rule of an earlier version")


def _tables(counts: screening_feedback.Counts) -> list[tuple[str, Table]]:
    rules = [(says(rule), words.category(rule.partition(".")[0]), _weight(rule), said(number))
             for rule, number in counts[screening_feedback.RULES]]
    missed = [(words.category(one), said(number))
              for one, number in counts[screening_feedback.CATEGORIES]]
    return [
        (_("Findings that were not helpful"), (
            (_("What the finding says"), _("Category"), _("Weight"), _("Not helpful")), rules)),
        (_("What the screening missed"), ((_("Category"), _("Missed")), missed)),
    ]


def _weight(rule: str) -> str:
    """The weight that a rule was made with, in letters of the person who harmed."""
    weight = weights.severity(rule, Role.RESPONSIBLE) if weights.is_known(rule) else None
    return words.SEVERITIES[weight] if weight else "–"


def _choices(counts: screening_feedback.Counts, quiet: set[str]) -> list[tuple[str, str]]:
    """The findings that somebody found not helpful, and that may be taken as notes."""
    return [(rule, says(rule)) for rule, _number in counts[screening_feedback.RULES]
            if weights.may_be_quieted(rule) and rule not in quiet]
