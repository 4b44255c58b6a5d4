"""Whatever a team does, who can open a letter is who the model says, and no letter is ever without
a reader."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from keys import letter as sealing
from keys.context import context
from keys.errors import CannotOpen
from keys.identity import Identity
from letters.rules.errors import LettersError, NotAcceptable, NotAllowed, NotFound, NotPossibleNow
from letters.rules.letter.lifecycle import TO_READ, State
from letters.rules.roles import Role
from letters.storage.tables.letters import CaseKey, Grant, Note, Version
from letters.workflow.accounts import invite
from letters.workflow.reading import open_letter
from letters.workflow.release import pace
from letters.workflow.team import join_and_leave, specialists
from tests.attacks.attacker import Theatre
from tests.cast import Cast, Player
from tests.night import size
from tests.races.agreement import agree

NAMES = {"first": "Frances First", "second": "Sam Second",
         "stranger_facilitator": "Ellis Elsewhere",
         "fourth": "Fay Fourth"}
FACILITATORS = tuple(NAMES)


def with_a_fourth(cast: Cast) -> None:
    """One more facilitator in the house."""
    cast.fourth = Player(
        cast.app, cast.platform, "fourth",
        invite.invite_staff(cast.platform, Role.FACILITATOR, "Fay Fourth")
    )


@dataclass
class Model:
    """What should be so: who is in the team, reads with it as a specialist, holds which epoch, is
    asked; and under which epoch a letter lies."""

    team: set[str] = field(default_factory=lambda: {"first", "second"})
    ever: set[str] = field(default_factory=lambda: {"first", "second"})
    epoch: int = 1
    held: dict[str, set[int]] = field(default_factory=lambda: {"first": {1}, "second": {1}})
    live: set[int] = field(default_factory=lambda: {1})  # the evidence lies under the first
    asked: dict[str, tuple[str, set[int], bool]] = field(default_factory=dict)
    specialists: set[str] = field(default_factory=set)
    letters: dict[UUID, int] = field(default_factory=dict)
    released: bool = False

    def begin_epoch(self) -> None:
        """For all who are in the team now, or read with it."""
        self.epoch += 1
        for member in self.team | self.specialists:
            self.held.setdefault(member, set()).add(self.epoch)

    def may_leave(self, who: str) -> bool:
        """Somebody else holds all that is live, and two stay once a letter was released."""
        others = self.team - {who}
        return bool(others) and all(any(epoch in self.held[member] for member in others)
                                    for epoch in self.live) and (
            len(others) >= 2 or not self.released)


def rings(cast: Cast, rows: list[dict[str, Any]]) -> dict[str, dict[int, Identity]]:
    """The case keys that each facilitator's own key really opens, whoever's row it is in."""
    found: dict[str, dict[int, Identity]] = {name: {} for name in FACILITATORS}
    for name in FACILITATORS:
        for row in rows:
            with suppress(CannotOpen):
                bound = context("case key", case=row["case_id"], epoch=row["epoch"],
                                member=row["member_id"])
                found[name][row["epoch"]] = Identity(
                    getattr(cast, name).me.identity.open(row["sealed"], bound)
                )
    return found


def machine(theatre: Theatre) -> type[RuleBasedStateMachine]:
    """A company that does anything in any order."""
    someone, cast = st.sampled_from(FACILITATORS), theatre.cast

    class Company(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            theatre.play(with_a_fourth)
            self.model = Model()

        def tried(self, verb: Callable[[], object], possible: bool) -> bool:
            """Do it; it must be refused, kindly, exactly where the model says that it cannot be."""
            try:
                verb()
            except (NotFound, NotAllowed, NotPossibleNow, NotAcceptable):
                assert not possible
                return False
            assert possible
            return True

        @rule(who=someone, whom=someone, handover=st.booleans(), specialist=st.booleans())
        def ask(self, who: str, whom: str, handover: bool, specialist: bool) -> None:
            model = self.model
            colleague = getattr(cast, whom)
            if self.tried(
                lambda: join_and_leave.ask(cast.platform, getattr(cast, who).me, cast.case,
                                           colleague.id, handover, specialist),
                who in model.team
                and whom not in model.team | model.specialists | set(model.asked),
            ):
                handed = model.held[who] & (model.live | {model.epoch}) if handover else set()
                model.asked[whom] = who, handed, specialist

        @rule(whom=someone, joins=st.sampled_from((True, True, True, False)))
        def answer(self, whom: str, joins: bool) -> None:
            model = self.model
            me = getattr(cast, whom).me
            if self.tried(lambda: join_and_leave.answer(cast.platform, me, cast.case, joins),
                          whom in model.asked):
                _, handed, specialist = model.asked.pop(whom)
                if joins:
                    (model.specialists if specialist else model.team).add(whom)
                    model.held[whom] = set(handed)
                    if model.epoch not in handed or whom in model.ever:
                        model.begin_epoch()
                    model.ever.add(whom)

        @rule(who=someone, whom=someone)
        def withdraw(self, who: str, whom: str) -> None:
            if self.tried(
                lambda: join_and_leave.withdraw(
                    cast.platform, getattr(cast, who).me, cast.case, getattr(cast, whom).id
                ),
                who in self.model.team and whom in self.model.asked,
            ):
                del self.model.asked[whom]

        @rule(who=someone)
        def leave(self, who: str) -> None:
            model = self.model
            if self.tried(
                lambda: join_and_leave.leave(cast.platform, getattr(cast, who).me, cast.case),
                who in model.specialists or (who in model.team and model.may_leave(who)),
            ):
                model.team.discard(who)
                model.specialists.discard(who)
                model.held[who] = set()
                model.asked = {whom: by for whom, by in model.asked.items() if by[0] != who}
                model.begin_epoch()

        @rule(who=someone, whom=someone)
        def end_specialist(self, who: str, whom: str) -> None:
            model, specialist = self.model, getattr(cast, whom).id
            if self.tried(
                lambda: specialists.end_part(cast.platform, getattr(cast, who).me,
                                                      cast.case, specialist),
                who in model.team and whom in model.specialists,
            ):
                model.specialists.discard(whom)
                model.held[whom] = set()
                model.begin_epoch()

        @rule(author=st.sampled_from(("harmed", "responsible")))
        def submit(self, author: str) -> None:
            if author == "harmed" or self.model.released:
                self.model.letters[cast.submitted(getattr(cast, author))] = self.model.epoch
                self.model.live.add(self.model.epoch)

        @precondition(lambda self: self.model.letters)
        @rule(data=st.data(), who=someone)
        def approve(self, data: Any, who: str) -> None:
            letter = data.draw(st.sampled_from(sorted(self.model.letters)))
            before = cast.state(letter)
            with suppress(LettersError):
                cast.approve(letter, getattr(cast, who))
            # what was put down on the findings
            notes = theatre.attacker.rows(Note, Note.reader_kind == "case")
            self.model.live |= {row["epoch"] for row in notes if row["reader_id"] == cast.case}
            if cast.state(letter) is not before:
                assert before in TO_READ and who in self.model.team
                assert self.model.letters[letter] in self.model.held[who]

        @rule()
        def release(self) -> None:
            pace.say_ready(cast.platform, cast.harmed.me, cast.case)
            approved = [letter for letter in self.model.letters
                        if cast.state(letter) is State.APPROVED]
            cast.clock.advance(minutes=11)
            released = cast.release()
            assert released <= len(approved) and (released == 0 or len(self.model.team) >= 2)
            assert released or not approved or len(self.model.team) < 2
            self.model.released = self.model.released or released > 0

        @invariant()
        def who_can_open_is_who_should(self) -> None:
            model, attacker = self.model, theatre.attacker
            rows = attacker.rows(CaseKey, CaseKey.case_id == cast.case)
            held = rings(cast, rows)
            assert {name: set(ring) for name, ring in held.items()} == {
                name: model.held.get(name, set()) for name in FACILITATORS}
            for letter, epoch in model.letters.items():
                versions = {row["id"]
                            for row in attacker.rows(Version, Version.letter_id == letter)}
                grants = attacker.rows(Grant, Grant.reader_kind == "case",
                                       Grant.version_id.in_(versions))
                opened = {name for name, ring in held.items() for grant in grants
                          if opens(cast, ring.get(grant["epoch"]), grant)}
                assert opened == {name for name in model.team | model.specialists
                                  if epoch in model.held[name]}
                assert opened & model.team
                if cast.row(letter).author_id == cast.harmed.id:
                    named = open_letter.who_can_read(cast.platform, cast.harmed.me, letter)
                    assert {name for name in NAMES if NAMES[name] in named} == opened

        def teardown(self) -> None:
            agree(cast.platform)

    return Company


def opens(cast: Cast, case_key: Identity | None, grant: dict[str, Any]) -> bool:
    """Does this case key really open that grant?"""
    try:
        return case_key is not None and bool(sealing.open_case_grant(
            case_key, cast.case, grant["epoch"], grant["sealed"], grant["version_id"]))
    except CannotOpen:
        return False


def test_who_can_open_is_who_the_model_says_whatever_the_team_does(theatre: Theatre) -> None:
    run_state_machine_as_test(machine(theatre), settings=settings(
        max_examples=size(3, 200), stateful_step_count=18, deadline=None, database=None,
        suppress_health_check=list(HealthCheck)))
