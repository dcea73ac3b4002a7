"""The tables: up, down, up again, and no different from what the code expects. On both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from app.store.migrations import is_current, migrate
from app.store.models import Base


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


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names
