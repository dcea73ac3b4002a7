"""What those who run the app see of it: its life, its readiness, its numbers, and an id on every answer."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from app.main import create_app
from app.metrics import Metrics
from app.services import attempts
from app.settings import Settings
from app.store.database import Store
from app.web.requests import QUIET, Watched
from tests import factories
from tests.web.test_access import TABLE

TOKEN = "a-token-for-the-metrics"
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=database_url, directory=tmp_path, metrics_token=TOKEN)
    here = {"base_url": "http://localhost:8000", "client": ("127.0.0.1", 50000)}
    with TestClient(create_app(settings), raise_server_exceptions=False, **here) as opened:  # type: ignore[arg-type]
        yield opened


def save(client: TestClient, store: Store, **headers: str) -> dict[str, str]:
    """Save an answer of a new student, and give the headers of the reply."""
    now = datetime.now(UTC)
    factories.published(store)
    student = factories.user(store)
    attempt = factories.started(store, student, now)
    client.cookies.set("endterm", factories.token(store, student, now))
    body = {"counter": 1, "tab": "tab-one", "value": {"count": "a secret 120"}}
    reply = client.post(f"/attempts/{attempt.public_id}/answers/1b", json=body, headers={**OURS, **headers})
    assert reply.status_code == 200
    attempts.hand_in(store, client.app.state.site.exams, student.id, attempt.public_id, now)  # type: ignore[attr-defined]
    return dict(reply.headers)


def test_a_healthy_app_lives_and_is_ready(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").json() == {"ready": True, "reasons": []}


def test_who_is_not_ready_says_why(client: TestClient, store: Store) -> None:
    store.write(lambda db: db.execute(text("UPDATE alembic_version SET version_num = 'old'")))
    reply = client.get("/readyz")

    assert (reply.status_code, reply.json()["reasons"]) == (
        503,
        ["The database is not up to date: run `endterm migrate`."],
    )
    assert client.get("/healthz").status_code == 200


def test_saves_commits_marks_and_requests_are_counted(client: TestClient, store: Store) -> None:
    save(client, store)
    client.post("/attempts/nothing/answers/1b", json={}, headers=OURS)
    client.get("/invitations/a-secret-token")
    lines = client.get("/metrics").text.splitlines()

    assert 'endterm_saves_total{outcome="saved"} 1' in lines
    assert 'endterm_saves_total{outcome="malformed"} 1' in lines
    assert "endterm_save_seconds_count 2" in lines
    assert "endterm_grading_seconds_count 1" in lines
    assert 'endterm_attempts{state="graded"} 1' in lines
    assert 'endterm_hand_ins_total{by="student"} 1' in lines
    assert 'endterm_requests_total{method="GET",route="/invitations/{token}",status="404"} 1' in lines
    assert "endterm_writer_queue 0" in lines
    groups = next(line for line in lines if line.startswith("endterm_commit_group_seconds_count"))
    assert int(groups.split()[1]) > 5
    assert not any("secret" in line for line in lines)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"x-forwarded-for": "203.0.113.7"}, 404),
        ({"host": "exam.example"}, 404),
        ({"host": "exam.example", "authorization": f"Bearer {TOKEN}"}, 200),
        ({"host": "exam.example", "authorization": f"Bearer {TOKEN}x"}, 404),
        ({"host": "exam.example", "authorization": "Bearer "}, 404),
    ],
)
def test_the_numbers_are_for_this_machine_or_a_token(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    assert client.get("/metrics", headers=headers).status_code == status


def test_an_id_that_a_proxy_gave_is_kept(client: TestClient, store: Store) -> None:
    assert (
        client.get("/sign-in", headers={"X-Request-ID": "proxy-4711"}).headers["x-request-id"] == "proxy-4711"
    )
    assert save(client, store, **{"X-Request-ID": "proxy-4712"})["x-request-id"] == "proxy-4712"


@pytest.mark.parametrize("given", ["", "a b c d", "x" * 65, "sam@example.org"])
def test_any_other_id_is_replaced(client: TestClient, given: str) -> None:
    first, second = (client.get("/sign-in", headers={"X-Request-ID": given}) for _ in range(2))

    assert given != first.headers["x-request-id"] != second.headers["x-request-id"]


def test_a_request_leaves_a_line_without_its_address(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "app"):
        client.get("/invitations/a-secret-token")
        client.get("/healthz")
        client.get("/static/any/css/base.css")

    (line,) = [record for record in caplog.records if record.name == "app.web.requests"]
    assert (line.route, line.status, line.levelname) == ("/invitations/{token}", 404, "INFO")  # type: ignore[attr-defined]
    assert "a-secret-token" not in str(vars(line))


def test_an_unexpected_error_is_counted_and_has_an_id(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.cookies.set("endterm", "anything")
    with monkeypatch.context() as broken:
        broken.setattr(store, "read", None)
        reply = client.get("/sign-in")

    assert reply.status_code == 500
    assert reply.headers["x-request-id"]
    assert store.metrics.requests["GET", "/sign-in", 500] == 1


def test_every_quiet_route_is_there() -> None:
    there = {route.partition(" ")[2] for route in TABLE} | {"/static"}

    assert there >= QUIET


@pytest.mark.anyio
async def test_a_browser_that_went_away_is_no_fault_of_ours() -> None:
    async def gone(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ClientDisconnect

    metrics = Metrics()
    scope = {"type": "http", "method": "POST", "path": "/sign-in", "headers": []}
    with pytest.raises(ClientDisconnect):
        await Watched(gone, metrics)(scope, None, None)  # type: ignore[arg-type]

    assert metrics.requests == {("POST", "none", 499): 1}
