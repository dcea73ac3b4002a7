"""The tables: up, down, up again, and no different from what the code expects. On both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from app.store.migrations import is_current, migrate
from app.store.models import Base

_ATTEMPT = (
    "INSERT INTO users VALUES (1, 'ada@example.org', 'Ada', 'student', '', true, false, '2026-01-01 00:00:00')",
    "INSERT INTO exams (id, slug) VALUES (1, 'small')",
    "INSERT INTO exam_versions VALUES (1, 1, 1, '', '', '', '', 60, 2, '[]', '2026-01-01 00:00:00')",
    """INSERT INTO attempts (id, public_id, user_id, exam_id, version_id, state, started_at, deadline,
    extra_minutes, first_save) VALUES (1, 'x', 1, 1, 1, 'graded', '2026-01-01 00:00:00',
    '2026-01-01 01:00:00', 0, 0)""",
)
_MARK = (
    "INSERT INTO marks (attempt_id, part, version_id, grader_version, max, points, low, high, answered, review,"
    " detail, graded_at) VALUES (1, :part, 1, '1', 2, 1, 1, 1, true, false, {}, '2026-01-01 00:00:00')"
)
_DETAILS = "SELECT CAST(mark_details.detail AS text) FROM marks JOIN mark_details ON hash = detail_hash ORDER BY part"


def test_the_steps_lead_up_and_down_again(database_url: str) -> None:
    assert is_current(database_url)

    migrate(database_url, "base")
    assert not is_current(database_url)
    assert _tables(database_url) <= {"alembic_version", "sqlite_sequence"}

    migrate(database_url)
    assert is_current(database_url)


def test_the_tables_are_those_that_the_code_expects(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()

    assert differences == []


def test_marks_keep_what_they_were_made_from(database_url: str) -> None:
    """Three marks, two of them made from the same; up from the tables before, and down again."""
    migrate(database_url, "base")
    migrate(database_url, "0002")
    details = ['{"reasons":["Grün ≠ 1"]}', '{"reasons":["Grün ≠ 1"]}', '{"reasons":[]}']
    engine = create_engine(database_url)
    place = ":detail" if engine.dialect.name == "sqlite" else "CAST(:detail AS json)"
    with engine.begin() as connection:
        for row in _ATTEMPT:
            connection.execute(text(row))
        for number, detail in enumerate(details):
            connection.execute(text(_MARK.format(place)), {"part": f"1{number}", "detail": detail})

    migrate(database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM mark_details")) == 2
        assert connection.scalars(text(_DETAILS)).all() == details
    migrate(database_url, "-1")
    with engine.connect() as connection:
        kept = connection.scalars(text("SELECT CAST(detail AS text) FROM marks ORDER BY part")).all()
    engine.dispose()

    assert kept == details


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names
