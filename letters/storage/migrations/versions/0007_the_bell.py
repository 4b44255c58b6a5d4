"""The worker's jobs are no longer in the database: their tables go, unread"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("kv", "schedule", "task", "counter"):
        op.execute(f"DROP TABLE IF EXISTS huey_{table}")
