"""Handing in before the framework: a small room that takes POST /attempts/ID/submission, as `PageRoom` does
the page. Whatever is not the plain case (a form of an older sign-in, changes that the browser still holds,
somebody else's attempt, a busy database) goes on to the route, which says what is wrong.
"""

import asyncio
import re
from datetime import datetime
from hmac import compare_digest
from types import SimpleNamespace

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.services import marks
from app.services.closing import HandIn, HandIns
from app.services.tokens import hash_of
from app.web.attempt_room import session_of
from app.web.deps import now
from app.web.security import comes_from_us, form_token
from app.web.site import Site

LARGEST = 4096  # bytes of a plain form

_PLACE = re.compile(r"/attempts/([A-Za-z0-9_-]{1,64})/submission")
_NO_BODY = (b"content-length", b"0")
_ROUTE = SimpleNamespace(path="/attempts/{public_id}/submission")


class HandInRoom:
    """An ASGI app around the rest of the app."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        public_id = _place(scope)
        if public_id is None:
            await self._app(scope, receive, send)
            return
        body, receive_again = await _read(receive)
        if await _hand_in(self._site, scope, public_id, body):
            scope["route"] = _ROUTE  # for those who count requests by their routes
            place = (b"location", f"/attempts/{public_id}/result".encode())
            await send({"type": "http.response.start", "status": 303, "headers": [place, _NO_BODY]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._app(scope, receive_again, send)


def _place(scope: Scope) -> str | None:
    """The attempt that a small form hands in; None for every other request."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    found = _PLACE.fullmatch(scope["path"])
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return found[1] if found and length.isdigit() and int(length) <= LARGEST else None


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """The body, and a way to receive it once more."""
    messages: list[Message] = []
    while True:
        messages.append(await receive())
        if not messages[-1].get("more_body"):
            break
    left = iter(messages)

    async def again() -> Message:
        return next(left, None) or await receive()

    return b"".join(message.get("body", b"") for message in messages), again


async def _hand_in(site: Site, scope: Scope, public_id: str, body: bytes) -> bool:
    """Whether this was a plain case, and the attempt is now handed in and marked."""
    session = session_of(scope, site)
    if not session or not _is_plain(scope, session, body):
        return False
    try:
        return await _close(site, public_id, session, now())
    except Exception:  # noqa: BLE001  (the route meets the same fault, and there it becomes a page)
        return False


def _is_plain(scope: Scope, session: str, body: bytes) -> bool:
    """A form of ours and of this session, with nothing else in it."""
    headers = Headers(scope=scope)
    is_form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return (
        is_form
        and comes_from_us(headers)
        and compare_digest(body, f"form_token={form_token(session)}".encode())
    )


async def _close(site: Site, public_id: str, session: str, moment: datetime) -> bool:
    hand_ins = HandIns(site.store, site.exams)
    handed_in = await site.store.writer.add(hand_ins, HandIn(public_id, hash_of(session), moment))
    if handed_in.state == "submitted":  # some of its answers are new: off the event loop
        await asyncio.to_thread(marks.grade_all, site.store, site.exams, [handed_in.attempt_id], moment)
    return handed_in.state is not None
