"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
# Types are spelled out here: this step must not change when the code does.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exams",
        sa.Column("id", BIG, nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exams"),
        sa.UniqueConstraint("slug", name="uq_exams_slug"),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invitations"),
    )
    op.create_table(
        "saves",
        sa.Column("id", BIG, nullable=False),
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("counter", BIG, nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saves"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "users",
        sa.Column("id", BIG, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "exam_versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("exam_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name="fk_exam_versions_exam_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exam_versions"),
        sa.UniqueConstraint("exam_id", "number", name="uq_exam_versions_exam_id_number"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sign_ins_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_expires_at", "sign_ins", ["expires_at"])
    op.create_index("ix_sign_ins_user_id", "sign_ins", ["user_id"])
    op.create_table(
        "attempts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("exam_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("first_save", BIG, nullable=False),
        sa.Column("submitted_at", MOMENT),
        sa.Column("closed_by", sa.String(length=16)),
        sa.Column("receipt", sa.String(length=64)),
        sa.Column("graded_at", MOMENT),
        sa.Column("points", sa.Integer()),
        sa.Column("low", sa.Integer()),
        sa.Column("high", sa.Integer()),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name="fk_attempts_exam_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_attempts_user_id"),
        sa.ForeignKeyConstraint(["version_id"], ["exam_versions.id"], name="fk_attempts_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.UniqueConstraint("public_id", name="uq_attempts_public_id"),
    )
    op.create_index("ix_attempts_state_deadline", "attempts", ["state", "deadline"])
    op.create_index("ix_attempts_user_id_started_at", "attempts", ["user_id", "started_at"])
    op.create_index("ix_attempts_version_id", "attempts", ["version_id"])
    op.create_index(
        "uq_attempts_one_open",
        "attempts",
        ["user_id", "exam_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "exam_figures",
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["exam_versions.id"], name="fk_exam_figures_version_id"),
        sa.PrimaryKeyConstraint("version_id", "name", name="pk_exam_figures"),
    )
    op.create_table(
        "answers",
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("counter", BIG, nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_answers_attempt_id"),
        sa.PrimaryKeyConstraint("attempt_id", "part", name="pk_answers"),
    )
    op.create_table(
        "extensions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("given_by", BIG),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_extensions_attempt_id"),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name="fk_extensions_given_by"),
        sa.PrimaryKeyConstraint("id", name="pk_extensions"),
    )
    op.create_index("ix_extensions_attempt_id", "extensions", ["attempt_id"])
    op.create_table(
        "late_saves",
        sa.Column("id", BIG, nullable=False),
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("counter", BIG, nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_late_saves_attempt_id"),
        sa.PrimaryKeyConstraint("id", name="pk_late_saves"),
        sa.UniqueConstraint("attempt_id", "part", "counter", "tab", name="uq_late_saves_once"),
    )
    op.create_table(
        "marks",
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("grader_version", sa.String(length=32), nullable=False),
        sa.Column("max", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("graded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_marks_attempt_id"),
        sa.ForeignKeyConstraint(["version_id"], ["exam_versions.id"], name="fk_marks_version_id"),
        sa.PrimaryKeyConstraint("attempt_id", "part", name="pk_marks"),
    )


def downgrade() -> None:
    op.drop_table("marks")
    op.drop_table("late_saves")
    op.drop_table("extensions")
    op.drop_table("answers")
    op.drop_table("exam_figures")
    op.drop_table("attempts")
    op.drop_table("sign_ins")
    op.drop_table("exam_versions")
    op.drop_table("users")
    op.drop_table("saves")
    op.drop_table("invitations")
    op.drop_table("exams")
