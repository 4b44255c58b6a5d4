"""On which databases a test runs: SQLite, and PostgreSQL as well where the two can differ.

``LETTERS_TEST_DATABASES=all`` runs every test on both, which takes a night.
"""

import os

import pytest
from sqlalchemy import create_engine, make_url, text

BOTH = ("sqlite", "postgresql")
FIXTURES = {"database": "function", "theatre": "session"}
"""The fixtures that stand on a database, with the scope of each."""


def choose(metafunc: pytest.Metafunc) -> None:
    """Run the test on each of its databases, unless it names them itself."""
    marks = list(metafunc.definition.iter_markers())
    given = [mark.args[0] if mark.args else mark.kwargs["argnames"] for mark in marks
             if mark.name == "parametrize"]
    named = {name.strip() for names in given
             for name in (names.split(",") if isinstance(names, str) else names)}
    both = any(mark.name == "both_databases"
               for mark in marks) or os.environ.get("LETTERS_TEST_DATABASES") == "all"
    both = both and not any(mark.name == "sqlite_alone" for mark in marks)
    for fixture, scope in FIXTURES.items():
        if fixture in metafunc.fixturenames and fixture not in named:
            metafunc.parametrize(fixture, BOTH if both else BOTH[:1], indirect=True, scope=scope)


def run(url: str, statement: str) -> None:
    """Run a statement that cannot be part of a transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def named(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)
