"""Where one part's promise rests on another's: resets against the glass, the team and the gates, and the like."""

import pytest

from letters.domain.errors import NotIndependent, NotPossibleNow
from letters.domain.people import Role
from letters.storage.team_tables import GlassKey
from letters.workflow import break_glass, enrol, read_by_glass
from tests.cast import PASSWORD, Cast, Player
from tests.workflow.attacker import Attacker
from tests.workflow.losing import lost
from tests.workflow.test_break_glass import broken, due_in_an_hour, row


def another(cast: Cast, role: Role, name: str) -> Player:
    """Somebody more of the staff, whom the operator invited."""
    return Player(cast.app, cast.house, name, enrol.invite_staff(cast.house, role, name))


# --- resets and the glass


def test_who_reset_a_supervisor_does_not_second_what_the_supervisor_asks(cast: Cast) -> None:
    as_supervisor = lost(cast, cast.supervisor, cast.administrator)
    request = break_glass.ask(cast.house, as_supervisor, cast.case, "A call.", True)
    with pytest.raises(NotIndependent):
        break_glass.second(cast.house, cast.administrator.me, request, PASSWORD)


@pytest.mark.parametrize("stands", [due_in_an_hour, broken])
def test_a_reset_ends_what_the_supervisor_before_had_asked_for(cast: Cast, attacker: Attacker, stands) -> None:
    request, letter = stands(cast)
    as_supervisor = lost(cast, cast.supervisor, another(cast, Role.ADMINISTRATOR, "other administrator"))
    break_glass.keep_spares(cast.house, cast.first.me, cast.case)
    with pytest.raises(NotPossibleNow):
        read_by_glass.look_at_letter(cast.house, as_supervisor, request, letter)
    cast.clock.advance(hours=2)
    break_glass.look(cast.house)
    assert row(cast, request).closed_at is not None and not attacker.rows(GlassKey)
    with pytest.raises(NotPossibleNow):
        read_by_glass.look_at_case(cast.house, as_supervisor, request)
    break_glass.ask(cast.house, as_supervisor, cast.case, "A call.", False)
