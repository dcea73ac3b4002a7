"""The commands for the day of an exam: extend, receipt."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from app.errors import AppError
from app.installation import migrated_settings, open_store, stop
from app.services import attempts, receipts


def extend(
    who: Annotated[
        str, typer.Argument(metavar="ATTEMPT|EMAIL", help="An attempt, or who sits just one now.")
    ],
    minutes: Annotated[int, typer.Option(help="Extra time, added to the deadline as it is.")],
) -> None:
    """Give a running attempt more time. The student's page shows it within ten seconds."""
    settings = migrated_settings()
    store = open_store()
    now = datetime.now(UTC)
    try:
        one = store.write(lambda db: attempts.extend(db, attempts.running(db, who).public_id, minutes, now))
    except AppError as error:
        stop(error.message)
    finally:
        store.close()
    until = one.deadline.astimezone(ZoneInfo(settings.timezone))
    typer.echo(f"Attempt {one.public_id} now ends at {until:%H:%M:%S on %-d %B %Y} ({settings.timezone}).")


def receipt(file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Compare a student's receipt with what is stored. Exit code 1 if they do not agree."""
    store = open_store()
    try:
        with store.read() as db:
            found = receipts.verify(db, file.read_text(encoding="utf-8", errors="replace"))
    except AppError as error:
        stop(error.message)
    except OSError as error:
        stop(f"{file}: {error.strerror}")
    finally:
        store.close()
    typer.echo(found.sentence, err=not found.agrees)
    raise typer.Exit(0 if found.agrees else 1)
