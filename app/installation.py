"""What the commands of a running installation begin with: its settings, its store, and a line when that fails."""

import os
from typing import NoReturn

import typer

from app.errors import AppError
from app.settings import Settings
from app.store.database import Store
from app.store.migrations import is_current


def stop(message: str) -> NoReturn:
    """Say what cannot be done, and end with exit code 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def installation_settings() -> Settings:
    try:
        settings = Settings.from_environment(os.environ)
    except AppError as error:
        stop(error.message)
    settings.directory.mkdir(parents=True, exist_ok=True)
    return settings


def migrated_settings() -> Settings:
    """The settings of an installation whose database is ready."""
    settings = installation_settings()
    if not is_current(settings.database):
        stop("The database is not up to date. Run `endterm migrate` first.")
    return settings


def open_store() -> Store:
    store = Store(migrated_settings().database)
    store.open()
    return store
