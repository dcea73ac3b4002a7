"""The app behind the real web server."""

import http.client
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from app.store import queries


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> FastAPI:
    return create_app(Settings(database_url=database_url, directory=tmp_path))


@pytest.fixture
def server(app: FastAPI) -> Iterator[uvicorn.Server]:
    one = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=one.run)
    thread.start()
    while not one.started:
        time.sleep(0.01)
    yield one
    one.should_exit = True
    thread.join()


def test_a_fault_of_ours_leaves_the_connection_to_the_next_request(
    server: uvicorn.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, port = server.servers[0].sockets[0].getsockname()
    browser = http.client.HTTPConnection("127.0.0.1", port)
    browser.connect()
    line = browser.sock

    answers = []
    with monkeypatch.context() as broken:
        broken.setattr(queries, "user_of_token", None)
        for _ in range(2):
            browser.request("GET", "/", headers={"Cookie": "endterm=anything"})
            reply = browser.getresponse()
            answers.append((reply.status, b"Everything that was saved is safe" in reply.read()))

    assert answers == [(500, True), (500, True)]
    assert browser.sock is line
    browser.close()


def test_headers_alone_leave_the_connection_to_the_next_request(server: uvicorn.Server) -> None:
    _, port = server.servers[0].sockets[0].getsockname()
    asker = http.client.HTTPConnection("127.0.0.1", port)
    asker.connect()
    line = asker.sock

    found = []
    for method in ("HEAD", "GET"):
        asker.request(method, "/sign-in", headers={"Accept": "text/html"})
        reply = asker.getresponse()
        found.append((reply.status, len(reply.read()) > 0))

    assert found == [(200, False), (200, True)]
    assert asker.sock is line
    asker.close()
