"""How Alembic meets the database: one connection, one transaction."""

import os

from alembic import context
from sqlalchemy import create_engine

from app.settings import Settings
from app.store import sqlite
from app.store.models import Base


def main() -> None:
    """From `endterm migrate` the address comes along; from the `alembic` command out of the environment."""
    url = context.config.attributes.get("url") or Settings.from_environment(os.environ).database
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        sqlite.prepare_writer(engine)
    with engine.connect() as connection:
        context.configure(connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


main()
