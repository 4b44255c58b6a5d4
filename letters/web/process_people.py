"""One who takes part, for the team: age, companions, preparation and closing step by step, what they agreed to."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from letters.rules.case.process import Age
from letters.rules.events import Event
from letters.web import forms, process_words
from letters.web.access import house, me
from letters.web.case_room import Answer, done, room, shown
from letters.workflow.accounts.supervised_sign_in import custody_of
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.preparation import background, steps
from letters.workflow.trail.chains import Entry
from letters.workflow.trail.trail import NOBODY

blueprint = room("process_people")


@blueprint.route("/people/<uuid:person_id>", methods=["GET", "POST"])
def person(case_id: UUID, person_id: UUID) -> Answer:
    """What is recorded of one who takes part."""
    errors: forms.Errors = []
    if forms.sent():
        with forms.kept(errors):
            _DEEDS[forms.button("do", *_DEEDS)](case_id, person_id)
            return done(_("Recorded."), "process_people.person", case_id=case_id, person_id=person_id)
    return person_page(case_id, person_id, errors)


def person_page(case_id: UUID, person_id: UUID, errors: forms.Errors) -> Answer:
    """Their page, with what was wrong in a form of it."""
    def see(file: CaseFile) -> dict[str, object]:
        participant, somebody = file.participant(person_id)
        role = file.roles[person_id]
        companions = [(kind, file.words(note)) for note, (who, kind) in file.process.companions.items()
                      if who == person_id]
        return {"participant": participant, "person": somebody, "role": role, "companions": companions,
                "custody": {person_id: custody_of(house(), file.db, somebody)},
                "lists": _lists(file, person_id), "consents": _consents(file, person_id)}
    return shown("person", case_id, errors, see)


def _age(case_id: UUID, person_id: UUID) -> None:
    age = forms.one_of(Age, "age", _("Choose one of the two."))
    background.record_age(house(), me(), case_id, person_id, age)


def _companion(case_id: UUID, person_id: UUID) -> None:
    kind = forms.choice("kind", *process_words.COMPANIONS)
    background.record_companion(house(), me(), case_id, person_id, kind, forms.text("words"))


def _step(case_id: UUID, person_id: UUID) -> None:
    step = forms.line("step")
    steps.take_step(house(), me(), case_id, person_id, step, forms.day(f"on-{step}"))


def _undo(case_id: UUID, person_id: UUID) -> None:
    steps.take_step_back(house(), me(), case_id, person_id, forms.line("step"))


_DEEDS: dict[str, Callable[[UUID, UUID], None]] = {
    "age": _age, "companion": _companion, "step": _step, "undo": _undo}


def _lists(file: CaseFile, person_id: UUID) -> list[tuple[str, list[object]]]:
    """The checklists, each step with the day on which it was done; that of closing once closing has begun."""
    taken, role = file.process.steps.get(person_id, {}), file.roles[person_id]
    return [(title, [(step, taken.get(step.id)) for step in file.house.framework.steps(role, closing)])
            for title, closing in ((_("Preparation"), False), (_("Closing talks"), True))
            if not closing or file.process.closing is not None]


def _consents(file: CaseFile, person_id: UUID) -> list[tuple[Entry, str, str, str, date | None]]:
    """The log of what they agreed to and withdrew, newest first: purpose, version, who explained it, until when."""
    found = []
    for entry in file.told(Event.CONSENT_GIVEN, Event.CONSENT_WITHDRAWN, about=person_id):
        purpose, _, version = entry.left.partition(" ")
        explained_by = "" if entry.about_id == NOBODY else file.names[entry.about_id]
        until = date.fromisoformat(entry.entered) if entry.entered else None
        found.append((entry, process_words.purpose(file.house.framework, purpose), version, explained_by, until))
    return found[::-1]
