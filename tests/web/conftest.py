"""The app in a test of its own, and one running app for the tests that ask for all of its routes."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.services import library
from app.settings import Settings
from app.store.database import Store
from tests.databases import BOTH
from tests.page import Browser
from tests.sample_exam import sample_exam

FIGURE = "sign.svg"


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=database_url, directory=tmp_path)
    with TestClient(create_app(settings), follow_redirects=True, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def store(client: TestClient) -> Store:
    found: Store = client.app.state.site.store  # type: ignore[attr-defined]
    return found


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)


@pytest.fixture(scope="module")
def running_sqlite_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("running") / "endterm.sqlite3"
    return f"sqlite:///{shutil.copy(sqlite_template, file)}"


@pytest.fixture(scope="module")
def running_postgres_url(request: pytest.FixtureRequest, postgres_template: str) -> Iterator[str]:
    postgres = request.getfixturevalue("postgres")
    name = f"running_{uuid4().hex}"
    yield postgres.create(name, template=postgres_template)
    postgres.drop(name)


@pytest.fixture(scope="module", params=BOTH)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """With the sample exam and a figure of it."""
    url = request.getfixturevalue(f"running_{request.param}_url")
    app = create_app(Settings(database_url=url, directory=tmp_path_factory.mktemp("home")))
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        publish(client)
        yield client


def publish(client: TestClient) -> int:
    """The number of the version."""
    figures = {FIGURE: b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    store = client.app.state.site.store  # type: ignore[attr-defined]
    done = store.write(lambda db: library.publish(db, sample_exam(), datetime.now(UTC), figures))
    number: int = done.version.id
    return number


@pytest.fixture(scope="module")
def figure(running: TestClient) -> str:
    """The version and name of a figure that is there."""
    return f"{publish(running)}/{FIGURE}"
