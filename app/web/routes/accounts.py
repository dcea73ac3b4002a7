"""Signing in and out, and making accounts."""

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import AppError, Forbidden, InvalidInput, NotFound, SignInRefused, TooBusy, TooMany
from app.services import accounts
from app.services.demo import DEMO_ACCOUNTS
from app.services.tokens import hash_of
from app.store import queries
from app.store.models import User
from app.web.callers import address_of, is_local
from app.web.cookies import go_on_as, leave, session_time, token_of
from app.web.deps import MaybeUser, now
from app.web.errors import retry_after
from app.web.pages import DemoLogin, NewAccountPage, SignInPage
from app.web.security import refuse_stale
from app.web.site import AnySite, Site
from app.web.templating import render

log = logging.getLogger(__name__)

router = APIRouter(dependencies=[Depends(refuse_stale)])
Text = Annotated[str, Form(max_length=400)]


@router.get("/sign-in")
def show_sign_in(request: Request, site: AnySite, user: MaybeUser, next: str = "") -> Response:
    if user is not None:
        return RedirectResponse(_inside(next), HTTPStatus.SEE_OTHER)
    return _sign_in_page(request, site, next)


@router.post("/sign-in")
async def create_session(
    request: Request, site: AnySite, email: Text = "", password: Text = "", next: Text = ""
) -> Response:
    return await site.entrance.run(_enter, request, site, email, password, next)


def _enter(request: Request, site: Site, email: str, password: str, next: str) -> Response:
    address = address_of(request)
    try:
        site.limits.doors.enter(email, address, now().timestamp())
        session = accounts.sign_in(
            site.store,
            site.passwords,
            email=email,
            password=password,
            address=address if is_local(request) else "",  # where demo accounts work
            now=now(),
            lasts=session_time(site),
        )
    except (SignInRefused, Forbidden, TooBusy, TooMany) as refused:
        log.warning("sign-in refused", extra={"address": address, "reason": type(refused).__name__})
        return _sign_in_page(request, site, next, email, refused)
    site.limits.doors.entered(email, address, now().timestamp())
    log.info("signed in", extra={"address": address, "account": session.user.id})
    before = token_of(request, site)
    if before:
        site.store.write(lambda db: accounts.sign_out(db, before))
    return go_on_as(site, session, _inside(next))


@router.post("/sign-out")
def delete_session(request: Request, site: AnySite) -> Response:
    token = token_of(request, site)
    site.store.write(lambda db: accounts.sign_out(db, token))
    return leave(site)


@router.get("/registration")
def show_registration(request: Request, site: AnySite) -> Response:
    _refuse_closed(site)
    return render(
        request,
        "accounts/new.html",
        NewAccountPage("Make an account", "/registration", "student"),
        None,
    )


@router.post("/registration")
async def create_registration(
    request: Request, site: AnySite, email: Text = "", name: Text = "", password: Text = ""
) -> Response:
    return await site.entrance.run(_register, request, site, email, name, password)


def _register(request: Request, site: Site, email: str, name: str, password: str) -> Response:
    _refuse_closed(site)
    try:
        site.limits.doors.register(address_of(request), now().timestamp())
        user = accounts.register(
            site.store, site.passwords, email=email, name=name, password=password, now=now()
        )
    except (InvalidInput, TooBusy, TooMany) as fault:
        page = NewAccountPage(
            "Make an account", "/registration", "student", name, email, fault.message, _faulty(fault)
        )
        return render(request, "accounts/new.html", page, None, fault.status, retry_after(fault))
    return _sign_in_new(site, user)


@router.get("/invitations/{token}")
def show_invitation(request: Request, site: AnySite, token: str) -> Response:
    page = NewAccountPage("Accept the invitation", f"/invitations/{token}", _invited_role(site, token))
    return render(request, "accounts/new.html", page, None)


@router.post("/invitations/{token}")
async def create_invited_user(
    request: Request, site: AnySite, token: str, email: Text = "", name: Text = "", password: Text = ""
) -> Response:
    return await site.entrance.run(_accept, request, site, token, email, name, password)


def _accept(request: Request, site: Site, token: str, email: str, name: str, password: str) -> Response:
    role = _invited_role(site, token)
    try:
        site.limits.doors.register(address_of(request), now().timestamp())
        user = accounts.accept_invitation(
            site.store, site.passwords, token=token, email=email, name=name, password=password, now=now()
        )
    except (InvalidInput, TooBusy, TooMany) as fault:
        page = NewAccountPage(
            "Accept the invitation", f"/invitations/{token}", role, name, email, fault.message, _faulty(fault)
        )
        return render(request, "accounts/new.html", page, None, fault.status, retry_after(fault))
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
    if refused is None:
        return render(request, "accounts/sign_in.html", page, None)
    return render(request, "accounts/sign_in.html", page, None, refused.status, retry_after(refused))


def _demo_accounts(request: Request, site: Site) -> tuple[DemoLogin, ...]:
    """The demo accounts that there are, shown only where they work."""
    if not is_local(request):
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
    session = site.store.write(lambda db: accounts.start_session(db, user.id, now(), session_time(site)))
    return go_on_as(site, session, "/")


def _faulty(fault: AppError) -> str:
    """The box that needs fixing, if it is one."""
    return fault.field if isinstance(fault, InvalidInput) else ""


def _inside(target: str) -> str:
    """A path of this site; anything else leads to the catalogue."""
    is_path = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_path and target.isprintable() else "/"
