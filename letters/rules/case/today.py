"""What waits in a case for somebody of the staff: each thing with those who can decide it, from how
the case stands by its record. Whoever is not among them finds nothing to do there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from letters.rules.case.gates import Parties
from letters.rules.case.history import CaseHistory
from letters.rules.letter.history import LetterHistory
from letters.rules.letter.lifecycle import TO_READ, State
from letters.rules.pace import Pace

_ITSELF = UUID(int=0)
"""The subject of what is about the case as a whole."""


class WaitKind(StrEnum):
    """What waits."""

    LETTER = "letter to read"
    SEAL = "letter to seal again"
    HELD = "held letter"
    TOGETHER = "two see a letter differently"
    ACKNOWLEDGEMENT = "acknowledgement to confirm"
    ALERT = "safeguarding alert"
    RISK = "reported risk"
    KEY = "new key to confirm"
    INVITE = "somebody to invite"
    COLLEAGUE = "colleague to ask"
    SUGGESTED = "suggested colleague"
    LOOK = "second look at suitability"
    STILL = "case that stands still"


@dataclass(frozen=True)
class Wait:
    """One thing that waits. ``subject``: what it is about. ``of``: those who can decide it.
    ``since``: when it began, if that is known; ``due``: when it has to be done."""

    kind: WaitKind
    subject: UUID
    of: frozenset[UUID]
    since: datetime | None = None
    due: datetime | None = None


A_WEEK = timedelta(days=7)


def waits(story: CaseHistory, has_supervisor: bool, now: datetime, looks: int = 1) -> list[Wait]:
    """All that waits for the team of a case. In a closed case only alerts and risks do.

    ``has_supervisor``: a supervisor looks at letters on which two readers disagree; else the
    readers decide together. ``looks``: how many members find an exchange suitable before it is one.
    Before a first letter was handed over, a case in which nothing waits
    and nothing was recorded for a week waits itself; afterwards silence is how it should be.
    """
    team = frozenset(story.team)
    found = [*_of_safety(story, team)]
    if story.process.closed is None:
        found += [*_of_process(story, team), *_keys(story, team)]
        looked = story.process.found_suitable_by(now.date())
        if story.process.lacks_look(looks, now.date()):
            found.append(Wait(WaitKind.LOOK, _ITSELF, team - looked))
        if not story.stopped:
            for letter, told in story.letters.items():
                found += _of_letter(letter, told, team, has_supervisor)
            found += _beginning(story, team)
            if not (found or story.reached or story.paused or story.moved_at is None
                    or now - story.moved_at < A_WEEK):
                found.append(Wait(WaitKind.STILL, _ITSELF, team, story.moved_at))
    return [one for one in found if one.of]


def _beginning(story: CaseHistory, team: frozenset[UUID]) -> Iterator[Wait]:
    """What a case needs before anything else: its two people, and enough facilitators."""
    sources = story.process.sources
    if story.process.has_begun and len(story.participants) < 2:
        yield Wait(WaitKind.INVITE, _ITSELF, team, min(sources.values()))
    for colleague, at in story.suggested.items():
        yield Wait(WaitKind.SUGGESTED, colleague, team, at)
    if len(team) == 1 and not (story.asked - story.asked_specialists) | story.suggested.keys():
        yield Wait(WaitKind.COLLEAGUE, _ITSELF, team, min(sources.values(), default=None))


def _of_process(story: CaseHistory, team: frozenset[UUID]) -> Iterator[Wait]:
    told = story.process.acknowledgement
    if told is not None and told.confirmed_by is None:
        yield Wait(WaitKind.ACKNOWLEDGEMENT, told.id, team - {told.recorded_by}, told.at)


def _of_safety(story: CaseHistory, team: frozenset[UUID]) -> Iterator[Wait]:
    for alert in story.process.open_alerts:
        yield Wait(WaitKind.ALERT, alert.id, team & {alert.owner} or team, alert.opened,
                   alert.act_by)
    for risk, at in story.process.risks.items():
        yield Wait(WaitKind.RISK, risk, team, at)


def _keys(story: CaseHistory, team: frozenset[UUID]) -> Iterator[Wait]:
    for person in story.participants:
        key = story.key(person)
        if not key.confirmed:
            yield Wait(WaitKind.KEY, person, team - key.confirmed_by,
                       story.accounts.resets.get(person))


def _of_letter(letter: UUID, told: LetterHistory, team: frozenset[UUID],
               has_supervisor: bool) -> Iterator[Wait]:
    if told.state in TO_READ:
        yield Wait(WaitKind.LETTER, letter, team - told.approved_by, told.since)
    elif told.state == State.SEAL_AGAIN:
        yield Wait(WaitKind.SEAL, letter, team, told.approved_at)
    elif told.state == State.HELD:
        differ = told.disagreement
        if differ is None or differ.settled(team):
            yield Wait(WaitKind.HELD, letter, team)
        elif not has_supervisor:
            readers = differ.approved_by | {differ.by}
            yield Wait(WaitKind.TOGETHER, letter,
                       (readers & team) - differ.together or team - differ.together)


def waits_until_ready(story: CaseHistory, parties: Parties) -> datetime | None:
    """Since when an approved letter has waited for the person harmed to be ready for one; None if
    none does. Only the team may know it (rules 19 and 22)."""
    if story.stopped or story.ready or Pace.read(story.pace).as_agreed:
        return None
    return min((told.approved_at for told in story.letters.values()
                if told.state == State.APPROVED and told.author == parties.responsible
                and told.approved_at is not None), default=None)
