"""Backups of PostgreSQL, by its own programs pg_dump and pg_restore."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from app.errors import Conflict, InvalidInput, NotReady
from app.store import migrations

FIRST_BYTES = b"PGDMP"
WHATEVER_OWNER = ("--no-owner", "--no-privileges")


def dump(url: str, file: Path) -> None:
    """pg_dump reads one moment of the database, whoever writes meanwhile."""
    _run("pg_dump", url, "--format=custom", *WHATEVER_OWNER, f"--file={file}")
    checked(url, file)


def checked(url: str, file: Path) -> str:
    """The step of the tables of a backup that can be read to its end. Raises InvalidInput."""
    with file.open("rb") as opened:
        if opened.read(len(FIRST_BYTES)) != FIRST_BYTES:
            raise InvalidInput(f"{file} is no backup of a PostgreSQL database.", "file")
    _run("pg_restore", url, f"--file={os.devnull}", str(file), connect=False)
    version = ("--data-only", "--table=alembic_version", "--file=-")
    lines = _run("pg_restore", url, *version, str(file), connect=False).splitlines()
    known = [line for line in lines if line in migrations.revisions()]
    if len(known) != 1:
        raise NotReady(f"{file} was made by another release of Endterm than this one.")
    return known[0]


def refuse_running(url: str) -> None:
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if connection.scalar(others):
                raise Conflict("The database is in use. Stop Endterm everywhere, then restore.")
    finally:
        engine.dispose()


def load(url: str, file: Path) -> None:
    """In one transaction: if anything fails, the database is as it was."""
    how = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error", *WHATEVER_OWNER)
    database = make_url(url).database or ""
    _run("pg_restore", url, *how, f"--dbname={database}", str(file))


def _run(program: str, url: str, *arguments: str, connect: bool = True) -> str:
    """What the program writes. Raises NotReady with its complaint; the password is in no process list."""
    path = shutil.which(program)
    if path is None:
        raise NotReady(
            f"{program} is not installed. It comes with PostgreSQL's client programs "
            "(Debian: apt install postgresql-client), at least as new as the server."
        )
    environment = {**os.environ, **(_address(url) if connect else {})}
    done = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        complaint = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise NotReady(f"{program} failed: {complaint}")
    return done.stdout


def _address(url: str) -> dict[str, str]:
    """How PostgreSQL's programs are told where the database is: through their environment."""
    parts = make_url(url).translate_connect_args(username="user", database="database")
    told = {**parts, **make_url(url).query}
    return {f"PG{name.upper()}": str(value) for name, value in told.items() if isinstance(value, str | int)}
