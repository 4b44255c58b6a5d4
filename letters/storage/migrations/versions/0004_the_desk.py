"""The desk and notices: the facilitators' daily work"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    none = sa.text("x''" if op.get_bind().dialect.name == "sqlite" else "''")
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tallies")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("act_by", sa.BigInteger(), nullable=False),
        sa.Column("risen_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_alerts_case_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_alerts_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_case_id"), "alerts", ["case_id"], unique=False)
    op.create_index("ix_alerts_open", "alerts", ["closed_at", "act_by"], unique=False)
    op.create_table(
        "care",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("most_a_day", sa.Integer(), nullable=True),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("shortcuts", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_care_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_care")),
    )
    op.create_table(
        "contact_ways",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contact_ways_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact_ways")),
    )
    op.create_table(
        "names_lists",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_names_lists_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_names_lists")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_due_at"), "notices", ["due_at"], unique=False)
    op.create_index(op.f("ix_notices_person_id"), "notices", ["person_id"], unique=False)
    op.create_table(
        "disagreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_disagreements_case_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_disagreements_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disagreements")),
    )
    op.create_index(op.f("ix_disagreements_case_id"), "disagreements", ["case_id"], unique=False)
    op.create_index(op.f("ix_disagreements_letter_id"), "disagreements", ["letter_id"], unique=False)
    op.create_index(op.f("ix_disagreements_opened_at"), "disagreements", ["opened_at"], unique=False)
    op.add_column("letters", sa.Column("wanted_by", sa.Uuid(), nullable=True))
    op.add_column("letters", sa.Column("wanted_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_letters_claimed", "letters", ["claimed_until", "claimed_by"], unique=False)
    op.add_column("desk", sa.Column("aside_until", sa.BigInteger(), nullable=True))
    op.create_index("ix_desk_aside", "desk", ["person_id", "aside_until"], unique=False)
    op.add_column("versions", sa.Column("weight", sa.LargeBinary(), nullable=False, server_default=none))
    op.add_column("versions", sa.Column("content_note", sa.LargeBinary(), nullable=False, server_default=none))
