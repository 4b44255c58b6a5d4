"""Each gate by itself: an approved letter waits before this one while all others are open, and goes when it opens.

Beside another shut gate a broken one would go unnoticed, so no trial leaves two of them shut.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from letters.domain.gates import Gate
from letters.domain.people import Role
from letters.rehearsal.cast import Player, Stage

Deed = Callable[[Stage], object]


@dataclass(frozen=True)
class Trial:
    """A gate, what leaves it as the only one that is shut, and what opens it."""

    gate: Gate
    leave_alone: Deed
    open: Deed
    prepare: Callable[[Stage, str], Stage] = lambda stage, _: stage
    to_person_harmed: bool = False


def held_by_one_gate(trial: Trial, stage: Stage) -> None:
    """Nothing is released while this gate alone is shut; the same letter is released as soon as it is open."""
    stage = trial.prepare(stage, trial.gate.name.lower())
    writer, recipient = stage.harmed, stage.responsible
    if trial.to_person_harmed:
        writer, recipient = recipient, writer
    letter = writer.write("A letter before one shut gate.")
    for reader in (stage.first, stage.second)[:2 if trial.to_person_harmed else 1]:
        reader.approve(letter)
    trial.leave_alone(stage)
    try:
        stage.worker.run()
        recipient.must_not_have(letter)
    finally:  # so that the trials after this one are not about this gate too
        trial.open(stage)
    stage.worker.run()
    recipient.must_have(letter)


def _new_case(stage: Stage, name: str) -> Stage:
    """A case of one facilitator, in which both have agreed: who has joined and what is recorded cannot be undone."""
    small = replace(stage, case=stage.first.open_case(), harmed=Player(stage.app, f"{name} harmed"),
                    responsible=Player(stage.app, f"{name} responsible"))
    for role, player in ((Role.HARMED, small.harmed), (Role.RESPONSIBLE, small.responsible)):
        small.first.bring_in(small.case, role, player)
        player.agree()
    return small


def _join(stage: Stage) -> None:
    stage.first.ask_into_team(stage.case)
    stage.second.join_team(stage.case)


def _acknowledge(stage: Stage) -> None:
    stage.first.acknowledge(stage.case, stage.second)


TRIALS = (  # NOT_STOPPED is tried last of all, in refusals.py: a stop is for good, so nobody can open that gate
    Trial(Gate.NOT_HALTED, lambda stage: stage.first.on_case(stage.case, "halt"),
          lambda stage: stage.first.on_case(stage.case, "halt", do="lift")),
    Trial(Gate.NOT_PAUSED, lambda stage: stage.harmed.set_pace("pause"), lambda stage: stage.harmed.set_pace("go-on")),
    Trial(Gate.CONSENT_OF_SENDER, lambda stage: stage.harmed.withdraw(), lambda stage: stage.harmed.agree()),
    Trial(Gate.CONSENT_OF_RECIPIENT, lambda stage: stage.responsible.withdraw(),
          lambda stage: stage.responsible.agree()),
    Trial(Gate.READY, lambda stage: stage.harmed.set_pace("not-ready"), lambda stage: stage.harmed.set_pace("ready"),
          to_person_harmed=True),
    Trial(Gate.ACKNOWLEDGED, _join, _acknowledge, _new_case),
    Trial(Gate.TEAM_OF_TWO, _acknowledge, _join, _new_case),
)
STEPS: tuple[tuple[str, Callable[[Stage], None]], ...] = tuple(
    (f"refused: releasing with one gate shut: {trial.gate.value}", partial(held_by_one_gate, trial))
    for trial in TRIALS)
