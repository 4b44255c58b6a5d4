"""Specialists read with a team"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "specialists",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_specialists_case_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_specialists_person_id"),
        sa.PrimaryKeyConstraint("case_id", "person_id", name="pk_specialists"),
    )
    op.create_index("ix_specialists_person_id", "specialists", ["person_id"])
