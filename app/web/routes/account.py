"""One's own account: where it is signed in, signing out everywhere, and another password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.errors import AppError, InvalidInput, TooBusy, TooMany
from app.services import accounts
from app.store import queries
from app.store.models import User
from app.web.callers import address_of
from app.web.cookies import go_on_as, leave, session_time
from app.web.deps import SignedInUser, now
from app.web.errors import retry_after
from app.web.pages import AccountPage
from app.web.security import refuse_stale
from app.web.site import AnySite, Site
from app.web.templating import render

router = APIRouter(prefix="/account", dependencies=[Depends(refuse_stale)])
Text = Annotated[str, Form(max_length=400)]


@router.get("")
def show_account(request: Request, site: AnySite, user: SignedInUser) -> Response:
    return _page(request, site, user)


@router.post("/sign-out")
def delete_sessions(site: AnySite, user: SignedInUser) -> Response:
    """Sign out everywhere, here too."""
    site.store.write(lambda db: accounts.sign_out_everywhere(db, user.id))
    return leave(site)


@router.post("/password")
async def create_password(
    request: Request, site: AnySite, user: SignedInUser, current: Text = "", password: Text = ""
) -> Response:
    return await site.entrance.run(_change_password, request, site, user, current, password)


def _change_password(request: Request, site: Site, user: User, current: str, password: str) -> Response:
    try:
        site.limits.doors.enter(user.email, address_of(request), now().timestamp())
        session = accounts.change_password(
            site.store,
            site.passwords,
            user,
            current=current,
            new=password,
            now=now(),
            lasts=session_time(site),
        )
    except (InvalidInput, TooBusy, TooMany) as fault:
        return _page(request, site, user, fault)
    site.limits.doors.entered(user.email, address_of(request), now().timestamp())
    return go_on_as(site, session, "/account")


def _page(request: Request, site: Site, user: User, fault: AppError | None = None) -> Response:
    with site.store.read() as db:
        signed_in = queries.sessions_of(db, user.id, now())
    page = AccountPage(
        "Your account",
        user.name,
        user.email,
        user.role,
        not user.demo,
        tuple(signed_in),
        fault.message if fault else "",
        fault.field if isinstance(fault, InvalidInput) else "",
    )
    if fault is None:
        return render(request, "accounts/show.html", page, user)
    return render(request, "accounts/show.html", page, user, fault.status, retry_after(fault))
