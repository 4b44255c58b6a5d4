"""Operators' commands. Imports are late here, for the one command that needs no installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from flask import current_app

from letters.rules.errors import CannotStart

if TYPE_CHECKING:
    from letters.config import Config
    from letters.workflow.platform import Platform


def platform() -> "Platform":
    """The platform that this application serves; a refusal to start is one line on the terminal."""
    with kindly():
        opened: Platform = current_app.extensions["platform"]()
    return opened


def settings() -> "Config":
    """The configuration of this application."""
    found: Config = current_app.extensions["settings"]
    return found


@contextmanager
def kindly() -> Iterator[None]:
    """Turn a refusal to start into one line on the terminal."""
    try:
        yield
    except CannotStart as problem:
        raise click.ClickException(str(problem)) from None
