"""Where one part's promise rests on another's: resets against the glass, the team and the gates, and the like."""

import pytest

from letters.domain.errors import NotIndependent
from letters.workflow import break_glass
from tests.cast import PASSWORD, Cast
from tests.workflow.losing import lost

# --- resets and the glass


def test_who_reset_a_supervisor_does_not_second_what_the_supervisor_asks(cast: Cast) -> None:
    as_supervisor = lost(cast, cast.supervisor, cast.administrator)
    request = break_glass.ask(cast.house, as_supervisor, cast.case, "A call.", True)
    with pytest.raises(NotIndependent):
        break_glass.second(cast.house, cast.administrator.me, request, PASSWORD)
