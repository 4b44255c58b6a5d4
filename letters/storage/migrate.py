"""Bring a database to this program's schema, and check whether it has it."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from letters.storage.store import Store


def migrate(store: Store) -> None:
    """Upgrade to the newest schema, in one transaction. On an empty database, create it."""
    with store.engine.execution_options(takes_write_lock=True).begin() as connection:
        command.upgrade(_config(connection), "head")


def is_empty(store: Store) -> bool:
    """True if no migration ever ran here."""
    return _revision(store) is None


def is_current(store: Store) -> bool:
    """True if the database has the schema that this program was written for."""
    return _revision(store) == _newest()


def draft(message: str) -> None:
    """Write a new migration that brings a database to the present tables.
    Read it before it is committed."""
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/draft.db")
        migrate(store)
        with store.engine.begin() as connection:
            command.revision(_config(connection), message, autogenerate=True)


@cache
def _newest() -> str | None:
    """The newest schema. Finding it imports every migration."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _revision(store: Store) -> str | None:
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
