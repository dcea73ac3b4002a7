"""A running app for a real browser, and a student who sits an exam in it."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page

from app.exams.loader import load_exam
from app.main import create_app
from app.services import accounts, attempts, library
from app.settings import Settings
from app.store.database import Store
from app.store.migrations import migrate
from app.store.models import Attempt, User
from tests import factories

HERE = Path(__file__).parent
WAIT = 10  # seconds for what takes milliseconds on a machine that is not busy


@dataclass(frozen=True)
class Live:
    """A running app: its address, and its store to look into."""

    url: str
    store: Store
    settings: Settings


@dataclass(frozen=True)
class Sitting:
    """An open attempt of the exam with every kind of field."""

    live: Live
    student: User
    attempt: Attempt
    token: str

    @property
    def url(self) -> str:
        return f"{self.live.url}/attempts/{self.attempt.public_id}"

    def saved(self) -> dict[str, Any]:
        """The answers that the server holds, by part."""
        held = attempts.saved_answers(self.live.store, self.attempt)
        return {part: json.loads(one.answer) for part, one in held.items()}

    def wait_for(self, part: str, answer: Any) -> None:
        """Wait until the server holds this answer."""
        until = time.monotonic() + WAIT
        while self.saved().get(part) != answer:
            assert time.monotonic() < until, f"{part} is {self.saved().get(part)!r}, not {answer!r}"
            time.sleep(0.05)

    def cookie(self) -> Any:
        return {"name": self.live.settings.session_cookie, "value": self.token, "url": self.live.url}

    def sign_in_again(self, context: BrowserContext) -> None:
        token = factories.token(self.live.store, self.student, datetime.now(UTC))
        context.add_cookies([{**self.cookie(), "value": token}])


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    settings = Settings(directory=tmp_path_factory.mktemp("live"), port=free_port())
    migrate(settings.database)
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, port=settings.port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    store = app.state.site.store
    exam = load_exam(HERE / "widgets.yaml")
    store.write(lambda db: library.publish(db, exam, datetime.now(UTC)))
    yield Live(f"http://127.0.0.1:{settings.port}", store, settings)
    server.should_exit = True
    thread.join()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def sitting(live: Live) -> Sitting:
    return start_sitting(live)


def start_sitting(live: Live, minutes_left: float = 90, exam: str = "widgets") -> Sitting:
    student = factories.user(live.store)
    started = datetime.now(UTC) - timedelta(minutes=90 - minutes_left)
    attempt = live.store.write(lambda db: attempts.start(db, student.id, exam, started))
    return Sitting(live, student, attempt, factories.token(live.store, student, datetime.now(UTC)))


def sign_out(sitting: Sitting) -> None:
    sitting.live.store.write(lambda db: accounts.sign_out(db, sitting.token))


@pytest.fixture
def exam_page(page: Page, context: BrowserContext, sitting: Sitting) -> Iterator[Page]:
    """The attempt's page. A script that fails on it fails the test."""
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    context.add_cookies([sitting.cookie()])
    page.set_default_timeout(WAIT * 1000)
    answer = page.goto(sitting.url)
    assert answer
    assert answer.ok, answer.status_text
    yield page
    assert faults == []
