"""The cookie that holds a session's token."""

from datetime import timedelta
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.services.accounts import SignedIn
from app.web.site import Site


def session_time(site: Site) -> timedelta:
    """How long a new session lasts."""
    return timedelta(hours=site.settings.session_hours)


def token_of(request: Request, site: Site) -> str:
    """The token that a request carries, "" if none."""
    return request.cookies.get(site.settings.session_cookie, "")


def go_on_as(site: Site, session: SignedIn, target: str) -> Response:
    """To a page of ours, signed in. Scripts cannot read the cookie, and other sites cannot send it along."""
    answer = RedirectResponse(target, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        site.settings.session_cookie,
        session.token,
        expires=session.expires_at,
        path="/",
        secure=site.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return answer


def leave(site: Site) -> Response:
    """To the sign-in page, without the cookie."""
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(site.settings.session_cookie, path="/", secure=site.settings.secure_cookies)
    return answer
