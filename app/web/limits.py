"""What people may do how often. Sized so that nobody who sits an exam meets a limit."""

from fastapi import Depends

from app.services.limits import Doors, Limit
from app.settings import Settings
from app.web.deps import SignedInUser, now
from app.web.site import AnySite


class Limits:
    """All limits of one process."""

    def __init__(self, settings: Settings) -> None:
        self.doors = Doors()
        self.previews = Limit(burst=300, per_second=10)  # by user; a page asks for each field, and pauses
        self.starts = Limit(burst=20, per_second=1 / 60)  # by user
        per_second = settings.saves_per_second
        self.saves = Limit(
            burst=50 * per_second, per_second=per_second
        )  # by attempt, large answers count more


def unhurried_previews(user: SignedInUser, site: AnySite) -> None:
    """Raises TooMany."""
    site.limits.previews.spend(user.id, now().timestamp())


def unhurried_start(user: SignedInUser, site: AnySite) -> None:
    """Raises TooMany."""
    site.limits.starts.spend(user.id, now().timestamp())


UnhurriedPreviews = Depends(unhurried_previews)
UnhurriedStart = Depends(unhurried_start)
