"""The apps that are measured: Endterm, and what it is measured against. One process runs one of them:

    python -m tests.benchmarks.apps NAME CORES FILE

FILE is the number of a socket that listens already. All run in the same server with the same options.
"""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from app.main import Endterm, create_app
from app.settings import Settings
from tests.benchmarks.plain import plain_app
from tests.full_page import FullPages


class Save(BaseModel):
    """What the page sends for one part."""

    counter: int
    tab: str
    value: dict[str, Any]
    flagged: bool = False
    cleared: bool = False


def echo_app() -> FastAPI:
    """The bar: FastAPI reads a body, checks it and answers with it, and that is all."""
    app = FastAPI()

    @app.post("/echo")
    async def echo(save: Save) -> Save:
        return save

    return app


def bare_app() -> Any:
    """The ceiling: an answer without reading anything; says how fast the load generator itself is."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("only requests")
        await receive()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    return app


def endterm_app() -> Any:
    return create_app(Settings.from_environment(os.environ))


def full_page_app() -> Endterm:
    """Endterm as it would be if it rendered the whole attempt page each time, in an ordinary route."""
    app = create_app(Settings.from_environment(os.environ))
    app.state.site = replace(app.state.site, papers=FullPages(app.state.site.templates))
    app.rooms = app.framework
    return app


APPS: dict[str, Callable[[], Any]] = {
    "echo": echo_app,
    "bare": bare_app,
    "plain": plain_app,
    "endterm": endterm_app,
    "full-page": full_page_app,
}


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Ready when exams are prepared, as before every sitting."""
        await super().startup(sockets)
        if isinstance(app := self.config.app, Endterm):
            app.state.site.preparation.wait()
        print("ready", flush=True)


def main(name: str, cores: str, file: str) -> None:
    os.sched_setaffinity(0, set(map(int, cores.split(","))))
    options = uvicorn.Config(APPS[name](), timeout_keep_alive=75, access_log=False, log_level="warning")
    _Server(options).run([socket.socket(fileno=int(file))])


if __name__ == "__main__":
    main(*sys.argv[1:])
