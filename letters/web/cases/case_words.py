"""The process in words, for the case's team: stages, what is missing and
where to supply it, what is due."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from letters.rules.case.due_dates import Due, DueKind
from letters.rules.case.framework import Framework, Question
from letters.rules.case.gates import Gate
from letters.rules.case.process import Age, Outcome, Source, TaskOutcome, Terms
from letters.rules.case.stages import WAY, Missing, Stage
from letters.rules.roles import Role
from letters.web import words
from letters.web.languages import later as _l
from letters.workflow.cases.case_file import CaseFile
from letters.workflow.cases.tasks import DEBRIEF, OTHER, PROMISE

SOURCES = {Source.HARMED: _l("%(Harmed)s"), Source.AGENCY: _l("An agency, for %(harmed)s"),
           Source.FACILITATOR: _l("A facilitator, for %(harmed)s"),
           Source.RESPONSIBLE: _l("%(Responsible)s")}
AGES = {Age.ADULT: _l("Is an adult"), Age.GUARDIAN: _l("A guardian has agreed")}
OUTCOMES = {
    Outcome.SUITABLE: _l("Suitable for an exchange of letters"),
    Outcome.NOT_YET: _l("Not yet"),
    Outcome.STORYTELLING: _l("Storytelling instead: letters are written and kept, and not sent"),
}
COMPANIONS = {"interpreter": _l("Interpreter"), "adviser": _l("Adviser"),
              "guardian": _l("Guardian")}
TASKS = {PROMISE: _l("A promise to follow up"), DEBRIEF: _l("A debrief of a facilitator"),
         OTHER: _l("Something else")}
KEPT = {
    TaskOutcome.DONE: _l("Done, or kept"),
    TaskOutcome.PARTLY: _l("In part"),
    TaskOutcome.NOT: _l("Not done, or not kept"),
}

STAGES = {
    Stage.REFERRAL: (_l("Referral"), _l("%(Harmed)s begins, and chooses a facilitator.")),
    Stage.PREPARATION: (_l("Preparation"),
                        _l("Each is prepared separately. No letter is handed over yet.")),
    Stage.EXCHANGE: (_l("Exchange"),
                     _l("What is approved is handed over, at the pace of %(harmed)s.")),
    Stage.CLOSING: (_l("Closing"), _l("The closing talks are being held.")),
    Stage.AFTERCARE: (_l("Aftercare"), _l("No more letters; what was begun is followed up.")),
    Stage.CLOSED: (_l("Closed"), _l("Nothing more happens in this case.")),
    Stage.PAUSED: (_l("Paused"), _l("%(Harmed)s has paused. They alone go on.")),
    Stage.STOPPED: (_l("Stopped"),
                    _l("Somebody who takes part has stopped. Nobody can undo that.")),
    Stage.STORYTELLING: (_l("Storytelling"),
                         _l("Letters are written and kept here, and not sent.")),
}


class GapLink(NamedTuple):
    """A requirement that is missing: a title, a hint, and the endpoint where the
    team can supply it, if it can."""

    title: str
    hint: str
    endpoint: str = ""


GAPS = {
    Gate.INVITED: GapLink(_l("Invitation"), _l("Invite them, under “People”."),
                          "cases.people"),
    Gate.NOT_STOPPED: GapLink(_l("Stopped"),
                              _l("Somebody who takes part has stopped. Nobody can undo that.")),
    Gate.NOT_HALTED: GapLink(_l("Halted"),
                             _l("A facilitator lifts it."), "cases.halt"),
    Gate.NOT_PAUSED: GapLink(_l("Paused"), _l("They alone go on, when they want to.")),
    Gate.NOT_CLOSED: GapLink(_l("Closing"), _l("The closing talks were held."), "tasks.closing"),
    Gate.BEGUN_BY_HARMED: GapLink(_l("Referral"), _l("By %(harmed)s, or for them."),
                                  "background.referral"),
    Gate.CHOSEN: GapLink(_l("Choice of a facilitator"),
                         _l("They choose one of the team on their own pages.")),
    Gate.EXCHANGE: GapLink(
        _l("Storytelling"), _l("The last assessment says that letters are not sent."),
        "risk.assessment"
    ),
    Gate.CONSENT_OF_SENDER: GapLink(
        _l("Consent"), _l("Not given, withdrawn, or to be renewed. They give it on their own "
                          "pages."), "people.person"
    ),
    Gate.AGE_OF_SENDER: GapLink(
        _l("Age"), _l("That they are an adult, or that a guardian has agreed."), "people.person"
    ),
    Gate.CONVICTED: GapLink(_l("Conviction"), _l("None is recorded."), "background.conviction"),
    Gate.ACKNOWLEDGED: GapLink(
        _l("Acknowledgement of harm"),
        _l("One of you records it, another confirms it. Not done yet."),
        "background.acknowledgement",
    ),
    Gate.NO_ORDER: GapLink(
        _l("No-contact order"), _l("One stands. Nothing is handed over meanwhile."),
        "background.orders"
    ),
    Gate.SUITABLE: GapLink(
        _l("Assessment"),
        _l("None says that this exchange is suitable, its review date has passed, or a second "
           "member has not come to the same by their own look."),
        "risk.assessment",
    ),
    Gate.NO_RISK: GapLink(_l("Risk"), _l("Somebody has reported one since the last assessment."),
                          "risk.risks"),
    Gate.NO_ALERT: GapLink(
        _l("Safeguarding"), _l("An alert is open. Nothing is handed over until it is closed."),
        "alerts.of_case"
    ),
    Gate.PREPARED_SENDER: GapLink(_l("Preparation"), _l("There are steps that were not taken yet."),
                                  "people.person"),
    Gate.AGREED: GapLink(_l("Agreement"), _l("%(Harmed)s and %(responsible)s have not yet both "
                                             "agreed to the same version."),
                         "case_agreement.agreement"),
    Gate.REPLIES_OPEN: GapLink(
        _l("Agreement"), _l("As many letters as were agreed have reached %(harmed)s."),
        "case_agreement.agreement"
    ),
    Gate.READY: GapLink(_l("Ready for a letter"),
                        _l("One is approved, and waits until %(harmed)s is ready. Nothing tells "
                           "them that it waits.")),
    Gate.TEAM_OF_TWO: GapLink(_l("A second facilitator"), _l("A team has two at least."),
                              "team.members"),
}


_SHUT = {
    Gate.NOT_PAUSED: _l("%(Harmed)s has paused the exchange."),
    Gate.BEGUN_BY_HARMED: _l("%(Harmed)s has not begun: there is no referral by them or for them."),
    Gate.CHOSEN: _l("%(Harmed)s has not chosen a facilitator of the team."),
    Gate.REPLIES_OPEN: _l("As many letters as were agreed have reached %(harmed)s."),
    Gate.READY: _l("%(Harmed)s has not said that they are ready for a letter."),
    Gate.SENT_OFF: _l("%(Harmed)s holds this letter until they say that it may go."),
}
"""The gates that name a side: the domain uses the practice's words, a page its reader's."""


def way(stage: Stage) -> list[tuple[str, bool]]:
    """All stages in their order, each with whether the case is in it."""
    return [(STAGES[one][0], one is stage) for one in WAY]


def missing(file: CaseFile, gap: Missing) -> dict[str, object]:
    """One missing requirement, as a line of a task list."""
    told = GAPS[gap.gate]
    person = next((who for who, role in file.roles.items() if role is gap.role), None)
    of_person = told.endpoint == "people.person"
    values: dict[str, Any] = {"person_id": person} if of_person else {}
    leads = told.endpoint and (person or not of_person)
    url = url_for(told.endpoint, case_id=file.case.id, **values) if leads else None
    hint = words.filled(told.hint)
    if gap.gate is Gate.READY and file.waits_until_ready is not None:
        hint = _("%(hint)s Since %(day)s.", hint=hint, day=words.day(file.waits_until_ready))
    return {"title": told.title, "hint": hint, "url": url,
            "status": for_whom(file, person, gap.role)}


THEIRS = frozenset({Gate.NOT_STOPPED, Gate.NOT_PAUSED, Gate.CHOSEN, Gate.CONSENT_OF_SENDER,
                    Gate.READY, Gate.REPLIES_OPEN})
"""What only the people who take part can supply."""


def by_who(file: CaseFile, reader: UUID) -> list[tuple[str, list[dict[str, object]]]]:
    """What is missing, by who can supply it: this reader, a colleague, they themselves."""
    groups: dict[str, list[dict[str, object]]] = {
        _("For you"): [], _("For a colleague"): [], _("For them"): []}
    yours, colleagues, theirs = groups.values()
    told, process = file.process.acknowledgement, file.process
    looked = process.found_suitable_by(file.platform.today())
    for gap in file.gaps:
        own = gap.gate is Gate.ACKNOWLEDGED and told is not None and told.recorded_by == reader
        asked = gap.gate is Gate.TEAM_OF_TWO and bool(file.story.asked)
        own |= gap.gate is Gate.SUITABLE and reader in looked
        proposed = gap.gate is Gate.AGREED and bool(process.agreements)
        group = (theirs if gap.gate in THEIRS or proposed else
                 colleagues if own or asked else yours)
        group.append(missing(file, gap))
    return [(title, lines) for title, lines in groups.items() if lines]


def for_whom(file: CaseFile, person: UUID | None, role: Role | None = None) -> str:
    """The person for whom something is, by name."""
    if person is not None:
        return file.names.get(person, "Somebody")
    return words.role(role) if role else _("The team")


def stage(of: Stage) -> tuple[str, str]:
    """A stage's name, and what it means."""
    name, means = STAGES[of]
    return name, words.filled(means)


