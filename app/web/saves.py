"""The hot path: a small room before the framework that takes POST /attempts/ID/answers/PART.

In: {"counter", "tab", "value": {field: value}, "flagged", "cleared"}, see `SaveRequest`.
Out, 200: {"saved_at", "counter", "deadline", "now"}, sent after the answer is on the disk.
Otherwise {"error", "message" for the student} and what of the above is known; with "older" and "empty" also
what is stored, as "value" and "flagged"; with "unknown" the "account" that is signed in, from which a page
sees whether it is still its own; with "closed" whether the change is "kept" for the staff.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from math import ceil
from time import perf_counter
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.errors import TooBusy
from app.services.limits import Limit
from app.services.saves import Outcome, SaveReply, SaveRequest, Saves, is_blank
from app.services.tokens import hash_of
from app.store.database import Store
from app.web import requests
from app.web.security import DATA_HEADERS, account_mark

LARGEST = 256 * 1024  # bytes
BUSY_WAIT = 2  # seconds
UNIT = 4096  # so many bytes count as one save

# What no attempt and no part is called never reaches the writer, where it could spoil the saves of others.
_PLACE = re.compile(r"/attempts/([A-Za-z0-9_-]{1,64})/answers/([A-Za-z0-9_-]{1,40})")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


class SaveBody(msgspec.Struct, forbid_unknown_fields=True):
    """What the page sends."""

    counter: Annotated[int, Meta(ge=1, le=2**53)]
    tab: Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{4,40}$")]
    value: dict[str, Any]
    flagged: bool = False
    cleared: bool = False


STATUS = {
    Outcome.SAVED: 200,
    Outcome.REPEATED: 200,
    Outcome.SIGNED_OUT: 401,
    Outcome.UNKNOWN: 404,
    Outcome.NO_PART: 404,
    Outcome.CLOSED: 409,
    Outcome.OLDER: 409,
    Outcome.EMPTY: 409,
}
MESSAGES = {
    Outcome.SIGNED_OUT: "You are signed out. Sign in again; what you typed is kept in this browser.",
    Outcome.UNKNOWN: "There is no such attempt, or it is not yours.",
    Outcome.NO_PART: "This exam has no such part.",
    Outcome.CLOSED: "The time is over or the attempt is handed in: this change came too late.",
    Outcome.OLDER: "This part has a newer change, made in another window.",
    Outcome.EMPTY: "An empty answer replaces what is saved only if you empty it yourself.",
}
TOO_MANY = "Very many changes came in a short time. This one is kept in the browser and sent again soon."
NOT_STORED = "This could not be saved. The page will try again; do not close it."


class Refused(Exception):
    """A request that is not a save, with its status and its reason."""

    def __init__(self, status: int, error: str, message: str, wait: float = 0) -> None:
        self.status = status
        self.wait = wait
        self.reply = {"error": error, "message": message}


class SaveRoom:
    """An ASGI app around the rest of the app. `cookie` is the session's name, `now` gives the time in UTC.

    `limit` counts by attempt what its owner saves; nobody else can use it up.
    """

    def __init__(
        self,
        app: App,
        store: Store,
        saves: Saves,
        cookie: str,
        limit: Limit,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._app = app
        self._store = store
        self._saves = saves
        self._cookie = cookie.encode() + b"="
        self._limit = limit
        self._now = now
        self._decode = msgspec.json.Decoder(SaveBody).decode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = _place(scope)
        if place is None:
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        request_id = requests.begin(scope["headers"])
        wait: float = 0
        try:
            status, reply = await self._save(*place, dict(scope["headers"]), receive)
        except Refused as refused:
            status, reply, wait = refused.status, refused.reply, refused.wait
        except TooBusy as busy:
            status, reply, wait = 503, {"error": "busy", "message": busy.message}, BUSY_WAIT
        except Exception:
            log.exception("a save failed")
            status, reply, wait = 503, {"error": "busy", "message": NOT_STORED}, BUSY_WAIT
        self._note(status, reply, perf_counter() - started)
        await _answer(send, status, reply, wait, request_id)

    def _note(self, status: int, reply: dict[str, Any], seconds: float) -> None:
        """Count every save; a line in the log is for those that were refused."""
        outcome = reply.get("error", "saved")
        self._store.metrics.saves[outcome] += 1
        self._store.metrics.save_seconds.add(seconds)
        if status != 200:
            level = logging.WARNING if status == 503 else logging.INFO
            log.log(level, "save refused", extra={"status": status, "reason": outcome})

    async def _save(
        self, attempt: str, part: str, headers: dict[bytes, bytes], receive: Receive
    ) -> tuple[int, dict[str, Any]]:
        _refuse_foreign(headers)
        token = self._token(headers)
        body = await _body(headers, receive)
        arrived = self._now()
        self._refuse_flood(attempt, arrived)
        request = self._request(attempt, part, body, token, arrived)
        reply: SaveReply = await self._store.writer.add(self._saves, request)
        if reply.attempt_id:
            self._limit.count(attempt, arrived.timestamp(), 1 + len(body) // UNIT)
        answer = _as_json(attempt, reply, arrived)
        if reply.outcome in (Outcome.OLDER, Outcome.EMPTY):
            answer |= await asyncio.to_thread(self._stored, reply.attempt_id, part)
        return STATUS[reply.outcome], answer

    def _refuse_flood(self, attempt: str, arrived: datetime) -> None:
        wait = self._limit.wait(attempt, arrived.timestamp())
        if wait:
            raise Refused(429, "too-many", TOO_MANY, wait)

    def _token(self, headers: dict[bytes, bytes]) -> str:
        for pair in headers.get(b"cookie", b"").split(b"; "):
            if pair.startswith(self._cookie):
                return pair[len(self._cookie) :].decode("latin-1")
        raise Refused(401, "signed-out", MESSAGES[Outcome.SIGNED_OUT])

    def _request(self, attempt: str, part: str, body: bytes, token: str, arrived: datetime) -> SaveRequest:
        try:
            one = self._decode(body)
            answer = msgspec.json.encode(one.value).decode()
            blank = is_blank(one.value)
        except (msgspec.MsgspecError, RecursionError, UnicodeError, OverflowError) as error:
            raise Refused(422, "malformed", "The browser sent something that cannot be read.") from error
        change = (one.counter, one.tab, answer, blank, one.cleared, one.flagged)
        return SaveRequest(hash_of(token), attempt, part, *change, arrived)

    def _stored(self, attempt_id: int, part: str) -> dict[str, Any]:
        stored = self._store.saved.of_open(attempt_id).get(part)
        return {"value": msgspec.Raw(stored.answer.encode()), "flagged": stored.flagged} if stored else {}


def _place(scope: Scope) -> tuple[str, str] | None:
    """Attempt and part of a save; None for every other request."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    found = _PLACE.fullmatch(scope["path"])
    return (found[1], found[2]) if found else None


