"""Headers on every answer, and no change by a page of another site: by what browsers tell, and by a token."""

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from hmac import compare_digest

from fastapi import Request
from starlette.datastructures import FormData, Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Forbidden

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The visual formula editor sets style attributes; nothing else may, and nowhere else.
ATTEMPT_POLICY = f"{POLICY}; style-src-attr 'unsafe-inline'"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
# An answer that is no page may do nothing at all, should a browser take it for one.
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

UPLOADS = frozenset({"/late-answers/files"})

MOST_FORM_FIELDS = 20_000  # the attempt without scripts is one form with a box for every node and edge

SendOn = Callable[[Message], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]


HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class Headed:
    """An ASGI app around the rest of the app that adds the headers. `https`: browsers come by HTTPS alone."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app = app
        always = HTTPS_ONLY if https else {}
        self._of_attempts, self._of_pages = (_raw(always | headers_for(one)) for one in ("/attempts/", "/"))
        self._of_data = _raw(always | headers_of_data())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # No address of ours has a control character, and not every database takes one.
        page = self._app if scope["path"].isprintable() else PlainTextResponse("There is nothing here.", 404)
        of_pages = self._of_attempts if scope["path"].startswith("/attempts/") else self._of_pages
        await page(scope, receive, _with_headers(send, of_pages, self._of_data))


def _with_headers(send: Send, of_pages: RawHeaders, of_data: RawHeaders) -> SendOn:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower(): value for name, value in message.get("headers", ())}
            is_page = there.get(b"content-type", b"text/html").startswith(b"text/html")
            more = [one for one in (of_pages if is_page else of_data) if one[0] not in there]
            message["headers"] = [*message.get("headers", ()), *more]
        await send(message)

    return send_with_headers


def headers_for(path: str) -> dict[str, str]:
    """The headers of a page; a route that keeps something longer says so itself."""
    policy = ATTEMPT_POLICY if path.startswith("/attempts/") else POLICY
    return {**HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-store"}


def headers_of_data() -> dict[str, str]:
    """The headers of what is no page."""
    return {**HEADERS, "Content-Security-Policy": DATA_POLICY, "Cache-Control": "no-store"}


def _raw(headers: Mapping[str, str]) -> RawHeaders:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


DATA_HEADERS = _raw(headers_of_data())
"""The same, as the hot path sends them."""


def refuse_foreign(request: Request) -> None:
    """A change must come from a page of ours. Raises Forbidden."""
    if request.method not in SAFE_METHODS and not comes_from_us(request.headers):
        raise Forbidden("This was sent by a page of another site, so nothing was done.")


def comes_from_us(headers: Headers) -> bool:
    """What a browser says about where a request comes from; one that says nothing is refused."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] == headers.get("host")


def form_token(session: str) -> str:
    """What a form of this session carries: it follows from the session and does not give it away."""
    return sha256(f"form {session}".encode()).hexdigest()[:32]


def account_mark(attempt: str, user_id: int) -> str:
    """Whether the account that is signed in is the one that a page was made for, without naming either."""
    return sha256(f"account {attempt} {user_id}".encode()).hexdigest()[:16]


async def sent_form(request: Request) -> FormData:
    """The form of a request. Only where files are taken (`UPLOADS`) one may be in it."""
    return await request.form(max_fields=MOST_FORM_FIELDS, max_files=int(request.url.path in UPLOADS))


async def refuse_stale(request: Request) -> None:
    """A form must carry the token of the session that sends it. Raises Forbidden."""
    if request.method in SAFE_METHODS:
        return
    form = await sent_form(request)
    session = request.cookies.get(request.app.state.site.settings.session_cookie, "")
    sent = str(form.get("form_token", ""))
    if not compare_digest(sent.encode(), form_token(session).encode()):
        raise Forbidden(
            "This page was opened before you signed in or out. Go back, reload it, and try again."
        )
