"""How much a run of automatic saves has lost"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))
