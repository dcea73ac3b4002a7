"""The only place that wires things together: settings in, a running app out."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module

from fastapi import Depends, FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.exams.garbage import settle_memory
from app.jobs import Jobs
from app.measurements import Measurements
from app.services.library import Exams
from app.services.passwords import Passwords
from app.services.saves import Saves
from app.settings import Settings
from app.store.database import Store
from app.store.readiness import Readiness
from app.web import errors
from app.web.attempt_room import PageRoom
from app.web.bodies import Bounded
from app.web.entrance import Entrance
from app.web.hand_in_room import HandInRoom
from app.web.heads import HeadsAsGets
from app.web.limits import Limits
from app.web.papers import Papers
from app.web.preparation import Preparation
from app.web.requests import Watched
from app.web.saves import SaveRoom
from app.web.security import Headed, refuse_foreign
from app.web.site import Site
from app.web.static import Static
from app.web.templating import ROOT, make_environment

ROUTES = (
    "account",
    "accounts",
    "catalogue",
    "attempts",
    "results",
    "figures",
    "previews",
    "watching",
    "late_answers",
)


class Endterm(FastAPI):
    """The framework with small rooms before all of it, which take the few requests that come by the thousand."""

    rooms: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.rooms(scope, receive, send)

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Everything that no room takes."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings) -> Endterm:
    """The app of one installation. Its store is open while it runs."""
    store = Store(settings.database)
    exams = Exams()
    static = Static(ROOT / "static")
    templates = make_environment(settings.timezone, static)
    papers = Papers(templates)
    site = Site(
        settings,
        store,
        exams,
        Passwords(),
        Saves(store),
        Jobs(settings, store, exams),
        templates,
        Readiness(store),
        Measurements(store, settings.shared_numbers),
        papers,
        Preparation(store, exams, papers),
        Entrance(),
        Limits(settings),
    )

    app = Endterm(
        title="Endterm",
        lifespan=_while_it_runs(site),
        dependencies=[Depends(refuse_foreign)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # such an answer would name whatever host the request named
    )
    app.state.site = site
    _add_pages(app, static)
    app.rooms = _rooms_before(app.framework, site)
    return app


def _while_it_runs(site: Site) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        _start(site)
        yield
        _stop(site)

    return life


def _start(site: Site) -> None:
    """The store first: all others need it."""
    site.store.open()
    if site.settings.jobs == "here":
        site.jobs.start()
    site.measurements.start()
    site.preparation.start()
    settle_memory()


def _stop(site: Site) -> None:
    """The store last: until then somebody may still write."""
    site.preparation.stop()
    site.measurements.stop()
    site.readiness.close()
    site.jobs.stop()
    site.entrance.close()
    site.passwords.close()
    site.store.close()


def _add_pages(app: FastAPI, static: Static) -> None:
    static.serve(app)
    for name in ROUTES:
        app.include_router(import_module(f"app.web.routes.{name}").router)
    errors.install(app)


def _rooms_before(framework: ASGIApp, site: Site) -> ASGIApp:
    """From the inside out: the last one is the first to see a request."""
    rooms = HeadsAsGets(HandInRoom(PageRoom(framework, site), site))
    seen = Watched(Headed(Bounded(rooms), site.settings.secure_cookies), site.store.metrics)
    return SaveRoom(seen, site.store, site.saves, site.settings.session_cookie, site.limits.saves)
