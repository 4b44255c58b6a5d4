"""The process of a case as its trail tells it:
referral, consent, preparation, risk, agreement, aftercare, closing.

It is stored nowhere else: what the gates ask is folded from the trail. Only words that somebody
wrote are kept, sealed, in notes. ``FORMS``, below, says how each fact is recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from letters.rules.case import alerts
from letters.rules.case.alerts import Alert
from letters.rules.case.facts import (
    Acknowledgement,
    Age,
    Agreement,
    Assessed,
    Consent,
    Order,
    Outcome,
    Source,
    Task,
    TaskOutcome,
    Terms,
)
from letters.rules.events import Event, Fact
from letters.rules.folded import Folded

__all__ = [
    "FORMS",
    "OF_PROCESS",
    "Acknowledgement",
    "Age",
    "Agreement",
    "Assessed",
    "Consent",
    "Order",
    "Outcome",
    "Process",
    "Source",
    "Task",
    "TaskOutcome",
    "Terms",
]


_Told = TypeVar("_Told")


@dataclass
class Process(Folded):
    """How the process of one case stands. ``wish``: the words with which another facilitator was
    wished for. ``suitable_by``: who finds the exchange suitable, each until a day."""

    sources: dict[Source, datetime] = field(default_factory=dict)
    chosen: UUID | None = None
    wishes_another: datetime | None = None
    wish: UUID | None = None
    consents: dict[UUID, dict[str, Consent]] = field(default_factory=dict)
    ages: dict[UUID, Age] = field(default_factory=dict)
    companions: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)
    convicted: bool | None = None
    acknowledgement: Acknowledgement | None = None
    orders: dict[UUID, Order] = field(default_factory=dict)
    assessments: list[Assessed] = field(default_factory=list)
    suitable_by: dict[UUID, date] = field(default_factory=dict)
    risks: dict[UUID, datetime] = field(default_factory=dict)
    alerts: dict[UUID, Alert] = field(default_factory=dict)
    requests: dict[UUID, datetime] = field(default_factory=dict)
    steps: dict[UUID, dict[str, date]] = field(default_factory=dict)
    agreements: list[Agreement] = field(default_factory=list)
    tasks: dict[UUID, Task] = field(default_factory=dict)
    closing: datetime | None = None
    closed: datetime | None = None
    erase_on: date | None = None
    erased: datetime | None = None

    @property
    def has_begun(self) -> bool:
        """True once the person harmed asked for it, or somebody for them. A request of the person
        who harmed is kept, and nobody is invited because of it (rule 6)."""
        return bool(self.sources.keys() - {Source.RESPONSIBLE})

    def consents_to(self, person: UUID, purpose: str, day: date) -> bool:
        """True while this consent stands: given, not withdrawn, and not yet to be renewed."""
        given = self.consents.get(person, {}).get(purpose)
        return given is not None and day <= given.until

    def orders_standing(self, day: date) -> Iterator[UUID]:
        """The no-contact orders that stand on this day."""
        return (order_id for order_id, order in self.orders.items() if order.stands(day))

    @property
    def assessed(self) -> Assessed | None:
        """The newest assessment."""
        return self.assessments[-1] if self.assessments else None

    def left_by(self, member: UUID, day: date) -> None:
        """A member leaves the team: two looks stay good, as approvals do; one alone does not."""
        if len(self.found_suitable_by(day)) < 2:
            self.suitable_by.pop(member, None)

    def found_suitable_by(self, day: date) -> frozenset[UUID]:
        """The members whose own look finds the exchange suitable on this day."""
        return frozenset(one for one, until in self.suitable_by.items() if day <= until)

    def suitable_until(self, looks: int) -> date | None:
        """The last day on which the newest assessment finds the exchange suitable and, where two
        looks are asked, so do two members since the last doubt or risk; None if it is not."""
        newest, days = self.assessed, sorted(self.suitable_by.values(), reverse=True)[:looks]
        if newest is None or newest.outcome is not Outcome.SUITABLE or 1 < looks > len(days):
            return None
        return min([newest.until, *days])

    def lacks_look(self, looks: int, day: date) -> bool:
        """True if somebody finds the exchange suitable, and too few do."""
        return 0 < len(self.found_suitable_by(day)) < looks

    def is_unseen_by(self, made: Assessed, member: UUID, day: date) -> bool:
        """True if this is a colleague's *suitable* since the last doubt and this member's own look,
        and the member is to look first: by themselves."""
        if made.by == member or member in self.found_suitable_by(day):
            return False
        later = self.assessments[self.assessments.index(made):]
        return all(one.outcome is Outcome.SUITABLE and one.by != member for one in later)

    def made_by(self, *people: UUID) -> list[Agreement]:
        """The versions to which all of these people have agreed, the newest first."""
        return [one for one in reversed(self.agreements) if set(people) <= one.agreed.keys()]

    def agreement(self, *people: UUID) -> Agreement | None:
        """The newest of them. A newer version changes nothing until they agree to it."""
        return next(iter(self.made_by(*people)), None)

    @property
    def open_tasks(self) -> list[Task]:
        """The tasks that are still to be done, the earliest first."""
        return sorted((task for task in self.tasks.values() if task.done is None),
                      key=lambda task: (task.due, task.id))

    @property
    def open_alerts(self) -> list[Alert]:
        """The alerts that hold every release of this case,
        the one to act on first before the others."""
        return sorted(alerts.open_ones(self.alerts), key=lambda alert: (alert.act_by, alert.id))

    def tell(self, fact: "Fact") -> None:
        """Apply one fact of ``OF_PROCESS``."""
        _TELL[fact.event](self, fact)


def _referred(process: Process, fact: "Fact") -> None:
    process.sources.setdefault(Source[fact.entered], fact.at)


def _chosen(process: Process, fact: "Fact") -> None:
    process.chosen, process.wishes_another = fact.subject, None


def _another(process: Process, fact: "Fact") -> None:
    process.wishes_another, process.wish = fact.at, fact.about


def _consented(process: Process, fact: "Fact") -> None:
    if not fact.entered:  # recorded before there were purposes: consent is asked for again
        return
    purpose, _, version = fact.left.partition(" ")
    given = Consent(version, fact.at, date.fromisoformat(fact.entered), fact.about)
    process.consents[fact.subject] = {**process.consents.get(fact.subject, {}), purpose: given}


def _withdrawn(process: Process, fact: "Fact") -> None:
    _drop(process.consents, fact)


def _age(process: Process, fact: "Fact") -> None:
    process.ages[fact.subject] = Age[fact.entered]


def _companion(process: Process, fact: "Fact") -> None:
    process.companions[fact.subject] = (fact.about, fact.entered)


def _conviction(process: Process, fact: "Fact") -> None:
    process.convicted = fact.entered == "yes"


def _acknowledged(process: Process, fact: "Fact") -> None:
    process.acknowledgement = Acknowledgement(fact.subject, fact.at, fact.actor)


def _confirmed(process: Process, fact: "Fact") -> None:
    told = process.acknowledgement
    if told is not None and told.id == fact.subject and told.recorded_by != fact.actor:
        process.acknowledgement = Acknowledgement(told.id, told.at, told.recorded_by, fact.actor)


def _unacknowledged(process: Process, fact: "Fact") -> None:
    process.acknowledgement = None


def _order(process: Process, fact: "Fact") -> None:
    process.orders[fact.subject] = Order(date.fromisoformat(fact.left), _day(fact.entered))


def _order_ended(process: Process, fact: "Fact") -> None:
    process.orders.pop(fact.subject, None)


def _assessed(process: Process, fact: "Fact") -> None:
    process.assessments.append(Assessed(fact.about, fact.at, fact.actor, Outcome[fact.left],
                                        date.fromisoformat(fact.entered)))
    if process.risks or process.assessments[-1].outcome is not Outcome.SUITABLE:
        process.suitable_by.clear()
    if process.assessments[-1].outcome is Outcome.SUITABLE:
        process.suitable_by[fact.actor] = process.assessments[-1].until
    process.risks.clear()


def _risk(process: Process, fact: "Fact") -> None:
    process.risks[fact.subject] = fact.at


def _alert(process: Process, fact: "Fact") -> None:
    alerts.tell(process.alerts, fact)


def _request(process: Process, fact: "Fact") -> None:
    process.requests[fact.subject] = fact.at


def _step(process: Process, fact: "Fact") -> None:
    process.steps[fact.subject] = {**process.steps.get(fact.subject, {}),
                                   fact.left: date.fromisoformat(fact.entered)}


def _step_undone(process: Process, fact: "Fact") -> None:
    _drop(process.steps, fact)


def _proposed(process: Process, fact: "Fact") -> None:
    process.agreements.append(Agreement(fact.subject, fact.at, fact.actor,
                                        Terms.read(fact.entered)))


def _agreed(process: Process, fact: "Fact") -> None:
    process.agreements = [
        replace(one, agreed={**one.agreed, fact.actor: fact.at}) if one.id == fact.subject else one
        for one in process.agreements]


def _task(process: Process, fact: "Fact") -> None:
    process.tasks[fact.subject] = Task(fact.subject, fact.left, fact.about,
                                       datetime.fromisoformat(fact.entered))


def _task_done(process: Process, fact: "Fact") -> None:
    task = process.tasks.get(fact.subject)
    if task is not None:
        process.tasks[task.id] = Task(task.id, task.kind, task.about, task.due,
                                      TaskOutcome[fact.entered], fact.at)


def _closing(process: Process, fact: "Fact") -> None:
    process.closing = process.closing or fact.at


def _not_closing(process: Process, fact: "Fact") -> None:
    process.closing = process.closed = process.erase_on = None


def _closed(process: Process, fact: "Fact") -> None:
    process.closed = fact.at


def _erasing(process: Process, fact: "Fact") -> None:
    process.erase_on = _day(fact.entered)


def _erased(process: Process, fact: "Fact") -> None:
    process.erased = fact.at


def _drop(kept: dict[UUID, dict[str, _Told]], fact: "Fact") -> None:
    if fact.subject in kept:
        kept[fact.subject] = {name: value for name, value in kept[fact.subject].items()
                              if name != fact.left}


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


_TELL = {
    Event.REFERRED: _referred,
    Event.FACILITATOR_CHOSEN: _chosen,
    Event.ANOTHER_WISHED: _another,
    Event.CONSENT_GIVEN: _consented,
    Event.CONSENT_WITHDRAWN: _withdrawn,
    Event.AGE_RECORDED: _age,
    Event.COMPANION_RECORDED: _companion,
    Event.CONVICTION_RECORDED: _conviction,
    Event.ACKNOWLEDGEMENT_RECORDED: _acknowledged,
    Event.ACKNOWLEDGEMENT_CONFIRMED: _confirmed,
    Event.ACKNOWLEDGEMENT_WITHDRAWN: _unacknowledged,
    Event.ORDER_RECORDED: _order,
    Event.ORDER_ENDED: _order_ended,
    Event.ASSESSED: _assessed,
    Event.RISK_REPORTED: _risk,
    Event.REQUEST_KEPT: _request,
    Event.STEP_DONE: _step,
    Event.STEP_UNDONE: _step_undone,
    Event.AGREEMENT_PROPOSED: _proposed,
    Event.AGREED: _agreed,
    Event.TASK_SET: _task,
    Event.TASK_DONE: _task_done,
    Event.CLOSING_BEGUN: _closing,
    Event.CLOSING_ENDED: _not_closing,
    Event.CASE_CLOSED: _closed,
    Event.ERASURE_SET: _erasing,
    Event.CASE_ERASED: _erased,
    **dict.fromkeys(alerts.ALERTS, _alert),
}
OF_PROCESS = frozenset(_TELL)
"""The facts that say how the process stands."""

FORMS = """How each fact fills an entry of the trail, apart from actor and moment.
Days are ISO dates.

event                      subject        about        left               entered
referred                   case           -            -                  a ``Source`` by name
facilitator chosen         facilitator    -            -                  -
another wished             case           -            -                  -
consent given              person         explained by purpose, version   renewed by (day)
consent withdrawn          person         -            purpose            -
age recorded               person         -            -                  an ``Age`` by name
companion recorded         note           person       -                  what they are
conviction recorded        note           -            -                  yes or no
acknowledgement *          note           -            -                  -
  withdrawn                note           note or -    -                  -
order recorded             note           -            first day          last day, or nothing
order ended                note           -            -                  -
assessed                   case           note         an ``Outcome``     last day it counts
risk reported, request     note           -            -                  -
alert opened               alert          owner        a ``Cause``, thing act by (moment)
alert step                 alert          new owner    handed on or risen -
alert closed               alert          -            -                  -
step done                  person         -            step               on which day
step undone                person         -            step               -
agreement proposed         note           -            -                  ``Terms.written()``
agreed                     note           -            -                  -
task set                   note           person       kind               due (moment)
task done                  note           -            -                  a ``Kept`` by name
closing begun, ended       case           -            -                  -
case closed, erased        case           -            -                  -
erasure set                case           -            -                  day; nothing: called off
"""
