"""What every route works with: made once by `create_app`, found through `request.app.state.site`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from jinja2 import Environment

from app.jobs import Jobs
from app.measurements import Measurements
from app.services.library import Exams
from app.services.passwords import Passwords
from app.services.saves import Saves
from app.settings import Settings
from app.store.database import Store
from app.store.readiness import Readiness
from app.web.entrance import Entrance
from app.web.papers import Papers
from app.web.preparation import Preparation

if TYPE_CHECKING:
    from app.web.limits import Limits


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of a running app."""

    settings: Settings
    store: Store
    exams: Exams
    passwords: Passwords
    saves: Saves
    jobs: Jobs
    templates: Environment
    readiness: Readiness
    measurements: Measurements
    papers: Papers
    preparation: Preparation
    entrance: Entrance
    limits: "Limits"


def get_site(request: Request) -> Site:
    """The site that this request came to."""
    site: Site = request.app.state.site
    return site


AnySite = Annotated[Site, Depends(get_site)]
