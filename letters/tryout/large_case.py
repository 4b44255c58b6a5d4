"""The life of one case of the large demonstration, from its referral to where it stands today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random
from uuid import UUID

from letters.rules.case.gates import Gate
from letters.rules.case.process import Outcome, TaskOutcome, Terms
from letters.rules.pace import Pace
from letters.rules.roles import Role
from letters.tryout.demo import come_in
from letters.tryout.large_letter import HOUR, LAST_FATES, Exchange, Fate, LetterLife, Words, hours
from letters.tryout.large_year import DAY, Life, Year
from letters.tryout.prepare_case import PreparedCase
from letters.workflow import messages
from letters.workflow.accounts import invite
from letters.workflow.cases import alerts, close, open_and_halt, tasks
from letters.workflow.platform import SignedIn
from letters.workflow.preparation import agreement, background
from letters.workflow.release import pace
from letters.workflow.team import join_and_leave
from letters.workflow.writing import write

REASSESSED = timedelta(days=80)
PREPARING = timedelta(days=14)
LAST_DAYS = timedelta(days=12)
"""The letters of these days are on their way."""


class Ending(StrEnum):
    """Where a case stands today."""

    REFERRAL = "referral"
    PREPARATION = "preparation"
    EXCHANGE = "exchange"
    PAUSED = "paused"
    HALTED = "halted"
    STOPPED = "stopped"
    CLOSING = "closing"
    AFTERCARE = "aftercare"
    CLOSED = "closed"
    STORYTELLING = "storytelling"


WRITES = frozenset(Ending) - {Ending.REFERRAL, Ending.PREPARATION, Ending.STORYTELLING}
"""Letters were sent in these."""
_ENDED = frozenset({Ending.CLOSING, Ending.AFTERCARE, Ending.CLOSED})


@dataclass(frozen=True)
class CasePlan:
    """What was drawn for a case. ``asked``: a colleague who is asked to join and has not answered;
    ``alert``: an alert is open today; ``lasts``: from its opening until today."""

    number: int
    ending: Ending
    lasts: timedelta
    team: Sequence[SignedIn]
    names: tuple[str, str]
    letters: int
    asked: SignedIn | None
    alert: bool
    seed: str


class CaseLife:
    """One case and its people, in a year."""

    def __init__(self, year: Year, plan: CasePlan, words: Words) -> None:
        self.year, self.plan, self.words = year, plan, words
        self.platform, self.team = year.platform, plan.team
        self.chance = Random(plan.seed)  # noqa: S311 - a play, and the same each time
        self.case: UUID
        self.harmed: SignedIn
        self.responsible: SignedIn
        self.prepared: PreparedCase
        self.exchange: Exchange

    def live(self) -> Life:
        """From the opening until today."""
        yield from self._begin()
        if self.plan.ending is Ending.REFERRAL:
            return
        yield from self._prepare()
        if self.plan.asked is not None:
            when = self.year.left - hours(self.chance, 5, 90)
            self.year.begin(self._ask(self.plan.asked), max(when, DAY))
        if self.plan.ending not in WRITES:
            yield from self._write_drafts()
            return
        self._begin_exchange()
        yield self._until_end()
        yield from self._end()

    def _begin(self) -> Life:
        first, second = self.team
        self.case = open_and_halt.open_case(self.platform, first)
        self.harmed = self._invited(Role.HARMED)
        yield hours(self.chance, 1, 9)
        join_and_leave.ask(self.platform, first, self.case, second.person, handover=True)
        yield hours(self.chance, 1, 9)
        join_and_leave.answer(self.platform, second, self.case, joins=True)
        if self.plan.ending is Ending.REFERRAL and self.plan.number % 2:
            return
        yield hours(self.chance, 1, 9)
        self.responsible = self._invited(Role.RESPONSIBLE)
        self.prepared = PreparedCase(
            self.platform, self.case, self.team, self.harmed, self.responsible,
            address=f"{self.plan.names[0].split()[0]}, no more.")
        self.exchange = Exchange(self.platform, self.case, self.team, self.harmed, self.responsible,
                                 self.words, self.chance, self.chance.random() < 0.3)

    def _invited(self, role: Role) -> SignedIn:
        name = self.plan.names[role is Role.RESPONSIBLE]
        code = invite.invite_participant(self.platform, self.team[0], self.case, role, name)
        return come_in(self.platform, f"{role.value} {self.plan.number}", code)

    def _prepare(self) -> Life:
        """Take every part, or leave some out of a case that is still prepared."""
        missing = set[Gate]()
        if self.plan.ending is Ending.PREPARATION:
            parts = sorted(set(self.prepared.parts()) - {Gate.CHOSEN})
            missing = set(self.chance.sample(parts, self.chance.randint(1, 4)))
        for gate, part in self.prepared.parts().items():
            yield hours(self.chance, 2, 20)
            if gate not in missing:
                part()
            elif gate is Gate.ACKNOWLEDGED:  # recorded, and not confirmed
                background.record_acknowledgement(self.platform, self.team[0], self.case,
                                                  "A plea, and a talk in spring.")
            elif gate is Gate.AGREED:
                self._propose()
        words = self.chance.choice(self.words["answers"])
        messages.write(self.platform, self.team[0], self.case, self.harmed.person, words)
        yield hours(self.chance, 5, 50)
        if self.chance.random() < 0.5:
            self._message()
        if self.plan.ending is Ending.STORYTELLING:
            self.prepared.assess(Outcome.STORYTELLING)
        self._set_task()

    def _propose(self) -> None:
        own = dict.fromkeys((self.harmed.person, self.responsible.person), "As we said.")
        agreement.propose(self.platform, self.team[0], self.case, Terms(),
                          agreement.Wording("What happened.", "First name.", (), own))

    def _message(self) -> None:
        who = self.chance.choice((self.harmed, self.responsible))
        messages.answer(self.platform, who, self.case, self.chance.choice(self.words["messages"]))

    def _set_task(self) -> None:
        on = self.platform.today() + timedelta(days=self.chance.randint(5, 60))
        tasks.set_task(self.platform, self.team[0], self.case, tasks.OTHER, self.harmed.person, on,
                       self.chance.choice(self.words["tasks"]))

    def _write_drafts(self) -> Life:
        for _ in range(self.plan.letters):
            yield hours(self.chance, 5, 60)
            channel = write.open_channels(self.platform, self.harmed)[0]
            write.begin_letter(self.platform, self.harmed, channel.id,
                               self.exchange.text(self.harmed))

    def _until_end(self) -> timedelta:
        """Until something ends the exchange, a few days or weeks before today."""
        ends = hours(self.chance, 24, 140)
        if self.plan.ending in _ENDED:
            ends += timedelta(days=min(40, self.plan.lasts.days // 4))
        return max(self.year.left - ends, DAY)

    def _begin_exchange(self) -> None:
        """Begin all that goes on while letters are exchanged: letters, tasks, assessments."""
        if not self.exchange.asks_each_time:
            pace.set_pace(self.platform, self.harmed, self.case, Pace(as_agreed=True))
        span, fates = self.year.left - LAST_DAYS, self._fates()
        if self.plan.ending in _ENDED | {Ending.STOPPED}:
            span -= timedelta(days=min(40, self.plan.lasts.days // 4))
        for number, fate in enumerate(fates):
            last = fate is not Fate.OPENED
            after = (self.year.left - LAST_DAYS * self.chance.uniform(0.2, 0.9) if last
                     else span * (number / len(fates)))
            self.year.begin(LetterLife(self.exchange, fate).live(), max(after, HOUR))
        self.year.begin(self._follow_up(), 4 * DAY)
        self.year.begin(self._assess_again(), REASSESSED)
        if self.plan.alert:
            self.year.begin(self._alert(), self.year.left - hours(self.chance, 1, 40))
        if self.chance.random() < 0.4:
            self.year.begin(self._ask_something(), self.year.left - hours(self.chance, 2, 90))

    def _fates(self) -> list[Fate]:
        """Most letters were opened; the last few are on their way, unless the exchange is over."""
        last = 0 if self.plan.ending in _ENDED else min(self.plan.letters // 2,
                                                        self.chance.randint(2, 6))
        on_their_way = self.chance.choices(list(LAST_FATES), list(LAST_FATES.values()), k=last)
        return [Fate.OPENED] * (self.plan.letters - last) + on_their_way

    def _follow_up(self) -> Life:
        """Finish what is due; in the last days not everybody comes to it."""
        until = hours(self.chance, 0, 250)
        while self.year.left > until and not self.exchange.over:
            for task in self.prepared.process().open_tasks:
                if task.due < self.platform.now() + 4 * DAY:
                    tasks.finish_task(self.platform, self.team[0], self.case, task.id,
                                      TaskOutcome.DONE)
            yield 4 * DAY

    def _assess_again(self) -> Life:
        while not self.exchange.over:
            self.prepared.assess()
            yield REASSESSED

    def _alert(self) -> Life:
        alerts.open_alert(self.platform, self.team[1], self.case, self.words["alert"][0],
                          urgent=self.chance.random() < 0.3)
        yield hours(self.chance, 1, 3)
        self._set_task()

    def _ask_something(self) -> Life:
        self._message()
        yield DAY

    def _ask(self, colleague: SignedIn) -> Life:
        join_and_leave.ask(self.platform, self.team[0], self.case, colleague.person, handover=False)
        yield DAY

    def _end(self) -> Life:
        """What happened to the exchange: somebody pauses, halts, stops or closes it."""
        ending, first = self.plan.ending, self.team[0]
        if ending is Ending.PAUSED:
            pace.pause(self.platform, self.harmed, self.case)
        elif ending is Ending.HALTED:
            open_and_halt.halt(self.platform, first, self.case)
        elif ending is Ending.STOPPED:
            self.exchange.over = True
            pace.stop(self.platform, self.chance.choice((self.harmed, self.responsible)), self.case)
        elif ending in _ENDED:
            self.exchange.over = True
            yield from self._close()

    def _close(self) -> Life:
        first = self.team[0]
        close.begin_closing(self.platform, first, self.case)
        if self.plan.ending is Ending.CLOSING:
            return
        yield hours(self.chance, 20, 60)
        for person in (self.harmed, self.responsible):
            self.prepared.take_all_steps(person, closing=True)
        if self.plan.ending is Ending.AFTERCARE:
            return
        for task in self.prepared.process().open_tasks:
            tasks.finish_task(self.platform, first, self.case, task.id, TaskOutcome.DONE)
        yield hours(self.chance, 1, 20)
        close.close(self.platform, first, self.case)
