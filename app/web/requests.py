"""Every request has an id, is counted by its route and status, and leaves a line in the log.

Saves have a room of their own (`web/saves.py`) that does the same, but logs only what it refused.
"""

import logging
import re
import secrets
from asyncio import CancelledError
from collections.abc import Iterable
from itertools import count
from time import perf_counter

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import request_id
from app.metrics import Metrics

QUIET = frozenset(
    {
        "/healthz",
        "/readyz",
        "/metrics",
        "/static",
        "/attempts/{public_id}/state",
        "/previews/text",
        "/previews/math",
        "/previews/numbers",
    }
)
"""Asked for all the time, by proxies and by every open page: counted, and logged only if they fail."""

GONE = 499
"""Counted where the browser went away before there was an answer."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_SANE = re.compile(rb"[A-Za-z0-9._-]{4,64}")
_OURS = secrets.token_hex(4)
_numbers = count(1)

log = logging.getLogger(__name__)


def begin(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Give this request its id: the one that a proxy gave it (X-Request-ID), or a new one."""
    given = next((value for name, value in headers if name == b"x-request-id"), b"")
    if not given or not _SANE.fullmatch(given):
        given = f"{_OURS}-{next(_numbers):x}".encode()
    request_id.set(given.decode())
    return given


class Watched:
    """An ASGI app around the rest of the app."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        mine = begin(scope["headers"])
        status = 500  # what the server answers if an error comes through here

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", mine)]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except (CancelledError, ClientDisconnect):
            status = GONE
            raise
        finally:
            self._note(scope, status, perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.requests[method, route, status] += 1
        self._metrics.request_seconds[route].add(seconds)
        if route in QUIET and status < 400:
            return
        extra = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        log.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra=extra)


def _route(scope: Scope) -> str:
    """The pattern of the address. The address itself may hold a token, and there is no end of addresses."""
    if scope["path"].startswith("/static/"):
        return "/static"
    return getattr(scope.get("route"), "path", "none")
