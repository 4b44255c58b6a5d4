"""Grave letters can be covered"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("care", sa.Column("covers", sa.Boolean(), nullable=False,
                                    server_default=sa.false()))
