"""Helping somebody who lost password and recovery code: a reset code, then seven
words spoken on the telephone."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NeedsPassword
from letters.web import forms
from letters.web.access import me, platform
from letters.web.words import WRONG_PASSWORD
from letters.workflow.lost_access import confirm_key
from letters.workflow.lost_access import reset as resetting

blueprint = Blueprint("reset_for_somebody", __name__)



@blueprint.route("/resets/<uuid:person_id>", methods=["GET", "POST"])
def ask(person_id: UUID) -> str | tuple[str, int]:
    """Make a reset code, shown once, in this answer."""
    errors: forms.Errors = []
    if forms.sent():
        try:
            code = resetting.ask_reset(platform(), me(), person_id, forms.line("password"))
            return render_template("accounts/lost_access/reset_code.html", code=code,
                                   days=resetting.RESET_DAYS)
        except NeedsPassword:
            errors.append(("password", WRONG_PASSWORD))
    account = resetting.account_to_reset(platform(), me(), person_id)
    page = render_template(
        "accounts/lost_access/give_reset_code.html",
        person=account.person,
        takes_part=account.takes_part,
        days=resetting.RESET_DAYS,
        errors=errors,
        name=_("this person") if account.name is None else account.name,
    )
    return (page, 400) if errors else page


@blueprint.get("/cases/<uuid:case_id>/keys/<uuid:person_id>")
def key(case_id: UUID, person_id: UUID) -> str:
    """The seven words of a new key, to be compared on the telephone."""
    return _key_page(case_id, person_id, [])


@blueprint.post("/cases/<uuid:case_id>/keys/<uuid:person_id>")
def confirm(case_id: UUID, person_id: UUID) -> Response | tuple[str, int]:
    """Confirm that one heard these words from the person."""
    errors: forms.Errors = []
    try:
        with forms.kept(errors):
            done = confirm_key.confirm_key(platform(), me(), case_id, person_id,
                                           forms.digest("kid"),
                                           forms.line("password"), forms.line("heard") == "yes")
            flash(_what_was_done(done), "done")
            return redirect(url_for("reset_for_somebody.key", case_id=case_id, person_id=person_id))
    except NeedsPassword:
        errors.append(("password", WRONG_PASSWORD))
    return _key_page(case_id, person_id, errors), 400


@blueprint.post("/cases/<uuid:case_id>/keys/<uuid:person_id>/rest")
def rest(case_id: UUID, person_id: UUID) -> Response | tuple[str, int]:
    """Give back the letters that the confirming colleagues could not open."""
    try:
        done = confirm_key.grant_the_rest(platform(), me(), case_id, person_id,
                                          forms.line("password"))
    except NeedsPassword:
        return _key_page(case_id, person_id, [("password", WRONG_PASSWORD)]), 400
    flash(_what_was_done(done), "done")
    return redirect(url_for("reset_for_somebody.key", case_id=case_id, person_id=person_id))


def _key_page(case_id: UUID, person_id: UUID, errors: forms.Errors) -> str:
    awaited = confirm_key.awaited(platform(), me(), case_id, person_id)
    left = confirm_key.left_over(platform(), me(), case_id, person_id)
    return render_template(
        "accounts/lost_access/confirm_key.html",
        case_id=case_id,
        person_id=person_id,
        name=confirm_key.name_of(platform(), me(), case_id, person_id),
        awaited=awaited,
        left=left,
        mine=awaited is not None and me().person in awaited.confirmed_by,
        errors=errors,
    )


def _what_was_done(done: confirm_key.Granted) -> str:
    if not done.confirmed:
        return _("Thank you. Your word is kept. One more colleague of the team has to hear the "
                 "words.")
    return _("The key is confirmed. Letters that they can read again: %(versions)s.",
             versions=done.versions)
