"""The process in words, for the case's team: stages, what is missing and where it is put right, what is due."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from flask import url_for

from letters.domain.calendar import Due, Kind
from letters.domain.framework import Framework, Question
from letters.domain.gates import Gate
from letters.domain.people import Role
from letters.domain.process import Age, Kept, Outcome, Source, Terms
from letters.domain.stages import WAY, Missing, Stage
from letters.web import called, words
from letters.workflow.aftercare import DEBRIEF, OTHER, PROMISE
from letters.workflow.case_file import CaseFile

SOURCES = {Source.HARMED: "%(Harmed)s", Source.AGENCY: "An agency, for %(harmed)s",
           Source.FACILITATOR: "A facilitator, for %(harmed)s", Source.RESPONSIBLE: "%(Responsible)s"}
AGES = {Age.ADULT: "Is an adult", Age.GUARDIAN: "A guardian has agreed"}
OUTCOMES = {Outcome.SUITABLE: "Suitable for an exchange of letters", Outcome.NOT_YET: "Not yet",
            Outcome.STORYTELLING: "Storytelling instead: letters are written and kept, and not sent"}
COMPANIONS = [("interpreter", "Interpreter"), ("adviser", "Adviser"), ("guardian", "Guardian")]
TASKS = {PROMISE: "A promise to follow up", DEBRIEF: "A debrief of a facilitator", OTHER: "Something else"}
KEPT = {Kept.DONE: "Done, or kept", Kept.PARTLY: "In part", Kept.NOT: "Not done, or not kept"}

STAGES = {
    Stage.REFERRAL: ("Referral", "%(Harmed)s begins, and chooses a facilitator."),
    Stage.PREPARATION: ("Preparation", "Each is prepared separately. No letter is handed over yet."),
    Stage.EXCHANGE: ("Exchange", "What is approved is handed over, at the pace of %(harmed)s."),
    Stage.CLOSING: ("Closing", "The closing talks are being held."),
    Stage.AFTERCARE: ("Aftercare", "No more letters; what was begun is followed up."),
    Stage.CLOSED: ("Closed", "Nothing more happens in this case."),
    Stage.PAUSED: ("Paused", "%(Harmed)s has paused. They alone go on."),
    Stage.STOPPED: ("Stopped", "Somebody who takes part has stopped. Nobody can undo that."),
    Stage.STORYTELLING: ("Storytelling", "Letters are written and kept here, and not sent."),
}


class Way(NamedTuple):
    """What is missing: a title, a hint, and the endpoint where it is put right, where the team can."""

    title: str
    hint: str
    endpoint: str = ""


GAPS = {
    Gate.NOT_STOPPED: Way("Stopped", "Somebody who takes part has stopped. Nobody can undo that."),
    Gate.NOT_HALTED: Way("Halted", "A facilitator lifts the halt at the foot of this page."),
    Gate.NOT_PAUSED: Way("Paused", "They alone go on, when they want to."),
    Gate.NOT_CLOSED: Way("Closing", "The closing talks were held.", "process_care.closing"),
    Gate.BEGUN_BY_HARMED: Way("Referral", "By %(harmed)s, or for them.", "process.referral"),
    Gate.CHOSEN: Way("Choice of a facilitator", "They choose one of the team on their own pages."),
    Gate.EXCHANGE: Way("Storytelling", "The last assessment says that letters are not sent.",
                       "process_risk.assessment"),
    Gate.CONSENT_OF_SENDER: Way("Consent", "Not given, withdrawn, or to be renewed. They give it on their own pages.",
                                "process_people.person"),
    Gate.AGE_OF_SENDER: Way("Age", "That they are an adult, or that a guardian has agreed.", "process_people.person"),
    Gate.CONVICTED: Way("Conviction", "None is recorded.", "process.conviction"),
    Gate.ACKNOWLEDGED: Way("Acknowledgement of harm", "Recorded by one of you and confirmed by another.",
                           "process.acknowledgement"),
    Gate.NO_ORDER: Way("No-contact order", "One stands. Nothing is handed over meanwhile.", "process.orders"),
    Gate.SUITABLE: Way("Assessment", "None says that this exchange is suitable, or its review date has passed.",
                       "process_risk.assessment"),
    Gate.NO_RISK: Way("Risk", "Somebody has told of one since the last assessment.", "process_risk.risks"),
    Gate.NO_ALERT: Way("Safeguarding", "An alert is open. Nothing is handed over until it is closed.",
                       "alerts.of_case"),
    Gate.PREPARED_SENDER: Way("Preparation", "There are steps that were not taken yet.", "process_people.person"),
    Gate.AGREED: Way("Agreement", "Both have not agreed to the same version.", "process_agreement.agreement"),
    Gate.REPLIES_OPEN: Way("Agreement", "As many letters as were agreed have reached %(harmed)s.",
                           "process_agreement.agreement"),
    Gate.TEAM_OF_TWO: Way("A second facilitator", "A team has two at least.", "team.members"),
}

_SHUT = {
    Gate.NOT_PAUSED: "%(Harmed)s has paused the exchange.",
    Gate.BEGUN_BY_HARMED: "%(Harmed)s has not begun: there is no referral by them or for them.",
    Gate.CHOSEN: "%(Harmed)s has not chosen a facilitator of the team.",
    Gate.REPLIES_OPEN: "As many letters as were agreed have reached %(harmed)s.",
    Gate.READY: "%(Harmed)s has not said that they are ready for a letter.",
    Gate.SENT_OFF: "%(Harmed)s holds this letter until they say that it may go.",
}
"""The gates that name a side: the domain says them in the practice's words, a page in its reader's."""


def way(stage: Stage) -> list[tuple[str, bool]]:
    """All stages in their order, each with whether the case is there."""
    return [(STAGES[one][0], one is stage) for one in WAY]


def missing(file: CaseFile, gap: Missing) -> dict[str, object]:
    """One thing that is missing, as a line of a task list."""
    told = GAPS[gap.gate]
    person = next((who for who, role in file.roles.items() if role is gap.role), None)
    values: dict[str, Any] = {"person_id": person} if told.endpoint == "process_people.person" else {}
    url = url_for(told.endpoint, case_id=file.case.id, **values) if told.endpoint else None
    return {"title": told.title, "hint": called.filled(told.hint), "url": url,
            "status": for_whom(file, person, gap.role)}


def for_whom(file: CaseFile, person: UUID | None, role: Role | None = None) -> str:
    """For whom something is, by name."""
    if person is not None:
        return file.names.get(person, "Somebody")
    return called.role(role) if role else "The team"


def stage(of: Stage) -> tuple[str, str]:
    """A stage's name, and what it means."""
    name, means = STAGES[of]
    return name, called.filled(means)


