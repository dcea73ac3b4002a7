"""How much a request may send. Whoever reads a larger body is told that it is too large."""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 256 * 1024  # bytes

# What takes more: the whole paper as one form, for those who work without scripts, and a file of its answers.
LARGER = (
    (re.compile("/attempts/[^/]*/answers"), 4 * 1024 * 1024),
    (re.compile("/late-answers/files"), 3 * 1024 * 1024),
)


class Bounded:
    """An ASGI app around the rest of the app. A body that is not read does not matter."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receive = _bounded(receive, largest_at(scope["path"]), Headers(scope=scope))
        await self._app(scope, receive, send)


def largest_at(path: str) -> int:
    """The most bytes that an address takes."""
    return next((largest for places, largest in LARGER if places.fullmatch(path)), LARGEST)


def _bounded(receive: Receive, largest: int, headers: Headers) -> Receive:
    length = headers.get("content-length", "")
    is_announced = length.isdecimal() and int(length[:18]) > largest
    left = largest

    async def receive_bounded() -> Message:
        nonlocal left
        if is_announced:
            raise HTTPException(413)
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return receive_bounded
