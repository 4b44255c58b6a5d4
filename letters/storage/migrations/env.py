"""Alembic's way in: ``letters.storage.migrate`` passes the connection."""

from alembic import context

from letters.storage.tables import accounts, desk, team  # noqa: F401  part of the metadata
from letters.storage.tables.letters import Table

context.configure(connection=context.config.attributes["connection"],
                  target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()
