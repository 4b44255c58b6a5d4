"""How pages look and speak for each person"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comfort",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("large_type", sa.Boolean(), nullable=False),
        sa.Column("read_aloud", sa.Boolean(), nullable=False),
        sa.Column("word_harmed", sa.String(), nullable=False),
        sa.Column("word_responsible", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_comfort_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_comfort")),
    )
