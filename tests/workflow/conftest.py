"""The cast as everywhere, but on one installation for each database, which is put back before each
test."""


import pytest

from tests.attacks.attacker import Attacker, Theatre, beginning
from tests.cast import Cast


@pytest.fixture
def cast(theatre: Theatre) -> Cast:
    """The company of players, with a case in which everything is ready for letters."""
    theatre.play(beginning)
    return theatre.cast


@pytest.fixture
def attacker(theatre: Theatre) -> Attacker:
    """Somebody with the database."""
    return theatre.attacker
