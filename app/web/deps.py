"""Who asks, and what they may see: loaded and checked here, once, before a route runs."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from app.errors import AppError, NotFound
from app.services.tokens import hash_of
from app.store import queries
from app.store.models import Attempt, User
from app.web.site import AnySite, Site


class SignInNeeded(AppError):
    """Nobody is signed in; pages lead to the sign-in page and back."""

    status = 401


def now() -> datetime:
    """The server's time, in UTC."""
    return datetime.now(UTC)


def maybe_user(request: Request, site: AnySite) -> User | None:
    """Who is signed in, if anybody."""
    token = request.cookies.get(site.settings.session_cookie)
    if not token:
        return None
    with site.store.read() as db:
        return queries.user_of_token(db, hash_of(token), now())


MaybeUser = Annotated[User | None, Depends(maybe_user)]


def signed_in(user: MaybeUser) -> User:
    """Who is signed in. Raises SignInNeeded."""
    if user is None:
        raise SignInNeeded("Please sign in first.")
    return user


SignedInUser = Annotated[User, Depends(signed_in)]


def staff(user: SignedInUser) -> User:
    """Who is signed in, if not as a student, for whom these pages are not there. Raises NotFound."""
    if user.role == "student":
        raise NotFound("There is no such page, or it is not yours to see.")
    return user


Staff = Annotated[User, Depends(staff)]


def own_attempt(public_id: str, user: SignedInUser, site: AnySite) -> Attempt:
    """The user's own attempt; another student's looks like none."""
    return load_attempt(site, public_id, user)


def load_attempt(site: Site, public_id: str, user: User) -> Attempt:
    """With its version and exam. Raises NotFound."""
    with site.store.read() as db:
        found = queries.own_attempt(db, public_id, user.id)
    if found is None:
        raise NotFound("There is no such attempt, or it is not yours.")
    return found


OwnAttempt = Annotated[Attempt, Depends(own_attempt)]


def any_attempt(public_id: str, user: Staff, site: AnySite) -> Attempt:
    """Whoever's it is, with its student; for the staff."""
    with site.store.read() as db:
        found = queries.attempt_with_student(db, public_id)
    if found is None:
        raise NotFound("There is no such attempt.")
    return found


AnyAttempt = Annotated[Attempt, Depends(any_attempt)]
