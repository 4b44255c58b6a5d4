"""Whether and how a person wants to be notified: their own page, for everybody who signs in."""

from unicodedata import normalize

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from letters.rules.case.framework import NOTICES
from letters.rules.errors import NotAcceptable
from letters.rules.translatable import marked
from letters.web import forms
from letters.web.access import me, my_case, platform
from letters.workflow.notices import contact
from letters.workflow.notices.contact import SENDERS, SUBJECTS, ContactChoice
from letters.workflow.preparation import consent

blueprint = Blueprint("contact", __name__)

OWN = "own"


@blueprint.route("/account/reach", methods=["GET", "POST"])
def own() -> str | Response | tuple[str, int]:
    """Choose the way, or change it."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            contact.choose(platform(), me(), *_chosen())
            flash(_("Saved."), "done")
            return redirect(url_for("contact.own"))
    kept = contact.own_contact(platform(), me())
    page = render_template(
        "accounts/settings/contact.html",
        errors=errors,
        typed=request.form if errors else _as_typed(kept.way),
        kept=kept,
        asked=_asked(),
        given=consent.HOLDS,
        sends=platform().post is not None,
        senders=_options(SENDERS),
        subjects=_options(SUBJECTS),
    )
    return (page, 400) if errors else page


def _chosen() -> tuple[str, str, str, str]:
    how, address = forms.choice("how", "none", "email"), forms.line("address").strip()
    telephone, sender, subject = (forms.text("telephone").strip(), _words("sender"),
                                  _words("subject"))
    if how == "none":
        return "", SENDERS[0], SUBJECTS[0], telephone
    if not how:
        raise NotAcceptable("how", marked("Choose one of the two."))
    if not address:
        raise NotAcceptable("address",
                            marked("Write an e-mail address, or choose no messages at all."))
    return address, sender, subject, telephone


def _words(field: str) -> str:
    chosen = forms.choice(field, *(SENDERS if field == "sender" else SUBJECTS), OWN)
    return normalize("NFC", forms.line(f"own_{field}").strip()) if chosen == OWN else chosen


def _as_typed(way: ContactChoice) -> dict[str, str]:
    """The stored choice, in the form of a choice that was just typed."""
    typed = {"how": "email" if way.address else "none", "address": way.address,
             "telephone": way.telephone}
    for field, words, offered in (("sender", way.sender, SENDERS),
                                  ("subject", way.subject, SUBJECTS)):
        typed |= {field: words} if words in offered else {field: OWN, f"own_{field}": words}
    return typed


def _options(offered: tuple[str, ...]) -> list[tuple[str, str]]:
    """Participants can also use words of their own."""
    mine = [(OWN, _("My own words"))] if me().role.is_participant else []
    return [*((words, words) for words in offered), *mine]


def _asked() -> consent.ConsentQuestion | None:
    """The question whether this person agrees to be notified, for those who are asked."""
    return consent.consent_for(platform(), me(),
                               my_case()).about(NOTICES) if me().role.is_participant else None
