"""Everybody does anything in any order: nothing is ever released that the model would not let go,
and nothing is kept.

The model below is written from the practice's rules and knows nothing of the trail or of the gates.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from letters.rules.case.process import Outcome, Terms
from letters.rules.errors import LettersError
from letters.rules.letter.lifecycle import ARRIVED, State
from letters.workflow.cases import alerts, close, open_and_halt
from letters.workflow.decision import decide
from letters.workflow.preparation import (
    agreement,
    assessment,
    background,
    consent,
    steps,
)
from letters.workflow.reading import open_letter
from letters.workflow.record import record
from letters.workflow.release import pace
from letters.workflow.writing import write
from tests.attacks.attacker import Theatre
from tests.cast import Cast, Player
from tests.night import NIGHT, size
from tests.races.agreement import agree

EVERYBODY = ("harmed", "responsible", "other", "first", "second", "supervisor", "administrator",
             "stranger_facilitator", "stranger_harmed", "stranger_responsible")
TEAM, WRITERS = frozenset({"first", "second"}), frozenset({"harmed", "responsible"})
WAITING = frozenset({State.IN_REVIEW, State.SECOND_READING})
PLAYS, STEPS = size(6, 700), 36
"""How many plays on each database, and how many steps the longest have."""


@dataclass
class Model:
    """What the rules say, told by what was done."""

    today: date
    stopped: bool = False
    halted: bool = False
    paused: bool = False
    ready: bool = False
    agreeing: dict[str, date] = field(default_factory=dict)
    acknowledged: bool = True
    told_by: str = "first"
    orders: set[UUID] = field(default_factory=set)
    convicted: bool = True
    suitable_until: date = date.min
    storytelling: bool = False
    risky: bool = False
    alerted: bool = False
    unprepared: set[str] = field(default_factory=set)
    replies: int | None = None
    proposed: tuple[UUID, int | None] | None = None
    agreed: set[str] = field(default_factory=set)
    closing: bool = False
    talked: set[str] = field(default_factory=set)
    closed: bool = False
    arrived: dict[str, int] = field(default_factory=lambda: {"harmed": 0, "responsible": 0})

    def lets_go(self, to: str) -> bool:
        """May an approved letter reach this one now?"""
        ended = self.closed or (self.closing and self.talked == WRITERS)
        return not (self.stopped or self.halted or self.paused or ended or self.orders
                    or self.storytelling
                    or self.risky or self.alerted or self.unprepared) and (
            self.acknowledged and self.convicted and self.today <= self.suitable_until
            and all(self.today <= self.agreeing.get(who, date.min) for who in WRITERS)
            and (to == "responsible" or (
                self.ready and (self.replies is None or self.arrived["harmed"] < self.replies))))


class Deed(NamedTuple):
    """Something that some may do; ``told`` is what it changes by the rules."""

    by: frozenset[str]
    do: Callable[[Cast, Player], object]
    told: Callable[[Model, str], None]


def sets(**values: Any) -> Callable[[Model, str], None]:
    """The model, with these set."""
    return lambda model, who: (
        [setattr(model, name, value) for name, value in values.items()] and None
    )  # type: ignore


def _confirm(cast: Cast, me: Player) -> None:
    with cast.platform.reading() as db:
        told = record.to_decide(cast.platform, db, cast.case_row().id).process.acknowledgement
    background.confirm_acknowledgement(cast.platform, me.me, cast.case,
                                       told.id if told else UUID(int=1))


def _assess(outcome: Outcome) -> Callable[[Cast, Player], object]:
    def do(cast: Cast, me: Player) -> None:
        asked = cast.platform.framework.assessment
        answers = {one.id: {"rating": asked.ratings[1]} for one in asked.dimensions}
        assessment.assess(cast.platform, me.me, cast.case, answers, outcome,
                          cast.platform.today() + timedelta(days=30))
    return do


def _told_again(model: Model, who: str) -> None:
    model.acknowledged, model.told_by = False, who


def _consents(model: Model, who: str) -> None:
    model.agreeing[who] = model.today + timedelta(days=364)


def _step(cast: Cast, me: Player) -> None:
    steps.take_step(cast.platform, me.me, cast.case, cast.harmed.id, "first-talk",
                    cast.platform.today())


FACILITATED: dict[str, Deed] = {
    "halt": Deed(TEAM, lambda c, p: open_and_halt.halt(c.platform, p.me, c.case),
                 sets(halted=True)),
    "lift": Deed(TEAM, lambda c, p: open_and_halt.lift_halt(c.platform, p.me, c.case),
                 sets(halted=False)),
    "acknowledge": Deed(
        TEAM, lambda c, p: background.record_acknowledgement(c.platform, p.me, c.case, "Said."),
        _told_again
    ),
    "unacknowledge": Deed(
        TEAM | {"responsible"},
        lambda c, p: background.withdraw_acknowledgement(c.platform, p.me, c.case),
        sets(acknowledged=False, told_by=""),
    ),
    "convict": Deed(
        TEAM, lambda c, p: background.record_conviction(c.platform, p.me, c.case, True, "So."),
        sets(convicted=True)
    ),
    "acquit": Deed(
        TEAM, lambda c, p: background.record_conviction(c.platform, p.me, c.case, False, "So."),
        sets(convicted=False)
    ),
    "not yet": Deed(TEAM, _assess(Outcome.NOT_YET),
                    sets(suitable_until=date.min, storytelling=False, risky=False)),
    "storytelling": Deed(
        TEAM, _assess(Outcome.STORYTELLING),
        sets(suitable_until=date.min, storytelling=True, risky=False)
    ),
    "step": Deed(TEAM, _step, lambda model, _: model.unprepared.discard("first-talk")),
    "step back": Deed(
        TEAM,
        lambda c, p: steps.take_step_back(c.platform, p.me, c.case, c.harmed.id, "first-talk"),
        lambda model, _: model.unprepared.add("first-talk"),
    ),
    "alert": Deed(
        TEAM, lambda c, p: alerts.open_alert(c.platform, p.me, c.case, "A worry.", False),
        sets(alerted=True)
    ),
    "begin closing": Deed(TEAM, lambda c, p: close.begin_closing(c.platform, p.me, c.case),
                          sets(closing=True)),
}
OWN: dict[str, Deed] = {
    "pause": Deed(frozenset({"harmed"}), lambda c, p: pace.pause(c.platform, p.me, c.case),
                  sets(paused=True)),
    "go on": Deed(frozenset({"harmed"}), lambda c, p: pace.end_pause(c.platform, p.me, c.case),
                  sets(paused=False)),
    "ready": Deed(frozenset({"harmed"}), lambda c, p: pace.say_ready(c.platform, p.me, c.case),
                  sets(ready=True)),
    "not ready": Deed(frozenset({"harmed"}),
                      lambda c, p: pace.unsay_ready(c.platform, p.me, c.case),
                      sets(ready=False)),
    "consent": Deed(WRITERS | {"other"}, lambda c, p: consent.give(
        c.platform, p.me, c.case, consent.required(c.platform, p.me)), _consents),
    "withdraw": Deed(WRITERS | {"other"}, lambda c, p: consent.withdraw(c.platform, p.me, c.case),
                     lambda model, who: model.agreeing.pop(who, None) and None),
    "risk": Deed(WRITERS | TEAM | {"other"},
                 lambda c, p: assessment.report_risk(c.platform, p.me, c.case, "A worry."),
                 lambda model, who: sets(risky=True,
                                         alerted=model.alerted or who not in TEAM)(model, who)),
}
DEEDS = FACILITATED | OWN


def machine(theatre: Theatre, taken: Counter[str]) -> type[RuleBasedStateMachine]:
    """A company that does anything in any order."""
    cast = theatre.cast
    someone = st.sampled_from(EVERYBODY)

    class Company(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            theatre.play(under_way)
            taken["steps"] -= 1  # the invariant is asked once before the first
            today = cast.platform.today()
            self.letters: dict[UUID, str] = {}
            self.gone: set[UUID] = set()
            self.model = Model(today,
                               agreeing={who: today + timedelta(days=364) for who in WRITERS},
                               suitable_until=today + timedelta(days=90),
                               arrived={"harmed": 0, "responsible": 1})

        @rule(name=st.sampled_from(sorted(DEEDS)), who=someone, wise=st.integers(0, 3))
        def act(self, name: str, who: str, wise: int) -> None:
            """Mostly by somebody who may."""
            deed = DEEDS[name]
            if wise:
                who = sorted(deed.by)[wise % len(deed.by)]
            try:
                deed.do(cast, getattr(cast, who))
            except LettersError:
                assert who not in deed.by, (name, who)
                return
            assert who in deed.by, (name, who)
            deed.told(self.model, who)

        @rule(who=st.sampled_from(sorted(TEAM)))
        def confirm(self, who: str) -> None:
            """Only what another recorded."""
            may = not self.model.acknowledged and self.model.told_by not in ("", who)
            with suppress(LettersError):
                _confirm(cast, getattr(cast, who))
                assert may or self.model.acknowledged
            self.model.acknowledged = self.model.acknowledged or may

        @rule(who=st.sampled_from(sorted(TEAM)))
        def close_alerts(self, who: str) -> None:
            """All that are open, each by itself."""
            for alert in cast.prepared.process().open_alerts:
                alerts.close(cast.platform, getattr(cast, who).me, cast.case, alert.id,
                             "All is well.")
            self.model.alerted = False

        @rule()
        def put_right(self) -> None:
            """The team and the two go through all that is shut, so that the exchange goes on."""
            model = self.model
            for name, needed in (("lift", model.halted), ("convict", not model.convicted),
                                 ("step", model.unprepared)):
                if needed:
                    self.act(name, "first", 0)
            for order in sorted(model.orders):
                background.end_order(cast.platform, cast.first.me, cast.case, order)
            model.orders.clear()
            if model.closing:
                close.go_on(cast.platform, cast.first.me, cast.case)
                model.closing, model.talked = False, set()  # the talks are held anew
            if model.risky or model.suitable_until < model.today:
                for member in (cast.first, cast.second):  # one look is not enough (rule 10)
                    _assess(Outcome.SUITABLE)(cast, member)
                model.suitable_until, model.storytelling, model.risky = (
                    model.today + timedelta(days=30),
                    False,
                    False,
                )
            self.close_alerts("second")
            if not model.acknowledged:
                self.act("acknowledge", "second", 0)
                self.confirm("first")
            for who in sorted(WRITERS):
                if model.agreeing.get(who, date.min) < model.today:
                    self.act("consent", who, 0)
            for name in ("ready", "go on"):
                self.act(name, "harmed", 0)

        @rule(rare=st.integers(0, 40), who=st.sampled_from((*sorted(WRITERS), "other")))
        def stop(self, rare: int, who: str) -> None:
            """For good, so it is done seldom."""
            if rare == 40:
                pace.stop(cast.platform, getattr(cast, who).me, cast.case)
                self.model.stopped = True

        @rule(days=st.integers(-3, 3), lasts=st.integers(0, 5))
        def order(self, days: int, lasts: int) -> None:
            """A no-contact order that stands today, stood, or will; the model keeps those that
            stand today."""
            begins = self.model.today + timedelta(days=days)
            background.record_order(
                cast.platform, cast.first.me, cast.case, begins, begins + timedelta(days=lasts),
                "Made."
            )
            if begins <= self.model.today <= begins + timedelta(days=lasts):
                with cast.platform.reading() as db:
                    orders = record.to_decide(cast.platform, db, cast.case_row().id).process.orders
                self.model.orders.add(list(orders)[-1])

        @rule(replies=st.sampled_from((None, 1, 2)))
        def propose(self, replies: int | None) -> None:
            """Another version, which changes nothing until both agree."""
            wording = agreement.Wording("That night.", "", (), {})
            made = agreement.propose(cast.platform, cast.first.me, cast.case,
                                     Terms(replies=replies), wording)
            self.model.proposed, self.model.agreed = (made, replies), set()

        @precondition(lambda self: self.model.proposed)
        @rule(who=st.sampled_from((*sorted(WRITERS), "other", "first")))
        def agree(self, who: str) -> None:
            """One of the two agrees to it; nobody else can."""
            made, replies = self.model.proposed or (UUID(int=1), None)
            try:
                agreement.agree(cast.platform, getattr(cast, who).me, cast.case, made)
            except LettersError:
                assert who not in WRITERS
                return
            assert who in WRITERS
            self.model.agreed.add(who)
            if self.model.agreed == WRITERS:
                self.model.replies = replies

        @rule(who=st.sampled_from(sorted(WRITERS)))
        def talk(self, who: str) -> None:
            """A closing talk."""
            cast.prepared.take_all_steps(getattr(cast, who).me, closing=True)
            self.model.talked.add(who)

        @precondition(lambda self: len(self.letters) < 4)
        @rule(author=st.sampled_from(sorted(WRITERS)), readers=st.integers(0, 2))
        def letter(self, author: str, readers: int) -> None:
            """Written, sent to the team where that may be, and read by some of it."""
            model = self.model
            may = (model.today <= model.agreeing.get(author,
                                                    date.min) and not model.storytelling
                   and not model.closed)
            try:
                letter = cast.submitted(getattr(cast, author))
            except LettersError:
                assert not may
                return
            assert may
            self.letters[letter] = author
            for reader in sorted(TEAM)[:readers]:
                with suppress(LettersError):
                    cast.approve(letter, getattr(cast, reader))

        @precondition(lambda self: self.letters)
        @rule(which=st.integers(0, 3), reader=st.sampled_from(sorted(TEAM)))
        def approve(self, which: int, reader: str) -> None:
            """One of the team approves a letter; of the person who harmed two have to."""
            waiting = [one for one in self.letters if cast.state(one) in WAITING]
            if waiting:
                with suppress(LettersError):
                    cast.approve(waiting[which % len(waiting)], getattr(cast, reader))

        @precondition(lambda self: self.letters)
        @rule(which=st.integers(0, 3),
              who=st.sampled_from(("author", "recipient", "first", "second")),
              verb=st.integers(0, 3))
        def touch(self, which: int, who: str, verb: int) -> None:
            """Recall, hold or open a letter, or approve what one may not, whoever it is."""
            letter = list(self.letters)[which % len(self.letters)]
            author = self.letters[letter]
            other = "responsible" if author == "harmed" else "harmed"
            me = getattr(cast, {"author": author, "recipient": other}.get(who, who))
            if verb == 1 and who in TEAM:
                return  # has a step of its own
            with suppress(LettersError):
                if verb == 0:
                    write.recall(cast.platform, me.me, letter)
                elif verb == 1:
                    cast.approve(letter, me)
                elif verb == 2:
                    decide.hold(cast.platform, me.me, letter, cast.row(letter).submitted_id,
                                "A doubt.",
                                self.model.today + timedelta(days=7))
                else:
                    open_letter.open_letter(cast.platform, me.me, letter)

        @rule(righted=st.booleans())
        def release(self, righted: bool) -> None:
            """The worker looks: all that the model lets go goes, and nothing else."""
            model = self.model
            if righted:
                self.put_right()
            approved = [letter for letter in self.letters if cast.state(letter) is State.APPROVED]
            cast.clock.advance(minutes=11)
            expected = {to: sum(self.letters[letter] != to for letter in approved)
                        if model.lets_go(to) else 0
                        for to in WRITERS}
            expected["harmed"] = min(expected["harmed"], 1)
            cast.release()
            now_gone = [letter for letter in approved if cast.state(letter) is State.RELEASED]
            came = {to: sum(self.letters[letter] != to for letter in now_gone) for to in WRITERS}
            assert came == expected
            self.gone.update(now_gone)
            taken["released"] += len(now_gone)
            for to in WRITERS:
                model.arrived[to] += came[to]
            model.ready = model.ready and not came["harmed"]

        @rule(days=st.integers(1, 9))
        def days_pass(self, days: int) -> None:
            """Orders end or begin, an assessment lapses; the model is told by the days alone."""
            cast.clock.advance(days=days)
            self.model.today = cast.platform.today()
            with cast.platform.reading() as db:
                orders = record.to_decide(cast.platform, db, cast.case_row().id).process.orders
            self.model.orders = {one for one,
                                 order in orders.items() if order.begins <= self.model.today <= (
                order.ends or date.max)}

        @invariant()
        def only_the_worker_releases(self) -> None:
            """And what has arrived stays so. Asked after each step."""
            taken["steps"] += 1
            arrived = {letter for letter in self.letters if cast.state(letter) in ARRIVED}
            assert arrived == self.gone

        def teardown(self) -> None:
            agree(cast.platform)

    return Company


def under_way(cast: Cast) -> None:
    """Both may write."""
    cast.open_the_way_back()


def test_whatever_everybody_does_nothing_is_released_that_the_rules_keep(theatre: Theatre) -> None:
    taken = Counter[str]()
    run_state_machine_as_test(machine(theatre, taken), settings=settings(
        max_examples=PLAYS, stateful_step_count=STEPS, deadline=None, database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck)))
    assert taken["steps"] >= PLAYS * STEPS / 2, taken
    assert taken["released"] or not NIGHT, taken
