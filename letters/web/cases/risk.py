"""Suitability and risk, for the team: the assessment in the framework's form,
earlier ones, risks and requests."""

import json
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, NotFound

from letters.rules.case.process import Assessed, Outcome
from letters.rules.events import Event
from letters.web import forms
from letters.web.access import me, platform
from letters.web.cases.frame import Answer, done, history, recorded, room, shown
from letters.workflow.access.record_fact import Looking
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.preparation import assessment as preparation_assessment

blueprint = room("risk")


@blueprint.route("/assessment", methods=["GET", "POST"])
def assessment(case_id: UUID) -> Answer:
    """The newest assessment, and the form for the next."""
    errors: forms.Errors = []
    asked = platform().framework.assessment
    if forms.sent() and forms.choice("do", "so-far"):
        offered = {f"{one.id}-rating": asked.ratings for one in asked.dimensions}
        offered["outcome"] = tuple(Outcome.__members__)
        if any(forms.line(name) not in ("", *values) for name, values in offered.items()):
            raise BadRequest
        with forms.kept(errors):
            preparation_assessment.keep_so_far(platform(), me(), case_id, _typed())
            return done(_("Kept for you alone. The team sees it once you keep the assessment."),
                        "risk.assessment", case_id=case_id)
    elif forms.sent():
        answers = {one.id: {"rating": forms.choice(f"{one.id}-rating", *asked.ratings),
                            "evidence": forms.text(f"{one.id}-evidence"),
                            "plan": forms.text(f"{one.id}-plan")} for one in asked.dimensions}
        errors += [(f"{one.id}-rating", _("Choose a rating for: %(title)s.",
                                          title=one.title)) for one in asked.dimensions
                   if answers[one.id]["rating"] not in asked.ratings]
        with forms.kept(errors):
            outcome = forms.one_of(Outcome, "outcome", _("Choose what this comes to."))
            if not errors:
                preparation_assessment.assess(platform(), me(), case_id, answers, outcome,
                                              forms.day("until"),
                                              forms.identities("risks"))
                return recorded(_("The assessment is kept."), case_id, "risk.assessment")
    return shown("background/assessment", case_id, _at_a_field(errors), _see)


def _typed() -> dict[str, str]:
    """The fields of the form, as they were typed."""
    parts = [f"{one.id}-{what}" for one in platform().framework.assessment.dimensions
             for what in ("rating", "evidence", "plan")]
    return {name: forms.text(name) for name in (*parts, "outcome", "until")}


def _see(file: CaseFile) -> dict[str, object]:
    """What the page shows. Who has yet to look themselves does not see how a colleague rated; what
    is carried over comes from the newest assessment that they may see."""
    process, looks = file.process, platform().framework.assessment.looks
    hidden = _is_hidden(file, process.assessed)
    visible = next((made for made in reversed(process.assessments) if not _is_hidden(file, made)),
                   None)
    return {"so_far": preparation_assessment.so_far(
                Looking(file.platform, file.db, me(), file.room)),
            "assessed": process.assessed, "hidden": hidden, "before": visible,
            "answers": None if hidden else _answers(file, process.assessed),
            "carried": _answers(file, visible) or {},
            "lacks_look": process.lacks_look(looks, platform().today()),
            "earlier": [made for made in process.assessments[:-1] if not _is_hidden(file, made)],
            "latest": date.fromordinal(platform().today().toordinal()
                                       + platform().framework.assessment.lasts_days)}


def _is_hidden(file: CaseFile, made: Assessed | None) -> bool:
    """True for a colleague's *suitable* that still waits for this member's own look."""
    looks, day = platform().framework.assessment.looks, platform().today()
    return (made is not None and file.process.lacks_look(looks, day)
            and file.process.is_unseen_by(made, me().person, day))


@blueprint.get("/assessment/<uuid:assessment_id>")
def earlier(case_id: UUID, assessment_id: UUID) -> Answer:
    """An earlier assessment next to the newest, part by part, as far as this member may see and
    can open them."""
    def see(file: CaseFile) -> dict[str, object]:
        visible = [made for made in file.process.assessments if not _is_hidden(file, made)]
        this = next((made for made in visible if made.id == assessment_id), None)
        if this is None:
            raise NotFound
        return {"versions": [(made, _answers(file, made))
                             for made in dict.fromkeys((this, visible[-1]))]}
    return shown("background/earlier_assessment", case_id, [], see)


@blueprint.route("/risks", methods=["GET", "POST"])
def risks(case_id: UUID) -> Answer:
    """Risks and requests that anybody in the case reported, and the form to report a risk."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            preparation_assessment.report_risk(platform(), me(), case_id, forms.text("words"))
            return done(_("Recorded. Nothing is handed over until suitability and risk have been "
                          "assessed again."),
                        "risk.risks", case_id=case_id)
    return shown("background/risks", case_id, errors, lambda file: {
        "told": history(file, {Event.RISK_REPORTED: "A risk"}),
        "asked": history(file, {Event.REQUEST_KEPT: "A request"})})


def _answers(file: CaseFile, made: Assessed | None) -> dict[str, dict[str, str]] | None:
    """The answers of an assessment; None if this member cannot open it."""
    notes = file.words(made.id, by=made.by) if made else []
    return json.loads(notes[0].words) if notes else None


def _at_a_field(errors: forms.Errors) -> forms.Errors:
    """Leave out the error that all answers together are too long: it belongs to no single field."""
    return [("" if field == "answers" else field, said) for field, said in errors]
