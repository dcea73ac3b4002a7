"""The commands of a running installation: migrate, load, demo, user add, serve, worker."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from sqlalchemy.orm import Session

from app import logs
from app.errors import AppError, NotReady
from app.exams.loader import ExamFaults, load_exam, load_figures
from app.installation import (
    installation_settings,
    migrated_settings,
    name_of_database,
    open_store,
    stop,
    told,
)
from app.progress import shown
from app.rendering.page_faults import refuse_faulty_pages
from app.services import accounts, demo, library
from app.services.passwords import Passwords
from app.settings import Settings
from app.store import queries
from app.store.database import Store
from app.store.migrations import is_current
from app.store.migrations import migrate as migrate_database
from app.store.models import Role
from app.store.serving_lock import served_by_one

T = TypeVar("T")

user = typer.Typer(no_args_is_help=True, help="Accounts.")


def migrate() -> None:
    """Bring the database to the newest tables."""
    settings = installation_settings()
    with told(settings):
        if not _is_there(settings) or not is_current(settings.database):
            migrate_database(settings.database)
            typer.echo(f"The database {name_of_database(settings)} is up to date.")


def _is_there(settings: Settings) -> bool:
    """Looking into an SQLite database that is not there would make an empty one."""
    return not settings.is_sqlite or Path(name_of_database(settings)).exists()


def load(files: Annotated[list[Path], typer.Argument(metavar="FILE...")]) -> None:
    """Publish exams; a new version is made only if the text or a figure has changed."""
    store = open_store()
    try:
        for path in shown(files, len(files), "Publishing"):
            published = _publish(store, path)
            state = "published as version" if published.new else "unchanged, version"
            typer.echo(f"{path}: {state} {published.version.number}")
    except ExamFaults as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}")
    finally:
        store.close()


def _publish(store: Store, path: Path) -> library.Published:
    """An exam with the figures beside it."""
    exam = load_exam(path)
    figures = load_figures(path)
    refuse_faulty_pages(exam, figures, str(path))
    return store.write(lambda db: library.publish(db, exam, datetime.now(UTC), figures))


def seed_demo() -> None:
    """Make one demo account per role; they work on this machine only."""
    store, passwords = open_store(), Passwords()
    try:
        found = demo.add_demo_accounts(store, passwords, datetime.now(UTC))
    finally:
        passwords.close()
        store.close()
    typer.echo("Sign in on this machine as:")
    for one in found:
        typer.echo(f"  {one.role:<11} {one.email}   password: {one.password}")


@user.command("add")
def add_user(
    email: str,
    role: Annotated[Role, typer.Option(help="What the account may do.")],
    name: str = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Make an account with any role."""
    store, passwords = open_store(), Passwords()
    try:
        made = accounts.add_user(
            store,
            passwords,
            email=email,
            name=name or email,
            password=password,
            role=role,
            now=datetime.now(UTC),
        )
    except AppError as error:
        stop(error.message)
    finally:
        passwords.close()
        store.close()
    typer.echo(f"{made.email} is now a {made.role}.")


@user.command("revoke")
def revoke_sessions(email: str) -> None:
    """End all sessions of an account: every browser must sign in again."""
    ended = _changed(lambda db: accounts.revoke(db, email))
    typer.echo(f"{ended} {'session' if ended == 1 else 'sessions'} of {email} ended.")


@user.command("role")
def change_role(email: str, role: Role) -> None:
    """Change what an account may do; it holds from the next request on."""
    changed = _changed(lambda db: accounts.change_role(db, email, role))
    typer.echo(f"{changed.email} is now a {changed.role}.")


@user.command("password")
def reset_password(
    email: str,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Give an account a new password, and end all its sessions."""
    store, passwords = open_store(), Passwords()
    try:
        changed = accounts.reset_password(store, passwords, email, password)
    except AppError as error:
        stop(error.message)
    finally:
        passwords.close()
        store.close()
    typer.echo(f"{changed.email} has a new password and is signed out everywhere.")


def _changed(work: Callable[[Session], T]) -> T:
    store = open_store()
    try:
        return store.write(work)
    except AppError as error:
        stop(error.message)
    finally:
        store.close()


def serve(
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many web processes (PostgreSQL).")] = 1,
) -> None:
    """Serve the app until it is stopped."""
    from app import processes

    settings = migrated_settings()
    if settings.is_sqlite and (workers > 1 or settings.jobs == "elsewhere"):
        stop(processes.ONE_ONLY)
    try:
        with served_by_one(settings.database):
            sockets = processes.sockets_at(settings)
            _print_first_steps(settings)
            logs.set_up(settings.log_format)
            if workers == 1:
                processes.serve_alone(settings, sockets)
            else:
                processes.serve_together(settings, workers, sockets)
    except NotReady as error:
        stop(error.message)


def worker() -> None:
    """Run the jobs and the clock of deadlines, without any page, until it is stopped (PostgreSQL)."""
    from app import processes

    settings = migrated_settings()
    if settings.is_sqlite:
        stop(processes.ONE_ONLY)
    logs.set_up(settings.log_format)
    processes.run_jobs(settings)


def _print_first_steps(settings: Settings) -> None:
    store = Store(settings.database)
    with told(settings):
        store.open()
    try:
        token = store.write(lambda db: accounts.invite_first_administrator(db, datetime.now(UTC)))
        with store.read() as db:
            demo = queries.demo_accounts(db)
    finally:
        store.close()
    typer.echo(f"Endterm is at {settings.address}")
    if token:
        missing = "The only administrator is a demo account" if demo else "There is no administrator yet"
        link = f"{settings.address}/invitations/{token}"
        typer.echo(f"{missing}. Whoever opens this link becomes the first one:\n  {link}")
