"""Signing in beside a facilitator: the team's part, the consent of the person harmed,
and what stays open without it."""


from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.errors import NeedsPassword, Tampered
from letters.rules.permissions import Permission, has
from letters.web import forms
from letters.web.access import halfway, me, my_case, platform
from letters.web.words import WRONG_PASSWORD
from letters.workflow.accounts import supervised_sign_in
from letters.workflow.accounts.sign_in_steps import PASSWORD
from letters.workflow.cases import own_cases
from letters.workflow.release import pace
from letters.workflow.writing import write

blueprint = Blueprint("supervised_sign_in", __name__)
Answer = str | Response | tuple[str | Response, int]


@blueprint.route("/account/beside-a-facilitator", methods=["GET", "POST"])
def own() -> Answer:
    """Set one's own choice: nobody else can say it for the person harmed."""
    errors: forms.Errors = []
    if forms.sent():
        wish = forms.button("do", "set", "off")
        if wish == "off" or forms.is_sure(errors):
            try:
                (supervised_sign_in.choose if wish == "set"
                 else supervised_sign_in.choose_no_longer)(
                    platform(), me(), forms.line("password")
                )
                flash(_("Saved. It holds from the next time you sign in."), "done")
                return redirect(url_for("supervised_sign_in.own"))
            except NeedsPassword:
                errors.append(("password", str(WRONG_PASSWORD)))
    page = render_template(
        "accounts/second_factor/supervised_sign_in.html",
        held=supervised_sign_in.own_supervision(platform(), me()),
        errors=errors,
    )
    return (page, 400) if errors else page


@blueprint.route("/without-a-facilitator", methods=["GET", "POST"])
def apart() -> Answer:
    """What stays open to somebody who has given the password alone, without the facilitator
    or the second step that their sign-in needs: pausing and taking back, on this page; stopping
    and withdrawing, on pages of their own."""
    if forms.sent():
        if forms.button("do", "pause", "take-back") == "take-back":
            write.recall_all(platform(), me(), my_case())
            flash(_("What had not been handed over yet is taken back."), "done")
        else:
            pace.pause(platform(), me(), my_case())
        return redirect(url_for("supervised_sign_in.apart"))
    can_pause = has(me().role, Permission.CASE_PAUSE)
    found = own_cases.case_of_participant(platform(), me())
    half = halfway()
    return render_template(
        "accounts/sign_in/apart.html",
        own_step=half is not None and half.stage == PASSWORD,
        supervised=_is_supervised(),
        can_pause=can_pause,
        paused=can_pause and found is not None and found[0].paused_at is not None,
        writes=has(me().role, Permission.LETTER_WRITE),
    )


def _is_supervised() -> bool:
    """False also if that cannot be told: this page is then the one way to stop."""
    try:
        return supervised_sign_in.own_supervision(platform(), me()).supervised
    except Tampered:
        return False
