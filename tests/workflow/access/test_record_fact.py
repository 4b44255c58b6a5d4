"""Each fact that the trail knows is put down by some verb, in the name of who did it.

What the pages' verbs put down stands in ``tests/addresses/facts.py``, and the walk sees it. Here
stands the rest. """

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from letters.rules.case.process import TaskOutcome
from letters.rules.errors import Tampered
from letters.rules.events import Event
from letters.rules.pace import Pace
from letters.storage.tables.letters import AuditEntry, Version
from letters.workflow.accounts import invite, sign_in, supervised_sign_in
from letters.workflow.cases import alerts, close, open_and_halt, tasks
from letters.workflow.decision import content_note, decide
from letters.workflow.lost_access import change_password, new_identity, recovery, reset
from letters.workflow.preparation import background, consent, steps
from letters.workflow.reading import in_parts, open_letter
from letters.workflow.record import record
from letters.workflow.record.alarm import raise_alarm
from letters.workflow.release import pace
from letters.workflow.review import read_letter
from letters.workflow.review.claims import ask, ask_to_read, hand_on
from letters.workflow.screening import quieted
from letters.workflow.upkeep import rekey, restore
from tests.addresses.facts import WRITES
from tests.addresses.table import differing, returned_to_leave_out, returned_with_words
from tests.attacks.attacker import Attacker
from tests.cast import PASSWORD, Cast
from tests.conftest import random_bytes
from tests.workflow.losing import NEW

NOBODY = record.NOBODY
Deed = Callable[[Cast], UUID]
"""Does something, and says in whose name it is put down."""


def by(verb: Callable[[Cast], object], who: str = "first") -> Deed:
    def deed(cast: Cast) -> UUID:
        verb(cast)
        return NOBODY if who == "nobody" else getattr(cast, who).id
    return deed


def opened(cast: Cast) -> UUID:
    letter = cast.open_the_way_back()
    in_parts.open_at(cast.platform, cast.responsible.me, letter, in_parts.ReadingWay.ALL)
    return letter


def _order(cast: Cast) -> None:
    background.record_order(cast.platform, cast.first.me, cast.case, cast.platform.today(), None,
                            "No letters.")
    [order] = cast.prepared.process().orders_standing(cast.platform.today())
    background.end_order(cast.platform, cast.first.me, cast.case, order)


def _acknowledged(cast: Cast) -> None:
    background.record_acknowledgement(cast.platform, cast.first.me, cast.case, "A plea.")
    background.confirm_acknowledgement(
        cast.platform, cast.second.me, cast.case, cast.prepared.process().acknowledgement.id
    )


def _step(cast: Cast) -> str:
    return cast.platform.framework.steps(cast.harmed.me.role, False)[0].id


def _alert(cast: Cast) -> None:
    alert = alerts.open_alert(cast.platform, cast.first.me, cast.case, "A worry.", False)
    alerts.close(cast.platform, cast.first.me, cast.case, alert, "Looked at.")


def _given_back(cast: Cast) -> UUID:
    letter = opened(cast)
    in_parts.give_back(cast.platform, cast.responsible.me, letter)
    return letter


def _supervised(cast: Cast) -> None:
    supervised_sign_in.supervise(cast.platform, cast.first.me, cast.case, cast.responsible.id,
                                 PASSWORD)
    supervised_sign_in.open_window(cast.platform, cast.first.me, cast.case, cast.responsible.id)


def _finished(cast: Cast) -> None:
    task = tasks.set_task(cast.platform, cast.first.me, cast.case, tasks.OTHER, cast.harmed.id,
                          cast.platform.today(), "Call her.")
    tasks.finish_task(cast.platform, cast.first.me, cast.case, task, TaskOutcome.DONE, "Done.")


def _closed(cast: Cast) -> None:
    for person in (cast.harmed, cast.responsible):
        cast.prepared.take_all_steps(person.me, closing=True)
    close.begin_closing(cast.platform, cast.first.me, cast.case)
    close.close(cast.platform, cast.first.me, cast.case)


def _note(cast: Cast) -> None:
    letter = cast.submitted(cast.harmed)
    version = cast.row(letter).submitted_id
    assert version is not None
    read_letter.claim(cast.platform, cast.first.me, letter)
    content_note.save_note(cast.platform, cast.first.me, letter, version,
                           content_note.Draft("It is about that night."))
    note = content_note.note_for(
        cast.platform, cast.first.me, read_letter.letter_for(cast.platform, cast.first.me, letter)
    )
    read_letter.dispose(cast.platform, cast.first.me, letter, version, {})
    decide.approve(cast.platform, cast.first.me, letter, version, PASSWORD, content_note.seen(note))


