"""A facilitator's cases: open one, invite, record the acknowledgement, halt."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from letters.domain.errors import CaseErased, CaseKeyMissing
from letters.domain.people import PARTICIPANTS, Role
from letters.domain.permissions import Permission
from letters.domain.stages import gaps, stage
from letters.storage import queries
from letters.web import forms
from letters.web.access import house, me, only_for
from letters.workflow import (
    custody,
    directory,
    enrol,
    epochs,
    notes,
    open_case,
    read_by_glass,
    spares,
    standing,
    team_history,
    throttle,
    trail,
)
from letters.workflow.recording import parties_of
from letters.workflow.rooms import look_at_case

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
blueprint.before_request(only_for(Role.FACILITATOR))


@blueprint.get("")
def list_cases() -> str:
    """The cases in whose team one is."""
    with house().store.reading() as db:
        page = queries.cases_of_member(db, me().person, forms.page_key())
    return render_template("cases/list.html", page=page, next=forms.as_key(page.next),
                           asks=team_history.asks_of(house(), me()))


@blueprint.post("/new")
def new() -> Response:
    """Open a case."""
    return redirect(url_for("cases.case", case_id=open_case.open_case(house(), me())))


@blueprint.get("/<uuid:case_id>")
def case(case_id: UUID) -> str | Response:
    """A case: who is in it, what is missing, its letters. Whose keys are new since finds the way back at the team."""
    try:
        return _case_page(case_id, [])
    except CaseErased:
        return redirect(url_for("erasing.case", case_id=case_id))
    except CaseKeyMissing:
        flash("Your access was set up anew, so this case has to be handed over to you anew.", "care")
        return redirect(url_for("team.members", case_id=case_id))


@blueprint.post("/<uuid:case_id>/invite")
def invite(case_id: UUID) -> str | tuple[str, int]:
    """Invite a participant; the code is shown once, in this answer."""
    errors: forms.Errors = []
    role = forms.line("role")
    if role not in PARTICIPANTS:
        return _case_page(case_id, [("", "Choose whom you invite.")]), 400
    with forms.kept(errors):
        code = enrol.invite_participant(house(), me(), case_id, Role(role), forms.line("name"))
        return _code_page(code, url_for("cases.case", case_id=case_id))
    return _case_page(case_id, [(f"{field}-{role}", words) for field, words in errors]), 400


@blueprint.post("/<uuid:case_id>/invite-again")
def invite_again(case_id: UUID) -> str:
    """A new code in place of a lost or expired one."""
    code = enrol.invite_again(house(), me(), case_id, forms.identity("person"))
    return _code_page(code, url_for("cases.case", case_id=case_id))


@blueprint.post("/<uuid:case_id>/acknowledgement")
def acknowledgement(case_id: UUID) -> Response | tuple[str, int]:
    """Record the acknowledgement of harm, or confirm what another facilitator recorded."""
    errors: forms.Errors = []
    with forms.kept(errors):
        if forms.line("do") == "confirm":
            standing.confirm_acknowledgement(house(), me(), case_id, forms.identity("told"))
        else:
            standing.record_acknowledgement(house(), me(), case_id, forms.text("evidence"))
        return redirect(url_for("cases.case", case_id=case_id))
    return _case_page(case_id, errors), 400


@blueprint.post("/<uuid:case_id>/halt")
def halt(case_id: UUID) -> Response:
    """Halt, or lift the halt."""
    (open_case.lift_halt if forms.line("do") == "lift" else open_case.halt)(house(), me(), case_id)
    return redirect(url_for("cases.case", case_id=case_id))


def _code_page(code: str, back: str) -> str:
    return render_template("cases/code.html", code=code, back=back, days=enrol.INVITATION_DAYS)


def _case_page(case_id: UUID, errors: forms.Errors) -> str:
    spares.keep_spares(house(), me(), case_id)
    with house().store.reading() as db:
        room = look_at_case(house(), db, me(), case_id, Permission.CASE_SEE)
        people = {directory.role_of(house(), person): (participant, person)
                  for participant, person in room.participants}
        others = [(participant, person) for participant, person in room.participants
                  if directory.role_of(house(), person) is Role.OTHER]
        story, parties = trail.story(house(), db, room.case), parties_of(house(), room)
        shut = gaps(story, house().framework, parties, house().today())
        ring = epochs.open_all(house(), db, me(), case_id)
        if not ring:
            raise CaseKeyMissing
        recorded = story.process.acknowledgement
        evidence = notes.opened_by_team(house(), db, ring, case_id, recorded.id) if recorded else []
        letters = queries.letters_of_case(db, case_id)
        names = directory.names(house(), db, {*room.team, *(person.id for _, person in room.participants)})
        failing = throttle.failing(house(), db, [person for _, person in room.participants])
        return render_template("cases/case.html", room=room, case=room.case, people=people, others=others, shut=shut,
                               stage=stage(story, house().framework, parties, house().today()),
                               told=read_by_glass.told_to_team(house(), db, me(), room), failing=failing,
                               names=names, recorded=recorded, evidence=evidence, errors=errors,
                               custody={person.id: custody.custody_of(house(), db, person)
                                        for _, person in room.participants},
                               letters=letters, openable=epochs.openable(db, letters, ring), typed=forms.line)