def source(of: Source) -> str:
    """The person who asked, or the person who writes first."""
    return words.filled(SOURCES[of])


def sources() -> list[tuple[str, str]]:
    """The people who may have asked, as choices."""
    return [(one.name, source(one)) for one in SOURCES]


def first() -> list[tuple[str, str]]:
    """The people who may write first, as choices."""
    return [(one.name, source(one)) for one in (Source.HARMED, Source.RESPONSIBLE)]


def shut(gate: Gate) -> str:
    """The words for a gate that is shut."""
    return words.filled(_SHUT.get(gate) or _(gate.value))


def title(questions: tuple[Question, ...], question: str) -> str:
    """The title of one question; its id, if it is no longer asked."""
    return next((one.title for one in questions if one.id == question), question)


def purpose(framework: Framework, name: str) -> str:
    """The purpose of a consent, in one line."""
    return next((one.title for one in framework.consents if one.id == name), name)


def task(framework: Framework, kind: str) -> str:
    """The kind of a task, in words."""
    return TASKS.get(kind) or next((one.title for one in framework.aftercare if one.id == kind),
                                   kind)


def terms(agreed: Terms) -> list[tuple[str, str]]:
    """The terms of an agreement that the program enforces."""
    replies = {None: _("As many as wanted"), 0: _("None")}.get(agreed.replies, str(agreed.replies))
    return [(_("Who writes first"), source(agreed.first)),
            (words.filled(_("Letters that may reach %(harmed)s")), replies),
            (_("Days between two letters at least"), str(agreed.days))]


