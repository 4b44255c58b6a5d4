"""Queries are asked on the same stage as the workflow's verbs; what a verb asks is played, never
put back."""

import pytest

from tests.attacks.attacker import Theatre, beginning
from tests.cast import Cast


@pytest.fixture
def cast(theatre: Theatre) -> Cast:
    """The company, a little after the beginning."""
    theatre.play(beginning)
    theatre.cast.clock.advance(minutes=1)
    return theatre.cast
