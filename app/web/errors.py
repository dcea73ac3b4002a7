"""Errors become pages (or JSON for scripts) here and nowhere else."""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from app.errors import AppError
from app.web.deps import SignInNeeded
from app.web.pages import ErrorPage
from app.web.templating import render

KIND_WORDS = {
    400: ("That did not work", "The request could not be understood."),
    403: ("Not for this account", "This page needs another role than yours."),
    404: ("Nothing here", "There is no such page, or it is not yours to see."),
    405: ("Not like this", "This address does not take that kind of request."),
    409: ("Not possible any more", "Something has changed in the meantime."),
    413: ("Too large", "What was sent is larger than this page takes."),
    422: ("Something is missing", "A part of the form could not be read."),
    429: ("A little slower, please", "There were too many tries in a short time. Wait a minute."),
    500: ("Our mistake", "Something went wrong here. Your saved answers are safe."),
    503: ("Busy", "The server has too much to do right now. Try again in a moment; nothing is lost."),
}


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(Exception, _unexpected)


def _to_sign_in(request: Request, error: Exception) -> Response:
    if _wants_json(request):
        return JSONResponse({"error": "signed-out", "message": str(error)}, 401)
    back = quote(request.url.path) if request.method == "GET" else ""
    return RedirectResponse(f"/sign-in?next={back}", HTTPStatus.SEE_OTHER)


def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    return _page(request, error.status, error.message)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _page(request, error.status_code, "")


def _validation_error(request: Request, error: Exception) -> Response:
    return _page(request, 422, "")


def _unexpected(request: Request, error: Exception) -> Response:
    return _page(request, 500, "")


def _page(request: Request, status: int, message: str) -> Response:
    title, usual = KIND_WORDS.get(status, KIND_WORDS[400])
    if _wants_json(request):
        return JSONResponse({"error": title, "message": message or usual}, status)
    return render(request, "errors/show.html", ErrorPage(title, message or usual, status), None, status)


def _wants_json(request: Request) -> bool:
    return "text/html" not in request.headers.get("accept", "text/html")
