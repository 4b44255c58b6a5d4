"""What waits for whom: the calendar of one case, and of all cases in whose team one is."""

from uuid import UUID

from flask import Blueprint, render_template

from letters.rules.errors import CaseKeyMissing
from letters.rules.roles import Role
from letters.web import forms, process_words
from letters.web.access import house, me, only_for
from letters.web.case_room import Answer, shown, way_back
from letters.workflow.cases import calendar
from letters.workflow.cases.case_file import CaseFile

blueprint = Blueprint("calendar", __name__, url_prefix="/cases")
blueprint.before_request(only_for(Role.FACILITATOR))
blueprint.register_error_handler(CaseKeyMissing, way_back)


@blueprint.get("/<uuid:case_id>/calendar")
def one_case(case_id: UUID) -> Answer:
    """The calendar of a case."""
    def see(file: CaseFile) -> dict[str, object]:
        dues = calendar.of_file(file)
        return {"dues": [process_words.due(file, one) for one in dues],
                "overdue": process_words.overdue(sum(one.overdue for one in dues))}
    return shown("calendar", case_id, [], see)


@blueprint.get("/calendar")
def all_cases() -> str:
    """The calendar across the cases in whose team one is."""
    with calendar.across(house(), me(), forms.page_key()) as found:
        dues = [process_words.due(file, one) | {"reference": file.case.reference} for file, one in found.dues]
        return render_template("calendar/all_cases.html", dues=dues, broken=found.broken, next=forms.as_key(found.next),
                               overdue=process_words.overdue(sum(one.overdue for _, one in found.dues)))
