"""Attacks are played on the stage of the workflow's tests."""

import pytest

from tests.attacks.attacker import Theatre
from tests.attacks.everybody_looks import as_it_is
from tests.workflow.conftest import attacker, cast

__all__ = ["attacker", "cast"]


@pytest.fixture(scope="session")
def played(theatre: Theatre) -> None:
    """The play of everything there is, which is long, once for all attacks. Their tests are a
    group, so that no other worker plays it too."""
    theatre.play(as_it_is)
