"""Bringing a database to the tables of this release, and back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from app.store import sqlite

SCRIPTS = Path(__file__).parents[2] / "migrations"


def migrate(url: str, to: str = "head") -> None:
    """Run the steps up or down to a revision; `base` takes everything away."""
    if make_url(url).get_backend_name() == "sqlite":
        sqlite.check_library()
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    config = _config(url)
    if to == "base" or to.startswith("-"):
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


def is_current(url: str) -> bool:
    """Whether the database has the tables of this release."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return found == ScriptDirectory.from_config(_config(url)).get_current_head()


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    return config
