"""Each gate by itself: an approved letter waits while this gate alone
is shut, and goes when it opens.

A second shut gate would hide a broken one, so no trial leaves two of them shut. The pages up to a
letter's approval are tried before (``whole_way.py``); here the verbs do it. Two gates have no
trial: a stop is for good, and is tried last of all (``refusals.py``); and nobody can be invited
into a case that the person harmed has not begun, so there is no letter to wait.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from letters.rehearsal.players import PASSWORD, Company, Player
from letters.rules.case.gates import Gate
from letters.rules.case.process import Outcome, Terms
from letters.rules.permissions import Permission
from letters.rules.roles import Role
from letters.tryout.prepare_case import PreparedCase, approve, submit
from letters.workflow.access.record_fact import looking
from letters.workflow.cases import alerts, close, open_and_halt
from letters.workflow.preparation import assessment, background, consent, steps
from letters.workflow.release import pace
from letters.workflow.team import join_and_leave

Deed = Callable[[Company], object]


@dataclass(frozen=True)
class Trial:
    """A gate, how to shut it alone, and how to open it. ``new_case``: in a new case, which lacks
    only this, since it cannot be removed where it already exists."""

    gate: Gate
    shut: Deed
    open: Deed
    to_person_harmed: bool = False
    new_case: bool = False


def held_by_one_gate(trial: Trial, stage: Company) -> None:
    """Nothing is released while this gate alone is shut; the same letter is
    released as soon as it is open."""
    if trial.new_case:
        stage = _new_case(stage, trial)
    writer, recipient = stage.harmed, stage.responsible
    if trial.to_person_harmed:
        writer, recipient = recipient, writer
    letter = submit(stage.platform, writer.identity(stage.platform),
                    "A letter before one shut gate.")
    for reader in (stage.first, stage.second)[:2 if trial.to_person_harmed else 1]:
        approve(stage.platform, reader.identity(stage.platform), letter, PASSWORD)
    trial.shut(stage)
    try:
        stage.worker.run()
        recipient.must_not_have(letter)
    finally:  # so that this gate stays out of the trials after this one
        trial.open(stage)
    stage.worker.run()
    recipient.must_have(letter)


def _new_case(stage: Company, trial: Trial) -> Company:
    """Another case of the same team, with everything but what this trial opens."""
    name = trial.gate.name.lower()
    small = replace(stage, case=stage.first.open_case(), harmed=Player(stage.app, f"{name} harmed"),
                    responsible=Player(stage.app, f"{name} responsible"))
    for role, player in ((Role.HARMED, small.harmed), (Role.RESPONSIBLE, small.responsible)):
        small.first.bring_in(small.case, role, player)
    small.first.ask_into_team(small.case)
    small.second.join_team(small.case)
    prepared = _prepared(small)
    for gate, prepare in prepared.parts().items():
        if gate is not trial.gate:
            prepare()
    return small


def _prepared(stage: Company) -> PreparedCase:
    return PreparedCase(
        stage.platform,
        stage.case,
        [player.identity(stage.platform) for player in (stage.first, stage.second)],
        stage.harmed.identity(stage.platform),
        stage.responsible.identity(stage.platform),
    )


def _part(stage: Company, gate: Gate) -> None:
    """Supply what a new case lacks."""
    _prepared(stage).parts()[gate]()


def _nothing(_: Company) -> None:
    """Do nothing: it is lacking already."""


def _by(who: str, verb: Callable[..., object], *words: object) -> Deed:
    """One of the players does this in the case."""
    def deed(stage: Company) -> None:
        player: Player = getattr(stage, who)
        verb(stage.platform, player.identity(stage.platform), stage.case, *words)
    return deed


def _end_orders(stage: Company) -> None:
    me = stage.first.identity(stage.platform)
    with looking(stage.platform, me, stage.case, Permission.CASE_SEE) as case:
        orders = list(case.process.orders)
    for order in orders:
        background.end_order(stage.platform, me, stage.case, order)


def _close_alerts(stage: Company) -> None:
    for alert in _prepared(stage).process().open_alerts:
        alerts.close(stage.platform, stage.first.identity(stage.platform), stage.case, alert.id,
                     "All is well.")


def _close(stage: Company) -> None:
    prepared = _prepared(stage)
    close.begin_closing(stage.platform, prepared.team[0], stage.case)
    for person in (prepared.harmed, prepared.responsible):
        prepared.take_all_steps(person, closing=True)


def _limit_replies(stage: Company) -> None:
    """Limit the replies to those that have come already, though the
    person harmed is ready for one more."""
    _by("harmed", pace.say_ready)(stage)
    me = stage.first.identity(stage.platform)
    with looking(stage.platform, me, stage.case, Permission.CASE_SEE) as case:
        came = len(case.story.reached.get(case.parties.harmed, []))
    _prepared(stage).agree(Terms(replies=came))


def _undo(stage: Company, player: Player) -> None:
    person, framework = player.identity(stage.platform), stage.platform.framework
    step = next(step for step in framework.steps(person.role) if step.required)
    steps.take_step_back(stage.platform, stage.first.identity(stage.platform), stage.case,
                         person.person, step.id)


def _second_comes_back(stage: Company) -> None:
    stage.first.ask_into_team(stage.case)
    stage.second.join_team(stage.case)


def _assess(outcome: Outcome) -> Deed:
    return lambda stage: _prepared(stage).assess(outcome)


TRIALS = (
    Trial(Gate.NOT_HALTED, _by("first", open_and_halt.halt), _by("first", open_and_halt.lift_halt)),
    Trial(Gate.NOT_PAUSED, _by("harmed", pace.pause), _by("harmed", pace.end_pause)),
    Trial(Gate.NOT_CLOSED, _close, _by("first", close.go_on)),
    Trial(Gate.CHOSEN, _nothing, lambda stage: _part(stage, Gate.CHOSEN), new_case=True),
    Trial(Gate.EXCHANGE, _assess(Outcome.STORYTELLING), _assess(Outcome.SUITABLE)),
    Trial(Gate.CONSENT_OF_SENDER, _by("harmed", consent.withdraw),
          lambda stage: _part(stage, Gate.CONSENT_OF_SENDER)),
    Trial(Gate.CONSENT_OF_RECIPIENT, _by("responsible", consent.withdraw),
          lambda stage: _part(stage, Gate.CONSENT_OF_RECIPIENT)),
    Trial(Gate.AGE_OF_SENDER, _nothing, lambda stage: _part(stage, Gate.AGE_OF_SENDER),
          new_case=True),
    Trial(Gate.AGE_OF_RECIPIENT, _nothing, lambda stage: _part(stage, Gate.AGE_OF_RECIPIENT),
          new_case=True),
    Trial(Gate.CONVICTED, _by("first", background.record_conviction, False, "Quashed."),
          lambda stage: _part(stage, Gate.CONVICTED)),
    Trial(Gate.ACKNOWLEDGED, _by("responsible", background.withdraw_acknowledgement),
          lambda stage: _part(stage, Gate.ACKNOWLEDGED)),
    Trial(Gate.NO_ORDER, lambda stage: background.record_order(
        stage.platform, stage.first.identity(stage.platform), stage.case, stage.platform.today(),
        None, "No contact."),
          _end_orders),
    Trial(Gate.SUITABLE, _assess(Outcome.NOT_YET), _assess(Outcome.SUITABLE)),
    # Reported by a facilitator: a report by a participant also opens an alert.
    Trial(Gate.NO_RISK, _by("first", assessment.report_risk, "A worry."),
          _assess(Outcome.SUITABLE)),
    Trial(Gate.NO_ALERT, _by("second", alerts.open_alert, "A worry.", True), _close_alerts),
    Trial(Gate.PREPARED_SENDER, lambda stage: _undo(stage, stage.harmed), lambda stage: _part(
        stage, Gate.PREPARED_SENDER)),
    Trial(Gate.PREPARED_RECIPIENT, lambda stage: _undo(stage, stage.responsible),
          lambda stage: _part(
        stage, Gate.PREPARED_RECIPIENT)),
    Trial(Gate.AGREED, _nothing, lambda stage: _part(stage, Gate.AGREED), new_case=True),
    Trial(Gate.REPLIES_OPEN, _limit_replies, lambda stage: _prepared(stage).agree(),
          to_person_harmed=True),
    Trial(Gate.TEAM_OF_TWO, _by("second", join_and_leave.leave), _second_comes_back, new_case=True),
    Trial(Gate.READY, _by("harmed", pace.unsay_ready), _by("harmed", pace.say_ready),
          to_person_harmed=True),
    Trial(Gate.SENT_OFF, lambda stage: stage.harmed.set_pace("sending", sending="hold"),
          lambda stage: stage.harmed.set_pace("sending", sending="approved")),
)
STEPS: tuple[tuple[str, Callable[[Company], None]], ...] = tuple(
    (f"refused: releasing with one gate shut: {trial.gate.value}", partial(held_by_one_gate, trial))
    for trial in TRIALS)