def _refuse_foreign(headers: dict[bytes, bytes]) -> None:
    """Only our own pages may save. Browsers say where a request comes from; old ones at least with Origin."""
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    if site is not None:
        is_own = site == b"same-origin"
    elif origin is not None:
        is_own = origin.partition(b"://")[2] == headers.get(b"host")
    else:  # no browser, or one that cannot send this type to another site unasked
        is_own = headers.get(b"content-type", b"").startswith(b"application/json")
    if not is_own:
        raise Refused(403, "foreign", "This request came from another site.")


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > LARGEST:
        raise Refused(413, "too-large", "This answer is too large to be saved.")
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= LARGEST:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > LARGEST:
        raise Refused(413, "too-large", "This answer is too large to be saved.")
    return body


def _as_json(attempt: str, reply: SaveReply, now: datetime) -> dict[str, Any]:
    known = {"counter": reply.counter, "saved_at": reply.saved_at, "deadline": reply.deadline, "now": now}
    if reply.outcome not in MESSAGES:
        return known
    more: dict[str, Any] = {}
    if reply.outcome is Outcome.CLOSED:
        more = {"kept": reply.kept}
    elif reply.outcome is Outcome.UNKNOWN:
        more = {"account": account_mark(attempt, reply.user_id)}
    return {"error": reply.outcome.value, "message": MESSAGES[reply.outcome], **more, **known}


_HEADERS = [(b"content-type", b"application/json"), *DATA_HEADERS]


async def _answer(send: Send, status: int, reply: dict[str, Any], wait: float, request_id: bytes) -> None:
    body = msgspec.json.encode(reply)
    headers = [*_HEADERS, (b"content-length", str(len(body)).encode()), (b"x-request-id", request_id)]
    if wait:
        headers.append((b"retry-after", str(ceil(wait)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
