"""In which language pages are. English stands in the program; a catalogue beside it brings another one, whole.

A catalogue is ``<code>/LC_MESSAGES/messages.mo`` in the folder that ``LANGUAGES`` names. Decision 0037.
"""

from typing import cast

from babel import Locale, UnknownLocaleError
from flask import Flask
from flask_babel import Babel, get_locale, lazy_gettext

from letters.config import Config
from letters.rules.errors import CannotStart


def register(app: Flask, config: Config) -> None:
    """Have pages, dates and plurals said in the service's language. ``CannotStart`` for one whose words are not there:
    pages that change their language in the middle would be worse than English ones."""
    try:
        locale = Locale.parse(config.language)
    except (ValueError, UnknownLocaleError):
        raise CannotStart("LANGUAGE_OF_PAGES is the code of a language, such as en_GB or es.") from None
    names = {config.language, str(locale), locale.language}
    if locale.language != "en" and not any(
            (config.languages / name / "LC_MESSAGES" / "messages.mo").is_file() for name in names):
        raise CannotStart("There are no words for LANGUAGE_OF_PAGES in the folder that LANGUAGES names.")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(config.languages)
    Babel(app, default_locale=config.language, default_timezone="UTC")


def later(words: str, **values: object) -> str:
    """These words in the language of whoever reads them, for what stands in a module. It is no string yet: where one
    is kept, as by ``flash``, it is made one with ``str``."""
    return cast(str, lazy_gettext(words, **values))


def of_page() -> str:
    """The language of this page, as HTML names it."""
    return str(get_locale() or "en").replace("_", "-")
