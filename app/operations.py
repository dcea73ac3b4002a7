"""The commands for those who run an installation: doctor, backup, restore."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from app.doctor import as_line, examine, is_well
from app.errors import AppError
from app.installation import installation_settings, stop, told
from app.store import backup as backups
from app.store import migrations

T = TypeVar("T")

Replace = Annotated[bool, typer.Option("--replace", help="Put the backup in the place of what is there.")]


def doctor() -> None:
    """Look at the installation; exit code 1 if something is wrong, with what to do about it."""
    logging.disable()  # all that goes wrong is told below
    findings = []
    for one in examine(installation_settings()):
        findings.append(one)
        typer.echo(as_line(one))
    raise typer.Exit(0 if is_well(findings) else 1)


def backup(file: Path) -> None:
    """Write all of the database to a new file, while Endterm runs or not."""
    settings = installation_settings()
    size = _told(lambda: backups.backup(settings.database, file))
    typer.echo(f"{file}: {size / 1_000_000:.1f} MB, checked.")


def restore(file: Path, replace: Replace = False) -> None:
    """Bring a backup back. Stop Endterm first."""
    settings = installation_settings()
    with told(settings):
        revision = _told(lambda: backups.restore(settings.database, file, replace=replace))
    typer.echo(f"{file} is the database now.")
    if revision != migrations.head():
        typer.echo("It has the tables of an older release: run `endterm migrate`.")


def _told(work: Callable[[], T]) -> T:
    """What cannot be done is a line, not a traceback."""
    try:
        return work()
    except AppError as error:
        stop(error.message)
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}")
