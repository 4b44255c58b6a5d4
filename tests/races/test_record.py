"""What one knows of a chain while another adds to it: nothing honest looks like tampering."""

from collections.abc import Callable
from threading import Thread

import pytest

from letters.storage.tables.letters import AuditEntry
from letters.workflow.access import directory
from letters.workflow.cases import open_and_halt
from letters.workflow.lost_access import new_identity
from letters.workflow.release import pace
from letters.workflow.team import join_and_leave
from letters.workflow.upkeep import replay
from tests.attacks.attacker import Theatre, beginning
from tests.cast import PASSWORD, Cast
from tests.races.at_once import at_once, kinds
from tests.workflow.losing import NEW

pytestmark = pytest.mark.parametrize("theatre", ["postgresql"], indirect=True)
"""SQLite has one writer at a time."""


def meanwhile(deed: Callable[[], object]) -> None:
    thread = Thread(target=deed)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def alarms(theatre: Theatre) -> int:
    return len(theatre.attacker.rows(AuditEntry, AuditEntry.event == "tampering found"))


@pytest.fixture
def cast(theatre: Theatre) -> Cast:
    theatre.play(beginning)
    return theatre.cast


def test_a_fact_that_comes_while_the_replay_begins(
    theatre: Theatre, cast: Cast, monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, done = replay.load_case, list[int]()

    def load_case(platform, db, chain):
        if chain == cast.case and not done:
            done.append(1)
            meanwhile(lambda: pace.pause(cast.platform, cast.harmed.me, cast.case))
        return real(platform, db, chain)
    monkeypatch.setattr(replay, "load_case", load_case)
    assert replay.replay(cast.platform) == 0 and done
    assert alarms(theatre) == 0


def test_a_colleague_renews_their_keys_while_a_new_epoch_is_sealed(
    theatre: Theatre, cast: Cast, monkeypatch: pytest.MonkeyPatch,
) -> None:
    third = cast.stranger_facilitator
    cast.join(cast.case, cast.first, third)
    staying = sorted([cast.first, third], key=lambda one: one.id)
    real, sealed = directory.sealed_case_key, list[int]()

    def sealed_case_key(*args):
        sealed.append(1)
        if len(sealed) == 2:
            meanwhile(lambda: new_identity.renew(cast.platform, staying[1].me, PASSWORD, NEW))
        return real(*args)
    monkeypatch.setattr(directory, "sealed_case_key", sealed_case_key)
    join_and_leave.leave(cast.platform, cast.second.me, cast.case)
    assert len(sealed) == 2 and alarms(theatre) == 0


def test_one_facilitator_opens_several_cases_at_once(theatre: Theatre, cast: Cast) -> None:
    done = at_once(*[lambda: open_and_halt.open_case(cast.platform, cast.first.me)] * 4)
    assert kinds(done) == ["done"] * 4
    assert alarms(theatre) == 0
