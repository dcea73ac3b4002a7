"""What the commands of a running installation begin with: its settings, its store, and a line when that fails."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from alembic.util import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.errors import AppError
from app.settings import Settings
from app.store.database import Store
from app.store.migrations import is_current


def stop(message: str) -> NoReturn:
    """Say what cannot be done, and end with exit code 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def installation_settings() -> Settings:
    """Nothing is made: `endterm migrate` makes the folder and the database."""
    try:
        return Settings.from_environment(os.environ)
    except AppError as error:
        stop(error.message)


def migrated_settings() -> Settings:
    """The settings of an installation whose database is ready."""
    settings = installation_settings()
    name = name_of_database(settings)
    if settings.is_sqlite and not Path(name).exists():
        stop(
            f"There is no database {name}. Run `endterm migrate` to make it, or say by ENDTERM_DIRECTORY where it is."
        )
    with told(settings):
        current = is_current(settings.database)
    if not current:
        stop(f"The database {name} is not up to date. Run `endterm migrate` first.")
    return settings


def open_store() -> Store:
    settings = migrated_settings()
    store = Store(settings.database)
    with told(settings):
        store.open()
    return store


def name_of_database(settings: Settings) -> str:
    """For people: the whole path of SQLite's file, or the address of PostgreSQL without the password."""
    address = make_url(settings.database)
    if settings.is_sqlite:
        return str(Path(address.database or "").absolute())
    return address.render_as_string(hide_password=True)


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """A database that cannot be used is a line, not a traceback."""
    try:
        yield
    except AppError as error:
        stop(error.message)
    except ImportError as error:
        stop(f"{error}. Install the package with its extra: endterm[postgres].")
    except (SQLAlchemyError, CommandError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        stop(
            f"The database {name_of_database(settings)} cannot be used: {reason}. "
            "Is it running, and is its address right? `endterm doctor` says more."
        )
