"""Slow requests against a real server, whose patience is shortened to fractions of a second."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from app import processes
from app.settings import Settings
from app.web.patience import PatientProtocol

HEAD = b"POST /slow HTTP/1.1\r\nHost: exam.example\r\nContent-Length: 5\r\n"


class Hurried(PatientProtocol):
    head, body, look_every = 0.4, 0.8, 0.05


async def echo(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
        if message["type"] == "http.disconnect":
            return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": body[:5].ljust(5)})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        config = uvicorn.Config(echo, http=Hurried, ws="none", lifespan="off", log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def seconds_until_dropped(connection: socket.socket) -> float:
    begun = time.monotonic()
    with suppress(ConnectionResetError):
        assert connection.recv(100) == b""
    return time.monotonic() - begun


@pytest.mark.parametrize("sent", [b"", b"G", HEAD], ids=["nothing", "a letter", "no end of the head"])
def test_a_head_that_does_not_end_is_dropped(port: int, sent: bytes) -> None:
    with connect(port) as connection:
        connection.sendall(sent)

        assert 0.2 < seconds_until_dropped(connection) < 5


def test_a_body_that_does_not_end_is_dropped_however_often_a_byte_comes(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(HEAD.replace(b"5", b"500") + b"\r\n")
        begun = time.monotonic()
        drip = threading.Thread(target=send_slowly, args=(connection,))
        drip.start()
        seconds_until_dropped(connection)

        assert 0.5 < time.monotonic() - begun < 5
        drip.join()


def send_slowly(connection: socket.socket) -> None:
    with suppress(OSError):
        for _ in range(200):
            time.sleep(0.05)
            connection.sendall(b"x")


def test_a_request_in_pieces_and_an_idle_connection_are_no_attack(port: int) -> None:
    with connect(port) as connection:
        for pause in (0.1, 1.2):  # longer than the patience: between requests there is nothing to wait for
            connection.sendall(HEAD)
            time.sleep(0.1)
            connection.sendall(b"\r\n12")
            time.sleep(0.1)
            connection.sendall(b"345")
            assert connection.recv(1000).endswith(b"12345")
            time.sleep(pause)


def test_the_served_app_has_this_patience() -> None:
    assert processes._options(Settings())["http"] is PatientProtocol
