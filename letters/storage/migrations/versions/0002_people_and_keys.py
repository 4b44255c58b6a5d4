"""Accounts that survive real life, and teams that change"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_last_at"), "attempts", ["last_at"], unique=False)
    op.create_table(
        "asked",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_asked_asked_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_asked_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_asked_person_id")),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_asked")),
    )
    op.create_index(op.f("ix_asked_person_id"), "asked", ["person_id"], unique=False)
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("safeguarding", sa.Boolean(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("seconded_by", sa.Uuid(), nullable=True),
        sa.Column("second_signature", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_break_glass_case_id")),
        sa.ForeignKeyConstraint(["seconded_by"], ["people.id"], name=op.f("fk_break_glass_seconded_by")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_break_glass_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    op.create_index(op.f("ix_break_glass_case_id"), "break_glass", ["case_id"], unique=False)
    op.create_index(op.f("ix_break_glass_supervisor_id"), "break_glass", ["supervisor_id"], unique=False)
    op.create_table(
        "glass_keys",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["break_glass.id"], name=op.f("fk_glass_keys_request_id")),
        sa.PrimaryKeyConstraint("request_id", "epoch", name=op.f("pk_glass_keys")),
    )
    op.create_table(
        "kept_saves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_kept_saves_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_saves")),
    )
    op.create_index(op.f("ix_kept_saves_person_id"), "kept_saves", ["person_id"], unique=False)
    op.create_table(
        "key_confirmations",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["people.id"], name=op.f("fk_key_confirmations_member_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_key_confirmations_person_id")),
        sa.PrimaryKeyConstraint("person_id", "serial", "member_id", name=op.f("pk_key_confirmations")),
    )
    op.create_table(
        "pins",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_pins_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_pins_person_id")),
        sa.PrimaryKeyConstraint("person_id", "case_id", name=op.f("pk_pins")),
    )
    op.create_table(
        "resets",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_resets_asked_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_resets_person_id")),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_resets")),
    )
    op.create_index(op.f("ix_resets_person_id"), "resets", ["person_id"], unique=False)
    op.create_table(
        "rosters",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rosters_case_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["people.id"], name=op.f("fk_rosters_signer_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_rosters")),
    )
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_second_factors_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
    )
    op.create_index(op.f("ix_second_factors_person_id"), "second_factors", ["person_id"], unique=False)
    op.create_table(
        "spare_case_keys",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_serial", sa.Integer(), nullable=False),
        sa.Column("release_kid", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_spare_case_keys_case_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_spare_case_keys_supervisor_id")),
        sa.PrimaryKeyConstraint("case_id", "epoch", "supervisor_id", name=op.f("pk_spare_case_keys")),
    )
    op.create_table(
        "supervised_windows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_supervised_windows_opened_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_supervised_windows_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervised_windows")),
    )
    op.create_index(op.f("ix_supervised_windows_person_id"), "supervised_windows", ["person_id"], unique=False)
    op.drop_index("ix_letters_reached", table_name="letters")
    op.create_index("ix_people_role", "people", ["role"])
    op.create_index("ix_letters_case", "letters", ["case_id", "submitted_at"])
    op.drop_index("ix_letters_claim", table_name="letters")
    op.add_column("people", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("DELETE FROM sessions")  # everybody signs in once more: a session is bound to more than before
    op.add_column("sessions", sa.Column("stage", sa.String(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("idle_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("device", sa.String(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("began_at", sa.BigInteger(), nullable=False, server_default="0"))
    none = sa.text("x''" if op.get_bind().dialect.name == "sqlite" else "''")
    for table in ("cases", "installation"):
        op.add_column(table, sa.Column("audit_key", sa.LargeBinary(), nullable=False, server_default=none))
    op.add_column("installation", sa.Column("generation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("installation", sa.Column("generation_mac", sa.LargeBinary(), nullable=False, server_default=none))
    op.add_column("audit", sa.Column("evolved", sa.LargeBinary(), nullable=False, server_default=none))


def downgrade() -> None:
    op.drop_index("ix_letters_case", table_name="letters")
    op.drop_index("ix_people_role", table_name="people")
    op.drop_column("audit", "evolved")
    op.drop_column("installation", "generation_mac")
    op.drop_column("installation", "generation")
    op.drop_column("installation", "audit_key")
    op.drop_column("cases", "audit_key")
    op.create_index("ix_letters_claim", "letters", ["claimed_by", "claimed_until"])
    op.create_index("ix_letters_reached", "letters", ["case_id", "recipient_id", "released_at"])
    op.drop_column("sessions", "began_at")
    op.drop_column("sessions", "device")
    op.drop_column("sessions", "idle_minutes")
    op.drop_column("sessions", "tries")
    op.drop_column("sessions", "stage")
    op.drop_column("people", "second_factor")
    op.drop_index(op.f("ix_supervised_windows_person_id"), table_name="supervised_windows")
    op.drop_table("supervised_windows")
    op.drop_table("spare_case_keys")
    op.drop_index(op.f("ix_second_factors_person_id"), table_name="second_factors")
    op.drop_table("second_factors")
    op.drop_table("rosters")
    op.drop_index(op.f("ix_resets_person_id"), table_name="resets")
    op.drop_table("resets")
    op.drop_table("pins")
    op.drop_table("key_confirmations")
    op.drop_index(op.f("ix_kept_saves_person_id"), table_name="kept_saves")
    op.drop_table("kept_saves")
    op.drop_table("glass_keys")
    op.drop_index(op.f("ix_break_glass_supervisor_id"), table_name="break_glass")
    op.drop_index(op.f("ix_break_glass_case_id"), table_name="break_glass")
    op.drop_table("break_glass")
    op.drop_index(op.f("ix_asked_person_id"), table_name="asked")
    op.drop_table("asked")
    op.drop_index(op.f("ix_attempts_last_at"), table_name="attempts")
    op.drop_table("attempts")
