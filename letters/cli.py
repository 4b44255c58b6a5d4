"""Commands for operators of the platform: ``flask --app wsgi …``. They are loaded on demand."""

import sys
from collections.abc import Mapping

import click
from flask import Flask

_ALONE = (["--app", "wsgi", "screen"], ["screen"])
"""Words after ``flask`` that select a command without an installation."""


def application(env: Mapping[str, str]) -> Flask:
    """The application with its commands, as ``wsgi.py`` serves it. ``CannotStart``
    ends the program with its reason.

    For a command that needs no installation, only that command: loading all others takes seconds.
    """
    if any(sys.argv[1:1 + len(words)] == words for words in _ALONE):
        from letters.commands.screen import screen

        alone = Flask("letters")
        alone.cli.add_command(screen)
        return alone
    return _whole(env)


def _whole(env: Mapping[str, str]) -> Flask:
    from letters.app import create_app
    from letters.commands import (
        audit,
        keys,
        restore,
        retention,
        screen,
        screening_report,
        serving,
        translations,
    )
    from letters.config import Config
    from letters.rules.errors import CannotStart

    try:
        app = create_app(Config.from_env(env))
    except CannotStart as problem:
        click.echo(f"Error: {problem}", err=True)
        sys.exit(3)  # this tells gunicorn that trying again is of no use
    for command in (*serving.COMMANDS, audit.audit, keys.keys, restore.restore, retention.retention,
                    screen.screen, screening_report.screening,
                    translations.words):
        app.cli.add_command(command)
    return app
