"""In which language pages are. English stands in the program; a catalogue beside it brings another one, whole.

A catalogue is ``<code>/LC_MESSAGES/messages.mo`` in the folder that ``LANGUAGES`` names.
"""

from flask import Flask
from flask_babel import Babel

from letters.config import Config


def register(app: Flask, config: Config) -> None:
    """Have pages, dates and plurals said in the service's language."""
    if config.languages is not None:
        app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(config.languages)
    Babel(app, default_locale=config.language, default_timezone="UTC")
