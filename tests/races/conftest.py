"""Races are played on the same stage as the workflow's tests."""

from tests.workflow.conftest import attacker, cast

__all__ = ["attacker", "cast"]
