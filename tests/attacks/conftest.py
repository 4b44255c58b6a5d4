"""Attacks are played on the stage of the workflow's tests."""

from tests.workflow.conftest import attacker, cast, theatre

__all__ = ["attacker", "cast", "theatre"]