def called(file: CaseFile) -> str:
    """What a case is called, for those who know the two: their first names, and its code."""
    return words.case_called([file.names[person].split()[0] for person, role in file.roles.items()
                              if role in (Role.HARMED, Role.RESPONSIBLE)], file.case.reference)


def due(file: CaseFile, one: Due) -> dict[str, object]:
    """One line of the calendar: what is due, for whom, until when, and where it is done."""
    named, endpoint, values = _due(file.platform.framework, one)
    when = _("Waits") if one.when is None else words.day(one.when)
    status = (_("Overdue since %(when)s",
               when=when) if one.overdue else when if one.when is None
              else _("By %(when)s", when=when))
    if endpoint == "desk.letter":
        url = url_for(endpoint, letter_id=one.subject)
    else:
        url = url_for(endpoint, case_id=file.case.id, **values)
    return {"title": named, "url": url, "hint": for_whom(file, one.who), "status": status,
            "due": one}


DUE_KINDS = {
    DueKind.TASK: _l("Tasks"), DueKind.REVIEW: _l("Assessments"),
    DueKind.CONSENT: _l("Consents"), DueKind.ORDER: _l("No-contact orders"),
    DueKind.AGREEMENT: _l("Agreements"), DueKind.ACKNOWLEDGEMENT: _l("Acknowledgements"),
    DueKind.RISK: _l("Risks"), DueKind.HELD: _l("Held letters"),
    DueKind.STEPS: _l("Steps of preparing"), DueKind.ERASURE: _l("Erasing")}
"""The kinds of entries that the calendar can be narrowed to."""


def overdue(count: int) -> str:
    """The number of overdue entries, in words."""
    if not count:
        return _("Nothing is overdue.")
    return ngettext("One thing is overdue.", "%(num)s things are overdue.", count)


def _due(framework: Framework, one: Due) -> tuple[str, str, dict[str, Any]]:
    person: dict[str, Any] = {"person_id": one.who}
    return {
        DueKind.TASK: (task(framework, one.what), "tasks.tasks", {}),
        DueKind.REVIEW: (_("Assess suitability and risk again"), "risk.assessment", {}),
        DueKind.CONSENT: (
            _("Consent to renew: %(purpose)s", purpose=purpose(framework, one.what)),
            "people.person",
            person,
        ),
        DueKind.ORDER: (_("A no-contact order ends"), "background.orders", {}),
        DueKind.AGREEMENT: (_("The agreement waits for them"), "case_agreement.agreement", {}),
        DueKind.ACKNOWLEDGEMENT: (
            _("The acknowledgement waits for a second facilitator"),
            "background.acknowledgement",
            {},
        ),
        DueKind.RISK: (_("Somebody has reported a risk"), "risk.risks", {}),
        DueKind.HELD: (_("Look at a held letter again"), "desk.letter", {}),
        DueKind.STEPS: (
            _("Closing talks are missing") if one.what == "closing"
            else _("Preparation is not done"),
            "people.person",
            person,
        ),
        DueKind.ERASURE: (_("This case is erased"), "tasks.closing", {}),
    }[one.kind]


def options(named: Mapping[Any, str]) -> list[tuple[str, str]]:
    """An enumeration as choices, each sent by its name."""
    return [(one.name, said) for one, said in named.items()]


def pairs_of(named: Mapping[str, str]) -> list[tuple[str, str]]:
    """Choices, each sent by its id."""
    return list(named.items())


def pairs(said: Iterable[str]) -> list[tuple[str, str]]:
    """Choices, each sent as its own words."""
    return [(one, one) for one in said]
