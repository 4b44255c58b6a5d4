"""Consent: what one is asked, one question a page, and withdrawing where it was given."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from letters.domain.errors import Tampered
from letters.domain.framework import READ
from letters.domain.people import PARTICIPANTS, Role
from letters.web import forms
from letters.web.access import house, me, my_case, only_for
from letters.workflow import consent, trail

blueprint = Blueprint("consent", __name__)
blueprint.before_request(only_for(*PARTICIPANTS))


@blueprint.get("/consent")
def overview() -> str:
    """All that one is asked, and the log of what one said."""
    return render_template("consent/overview.html", look=consent.look(house(), me(), my_case()), Stands=consent.Stands)


@blueprint.route("/consent/<purpose>", methods=["GET", "POST"])
def question(purpose: str) -> str | Response:
    """One question: agree, not now, or withdraw."""
    look = consent.look(house(), me(), my_case())
    asked = look.about(purpose)
    if asked is None:
        raise NotFound
    if not forms.sent():
        return render_template("consent/question.html", asked=asked, team=look.team, Stands=consent.Stands,
                               is_read=purpose == READ)
    answer = forms.button("answer", "yes", "not-now", "withdraw")
    if answer == "yes":
        if forms.line("version") != asked.purpose.version:
            flash(_("The words have changed since you opened this page. Please read them once more."), "care")
            return redirect(url_for("consent.question", purpose=purpose))
        consent.give(house(), me(), my_case(), [purpose], forms.chosen_identity("explained_by"))
        waiting = consent.look(house(), me(), my_case()).waiting
        flash(_("Thank you. You have agreed to this. You can withdraw at any time."), "done")
        if waiting is not None:
            return redirect(url_for("consent.question", purpose=waiting.purpose.id))
    elif answer == "withdraw":
        consent.withdraw(house(), me(), my_case(), [purpose])
        flash(_withdrawn(asked.purpose.required), "done")
    return redirect(url_for("consent.overview"))


@blueprint.route("/withdraw", methods=["GET", "POST"])
def withdraw() -> str | Response:
    """Everything at once: one page, one confirm, no reason asked. Also where the record of the case is broken."""
    if forms.sent():
        consent.withdraw(house(), me(), my_case())
        flash(_withdrawn(True), "done")
        return redirect(url_for("consent.withdraw"))
    try:
        withdrawn = not any(one.given for one in consent.look(house(), me(), my_case()).asked)
    except Tampered as found:
        trail.alarm(house(), found)
        withdrawn = False
    return render_template("consent/withdraw.html", withdrawn=withdrawn)


def _withdrawn(required: bool) -> str:
    if not required:
        return _("You have withdrawn this. All else stays as it was.")
    return (_("You have withdrawn. Your facilitators see it.") if me().role is Role.OTHER else
            _("You have withdrawn. Nothing more is handed over."))
