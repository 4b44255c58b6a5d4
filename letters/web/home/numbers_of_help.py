"""Numbers of help on pages: the emergency numbers of the country, and the service's helplines for
whoever reads the page."""

from flask import Flask, current_app
from flask_babel import gettext as _

from letters import emergency_numbers
from letters.config import Config
from letters.rules.support import Helpline, Support
from letters.web.access import anybody


def register(app: Flask, config: Config) -> None:
    """Let every template name them."""
    numbers = emergency_numbers.of_country(config.country)
    app.jinja_env.globals.update(helplines=shown,
                                 emergency_number=lambda: _joined(numbers))


def shown() -> tuple[Helpline, ...]:
    """The helplines for whoever reads this page."""
    person = anybody()
    return configured().shown_to(person.role if person is not None else None)


def configured() -> Support:
    """All of the service's helplines."""
    support: Support = current_app.extensions["support"]
    return support


def _joined(numbers: tuple[str, ...]) -> str:
    """The numbers in words; nothing if none is known."""
    if len(numbers) < 2:
        return "".join(numbers)
    return _("%(first)s or %(second)s", first=numbers[0], second=numbers[1])
