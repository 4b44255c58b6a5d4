"""One participant, for the team: age, companions, preparation and closing
step by step, what they agreed to."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from letters.rules.accounts import NOBODY
from letters.rules.case.process import Age
from letters.rules.errors import NeedsPassword
from letters.rules.events import Event
from letters.web import forms
from letters.web.access import me, platform
from letters.web.cases import case_words
from letters.web.cases.frame import Answer, done, room, shown
from letters.web.words import WRONG_PASSWORD
from letters.workflow.accounts import supervised_sign_in
from letters.workflow.accounts.supervised_sign_in import custody_of
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.notices import contact
from letters.workflow.preparation import background, steps
from letters.workflow.record.verify import ChainEntry

blueprint = room("people")


@blueprint.route("/people/<uuid:person_id>", methods=["GET", "POST"])
def person(case_id: UUID, person_id: UUID) -> Answer:
    """What is recorded about a participant."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            _DEEDS[forms.button("do", *_DEEDS)](case_id, person_id)
            return done(_("Recorded."), "people.person", case_id=case_id, person_id=person_id)
    return person_page(case_id, person_id, errors)


def person_page(case_id: UUID, person_id: UUID, errors: forms.Errors) -> Answer:
    """The page of a participant, with the errors of a form on it."""
    def see(file: CaseFile) -> dict[str, object]:
        participant, somebody = file.participant(person_id)
        role = file.roles[person_id]
        companions = [(kind, file.words(note)) for note,
                      (who, kind) in file.process.companions.items()
                      if who == person_id]
        return {"participant": participant, "person": somebody, "role": role,
                "companions": companions,
                "custody": {person_id: custody_of(platform(), file.db, somebody)},
                "lists": _lists(file, person_id), "consents": _consents(file, person_id)}
    return shown("people/person", case_id, errors, see)


def _age(case_id: UUID, person_id: UUID) -> None:
    age = forms.one_of(Age, "age", _("Choose one of the two."))
    background.record_age(platform(), me(), case_id, person_id, age)


def _companion(case_id: UUID, person_id: UUID) -> None:
    kind = forms.choice("kind", *case_words.COMPANIONS)
    background.record_companion(platform(), me(), case_id, person_id, kind, forms.text("words"))


def _step(case_id: UUID, person_id: UUID) -> None:
    step = forms.line("step")
    steps.take_step(platform(), me(), case_id, person_id, step, forms.day(f"on-{step}"))


def _undo(case_id: UUID, person_id: UUID) -> None:
    steps.take_step_back(platform(), me(), case_id, person_id, forms.line("step"))


_DEEDS: dict[str, Callable[[UUID, UUID], None]] = {
    "age": _age, "companion": _companion, "step": _step, "undo": _undo}


def _lists(file: CaseFile, person_id: UUID) -> list[tuple[str, list[object]]]:
    """The checklists, each step with the day on which it was done. The list for closing
    appears once closing has begun."""
    taken, role = file.process.steps.get(person_id, {}), file.roles[person_id]
    return [(title,
             [(step, taken.get(step.id)) for step in file.platform.framework.steps(role, closing)])
            for title, closing in ((_("Preparation"), False), (_("Closing talks"), True))
            if not closing or file.process.closing is not None]


def _consents(file: CaseFile,
              person_id: UUID) -> list[tuple[ChainEntry, str, str, str, date | None]]:
    """The log of what the participant agreed to and withdrew, newest first: purpose,
    version, who explained it, until when."""
    found = []
    for entry in file.told(Event.CONSENT_GIVEN, Event.CONSENT_WITHDRAWN, about=person_id):
        purpose, _, version = entry.left.partition(" ")
        explained_by = "" if entry.about_id == NOBODY else file.names[entry.about_id]
        until = date.fromisoformat(entry.entered) if entry.entered else None
        found.append((entry, case_words.purpose(file.platform.framework, purpose), version,
                      explained_by, until))
    return found[::-1]


@blueprint.route("/people/<uuid:person_id>/reach", methods=["GET", "POST"])
def contact_of(case_id: UUID, person_id: UUID) -> Answer:
    """Read the participant's choice, and record the safe way."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            contact.record_channel(platform(), me(), case_id, person_id,
                                   forms.text("channel").strip())
            return done(_("Recorded."), "people.contact_of", case_id=case_id, person_id=person_id)
    way = contact.for_team(platform(), me(), case_id, person_id)
    page = render_template("cases/people/contact.html", way=way, errors=errors, case_id=case_id,
                           person_id=person_id,
                           channel=forms.text("channel") if errors else way.channel)
    return (page, 400) if errors else page


@blueprint.post("/supervised")
def supervised(case_id: UUID) -> Answer:
    """Have a participant sign in beside a facilitator, end that, or open it for half an hour."""
    wish, person, errors = forms.button("do", "set", "off",
                                        "open"), forms.identity("person"), list[tuple[str, str]]()
    if wish == "open":
        supervised_sign_in.open_window(platform(), me(), case_id, person)
        flash(_("They can sign in with their password now, once, within half an hour."), "done")
    elif wish == "off":
        supervised_sign_in.release_from_supervision(platform(), me(), case_id, person)
    elif forms.is_sure(errors, "custody-sure"):
        try:
            supervised_sign_in.supervise(platform(), me(), case_id, person, forms.line("password"))
        except NeedsPassword:
            errors.append(("password", str(WRONG_PASSWORD)))
    if errors:
        return person_page(case_id, person, errors)
    return redirect(url_for("people.person", case_id=case_id, person_id=person))
