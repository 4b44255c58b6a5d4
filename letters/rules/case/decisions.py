"""Decisions on a case, pure: what can be agreed to, confirmed, ended or closed by its record, and
who can join and leave its team; or a refusal. A verb decides first, then seals and records."""

from collections.abc import Collection, Mapping
from enum import Enum, auto
from typing import NamedTuple
from uuid import UUID

from letters.rules.case.alerts import Alert
from letters.rules.case.facts import Acknowledgement, Order, Source, Task
from letters.rules.case.framework import Framework
from letters.rules.case.gates import Parties, has_ended
from letters.rules.case.history import CaseHistory
from letters.rules.case.process import Process
from letters.rules.errors import NotFound, NotPossibleNow
from letters.rules.roles import Role


class Agreeing(NamedTuple):
    """What follows as one of the two agrees. ``is_new``: they had not agreed to this version yet.
    ``opens``: the person who harmed can write from now on."""

    is_new: bool
    opens: bool


def agree(process: Process, version: UUID, by: UUID, parties: Parties) -> Agreeing:
    """Agree to the newest version. Raises ``NotPossibleNow`` if this is not the newest."""
    newest = process.agreements[-1] if process.agreements else None
    if newest is None or newest.id != version:
        raise NotPossibleNow("there is a newer version")
    both = newest.agreed.keys() | {by} >= {parties.harmed, parties.responsible}
    return Agreeing(by not in newest.agreed, both and newest.terms.first is Source.RESPONSIBLE)


def acknowledgement_to_confirm(process: Process, told: UUID, by: UUID) -> Acknowledgement:
    """What somebody else recorded (rule 3). Raises ``NotPossibleNow`` for one's own record, or if
    another one stands by now."""
    stands = process.acknowledgement
    if stands is None or stands.id != told or stands.recorded_by == by:
        raise NotPossibleNow("there is nothing for this facilitator to confirm")
    return stands


def order_to_end(process: Process, order: UUID) -> Order:
    """An order that was not ended. Raises ``NotPossibleNow`` if it was."""
    if order not in process.orders:
        raise NotPossibleNow("this order has ended already")
    return process.orders[order]


def task_to_finish(process: Process, task: UUID) -> Task:
    """A task that is still to be done. Raises ``NotPossibleNow`` if it is done."""
    found = process.tasks.get(task)
    if found is None or found.done is not None:
        raise NotPossibleNow("this task is done already")
    return found


def alert_to_act_on(process: Process, alert: UUID) -> Alert:
    """An alert that is open. Raises ``NotFound``, or ``NotPossibleNow`` if it is closed."""
    found = process.alerts.get(alert)
    if found is None:
        raise NotFound
    if found.closed is not None:
        raise NotPossibleNow("it is closed already")
    return found


def close(told: CaseHistory, framework: Framework, parties: Parties) -> bool:
    """Whether closing is new; False if the case is closed. Raises ``NotPossibleNow`` while a task
    or an alert is open, or while a closing talk is missing and nobody has stopped."""
    process = told.process
    ended = told.stopped or has_ended(process, framework, parties)
    if process.open_tasks or process.open_alerts or process.closing is None or not ended:
        raise NotPossibleNow("there is something left to be done")
    return process.closed is None


def talks_to_repeat(process: Process, framework: Framework) -> list[tuple[UUID, str]]:
    """The closing talks that no longer count as the exchange goes on, each with its person.
    Raises ``NotPossibleNow`` for a case that was erased."""
    if process.erased is not None:
        raise NotPossibleNow("this case was erased")
    closing = {step.id for step in framework.closing}
    return [(person, step) for person, done in process.steps.items()
            for step in sorted(closing & done.keys())]


def require_can_be_invited(process: Process, role: Role, there: Collection[Role]) -> None:
    """Raises ``NotPossibleNow`` before the person harmed has begun (rule 6), or if the case has
    that participant; it may have several others."""
    if not process.has_begun:
        raise NotPossibleNow("the person harmed begins")
    if role in there and role is not Role.OTHER:
        raise NotPossibleNow("this case has that participant already")


def require_in_team(told: CaseHistory, facilitator: UUID) -> None:
    """Raises ``NotPossibleNow`` for somebody who is not in the team."""
    if facilitator not in told.team:
        raise NotPossibleNow("this facilitator is not in the team")


class Stays(Enum):
    """Why a member cannot leave now."""

    ONLY_READER = auto()
    TWO_AT_LEAST = auto()


def require_can_be_asked(told: CaseHistory, colleague: UUID) -> None:
    """Raises ``NotPossibleNow`` for somebody who is in the team or was asked."""
    if colleague in told.readers | told.asked:
        raise NotPossibleNow("in the team, or asked, already")


def require_specialist(told: CaseHistory, person: UUID) -> None:
    """Raises ``NotPossibleNow`` for anybody but a specialist of the team."""
    if person not in told.specialists:
        raise NotPossibleNow("this person is no specialist of the team")


def require_can_be_suggested(told: CaseHistory, colleague: UUID) -> None:
    """Raises ``NotPossibleNow`` for somebody who is in the team, was asked or was suggested, and in
    a closed case."""
    require_can_be_asked(told, colleague)
    if colleague in told.suggested or told.process.closed is not None:
        raise NotPossibleNow("suggested already, or the case is closed")


def require_suggested(told: CaseHistory, colleague: UUID) -> None:
    """Raises ``NotPossibleNow`` unless a supervisor suggests this colleague."""
    if colleague not in told.suggested:
        raise NotPossibleNow("not suggested, or answered already")


def why_stay(told: CaseHistory, member: UUID, holders: Mapping[int, Collection[UUID]],
             needed: Collection[int]) -> Stays | None:
    """Why this member cannot leave; None if they can.

    ``holders``: who has the case key of each epoch. ``needed``: the epochs of which the team still
    has something to open, and the present one, whose holders get the next key.
    """
    others = told.team - {member}
    if any(not others.intersection(holders.get(epoch, ())) for epoch in needed):
        return Stays.ONLY_READER
    return Stays.TWO_AT_LEAST if told.reached and len(others) < 2 else None


def begins_epoch(told: CaseHistory, member: UUID, handed: Collection[int]) -> bool:
    """True if the case gets a new key as somebody joins: they were not handed the present one, or
    they were here before and come back."""
    return told.epoch not in handed or member in told.ever_joined
