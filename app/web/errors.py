"""Errors become pages (or JSON for scripts) here and nowhere else."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import AppError, TooMany
from app.store.models import User
from app.web.deps import SignInNeeded, maybe_user
from app.web.pages import ErrorPage
from app.web.security import headers_for
from app.web.templating import render

DATABASE_AWAY = (OperationalError, InterfaceError, NoConnection)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a page says of an error of one status: `message` where nothing more exact is known."""

    title: str
    message: str
    advice: str


KINDS = {
    400: Kind("That did not work", "The request could not be understood.", "Go back and try it once more."),
    403: Kind(
        "Not with this account",
        "This page is for somebody else.",
        "Sign in with another account, or go back.",
    ),
    404: Kind(
        "There is nothing here",
        "There is no such page, or it is not yours to see.",
        "If you followed a link, it may be old; your own exams and results are all in the catalogue.",
    ),
    405: Kind("Not this way", "This address does not take what was sent.", "Go back and try it once more."),
    409: Kind(
        "Not possible any more",
        "Something has changed in the meantime.",
        "What you had saved before is safe. Go back and reload the page to see how things stand.",
    ),
    413: Kind(
        "Too large",
        "What was sent is larger than this page takes.",
        "Shorten the answer; what was saved before is still there.",
    ),
    422: Kind(
        "The form needs fixing",
        "A part of what was sent could not be read.",
        "Go back: what you typed is still in the form.",
    ),
    429: Kind(
        "A little slower, please",
        "There were too many tries in a short time.",
        "Nothing is lost. What was saved before is safe.",
    ),
    500: Kind(
        "This one is on us",
        "Something went wrong on the server.",
        "Everything that was saved is safe, and the clock of an exam does not depend on this page. Try again.",
    ),
    503: Kind(
        "Very busy",
        "The server has more to do right now than it can take on.",
        "Nothing is lost. Try again in a moment.",
    ),
}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.exception_handler(SignInNeeded)(_lead_to_sign_in)
    app.exception_handler(AppError)(_show_app_error)
    app.exception_handler(HTTPException)(_show_http_error)
    app.exception_handler(RequestValidationError)(_show_validation_error)
    for fault in DATABASE_AWAY:
        app.exception_handler(fault)(_show_database_away)
    app.add_middleware(Unfailing)


class Unfailing:
    """An ASGI app around the routes: a fault in one of them is a page, and the connection stays as it is.

    Handlers of the framework for any Exception raise it again afterwards, and the server then drops the
    connection, with other requests of the browser that wait on it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception:
            if begun or scope["type"] != "http":  # half an answer: only an end of the connection tells
                raise
            log.exception("a request failed")
            await _show_unexpected(Request(scope))(scope, receive, send)


def _lead_to_sign_in(request: Request, error: Exception) -> Response:
    if _wants_json(request):
        return JSONResponse({"error": "signed-out", "message": str(error)}, HTTPStatus.UNAUTHORIZED)
    back = quote(request.url.path) if request.method == "GET" else ""
    return RedirectResponse(f"/sign-in?next={back}" if back else "/sign-in", HTTPStatus.SEE_OTHER)


def _show_app_error(request: Request, error: AppError) -> Response:
    answer = _show(request, error.status, error.message)
    answer.headers.update(retry_after(error))
    return answer


def retry_after(error: AppError) -> dict[str, str]:
    """The header that says when to come again, where that is known."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.wait)}
    return {"Retry-After": "2"} if error.status == HTTPStatus.SERVICE_UNAVAILABLE else {}


def _show_http_error(request: Request, error: HTTPException) -> Response:
    return _show(request, error.status_code)


def _show_validation_error(request: Request, error: RequestValidationError) -> Response:
    """A faulty address is a page that is not there; only what was sent can need fixing."""
    is_address = any(one["loc"][0] == "path" for one in error.errors())
    return _show(request, HTTPStatus.NOT_FOUND if is_address else HTTPStatus.UNPROCESSABLE_ENTITY)


def _show_database_away(request: Request, error: Exception) -> Response:
    log.warning("the database does not answer", exc_info=error)
    return _answer(request, 503, "", None)


def _show_unexpected(request: Request) -> Response:
    """Not asking the database, which may be what failed."""
    page = _answer(request, 500, "", None)
    page.headers.update(headers_for(request.url.path))
    return page


def _show(request: Request, status: int, message: str = "") -> Response:
    return _answer(request, status, message, _user_if_known(request))


def _user_if_known(request: Request) -> User | None:
    """The page of an error must not fail because the database does."""
    try:
        return maybe_user(request, request.app.state.site)
    except DATABASE_AWAY:
        return None


def _answer(request: Request, status: int, message: str, user: User | None) -> Response:
    kind = KINDS.get(status, KINDS[400])
    told = message or kind.message
    if _wants_json(request):
        return JSONResponse({"error": kind.title, "message": told}, status)
    return render(request, "errors/show.html", ErrorPage(kind.title, told, kind.advice, status), user, status)


def _wants_json(request: Request) -> bool:
    """Our scripts ask for JSON, and whoever sends it gets it; a browser that follows a link or sends a form asks
    for HTML."""
    accepted = request.headers.get("accept", "")
    if "text/html" in accepted:
        return False
    return "application/json" in accepted or request.headers.get("content-type", "").startswith(
        "application/json"
    )
