"""What somebody has typed and not sent"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsent",
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_unsent_person_id")),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_unsent")),
    )
    op.create_index(op.f("ix_unsent_about_id"), "unsent", ["about_id"], unique=False)
    op.create_index(op.f("ix_unsent_form"), "unsent", ["form"], unique=False)
    op.create_index(op.f("ix_unsent_kept_at"), "unsent", ["kept_at"], unique=False)
    op.create_index(op.f("ix_unsent_person_id"), "unsent", ["person_id"], unique=False)
