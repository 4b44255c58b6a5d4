"""Steps 1 to 7 of a letter's whole way, then the refusals, one line a step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from flask import Flask

from letters.rehearsal import refusals, shut_gates
from letters.rehearsal.browser import Refused
from letters.rehearsal.players import Company, Player, WorkerByHand, code_on
from letters.rules.roles import Role
from letters.workflow.accounts.invite import invite_staff

TELEPHONE = "07700 900123"
QUESTION = f"I want to ask you why. You may not call me on {TELEPHONE}."
ANSWER = "I did it. You did nothing to deserve it. I have begun to understand what it did to you."


@dataclass(frozen=True)
class RehearsalStep:
    """One step, whether it holds, and how long it took in milliseconds."""

    name: str
    ok: bool
    ms: float
    why: str = ""


def rehearse(app: Flask) -> Iterator[RehearsalStep]:
    """Walk every step on a throwaway installation. A failed step does not prevent the others."""
    stage = staged(app)
    for name, step in (*STEPS, *shut_gates.STEPS, *refusals.STEPS):
        begun, why = perf_counter(), ""
        try:
            step(stage)
        except Refused as problem:
            why = str(problem)
        except Exception as problem:  # its type alone: a message could carry what somebody wrote
            why = type(problem).__name__
        yield RehearsalStep(name, not why, (perf_counter() - begun) * 1000, why)


def staged(app: Flask) -> Company:
    """The players before the first step."""
    return Company(app, app.extensions["platform"](), WorkerByHand(app.extensions["platform"]),
                   Player(app, "first"),
                   Player(app, "second"), Player(app, "harmed"), Player(app, "responsible"))


def open_the_case(stage: Company) -> None:
    """1. Invitations, accounts, a case."""
    first, second, administrator = stage.first, stage.second, Player(stage.app, "administrator")
    code = invite_staff(stage.platform, Role.ADMINISTRATOR, "Administrator")
    administrator.enrol(code)
    again = Player(stage.app, "again")
    again.browser.open("/invitation/code")
    again.browser.send("/invitation", 400, code=code)
    administrator.sign_in()
    for colleague, name in ((first, "First facilitator"), (second, "Second facilitator")):
        administrator.browser.open("/house")
        colleague.enrol(
            code_on(administrator.browser.send("/house/invite", role="facilitator", name=name))
        )
    first.sign_in()
    first.browser.open("/cases")
    stage.case = first.open_case()
    for role, player in ((Role.HARMED, stage.harmed), (Role.RESPONSIBLE, stage.responsible)):
        first.bring_in(stage.case, role, player)
    second.sign_in()


def draft_and_submit(stage: Company) -> None:
    """2. Draft, save, read back, see who will read it, submit."""
    harmed = stage.harmed
    harmed.agree()
    stage.letter = harmed.draft("A first try.")
    harmed.browser.send(f"/letters/{stage.letter}/write", text=QUESTION)
    _shows(harmed.browser.open(f"/letters/{stage.letter}/read-back").text, TELEPHONE)
    check = harmed.browser.open(f"/letters/{stage.letter}/check").text
    for name in ("First facilitator", "Responsible"):
        _shows(check, name)
    harmed.send_letter(stage.letter)
    harmed.browser.open(f"/letters/{stage.letter}")


def screened_and_queued(stage: Company) -> None:
    """3. The finding stands at its place on the review desk."""
    page = stage.first.browser.open("/desk")
    page.link(f"/desk/{stage.letter}")
    if TELEPHONE in page.text:
        raise Refused("the list shows words of a letter")
    letter = stage.first.browser.open(f"/desk/{stage.letter}")
    _shows(letter.body, f'<span id="f1"></span><mark class="finding finding-look">{TELEPHONE}')


def reviewed(stage: Company) -> None:
    """4. Held, taken up again, returned, revised, approved."""
    first, harmed = stage.first, stage.harmed
    first.claim(stage.letter)
    first.judge(stage.letter, "hold", "escalate")
    first.browser.send(f"/desk/{stage.letter}/hold", reason="To be talked over.",
                       review_on="2030-01-01")
    first.browser.open(f"/desk/{stage.letter}")
    first.browser.send(f"/desk/{stage.letter}/resume")
    first.claim(stage.letter)
    first.judge(stage.letter, "return", "ask the writer")
    first.browser.send(f"/desk/{stage.letter}/return", reason="A number.",
                       note="Please leave the number out.")
    _shows(harmed.browser.open(f"/letters/{stage.letter}/write").text,
           "Please leave the number out.")
    harmed.browser.send(f"/letters/{stage.letter}/write", text="I want to ask you why.")
    harmed.send_letter(stage.letter)
    first.approve(stage.letter)


def released_when_the_gates_hold(stage: Company) -> None:
    """5. The second facilitator joins, all is prepared. Nothing before every gate
    is open; then at once, and once."""
    opened: tuple[Callable[[], object], ...] = (
        lambda: _second_joins(stage),
        lambda: stage.first.prepare_case(stage.case, stage.second),
        stage.harmed.choose,
        stage.harmed.agree_to_agreement,
        stage.responsible.agree,
        stage.responsible.agree_to_agreement)
    for open_gate in opened:
        stage.worker.run()
        stage.responsible.must_not_have(stage.letter)
        open_gate()
    stage.worker.run()
    stage.worker.run()
    stage.responsible.must_have(stage.letter)


def _second_joins(stage: Company) -> None:
    """Asked with a handover; nothing happens until they have answered."""
    stage.first.ask_into_team(stage.case)
    stage.worker.run()
    stage.responsible.must_not_have(stage.letter)
    stage.second.browser.open(f"/cases/{stage.case}/team", expect=404)
    stage.second.join_team(stage.case)


def opened_and_answered(stage: Company) -> None:
    """6. Opened and verified; the answer goes the same way back, read by two,
    when the person harmed is ready."""
    _shows(stage.responsible.open_letter(stage.letter), "I want to ask you why.")
    stage.answer = stage.responsible.write(ANSWER)
    stage.first.approve(stage.answer)
    stage.worker.run()
    stage.harmed.must_not_have(stage.answer)
    stage.second.approve(stage.answer)
    stage.worker.run()
    stage.harmed.must_not_have(stage.answer)
    stage.harmed.set_pace("ready")
    stage.worker.run()
    stage.harmed.must_have(stage.answer)
    _shows(stage.harmed.open_letter(stage.answer), ANSWER)


def recalled_paused_halted(stage: Company) -> None:
    """7. Gap, recall, pause and halt: from that commit on nothing is released."""
    harmed, first = stage.harmed, stage.first
    harmed.set_pace("gap", minimum_gap_days="7")
    letter = harmed.write("A second letter.")
    first.approve(letter)
    stage.worker.run()
    stage.responsible.must_not_have(letter)
    harmed.set_pace("pause")
    harmed.set_pace("gap", minimum_gap_days="0")
    stage.worker.run()
    stage.responsible.must_not_have(letter)
    first.in_room(stage.case, "halt")
    harmed.set_pace("go-on")
    stage.worker.run()
    stage.responsible.must_not_have(letter)
    harmed.take_back(letter)
    first.in_room(stage.case, "halt", do="lift", sure="yes")
    stage.worker.run()
    stage.responsible.must_not_have(letter)


STEPS: tuple[tuple[str, Callable[[Company], None]], ...] = (
    ("1 a case is opened, everybody comes in by invitation", open_the_case),
    ("2 the person harmed writes, reads back, submits", draft_and_submit),
    ("3 the letter is screened, sealed and queued", screened_and_queued),
    ("4 held, taken up, returned, mended, approved", reviewed),
    ("5 the second facilitator joins, all is prepared; released when every gate holds",
     released_when_the_gates_hold),
    ("6 opened, answered, read by two, released back", opened_and_answered),
    ("7 gap, pause, halt and recall are kept", recalled_paused_halted),
)


def _shows(shown: str, words: str) -> None:
    if words not in shown:
        raise Refused("a page does not show what it should")