def _lost_key(cast: Cast) -> None:
    """An approved letter whose recipient's keys are new."""
    cast.approved(cast.harmed)
    new_identity.renew(cast.platform, cast.responsible.me, PASSWORD, NEW)
    cast.release()


def _quieted(cast: Cast) -> None:
    quieted.quiet(cast.platform, cast.supervisor.me, "legal.drop", "Often wrong.")


def _looked_at_forged(cast: Cast) -> None:
    letter = cast.released(cast.harmed)
    Attacker(cast.platform).run(
        update(Version).where(Version.letter_id == letter).values(policy="none")
    )
    with pytest.raises(Tampered) as found:
        open_letter.before_opening(cast.platform, cast.responsible.me, letter)
    raise_alarm(cast.platform, found.value)


def _restored(cast: Cast) -> None:
    cast.platform.state_file.path.unlink()
    restore.confirm(cast.platform)


def _claimed(cast: Cast) -> UUID:
    letter = cast.submitted(cast.harmed)
    read_letter.claim(cast.platform, cast.first.me, letter)
    return letter


def _passed_on(cast: Cast) -> None:
    cast.open_the_way_back()
    cast.approve(cast.submitted(cast.responsible), cast.first)


DEEDS: dict[Event, Deed] = {
    Event.PERSON_ENROLLED: lambda c: enrolled(c),
    Event.PASSWORD_CHANGED: by(
        lambda c: change_password.change(c.platform, c.harmed.me, PASSWORD, NEW), "harmed"
    ),
    Event.RECOVERY_CODE_USED: by(
        lambda c: recovery.recover(c.platform, "harmed", c.harmed.recovery_code, NEW), "harmed"
    ),
    Event.RECOVERY_CODE_MADE: by(
        lambda c: recovery.new_recovery_code(c.platform, c.harmed.me, PASSWORD), "harmed"
    ),
    Event.IDENTITY_RENEWED: by(
        lambda c: new_identity.renew(c.platform, c.harmed.me, PASSWORD, NEW), "harmed"
    ),
    Event.ACCESS_RESET: by(
        lambda c: reset.reset(
            c.platform,
            reset.ask_reset(c.platform, c.first.me, c.harmed.id, PASSWORD),
            "harmed",
            NEW,
        ),
        "harmed",
    ),
    Event.SUPERVISED_OPENED: by(_supervised),
    Event.SUPERVISED_USED: by(
        lambda c: (_supervised(c), sign_in.sign_in(c.platform, "responsible", PASSWORD)),
        "responsible",
    ),
    Event.KEYS_ROTATED: by(lambda c: rekeyed(c), "nobody"),
    Event.RESTORE_CONFIRMED: by(_restored, "nobody"),
    Event.COMPANION_RECORDED: by(
        lambda c: background.record_companion(
            c.platform, c.first.me, c.case, c.harmed.id, "adviser", "Her sister."
        )
    ),
    Event.ACKNOWLEDGEMENT_CONFIRMED: by(_acknowledged, "second"),
    Event.ACKNOWLEDGEMENT_WITHDRAWN: by(
        lambda c: background.withdraw_acknowledgement(c.platform, c.responsible.me, c.case),
        "responsible",
    ),
    Event.ORDER_ENDED: by(_order),
    Event.STEP_UNDONE: by(
        lambda c: steps.take_step_back(c.platform, c.first.me, c.case, c.harmed.id, _step(c))
    ),
    Event.STEP_DONE: by(
        lambda c: (
            steps.take_step_back(c.platform, c.first.me, c.case, c.harmed.id, _step(c)),
            steps.take_step(
                c.platform, c.second.me, c.case, c.harmed.id, _step(c), c.platform.today()
            ),
        ),
        "second",
    ),
    Event.TASK_DONE: by(_finished),
    Event.CLOSING_ENDED: by(
        lambda c: (
            close.begin_closing(c.platform, c.first.me, c.case),
            close.go_on(c.platform, c.second.me, c.case),
        ),
        "second",
    ),
    Event.CASE_CLOSED: by(_closed),
    Event.CONSENT_GIVEN: by(
        lambda c: consent.give(
            c.platform, c.harmed.me, c.case, consent.required(c.platform, c.harmed.me)
        ),
        "harmed",
    ),
    Event.READY_UNSAID: by(
        lambda c: (
            pace.say_ready(c.platform, c.harmed.me, c.case),
            pace.unsay_ready(c.platform, c.harmed.me, c.case),
        ),
        "harmed",
    ),
    Event.READY_SPENT: by(lambda c: (c.open_the_way_back(), c.released(c.responsible)), "nobody"),
    Event.PACE_SET: by(
        lambda c: pace.set_pace(c.platform, c.harmed.me, c.case, Pace(minimum_gap_days=9)), "harmed"
    ),
    Event.PAUSE_ENDED: by(
        lambda c: (
            pace.pause(c.platform, c.harmed.me, c.case),
            pace.end_pause(c.platform, c.harmed.me, c.case),
        ),
        "harmed",
    ),
    Event.HALT_LIFTED: by(
        lambda c: (
            open_and_halt.halt(c.platform, c.first.me, c.case),
            open_and_halt.lift_halt(c.platform, c.second.me, c.case),
        ),
        "second",
    ),
    Event.LETTER_PASSED_ON: by(_passed_on),
    Event.LETTER_SET_ASIDE: by(_lost_key, "nobody"),
    Event.LETTER_RELEASED: by(lambda c: c.released(c.harmed), "nobody"),
    Event.CLAIM_ASKED: by(lambda c: ask(c.platform, c.second.me, _claimed(c)), "second"),
    Event.LETTER_HANDED_ON: by(lambda c: hand_on(c.platform, c.first.me, _claimed(c))),
    Event.READING_ASKED: by(lambda c: ask_to_read(c.platform, c.first.me, _claimed(c),
                                                  c.second.id)),
    Event.SUGGESTED: by(returned_with_words),
    Event.REDACTION_PROPOSED: by(returned_to_leave_out),
    Event.DISAGREED: by(differing, "second"),
    Event.ALERT_CLOSED: by(_alert),
    Event.NOTE_SEALED: by(_note),
    Event.LETTER_GIVEN_BACK: by(_given_back, "responsible"),
    Event.LETTER_TAKEN_BACK: by(
        lambda c: in_parts.take_back(c.platform, c.responsible.me, _given_back(c)), "responsible"
    ),
    Event.TAMPERING_FOUND: by(_looked_at_forged, "nobody"),
    Event.RULE_QUIETED: by(lambda c: _quieted(c), "supervisor"),
    Event.RULE_RESTORED: by(
        lambda c: (_quieted(c), quieted.restore(c.platform, c.supervisor.me, "legal.drop")),
        "supervisor",
    ),
}
SEEN_ELSEWHERE = {
    Event.EMERGENCY_OPENED: "oversight/test_emergency_access.py",
    Event.CASE_ERASED: "upkeep/test_retention.py",
    Event.NOTICE_CAME_BACK: "notices/test_outbox.py"}
