"""What marks are made from is kept once, however many marks are made from the same."""

from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
AT_ONCE = 1_000  # marks

# Types are spelled out here: this step must not change when the code does.
details = sa.table("mark_details", sa.column("hash", sa.LargeBinary()), sa.column("detail", sa.JSON()))
marks = sa.table(
    "marks",
    sa.column("attempt_id", sa.BigInteger()),
    sa.column("part", sa.String()),
    sa.column("detail", sa.JSON()),
    sa.column("detail_hash", sa.LargeBinary()),
)


def upgrade() -> None:
    op.create_table(
        "mark_details",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_mark_details"),
    )
    op.add_column("marks", sa.Column("detail_hash", sa.LargeBinary()))
    _move()
    with op.batch_alter_table("marks") as table:
        table.alter_column("detail_hash", existing_type=sa.LargeBinary(), nullable=False)
        table.drop_column("detail")
        table.create_foreign_key("fk_marks_detail_hash", "mark_details", ["detail_hash"], ["hash"])


def downgrade() -> None:
    op.add_column("marks", sa.Column("detail", sa.JSON()))
    detail = sa.select(details.c.detail).where(details.c.hash == marks.c.detail_hash).scalar_subquery()
    op.execute(sa.update(marks).values(detail=detail))
    with op.batch_alter_table("marks") as table:
        table.alter_column("detail", existing_type=sa.JSON(), nullable=False)
        table.drop_constraint("fk_marks_detail_hash", type_="foreignkey")
        table.drop_column("detail_hash")
    op.drop_table("mark_details")


def _move() -> None:
    """Some marks at a time, so that they need not all fit into memory. The texts stay as they are."""
    connection = op.get_bind()
    place = ":detail" if connection.dialect.name == "sqlite" else "CAST(:detail AS json)"
    add = sa.text(f"INSERT INTO mark_details (hash, detail) VALUES (:hash, {place}) ON CONFLICT DO NOTHING")  # noqa: S608
    name = sa.text("UPDATE marks SET detail_hash = :hash WHERE attempt_id = :attempt_id AND part = :part")
    last = (0, "")
    while rows := connection.execute(_marks_after(*last)).mappings().all():
        found = [{**row, "hash": sha256(row["detail"].encode()).digest()} for row in rows]
        details = {one["hash"]: one["detail"] for one in found}
        connection.execute(add, [{"hash": key, "detail": detail} for key, detail in details.items()])
        connection.execute(name, found)
        last = (rows[-1]["attempt_id"], rows[-1]["part"])


def _marks_after(attempt_id: int, part: str) -> Any:
    place = sa.tuple_(marks.c.attempt_id, marks.c.part)
    columns = (marks.c.attempt_id, marks.c.part, sa.cast(marks.c.detail, sa.Text()).label("detail"))
    return sa.select(*columns).where(place > (attempt_id, part)).order_by(*place).limit(AT_ONCE)