def source(of: Source) -> str:
    """Who asked, or who writes first."""
    return called.filled(SOURCES[of])


def sources() -> list[tuple[str, str]]:
    """Who may have asked, as choices."""
    return [(one.name, source(one)) for one in SOURCES]


def first() -> list[tuple[str, str]]:
    """Who may write first, as choices."""
    return [(one.name, source(one)) for one in (Source.HARMED, Source.RESPONSIBLE)]


def shut(gate: Gate) -> str:
    """What is said of a gate that is shut."""
    return called.filled(_SHUT.get(gate, gate.value))


def title(questions: tuple[Question, ...], question: str) -> str:
    """The title of one question; its id, if it is not asked any more."""
    return next((one.title for one in questions if one.id == question), question)


def purpose(framework: Framework, name: str) -> str:
    """What is agreed to, in a line."""
    return next((one.title for one in framework.consents if one.id == name), name)


def task(framework: Framework, kind: str) -> str:
    """What kind of task this is."""
    return TASKS.get(kind) or next((one.title for one in framework.aftercare if one.id == kind), kind)


def terms(agreed: Terms) -> list[tuple[str, str]]:
    """What an agreement says that the program keeps to."""
    replies = {None: "As many as wanted", 0: "None"}.get(agreed.replies, str(agreed.replies))
    return [("Who writes first", source(agreed.first)),
            (called.filled("Letters that may reach %(harmed)s"), replies),
            ("Days between two letters at least", str(agreed.days))]


def due(file: CaseFile, one: Due) -> dict[str, object]:
    """One line of the calendar: what, for whom, until when, and where it is done."""
    named, endpoint, values = _due(file.house.framework, one)
    when = "Waits" if one.when is None else words.day(one.when)
    status = f"Overdue since {when}" if one.overdue else when if one.when is None else f"By {when}"
    if endpoint == "desk.letter":
        url = url_for(endpoint, letter_id=one.subject)
    else:
        url = url_for(endpoint, case_id=file.case.id, **values)
    return {"title": named, "url": url, "hint": for_whom(file, one.who), "status": status, "due": one}


def overdue(count: int) -> str:
    """How much is overdue, in words."""
    return {0: "Nothing is overdue.", 1: "One thing is overdue."}.get(count, f"{count} things are overdue.")


def _due(framework: Framework, one: Due) -> tuple[str, str, dict[str, Any]]:
    person: dict[str, Any] = {"person_id": one.who}
    return {
        Kind.TASK: (task(framework, one.what), "process_care.tasks", {}),
        Kind.REVIEW: ("Look at suitability and risk anew", "process_risk.assessment", {}),
        Kind.CONSENT: (f"Consent to renew: {purpose(framework, one.what)}", "process_people.person", person),
        Kind.ORDER: ("A no-contact order ends", "process.orders", {}),
        Kind.AGREEMENT: ("The agreement waits for them", "process_agreement.agreement", {}),
        Kind.ACKNOWLEDGEMENT: ("The acknowledgement waits for a second facilitator", "process.acknowledgement", {}),
        Kind.RISK: ("Somebody told of a risk", "process_risk.risks", {}),
        Kind.HELD: ("Look at a held letter again", "desk.letter", {}),
        Kind.STEPS: ("Closing talks are missing" if one.what == "closing" else "Preparation is not done",
                     "process_people.person", person),
        Kind.ERASURE: ("This case is erased", "process_care.closing", {}),
    }[one.kind]


def options(named: Mapping[Any, str]) -> list[tuple[str, str]]:
    """An enumeration as choices, each sent by its name."""
    return [(one.name, said) for one, said in named.items()]


def pairs_of(named: Mapping[str, str]) -> list[tuple[str, str]]:
    """Choices, each sent by its id."""
    return list(named.items())


def pairs(said: Iterable[str]) -> list[tuple[str, str]]:
    """Choices that are sent as they read."""
    return [(one, one) for one in said]
