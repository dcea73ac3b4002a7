"""Late answers: who uploaded one from a file, and which were accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
# Types are spelled out here: this step must not change when the code does.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("late_saves", sa.Column("uploaded_by", BIG))
    op.create_table(
        "acceptances",
        sa.Column("id", BIG, nullable=False),
        sa.Column("attempt_id", BIG, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("late_save_id", BIG),
        sa.Column("replaced", sa.Text()),
        sa.Column("replaced_at", MOMENT),
        sa.Column("accepted_by", BIG, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_acceptances_attempt_id"),
        sa.ForeignKeyConstraint(["late_save_id"], ["late_saves.id"], name="fk_acceptances_late_save_id"),
        sa.ForeignKeyConstraint(["accepted_by"], ["users.id"], name="fk_acceptances_accepted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_acceptances"),
    )
    op.create_index("ix_acceptances_attempt_id", "acceptances", ["attempt_id"])


def downgrade() -> None:
    op.drop_table("acceptances")
    op.drop_column("late_saves", "uploaded_by")
