"""Letters never sent, and whether the keyboard leaves the site"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "never_sent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_never_sent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_never_sent")),
    )
    op.add_column("people", sa.Column("exit_keys", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_never_sent_person", "never_sent", ["person_id", "saved_at"], unique=False)
