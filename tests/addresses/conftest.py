"""The walk begins where the tests of the pages do, and has a window to look at pages in."""

import os

import pytest
from playwright.sync_api import Browser

from tests.addresses.window import Shapes, Window
from tests.web.conftest import (
    app,
    cast,
    clock,
    config,
    database,
    in_service,
    played,
)

__all__ = ["app", "cast", "clock", "config", "database", "in_service", "played"]


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Shapes:
    """What this run has looked at. All workers share the folder around their own."""
    own = tmp_path_factory.getbasetemp()
    return Shapes((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shapes")


@pytest.fixture(scope="session")
def window(chromium: Browser) -> Window:
    """One window for all pages."""
    return Window(chromium)
