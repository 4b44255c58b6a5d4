"""The pages of a case's team: its members, asking, answering, leaving; and the
team as the person harmed sees it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from keys.identity import fingerprint
from letters.rules.permissions import Permission, has
from letters.web import forms
from letters.web.access import entered, me, my_case, platform
from letters.workflow.team import history, join_and_leave, specialists, suggest

blueprint = Blueprint("team", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<uuid:case_id>/team")
def members(case_id: UUID) -> Answer:
    """The team, for its members."""
    return _team_page(case_id, [])


@blueprint.post("/cases/<uuid:case_id>/team/ask")
def ask(case_id: UUID) -> Answer:
    """Ask a colleague to join, with or without a handover."""
    handover = forms.choice("handover", "yes", "no")
    part = forms.choice("part", "facilitator", "specialist")
    errors = [*([] if part else [("part", _("Choose as what you ask them."))]),
              *([] if handover else [("handover", _("Choose what your colleague will be able to "
                                                    "read."))])]
    if errors:
        return _team_page(case_id, errors), 400
    join_and_leave.ask(platform(), me(), case_id, forms.identity("colleague"), handover == "yes",
                       part == "specialist")
    flash(_("Your colleague is asked. They find it under Today, and answer there."), "done")
    back = "cases.people" if forms.choice("back", "people") else "team.members"
    return redirect(url_for(back, case_id=case_id))


@blueprint.post("/cases/<uuid:case_id>/team/not-asked")
def not_asked(case_id: UUID) -> Response:
    """Say that the team will not ask whom a supervisor suggests."""
    suggest.leave(platform(), me(), case_id, forms.identity("colleague"))
    flash(_("Noted: your team does not ask them."), "done")
    return redirect(url_for("team.members", case_id=case_id))


@blueprint.post("/cases/<uuid:case_id>/team/keys")
def sign_for(case_id: UUID) -> Answer:
    """Sign for a colleague's new keys."""
    errors: forms.Errors = []
    with forms.kept(errors):
        join_and_leave.sign_for(platform(), me(), case_id, forms.identity("colleague"),
                                forms.digest("kid"),
                                forms.is_ticked("heard"))
        flash(_("Signed: your colleague can act in this team again."), "done")
        return redirect(url_for("team.members", case_id=case_id))
    return _team_page(case_id, errors), 400


@blueprint.post("/cases/<uuid:case_id>/team/end-specialist")
def end_specialist(case_id: UUID) -> Answer:
    """End a specialist's part, if the box next to the button is ticked."""
    errors: forms.Errors = []
    if forms.is_sure(errors):
        with forms.kept(errors):
            specialists.end_part(platform(), me(), case_id, forms.identity("specialist"))
            flash(_("Their part has ended: they can open nothing of this case any more."), "done")
            return redirect(url_for("team.members", case_id=case_id))
    return _team_page(case_id, errors), 400


@blueprint.post("/cases/<uuid:case_id>/team/withdraw")
def withdraw(case_id: UUID) -> Answer:
    """Withdraw a request to join."""
    join_and_leave.withdraw(platform(), me(), case_id, forms.identity("colleague"))
    return redirect(url_for("team.members", case_id=case_id))


@blueprint.route("/cases/<uuid:case_id>/team/answer", methods=["GET", "POST"])
def answer(case_id: UUID) -> Answer:
    """The participants' names, a declaration about conflicts of interest, and yes or no."""
    errors: forms.Errors = []
    interest, known = forms.choice("interest", "none", "told"), forms.is_ticked("known")
    if forms.sent() and forms.button("do", "join", "decline") == "decline":
        join_and_leave.answer(platform(), me(), case_id, joins=False)
        flash(_("You have not joined. The team sees that, and no reason."), "done")
        return redirect(url_for("cases.list_cases"))
    if forms.sent():
        with forms.kept(errors):
            conflict = _conflict(interest, errors)
            if not errors:
                join_and_leave.answer(platform(), me(), case_id, True, conflict, known=known)
                flash(_("You are in the team."), "done")
                return redirect(url_for("cases.case", case_id=case_id))
    page = render_template("cases/team/answer.html",
                           invited=history.invited(platform(), me(), case_id), errors=errors,
                           typed=request.form)
    return (page, 400) if errors else page


@blueprint.route("/cases/<uuid:case_id>/team/leave", methods=["GET", "POST"])
def leave(case_id: UUID) -> Answer:
    """Explain what leaving means, then leave."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            join_and_leave.leave(platform(), me(), case_id)
            flash(_("You have left the team."), "done")
            return redirect(url_for("cases.list_cases"))
        return _team_page(case_id, errors), 409
    look = history.team_for(platform(), me(), case_id)
    entered(look.room)
    return render_template("cases/team/leave.html", look=look)


@blueprint.get("/who-is-in-the-team")
def for_participants() -> str:
    """Present and former members, for everybody who takes part; for the person harmed also who can
    read each letter."""
    if not has(me().role, Permission.CASE_CHOOSE):
        return render_template("cases/team/for_participants.html",
                               look=history.who_was_in(platform(), me(), my_case()))
    look, letters = history.look_as_harmed(platform(), me(), my_case())
    return render_template(
        "cases/team/for_participants.html", look=look, letters=letters,
        words_of_head=fingerprint(look.head)
    )


def _conflict(chosen: str, errors: forms.Errors) -> str:
    """The declared conflict: choosing nothing is no answer, and a conflict needs words."""
    told = forms.text("conflict")
    if not chosen:
        errors.append(("interest", _("Choose one of the two.")))
    elif chosen == "told" and not told.strip():
        errors.append(("conflict", _("Write a few words for the team.")))
    elif chosen == "none" and told.strip():
        errors.append(("interest", _("You wrote something for the team. Choose that there is "
                                     "something they should "
                                     "know, or take the words away.")))
    return told if chosen == "told" else ""


def _team_page(case_id: UUID, errors: forms.Errors) -> str:
    look = history.team_for(platform(), me(), case_id)
    entered(look.room)
    own = next((one.words for one in look.renewed if one.person == me().person), ())
    return render_template("cases/team/members.html", look=look, case=look.room.case, errors=errors,
                           typed=request.form,
                           words_of_head=fingerprint(look.head), own_words=own)