"""What takes a play of its own, and where it is played."""


def enrolled(cast: Cast) -> UUID:
    invite.enrol(cast.platform, invite.invite_staff(cast.platform, cast.first.me.role, "Nia New"),
                 "nia", NEW)
    with cast.platform.reading() as db:
        person = sign_in.by_name(cast.platform, db, "nia")
    assert person is not None
    return person.id


def rekeyed(cast: Cast) -> None:
    rekey.extend_trails(replace(cast.platform, keys=cast.platform.keys.rotated(random_bytes)))


@pytest.mark.parametrize("event", DEEDS)
def test_it_is_put_down_in_the_name_of_who_did_it(cast: Cast, attacker: Attacker,
                                                  event: Event) -> None:
    before = [row["mac"] for row in attacker.rows(AuditEntry, AuditEntry.event == event.value)]
    actor = DEEDS[event](cast)
    new = [row["actor_id"] for row in attacker.rows(AuditEntry, AuditEntry.event == event.value)
           if row["mac"] not in before]
    assert actor in new


def test_no_fact_is_left_out() -> None:
    on_pages = {event for events in WRITES.values() for event in events}
    for event, name in SEEN_ELSEWHERE.items():
        told = (Path(__file__).parents[1] / name).read_text()
        assert f'"{event.value}"' in told or f"Event.{event.name}" in told
    assert on_pages | {event.value
                       for event in (*DEEDS, *SEEN_ELSEWHERE)} == {event.value for event in Event}
