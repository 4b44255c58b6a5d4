"""A whole installation that is gone afterwards: for the rehearsal, the
demonstration and the benchmarks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from flask import Flask
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from letters.app import create_app
from letters.config import Config, database_url
from letters.rules.errors import CannotStart


@contextmanager
def folder() -> Iterator[Path]:
    """A private folder."""
    with TemporaryDirectory(prefix="letters-") as place:
        yield Path(place)


@contextmanager
def installation(url: str | None = None) -> Iterator[Flask]:
    """An application on a database and a key file of its own. An
    existing database is never touched.

    ``url``: a PostgreSQL server that may create a database; by default,
    and for any SQLite URL, a file.
    """
    with folder() as home, _database(url) as own:
        config = Config.from_env({"LETTERS_HOME": str(home), "DATABASE_URL": own or ""})
        app = create_app(config)
        try:
            yield app
        finally:
            app.extensions["platform"]().store.engine.dispose()


@contextmanager
def _database(url: str | None) -> Iterator[str | None]:
    if url is None or not (server := database_url(url)).startswith("postgresql"):
        yield None
        return
    name = f"rehearsal_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except DBAPIError:
        raise CannotStart("No throwaway database could be made there: is the server running, and "
                          "may this user "
                          "create databases?") from None
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
