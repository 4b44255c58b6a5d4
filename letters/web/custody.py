"""Signing in beside a facilitator: the team's part in it, the person harmed's own word, and what stays open without."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NeedsPassword
from letters.rules.roles import PARTICIPANTS, Role
from letters.storage.queries import lists
from letters.web import forms
from letters.web.access import house, me, my_case, only_for
from letters.web.process_people import person_page
from letters.web.recovery import WRONG_PASSWORD
from letters.workflow.accounts import supervised_sign_in
from letters.workflow.release import pace

blueprint = Blueprint("custody", __name__)
Answer = str | Response | tuple[str | Response, int]


@blueprint.post("/cases/<uuid:case_id>/supervised")
def of_participant(case_id: UUID) -> Answer:
    """Have a participant sign in beside a facilitator, no longer, or open that for half an hour."""
    wish, person, errors = forms.button("do", "set", "off", "open"), forms.identity("person"), list[tuple[str, str]]()
    if wish == "open":
        supervised_sign_in.open_window(house(), me(), case_id, person)
        flash(_("They can sign in with their password now, once, within half an hour."), "done")
    elif wish == "off":
        supervised_sign_in.release_from_supervision(house(), me(), case_id, person)
    elif forms.is_sure(errors, "custody-sure"):
        try:
            supervised_sign_in.supervise(house(), me(), case_id, person, forms.line("password"))
        except NeedsPassword:
            errors.append(("password", str(WRONG_PASSWORD)))
    if errors:
        return person_page(case_id, person, errors)
    return redirect(url_for("process_people.person", case_id=case_id, person_id=person))


@blueprint.route("/account/beside-a-facilitator", methods=["GET", "POST"])
def own() -> Answer:
    """One's own word on it: for the person harmed nobody else can say it."""
    only_for(*PARTICIPANTS)()
    errors: forms.Errors = []
    if forms.sent():
        wish = forms.button("do", "set", "off")
        if wish == "off" or forms.is_sure(errors):
            try:
                (supervised_sign_in.choose if wish == "set" else supervised_sign_in.choose_no_longer)(
                    house(), me(), forms.line("password")
                )
                flash(_("Saved. It holds from the next time you sign in."), "done")
                return redirect(url_for("custody.own"))
            except NeedsPassword:
                errors.append(("password", str(WRONG_PASSWORD)))
    page = render_template("custody/own.html", held=supervised_sign_in.own(house(), me()), errors=errors)
    return (page, 400) if errors else page


@blueprint.route("/without-a-facilitator", methods=["GET", "POST"])
def apart() -> Answer:
    """What stays open to somebody whose sign-in no facilitator has opened: pausing, here; stopping and withdrawing, on
    pages of their own."""
    only_for(*PARTICIPANTS)()
    if forms.sent():
        pace.pause(house(), me(), my_case())
        return redirect(url_for("custody.apart"))
    can_pause = me().role is Role.HARMED
    with house().store.reading() as db:
        found = lists.case_of_participant(db, me().person)
    return render_template("custody/apart.html", can_pause=can_pause,
                           paused=can_pause and found is not None and found[0].paused_at is not None)
