"""The attempt page before the framework: a small room that takes GET /attempts/ID of an open attempt.

When everyone presses Start in the same ten seconds, the framework's way to this one page would be most of its
cost. Whatever is not the plain case (nobody signed in, somebody else's attempt, one that is handed in, a fault) goes
on to the route, which knows what to say.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Protocol, TypeVar

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from app.services.tokens import hash_of
from app.web.deps import now
from app.web.papers import OwnWork
from app.web.security import account_mark, form_token
from app.web.site import Site

_PLACE = re.compile(r"/attempts/([A-Za-z0-9_-]{1,64})")
_HTML = (b"content-type", b"text/html; charset=utf-8")
_ROUTE = SimpleNamespace(path="/attempts/{public_id}")
SAVED = {b"": False, b"saved=1": True}
"""The queries of plain cases: whether a form without scripts has just been saved."""


T = TypeVar("T")


class OpenAttempt(Protocol):
    """What a page needs to know of its attempt."""

    @property
    def id(self) -> int: ...
    @property
    def user_id(self) -> int: ...
    @property
    def version_id(self) -> int: ...
    @property
    def deadline(self) -> datetime: ...


def attempt_page(
    site: Site, attempt: OpenAttempt, public_id: str, session: str, now: datetime, saved: bool
) -> bytes:
    """The page of an open attempt, with what is saved of it. `session` is the browser's token."""
    return _render(site, attempt.version_id, _own_work(site, attempt, public_id, session, now, saved))


class PageRoom:
    """An ASGI app around the rest of the app."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = _place(scope)
        session = session_of(scope, self._site) if place else None
        page = await self._page_or_none(scope, place, session) if place and session else None
        if page is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = _ROUTE  # for those who count requests by their routes
        length = (b"content-length", b"%d" % len(page))
        await send({"type": "http.response.start", "status": 200, "headers": [_HTML, length]})
        await send({"type": "http.response.body", "body": page})

    async def _page_or_none(self, scope: Scope, public_id: str, session: str) -> bytes | None:
        try:
            return await _page(self._site, public_id, session, SAVED[scope["query_string"]])
        except Exception:  # noqa: BLE001  (the route meets the same fault, and there it becomes a page)
            return None


def _place(scope: Scope) -> str | None:
    """The attempt that a page is asked of; None for every other request."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"] not in SAVED:
        return None
    found = _PLACE.fullmatch(scope["path"])
    return found[1] if found else None


def session_of(scope: Scope, site: Site) -> str | None:
    """The token that the browser sent, if it sent one."""
    sent = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    return cookie_parser(sent.decode("latin-1")).get(site.settings.session_cookie)


async def _page(site: Site, public_id: str, session: str, saved: bool) -> bytes | None:
    found = await quickly(site, _gather, site, public_id, session, now(), saved)
    if found is None:
        return None
    version_id, own = found
    page = site.papers.remembered_page(version_id, own)
    return page if page is not None else await asyncio.to_thread(_render, site, version_id, own)


async def quickly(site: Site, ask: Callable[..., T], *what: Any) -> T:
    """Ask the database: SQLite at once, since it answers sooner than a thread would take over; others from a
    thread, since their answers come over the network."""
    return ask(*what) if site.store.is_sqlite else await asyncio.to_thread(ask, *what)


def _gather(
    site: Site, public_id: str, session: str, now: datetime, saved: bool
) -> tuple[int, OwnWork] | None:
    """The version, and what is on the page; None if the attempt is not open or not this session's."""
    attempt = site.store.open_sitting(public_id, hash_of(session), now)
    if attempt is None:
        return None
    return attempt.version_id, _own_work(site, attempt, public_id, session, now, saved)


def _own_work(
    site: Site, attempt: OpenAttempt, public_id: str, session: str, now: datetime, saved: bool
) -> OwnWork:
    answers = site.store.saved.of_open(attempt.id)
    account = account_mark(public_id, attempt.user_id)
    return OwnWork(public_id, account, now, attempt.deadline, form_token(session), answers, saved)


def _render(site: Site, version_id: int, own: OwnWork) -> bytes:
    with site.store.read() as db:
        exam = site.exams.of(db, version_id)
    return site.papers.page(exam, version_id, own)
