"""Headers on every answer, and no change by a page of another site."""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
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
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

Next = Callable[[Message], Awaitable[None]]


class Shield:
    """An ASGI app around the rest of the app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with_headers = self._with_headers(scope["path"], send)
        if scope["method"] not in SAFE_METHODS and not comes_from_us(Headers(scope=scope)):
            refusal = PlainTextResponse("This form was sent by another site.", Forbidden.status)
            await refusal(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers)

    def _with_headers(self, path: str, send: Send) -> Next:
        policy = ATTEMPT_POLICY if path.startswith("/attempts/") else POLICY

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy
                for name, value in HEADERS.items():
                    headers[name] = value
                if not path.startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        return send_with_headers


def comes_from_us(headers: Headers) -> bool:
    """What a browser says about where a request comes from; a browser that says nothing is refused."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] == headers.get("host")
