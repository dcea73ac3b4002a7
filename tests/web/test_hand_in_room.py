"""Handing in with the plain form goes through the room; all else comes to the route with its form unread."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.services import attempts, library
from app.settings import Settings
from app.store.database import Store
from app.store.models import Attempt
from app.web.security import form_token
from tests import factories
from tests.sample_exam import sample_exam


class Student:
    """Somebody in the middle of the exam, and what a form of theirs sends."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store = client, store
        now = datetime.now(UTC)
        store.write(lambda db: library.publish(db, sample_exam(), now))
        person = factories.user(store)
        self.attempt = store.write(lambda db: attempts.start(db, person.id, "small", now))
        self.session = factories.token(store, person, now)
        client.cookies.set("endterm", self.session)

    def hand_in(self, site: str = "same-origin", token: str | None = None, **more: str) -> tuple[int, str]:
        """Status and place that the answer leads to."""
        form = {"form_token": form_token(self.session) if token is None else token, **more}
        reply = self.client.post(
            f"/attempts/{self.attempt.public_id}/submission", data=form, headers={"sec-fetch-site": site}
        )
        return reply.status_code, reply.headers.get("location", "")

    @property
    def state(self) -> str:
        with self.store.read() as db:
            return db.get_one(Attempt, self.attempt.id).state

    @property
    def result(self) -> str:
        return f"/attempts/{self.attempt.public_id}/result"


@pytest.fixture
def student(sqlite_url: str, tmp_path: Path) -> Iterator[Student]:
    settings = Settings(database_url=sqlite_url, directory=tmp_path)
    with TestClient(create_app(settings), follow_redirects=False) as client:
        yield Student(client, client.app.state.site.store)  # type: ignore[attr-defined]


def test_the_plain_form_hands_in_and_marks_and_a_second_one_changes_nothing(student: Student) -> None:
    first = student.hand_in()
    state = student.state
    second = student.hand_in()

    assert first == second == (303, student.result)
    assert state == "graded"


def test_changes_that_the_server_has_not_got_keep_it_open(student: Student) -> None:
    assert student.hand_in(unsaved="1b 99")[0] == 409
    assert student.state == "open"
    assert student.hand_in(unsaved="1b 99", anyway="true") == (303, student.result)


@pytest.mark.parametrize(
    ("site", "token"), [("cross-site", None), ("same-origin", "made-up"), ("same-origin", "")]
)
def test_a_form_of_another_site_or_another_session_does_nothing(
    student: Student, site: str, token: str | None
) -> None:
    assert student.hand_in(site, token)[0] == 403
    assert student.state == "open"


def test_nobody_else_hands_it_in(student: Student) -> None:
    student.session = factories.token(student.store, factories.user(student.store), datetime.now(UTC))
    student.client.cookies.set("endterm", student.session)

    assert student.hand_in()[0] == 404
    assert student.state == "open"


def test_a_form_that_is_sent_in_pieces_is_read_whole(student: Student) -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"form_", b"token=", form_token(student.session).encode(), b"&unsaved=1b+99")

    headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    reply = student.client.post(
        f"/attempts/{student.attempt.public_id}/submission", content=pieces(), headers=headers
    )

    assert reply.status_code == 409
