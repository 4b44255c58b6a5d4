"""The process: known from the trail alone"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("pace", sa.String(), nullable=False, server_default=""))
        cases.add_column(sa.Column("closed_at", sa.BigInteger(), nullable=True))
        cases.add_column(sa.Column("erased_at", sa.BigInteger(), nullable=True))
    # The trail holds the pace in its stored form: only the number of days, and
    # nothing if none was ever set.
    op.execute("UPDATE cases SET pace = COALESCE((SELECT audit.entered FROM audit WHERE audit.case_id = cases.id AND "
               "audit.event = 'pace set' ORDER BY audit.number DESC LIMIT 1), '')")
    with op.batch_alter_table("cases") as cases:
        cases.drop_column("minimum_gap_days")
        cases.alter_column("pace", server_default=None)
        cases.create_index(op.f("ix_cases_closed_at"), ["closed_at"])
    with op.batch_alter_table("participants") as participants:
        participants.drop_column("consented_at")
        participants.drop_column("withdrawn_at")
    op.drop_table("acknowledgements")
    op.create_table(
        "profiles",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_profiles_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_profiles")),
    )
    op.create_table(
        "feedback",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_feedback_supervisor_id")),
        sa.PrimaryKeyConstraint("form_id", "supervisor_id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_supervisor_id"), "feedback", ["supervisor_id"], unique=False)
