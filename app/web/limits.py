"""What people may do how often. Sized so that nobody who sits an exam meets a limit."""

from collections.abc import Callable
from time import thread_time
from typing import Annotated, TypeVar

from fastapi import Depends

from app.services.limits import Doors, Limit
from app.settings import Settings
from app.web.deps import SignedInUser, now
from app.web.site import AnySite

PREVIEWS_PER_SECOND = 100
"""As so many previews counts a second of computing: the costliest formula takes one or two."""

T = TypeVar("T")


class Limits:
    """All limits of one process."""

    def __init__(self, settings: Settings) -> None:
        self.doors = Doors()
        self.previews = Limit(burst=300, per_second=10)  # by user; a page asks for each field, and pauses
        self.starts = Limit(burst=60, per_second=1 / 60)  # by user; pressing Start again counts too
        per_second = settings.saves_per_second
        self.saves = Limit(
            burst=50 * per_second, per_second=per_second
        )  # by attempt, large answers count more


class Previewing:
    """What one user may have previewed: so many, and so much computing."""

    def __init__(self, user: SignedInUser, site: AnySite) -> None:
        self._limit = site.limits.previews
        self._user = user.id

    def run(self, work: Callable[[], T]) -> T:
        """The result of `work`; what takes long counts more. Raises TooMany."""
        self._limit.spend(self._user, now().timestamp())
        begun = thread_time()
        try:
            return work()
        finally:
            self._limit.count(self._user, now().timestamp(), (thread_time() - begun) * PREVIEWS_PER_SECOND)


def unhurried_start(user: SignedInUser, site: AnySite) -> None:
    """Raises TooMany."""
    site.limits.starts.spend(user.id, now().timestamp())


AnyPreviewing = Annotated[Previewing, Depends()]
UnhurriedStart = Depends(unhurried_start)
