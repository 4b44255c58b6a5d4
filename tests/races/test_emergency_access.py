"""emergency access, by several at once: one second, one opening, and closing ends it whoever was
quicker."""

from uuid import UUID

import pytest

from letters.rules.errors import LettersError
from letters.rules.roles import Role
from letters.storage.tables.letters import AuditEntry
from letters.storage.tables.team import EmergencyKey
from letters.workflow.accounts import invite
from letters.workflow.oversight import emergency_access, emergency_reading
from tests.attacks.attacker import Attacker
from tests.attacks.scenes import asked_at_once
from tests.cast import PASSWORD, Cast, Player
from tests.races.at_once import TURNS, at_once, kinds

pytestmark = pytest.mark.both_databases


def told(attacker: Attacker, request: UUID, event: str) -> int:
    return len(attacker.rows(AuditEntry, AuditEntry.subject_id == request,
                             AuditEntry.event == event))


def asked(cast: Cast) -> UUID:
    return asked_at_once(cast, cast.supervisor.me, cast.case, "A worry.")


@pytest.mark.parametrize("turn", TURNS)
def test_it_is_seconded_once_and_opened_once(cast: Cast, attacker: Attacker, turn: int) -> None:
    """Also while somebody comes to work here, which writes the chain that is asked who brought in
    whom."""
    request = asked(cast)
    results = at_once(
        *[lambda: emergency_access.second(cast.platform, cast.administrator.me, request,
                                          PASSWORD)] * 3,
        lambda: invite.invite_staff(cast.platform, Role.FACILITATOR, "Somebody"),
    )
    assert kinds(results) == ["NotPossibleNow", "NotPossibleNow", "done", "done"]
    at_once(
        *[lambda: emergency_access.open_and_close_due(cast.platform)] * 3,
        *[lambda: invite.invite_staff(cast.platform, Role.FACILITATOR, "Somebody else")] * 2,
    )
    assert told(attacker, request,
                "emergency seconded") == told(attacker, request, "emergency opened") == 1
    assert not attacker.rows(AuditEntry, AuditEntry.event == "tampering found")
    assert emergency_reading.look_at_case(cast.platform, cast.supervisor.me, request)


@pytest.mark.parametrize("turn", TURNS)
def test_closed_while_it_is_opened_is_closed(cast: Cast, attacker: Attacker, turn: int) -> None:
    request = asked(cast)
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    at_once(
        lambda: emergency_access.open_and_close_due(cast.platform),
        lambda: emergency_access.close(cast.platform, cast.supervisor.me, request),
        lambda: emergency_access.open_and_close_due(cast.platform),
    )
    assert not attacker.rows(EmergencyKey)
    assert told(attacker, request, "emergency closed") == 1
    with pytest.raises(LettersError):
        emergency_reading.look_at_case(cast.platform, cast.supervisor.me, request)


@pytest.mark.parametrize("turn", TURNS)
def test_members_who_seal_spares_at_once_seal_one(cast: Cast, attacker: Attacker,
                                                  turn: int) -> None:
    late = Player(cast.app, cast.platform, "late",
                  invite.invite_staff(cast.platform, Role.SUPERVISOR, "Late"))
    results = at_once(
        *(
            lambda who=who: emergency_access.keep_spares(cast.platform, who.me, cast.case)
            for who in (cast.first, cast.second)
        )
    )
    assert kinds(results) == ["done", "done"]
    request = asked_at_once(cast, late.me, cast.case, "A worry.")
    emergency_access.second(cast.platform, cast.administrator.me, request, PASSWORD)
    emergency_access.open_and_close_due(cast.platform)
    assert emergency_reading.look_at_case(cast.platform, late.me, request)
