"""The agreement before the first letter, for the team: propose a version, see who agreed to
which."""

import json
from uuid import UUID

from flask_babel import gettext as _

from letters.rules.case.process import Source, Terms
from letters.web import forms
from letters.web.access import me, platform
from letters.web.cases.frame import Answer, done, file_of, room, shown
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.preparation import agreement as agreeing

blueprint = room("case_agreement")


@blueprint.route("/agreement", methods=["GET", "POST"])
def agreement(case_id: UUID) -> Answer:
    """The versions, and the form for the next one, which begins with the words of the newest."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            first = forms.one_of(Source, "first", _("Choose who writes first."))
            replies = forms.whole_number("replies") if forms.line("replies").strip() else None
            wording = agreeing.Wording(forms.text("topics"), forms.text("address"),
                                       tuple(forms.text("not-to-be-used").splitlines()),
                                       {person: forms.text(f"own-{person}") for person in _own()},
                                       forms.line("greeting"), forms.line("signature"))
            agreeing.propose(platform(), me(), case_id,
                             Terms(first, replies, forms.whole_number("days")), wording)
            return done(_sent(case_id), "case_agreement.agreement", case_id=case_id)
    return shown("background/agreement", case_id, errors, _versions)


def _sent(case_id: UUID) -> str:
    with file_of(case_id) as file:
        stands = file.parties and file.process.agreement(file.parties.harmed,
                                                         file.parties.responsible)
    if stands:
        return _("Sent to both. The earlier version stands until both have agreed to this one.")
    return _("Sent to both. There is no agreement until both have agreed to it.")


def _own() -> list[UUID]:
    """The people for whom the form has words of their own."""
    found = []
    for field in forms.fields("own-"):
        try:
            found.append(UUID(field))
        except ValueError:
            continue
    return found


def _versions(file: CaseFile) -> dict[str, object]:
    opened = []
    for made in reversed(file.process.agreements):
        notes = file.words(made.id, by=made.by)
        opened.append((made, json.loads(notes[0].words) if notes else None))
    newest = opened[0] if opened else (None, None)
    both = [file.participant(person)[1]
            for person in (file.parties.harmed, file.parties.responsible)
            ] if file.parties else []
    return {"versions": opened, "before": newest[0], "words_before": newest[1] or {}, "both": both,
            "ready": len(both) == 2 and all(person.enrolled_at for person in both)}
