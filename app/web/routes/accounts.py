"""Signing in and out, and making accounts."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import AppError, Forbidden, InvalidInput, NotFound, SignInRefused, TooBusy
from app.services import accounts
from app.services.accounts import SignedIn
from app.services.demo import DEMO_ACCOUNTS
from app.services.tokens import hash_of
from app.store import queries
from app.store.models import User
from app.web.deps import MaybeUser, now
from app.web.pages import AccountPage, DemoLogin, SignInPage
from app.web.security import refuse_stale
from app.web.site import AnySite, Site
from app.web.templating import render

router = APIRouter(dependencies=[Depends(refuse_stale)])
Text = Annotated[str, Form(max_length=400)]


@router.get("/sign-in")
def show_sign_in(request: Request, site: AnySite, user: MaybeUser, next: str = "") -> Response:
    if user is not None:
        return RedirectResponse(_inside(next), HTTPStatus.SEE_OTHER)
    return _sign_in_page(request, site, next)


@router.post("/sign-in")
def create_session(
    request: Request, site: AnySite, email: Text = "", password: Text = "", next: Text = ""
) -> Response:
    try:
        session = accounts.sign_in(
            site.store,
            site.passwords,
            email=email,
            password=password,
            address=_address(request),
            now=now(),
            lasts=timedelta(hours=site.settings.session_hours),
        )
    except (SignInRefused, Forbidden, TooBusy) as refused:
        return _sign_in_page(request, site, next, email, refused)
    return _with_cookie(site, session, _inside(next))


@router.post("/sign-out")
def delete_session(request: Request, site: AnySite) -> Response:
    token = request.cookies.get(site.settings.session_cookie, "")
    site.store.write(lambda db: accounts.sign_out(db, token))
    leave = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    leave.delete_cookie(site.settings.session_cookie, path="/")
    return leave


@router.get("/registration")
def show_registration(request: Request, site: AnySite) -> Response:
    _refuse_closed(site)
    return render(
        request,
        "accounts/new.html",
        AccountPage("Make an account", "/registration", "student"),
        None,
    )


@router.post("/registration")
def create_registration(
    request: Request, site: AnySite, email: Text = "", name: Text = "", password: Text = ""
) -> Response:
    _refuse_closed(site)
    try:
        user = accounts.register(
            site.store, site.passwords, email=email, name=name, password=password, now=now()
        )
    except (InvalidInput, TooBusy) as fault:
        page = AccountPage(
            "Make an account", "/registration", "student", name, email, fault.message, _faulty(fault)
        )
        return render(request, "accounts/new.html", page, None, fault.status)
    return _sign_in_new(site, user)


@router.get("/invitations/{token}")
def show_invitation(request: Request, site: AnySite, token: str) -> Response:
    page = AccountPage("Accept the invitation", f"/invitations/{token}", _invited_role(site, token))
    return render(request, "accounts/new.html", page, None)


@router.post("/invitations/{token}")
def create_invited_user(
    request: Request, site: AnySite, token: str, email: Text = "", name: Text = "", password: Text = ""
) -> Response:
    role = _invited_role(site, token)
    try:
        user = accounts.accept_invitation(
            site.store, site.passwords, token=token, email=email, name=name, password=password, now=now()
        )
    except (InvalidInput, TooBusy) as fault:
        page = AccountPage(
            "Accept the invitation", f"/invitations/{token}", role, name, email, fault.message, _faulty(fault)
        )
        return render(request, "accounts/new.html", page, None, fault.status)
    return _sign_in_new(site, user)


def _sign_in_page(
    request: Request, site: Site, next: str, email: str = "", refused: AppError | None = None
) -> Response:
    page = SignInPage(
        "Sign in",
        next,
        email,
        refused.message if refused else "",
        "email" if isinstance(refused, SignInRefused) else "",
        site.settings.registration == "open",
        _demo_accounts(request, site),
    )
    return render(request, "accounts/sign_in.html", page, None, refused.status if refused else 200)


def _demo_accounts(request: Request, site: Site) -> tuple[DemoLogin, ...]:
    """The demo accounts that there are, shown only where they work."""
    if not accounts.is_loopback(_address(request)):
        return ()
    with site.store.read() as db:
        there = [one for one in DEMO_ACCOUNTS if queries.user_by_email(db, one.email) is not None]
    return tuple(DemoLogin(one.role, one.email, one.password) for one in there)


def _invited_role(site: Site, token: str) -> str:
    with site.store.read() as db:
        found = queries.open_invitation(db, hash_of(token), now())
    if found is None:
        raise NotFound("This invitation has been used, or it is too old. Ask for a new one.")
    return found.role


def _refuse_closed(site: Site) -> None:
    if site.settings.registration != "open":
        raise NotFound("Accounts are made by the staff here.")


def _sign_in_new(site: Site, user: User) -> Response:
    lasts = timedelta(hours=site.settings.session_hours)
    session = site.store.write(lambda db: accounts.start_session(db, user.id, now(), lasts))
    return _with_cookie(site, session, "/")


def _faulty(fault: AppError) -> str:
    """The box that needs fixing, if it is one."""
    return fault.field if isinstance(fault, InvalidInput) else ""


def _with_cookie(site: Site, session: SignedIn, target: str) -> Response:
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


def _inside(target: str) -> str:
    """A path of this site; anything else leads to the catalogue."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target
    return target if is_path else "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
