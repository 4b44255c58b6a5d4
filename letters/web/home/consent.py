"""Consent: what a person is asked, one question a page, and withdrawing on the same page."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from letters.rules.case.framework import NOTICES, READ
from letters.rules.errors import NotAcceptable, Tampered
from letters.rules.roles import Role
from letters.rules.translatable import marked
from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.workflow.notices import contact
from letters.workflow.preparation import consent
from letters.workflow.record.alarm import raise_alarm

blueprint = Blueprint("consent", __name__)

MYSELF = "myself"
"""Chosen by a person who read the explanation alone."""


@blueprint.get("/consent")
def overview() -> str:
    """Everything that the person is asked, and the log of their answers."""
    return render_template(
        "home/consent/overview.html", look=consent.consent_for(platform(), me(), my_case()),
        Stands=consent.Stands
    )


@blueprint.route("/consent/<purpose>", methods=["GET", "POST"])
def question(purpose: str) -> str | Response | tuple[str, int]:
    """One question: agree, not now, or withdraw."""
    look = consent.consent_for(platform(), me(), my_case())
    asked = look.about(purpose)
    if asked is None:
        raise NotFound
    if not forms.sent():
        return _question_page(look, asked, [])
    answer, errors = forms.button("answer", "yes", "not-now", "withdraw"), list[tuple[str, str]]()
    if answer == "yes":
        if forms.line("version") != asked.purpose.version:
            flash(_("The words have changed since you opened this page. Please read them once "
                    "more."), "care")
            return redirect(url_for("consent.question", purpose=purpose))
        with forms.kept(errors):
            explained_by = _explained_by(look)
            if _needs_address(purpose):
                _keep_address()
            consent.give(platform(), me(), my_case(), [purpose], explained_by)
        if errors:
            return _question_page(look, asked, errors), 400
        waiting = consent.consent_for(platform(), me(), my_case()).waiting
        flash(_("Thank you. You have agreed to this. You can withdraw at any time."), "done")
        return redirect(url_for("consent.question", purpose=waiting.purpose.id) if waiting
                        else url_for("home.home"))
    elif answer == "withdraw":
        consent.withdraw(platform(), me(), my_case(), [purpose])
        flash(_withdrawn(asked.purpose.required), "done")
    return redirect(url_for("consent.overview"))


def _question_page(look: consent.ConsentView, asked: consent.ConsentQuestion,
                   errors: forms.Errors) -> str:
    return render_template(
        "home/consent/question.html",
        asked=asked,
        rest_waits=look.waiting is not None and look.waiting.purpose.required,
        team=look.team,
        specialists=look.specialists,
        Stands=consent.Stands,
        errors=errors,
        is_read=asked.purpose.id == READ,
        needs_address=_needs_address(asked.purpose.id),
        typed=request.form,
        explained=look.explained(platform().now()),
        MYSELF=MYSELF,
    )


def _needs_address(purpose: str) -> bool:
    """True for a yes to e-mail while there is no address to send to."""
    return purpose == NOTICES and not contact.own_contact(platform(), me()).way.address


def _keep_address() -> None:
    address = forms.line("address").strip()
    if not address:
        raise NotAcceptable("address",
                            marked("Write the address to which it goes, or choose “Not now”."))
    way = contact.own_contact(platform(), me()).way
    contact.choose(platform(), me(), address, way.sender, way.subject, way.telephone)


def _explained_by(look: consent.ConsentView) -> UUID | None:
    """The person who explained it, asked once a day: the last answer holds for later questions."""
    before = look.explained(platform().now())
    if before is not None and "explained_by" not in request.form:
        return before.explained_by_id
    if forms.line("explained_by") == MYSELF:
        return None
    chosen = forms.chosen_identity("explained_by")
    if chosen is None:
        raise NotAcceptable("explained_by",
                            marked("Say who explained it to you, or that you read it yourself."))
    return chosen


@blueprint.route("/withdraw", methods=["GET", "POST"])
def withdraw() -> str | Response:
    """Withdraw everything at once: one page, one confirmation, no reason asked. Works even if
    the record of the case is broken."""
    if forms.sent():
        consent.withdraw(platform(), me(), my_case())
        flash(_withdrawn(True), "done")
        return redirect(url_for("consent.withdraw"))
    try:
        withdrawn = not any(one.given
                            for one in consent.consent_for(platform(), me(), my_case()).asked)
    except Tampered as found:
        raise_alarm(platform(), found)
        withdrawn = False
    return render_template("home/consent/withdraw.html", withdrawn=withdrawn)


def _withdrawn(required: bool) -> str:
    if not required:
        return _("You have withdrawn this. All else stays as it was.")
    return (_("You have withdrawn. Your facilitators see it.") if me().role is Role.OTHER else
            _("You have withdrawn. Nothing more is handed over."))
