"""The nightly replay finds what a process that knows a chain does not look at any more."""

from dataclasses import replace

import pytest
from sqlalchemy import Delete, Update, delete, update

from letters.rules.events import Event
from letters.rules.letter.lifecycle import State
from letters.rules.roles import Role
from letters.storage.memory import Memory
from letters.storage.tables.letters import AuditEntry, Case, Installation, Letter, Member
from letters.worker import NIGHTLY
from letters.workflow.accounts import invite
from letters.workflow.preparation import consent
from letters.workflow.upkeep import audit, erase, replay
from tests.attacks.attacker import Attacker, Theatre, beginning
from tests.cast import Cast


def unnoticed(cast: Cast) -> Attacker:
    """An attacker after whom this process still knows what it knew."""
    return Attacker(replace(cast.platform, verified=Memory()))


def alarms(cast: Cast) -> int:
    return len(unnoticed(cast).rows(AuditEntry, AuditEntry.event == Event.TAMPERING_FOUND.value))


@pytest.fixture
def quiet(theatre: Theatre) -> Cast:
    """Nothing has happened in any case for long, and a letter waits."""
    theatre.play(beginning)
    theatre.cast.letter = theatre.cast.approved(theatre.cast.harmed)
    theatre.cast.clock.advance(days=40)
    return theatre.cast


def nights(cast: Cast, number: int = replay.NIGHTS) -> int:
    found = 0
    for _ in range(number):
        found += replay.replay(cast.platform)
        cast.clock.advance(days=1)
    return found


def test_it_runs_by_night_and_finds_nothing_where_nothing_is(quiet: Cast) -> None:
    assert replay.replay in NIGHTLY
    assert nights(quiet) == alarms(quiet) == 0


CHANGES: dict[str, list[Update | Delete]] = {
    "an old fact says something else": [update(AuditEntry).where(
        AuditEntry.number == 3).values(entered="nothing")],
    "an old fact is gone": [delete(AuditEntry).where(AuditEntry.number == 3)],
    "the installation counts less": [update(Installation).values(audit_number=2)],
    "a letter is in another state": [update(Letter).values(state=State.HELD.value)],
    "a letter is gone": [delete(Letter)],
    "a case is not paused": [update(Case).values(paused_at=None, pace="1")],
    "a member is gone": [delete(Member)],
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_agree_is_found_within_a_month_once_a_day(quiet: Cast, change: str) -> None:
    unnoticed(quiet).run(*CHANGES[change])
    assert nights(quiet) > 0
    # where the next fact's number is taken, the log alone can say it
    assert (alarms(quiet) > 0) is (change != "the installation counts less")


def test_accounts_that_are_put_back_behind_a_case_are_found_without_the_state_file(
    theatre: Theatre,
) -> None:
    """Somebody is handed the case as the accounts stood then, and later they stood otherwise."""
    theatre.play(beginning)
    cast, own = theatre.cast, AuditEntry.case_id == theatre.cast.platform.keys.installation
    before = unnoticed(cast).rows(Installation)[0]
    invite.invite_staff(cast.platform, Role.FACILITATOR, "Freya", cast.administrator.me)
    cast.join(cast.case, cast.first, cast.stranger_facilitator)
    theatre.state.unlink()
    assert replay.replay(cast.platform) == 0
    assert not any(audit.verify(cast.platform))
    unnoticed(cast).run(
        delete(AuditEntry).where(own, AuditEntry.number > before["audit_number"]),
        update(Installation).values(**{name: before[name] for name in
                                       ("audit_number", "audit_head", "audit_key")}))
    cast.platform.verified.clear()
    assert [found.what for found in audit.verify(cast.platform) if found] == [
        "installation seen then"]
    assert replay.replay(cast.platform) == 1


def test_a_chain_that_moved_is_replayed_at_once(quiet: Cast) -> None:
    while quiet.case.int % replay.NIGHTS == quiet.platform.today().toordinal() % replay.NIGHTS:
        quiet.clock.advance(days=1)
    unnoticed(quiet).run(update(AuditEntry).where(
        AuditEntry.case_id == quiet.case, AuditEntry.number == 2).values(entered="nothing"))
    assert replay.replay(quiet.platform) == 0
    consent.withdraw(quiet.platform, quiet.responsible.me, quiet.case)
    assert replay.replay(quiet.platform) == 1


def test_a_letter_whose_due_date_was_taken_away_is_released_after_all(quiet: Cast) -> None:
    unnoticed(quiet).run(update(Letter).values(due_at=None))
    assert quiet.release() == 0
    assert nights(quiet) == 0
    assert quiet.release() == 1


def test_of_an_erased_case_only_its_chain_is_left_and_it_agrees(quiet: Cast) -> None:
    with quiet.platform.writing() as db:
        erase.erase(quiet.platform, db, erase.load_case(quiet.platform, db, quiet.case))
    assert nights(quiet) == 0
