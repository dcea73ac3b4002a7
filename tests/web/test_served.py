"""The app behind the real web server."""

import http.client
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import text

from app.main import create_app
from app.settings import Settings
from app.store.database import Store
from tests.databases import sqlite_template, sqlite_url

__all__ = ["sqlite_template", "sqlite_url"]


@pytest.fixture
def server(sqlite_url: str, tmp_path: Path) -> Iterator[uvicorn.Server]:
    app = create_app(Settings(database_url=sqlite_url, directory=tmp_path))
    one = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=one.run)
    thread.start()
    while not one.started:
        time.sleep(0.01)
    yield one
    one.should_exit = True
    thread.join()


def test_a_fault_of_ours_leaves_the_connection_to_the_next_request(
    server: uvicorn.Server, sqlite_url: str
) -> None:
    _, port = server.servers[0].sockets[0].getsockname()
    browser = http.client.HTTPConnection("127.0.0.1", port)
    browser.connect()
    line = browser.sock
    _break_sign_ins(sqlite_url)

    answers = []
    for _ in range(2):
        browser.request("GET", "/", headers={"Cookie": "endterm=anything"})
        reply = browser.getresponse()
        answers.append((reply.status, b"Everything that was saved is safe" in reply.read()))

    assert answers == [(500, True), (500, True)]
    assert browser.sock is line
    browser.close()


def _break_sign_ins(url: str) -> None:
    store = Store(url)
    store.open()
    store.write(lambda db: db.execute(text("ALTER TABLE sign_ins RENAME TO gone")))
    store.close()
