"""Bringing a database to the tables of this release, and back."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url

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
            return revision(connection) == head()
    finally:
        engine.dispose()


def revision(connection: Connection) -> str | None:
    """Which step's tables the database has; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str:
    """The newest step of this release."""
    return str(_scripts().get_current_head())


@cache
def revisions() -> frozenset[str]:
    """All steps that this release knows."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(""))


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    return config
