"""The language of pages. The program's own words are English; a catalogue replaces them
with another language, completely.

A catalogue is ``<code>/LC_MESSAGES/messages.mo`` in the folder that
``LANGUAGES`` names. Decision 0037.
"""

from typing import Any, cast

from babel import Locale, UnknownLocaleError
from flask import Flask, g
from flask_babel import Babel, get_locale, get_translations, lazy_gettext

from letters.config import Config
from letters.rules.errors import CannotStart


def register(app: Flask, config: Config) -> None:
    """Show pages, dates and plurals in the service's language.
    Raises ``CannotStart`` if a word is missing in that language: pages that change their language
    half-way would be worse than English ones."""
    try:
        locale = Locale.parse(config.language)
    except (ValueError, UnknownLocaleError):
        raise CannotStart(
            "LANGUAGE_OF_PAGES is the code of a language, such as en_GB or es."
        ) from None
    names = {config.language, str(locale), locale.language}
    if locale.language != "en" and not any(
            (config.languages / name / "LC_MESSAGES" / "messages.mo").is_file() for name in names):
        raise CannotStart("There are no words for LANGUAGE_OF_PAGES in the folder that LANGUAGES "
                          "names.")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(config.languages)
    Babel(app, default_locale=config.language, default_timezone=str(config.zone))
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda one: _translations().ugettext(one),
        lambda one, many, number: _translations().ungettext(one, many, number), newstyle=True)


def _translations() -> Any:
    """The translations of this request. Flask-Babel looks for them again for every sentence, which
    took a tenth of a page's time."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def later(words: str, **values: object) -> str:
    """Module-level words, translated into the language of whoever reads them. The result is not a
    string yet: make it one with ``str`` before it is kept, as by ``flash``."""
    return cast(str, lazy_gettext(words, **values))


def of_page() -> str:
    """The language of this page, as HTML names it."""
    return str(get_locale() or "en").replace("_", "-")
