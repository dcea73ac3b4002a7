"""All routes of the app, the room for saves included, and people of every kind who ask for them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.services import accounts
from app.store.database import Store
from app.store.models import Attempt
from app.web.security import form_token
from tests import factories

SAVE = "POST /attempts/{public_id}/answers/{part}"
PEOPLE = ("anonymous", "owner", "student", "ta", "instructor", "admin")


def routes(app: FastAPI) -> set[str]:
    """Such as "GET /exams/{slug}"; a mounted folder is "GET /static/{version}"."""
    found = {SAVE}
    for one in iter_route_contexts(app.routes):
        if isinstance(one.original_route, Mount):
            found.add(f"GET {one.original_route.path}")
        else:
            found |= {f"{method} {one.path}" for method in one.methods or {"GET"}}
    return found


@dataclass
class Asker:
    """Somebody who asks for the routes, about an attempt that belongs to the owner."""

    client: TestClient
    person: str
    attempt: Attempt
    places: dict[str, str]
    token: str = ""
    headers: dict[str, str] = field(
        default_factory=lambda: {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    )

    def ask(self, route: str, values: dict[str, Any] | None = None) -> Any:
        """Ask as our own pages do: forms with their token, scripts with JSON."""
        method, _, path = route.partition(" ")
        self.client.cookies.clear()
        if self.token:
            self.client.cookies.set("endterm", self.token)
        return self.client.request(
            method,
            path.format_map(self.places),
            headers=self.headers,
            **self.body(method, path, values or {}),
        )

    def body(self, method: str, path: str, values: dict[str, Any]) -> dict[str, Any]:
        if method == "GET":
            return {}
        if path.endswith("/{part}"):
            return {"json": {"counter": 1, "tab": "tab-one", "value": {"count": "1"}, **values}}
        if path.startswith("/previews/"):
            entry = {"entries": [{"text": "1"}]} if path.endswith("numbers") else {"text": "x"}
            return {"json": {**entry, **values}}
        if path == "/sign-in":
            values = {"email": f"{self.attempt.public_id}@example.org", **values}
        return {"data": {"form_token": form_token(self.token), **values}}


def asker(client: TestClient, person: str, figure: str) -> Asker:
    """A new person, and a new attempt of somebody; `figure` is the version and name of a figure."""
    store: Store = client.app.state.site.store  # type: ignore[attr-defined]
    now = datetime.now(UTC)
    owner = factories.user(store)
    attempt = factories.started(store, owner, now)
    version, name = figure.split("/")
    places = {
        "version": client.app.state.site.templates.globals["static"]("css/base.css").split("/", 2)[2],  # type: ignore[attr-defined]
        "version_id": version,
        "name": name,
        "slug": "small",
        "public_id": attempt.public_id,
        "part": "1b",
        "token": store.write(lambda db: accounts.invite(db, "ta", now)),
    }
    asking = Asker(client, person, attempt, places)
    if person != "anonymous":
        who = owner if person == "owner" else factories.user(store, person)  # type: ignore[arg-type]
        asking.token = factories.token(store, who, now)
    return asking


def all_askers(client: TestClient, figure: str) -> Iterator[Asker]:
    yield from (asker(client, person, figure) for person in PEOPLE)
