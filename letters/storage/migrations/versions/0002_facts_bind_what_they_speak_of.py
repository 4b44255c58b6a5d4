"""Facts bind what they speak of"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # to SQLite '' is a text, which is not the same as no bytes
    nothing = "X''" if op.get_bind().dialect.name == "sqlite" else "''"
    op.add_column("audit", sa.Column("detail", sa.LargeBinary(), nullable=False,
                                     server_default=sa.text(nothing)))
