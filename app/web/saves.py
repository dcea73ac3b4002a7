"""The hot path: one small room before the framework that takes POST /saves and passes on everything else.

In: {"attempt", "part", "counter", "base", "tab", "answer": {field: value}, "flagged", "cleared"}, see
`SaveRequest`. Out, 200: {"saved_at", "counter", "deadline", "now"} after the answer is on the disk. Otherwise
{"refused": why, "message": for the student}, and what of the above is known.
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.errors import TooBusy
from app.services.saves import Outcome, SaveReply, SaveRequest, Saves, is_blank
from app.services.tokens import hash_of
from app.store.database import Store

log = logging.getLogger(__name__)

PATH = "/saves"
LARGEST = 256 * 1024  # bytes

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def utc_now() -> datetime:
    return datetime.now(UTC)


class SaveBody(msgspec.Struct, forbid_unknown_fields=True):
    """What the page sends."""

    attempt: Annotated[str, Meta(max_length=64)]
    part: Annotated[str, Meta(max_length=32)]
    counter: Annotated[int, Meta(ge=1, le=2**53)]
    tab: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{8,40}$")]
    answer: dict[str, Any]
    base: Annotated[int, Meta(ge=0, le=2**53)] = 0
    flagged: bool = False
    cleared: bool = False


STATUS = {
    Outcome.SAVED: 200,
    Outcome.REPEATED: 200,
    Outcome.SIGNED_OUT: 401,
    Outcome.UNKNOWN: 404,
    Outcome.NEWER: 409,
    Outcome.EMPTY: 409,
    Outcome.CLOSED: 410,
}
MESSAGES = {
    Outcome.SIGNED_OUT: "You are signed out. Sign in again; what you typed is kept in this browser.",
    Outcome.UNKNOWN: "There is no such attempt or part.",
    Outcome.NEWER: "This part has been changed in another window.",
    Outcome.EMPTY: "An empty answer does not replace what is saved unless you empty it yourself.",
    Outcome.CLOSED: "The time is over or the attempt is handed in: this change came too late.",
}


NOT_STORED = "This could not be saved. The page will try again; do not close it."


class Refused(Exception):
    """A request that is not a save, with its status and its reason."""

    def __init__(self, status: int, why: str, message: str) -> None:
        self.status = status
        self.reply = {"refused": why, "message": message}


class SaveRoom:
    """An ASGI app around the rest of the app. `cookie` is the session's name, `now` gives the time in UTC."""

    def __init__(
        self, app: App, store: Store, saves: Saves, cookie: str, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._app = app
        self._store = store
        self._saves = saves
        self._cookie = cookie.encode() + b"="
        self._now = now
        self._decode = msgspec.json.Decoder(SaveBody).decode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        try:
            status, reply = await self._save(scope, receive)
        except Refused as refused:
            status, reply = refused.status, refused.reply
        except TooBusy as busy:
            status, reply = 503, {"refused": "busy", "message": busy.message}
        except Exception:
            log.exception("a save failed")
            status, reply = 503, {"refused": "busy", "message": NOT_STORED}
        await _answer(send, status, reply)

    async def _save(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        headers = dict(scope["headers"])
        _refuse_foreign(headers)
        body = await _body(headers, receive)
        arrived = self._now()
        request = self._request(body, self._token(headers), arrived)
        reply: SaveReply = await self._store.writer.add(self._saves, request)
        return STATUS[reply.outcome], _as_json(reply, arrived)

    def _token(self, headers: dict[bytes, bytes]) -> str:
        for pair in headers.get(b"cookie", b"").split(b"; "):
            if pair.startswith(self._cookie):
                return pair[len(self._cookie) :].decode("latin-1")
        raise Refused(401, "signed-out", MESSAGES[Outcome.SIGNED_OUT])

    def _request(self, body: bytes, token: str, arrived: datetime) -> SaveRequest:
        try:
            one = self._decode(body)
            answer = msgspec.json.encode(one.answer).decode()
        except (msgspec.MsgspecError, RecursionError, UnicodeError, OverflowError) as error:
            raise Refused(400, "malformed", "The browser sent something that cannot be read.") from error
        if one.counter <= one.base:
            raise Refused(400, "malformed", "The counter of a change is greater than that of its base.")
        return SaveRequest(
            token_hash=hash_of(token),
            attempt=one.attempt,
            part=one.part,
            counter=one.counter,
            base=one.base,
            tab=one.tab,
            answer=answer,
            blank=is_blank(one.answer),
            cleared=one.cleared,
            flagged=one.flagged,
            arrived=arrived,
        )


def _refuse_foreign(headers: dict[bytes, bytes]) -> None:
    """Only our own pages may save: no other site can send this content type or these headers unasked."""
    if not headers.get(b"content-type", b"").startswith(b"application/json"):
        raise Refused(415, "malformed", "A save is sent as application/json.")
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    is_foreign = site not in (None, b"same-origin")
    if site is None and origin is not None:
        is_foreign = origin.partition(b"://")[2] != headers.get(b"host")
    if is_foreign:
        raise Refused(403, "foreign", "This request came from another site.")


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > LARGEST:
        raise Refused(413, "too-large", "This answer is too large to be saved.")
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise Refused(413, "too-large", "This answer is too large to be saved.")
    return body


def _as_json(reply: SaveReply, now: datetime) -> dict[str, Any]:
    known = {"counter": reply.counter, "saved_at": reply.saved_at, "deadline": reply.deadline, "now": now}
    if reply.outcome in MESSAGES:
        return {"refused": reply.outcome.value, "message": MESSAGES[reply.outcome], **known}
    return known


async def _answer(send: Send, status: int, reply: dict[str, Any]) -> None:
    body = msgspec.json.encode(reply)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
