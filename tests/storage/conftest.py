"""Queries are asked on the same stage as the workflow's verbs."""

from tests.workflow.conftest import cast, theatre

__all__ = ["cast", "theatre"]
