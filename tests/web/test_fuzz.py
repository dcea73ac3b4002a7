"""Whatever is sent to the HTTP interface, the answer is never a fault of ours. On SQLite and PostgreSQL.

Schemathesis makes requests from the description of the interface, valid and invalid ones; the forms, which are
not in it field by field, get requests of our own making, with the right token so that they reach what is behind it.
"""

import json
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes
from uuid import uuid4

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web.security import form_token
from tests.web.conftest import FIGURE, publish
from tests.web.every_route import SAVE, Asker, asker

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
SAVE_IN_WORDS = {
    "parameters": [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in ("public_id", "part")
    ],
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["counter", "tab", "value"],
                    "properties": {
                        "counter": {"type": "integer"},
                        "tab": {"type": "string"},
                        "value": {"type": "object"},
                        "flagged": {"type": "boolean"},
                        "cleared": {"type": "boolean"},
                    },
                }
            }
        }
    },
    "responses": {"200": {"description": "saved"}},
}
OPEN = ("/sign-in", "/registration", "/invitations/{token}")
"""Where nobody is signed in."""

ENDINGS = ("/submission", "/sign-out", "/password")
"""What ends an attempt or a session: tried last."""

FEW = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", params=BOTH)
def client(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    home = tmp_path_factory.mktemp("fuzz")
    url = f"sqlite:///{home / 'endterm.sqlite3'}"
    (home / "endterm.sqlite3").write_bytes(sqlite_template.read_bytes())
    name = f"fuzz_{uuid4().hex}"
    if request.param == "postgres":
        postgres = request.getfixturevalue("postgres")
        url = postgres.create(name, template=request.getfixturevalue("postgres_template"))
    with TestClient(
        create_app(Settings(database_url=url, directory=home)),
        follow_redirects=False,
        raise_server_exceptions=False,
    ) as opened:
        yield opened
    if request.param == "postgres":
        postgres.drop(name)


@pytest.fixture
def owner(client: TestClient) -> Asker:
    """Who has an open attempt; the limits are not what is tried here."""
    site = client.app.state.site  # type: ignore[attr-defined]
    for limit in (site.limits.previews, site.limits.starts, site.limits.saves):
        limit._pause = 0
    return asker(client, "owner", f"{publish(client)}/{FIGURE}")


def test_no_request_made_from_the_description_is_a_fault(client: TestClient, owner: Asker) -> None:
    described = client.app.openapi()  # type: ignore[attr-defined]
    described["paths"]["/attempts/{public_id}/answers/{part}"] = {"post": SAVE_IN_WORDS}
    found = [one.ok() for one in schemathesis.openapi.from_dict(described).get_all_operations()]
    for operation in sorted(found, key=lambda one: one.path.endswith(ENDINGS)):
        for mode in GenerationMode:
            with suppress(Unsatisfiable):  # where nothing is sent there is nothing to get wrong
                ask(client, owner, operation, mode)

    assert len(found) > 20


def ask(client: TestClient, owner: Asker, operation: Any, mode: GenerationMode) -> None:
    """A few requests of one kind: half of them about what is there, with the token of the form."""
    is_open = operation.path in OPEN

    @FEW
    @given(case=operation.as_strategy(generation_mode=mode), is_own=st.booleans())
    def try_it(case: Any, is_own: bool) -> None:
        if is_own:
            case.path_parameters = {**(case.path_parameters or {}), **owner.places}
            if isinstance(case.body, dict) and "json" not in (case.media_type or ""):
                case.body = {**case.body, "form_token": form_token("" if is_open else owner.token)}
        reply = send(client, case, "" if is_open else owner.token)

        assert reply.status_code < 500, (operation.label, case.path_parameters, case.body, reply.text)

    try_it()


def send(client: TestClient, case: Any, token: str) -> Any:
    client.cookies.clear()
    if token:
        client.cookies.set("endterm", token)
    asked = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": asked.headers.get("Content-Type", "")}
    return client.request(str(asked.method), str(asked.url), content=asked.body or b"", headers=headers)


ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    ["\0", "\ud800", "\u202e", "\u2028", "{{7*7}}", "<script>", "'; DROP TABLE saves;--", "../../etc/passwd",
     "%00", "\r\nSet-Cookie: a=b", "1" * 5000, "(" * 3000, "9e999999", "-0", "NaN", "²", "\\frac{1}{0}", "$$$"]
)  # fmt: skip
NAMES = st.sampled_from(
    ["1a.choice", "1b.count", "1b.count.0", "1b", "part", "flag", "save", "unsaved", "anyway", "email", "name",
     "password", "current", "next", "1b.graph.nodes.0.label", "1b.graph.nodes.99999999.x", "1b.x.strokes.0"]
)  # fmt: skip
FORMS = (
    "/attempts/{public_id}/answers",
    "/exams/{slug}/attempts",
    "/sign-in",
    "/registration",
    "/account/password",
)


@pytest.mark.parametrize("path", FORMS)
def test_no_form_is_a_fault(client: TestClient, owner: Asker, path: str) -> None:
    token = "" if path in OPEN else owner.token

    @FEW
    @given(pairs=st.lists(st.tuples(NAMES, ANY_TEXT), max_size=12))
    def try_it(pairs: list[tuple[str, str]]) -> None:
        client.cookies.clear()
        if token:
            client.cookies.set("endterm", token)
        whole = [("form_token", form_token(token)), ("part", "1a"), ("part", "1b"), *pairs]
        body = "&".join(f"{name}={quote_from_bytes(as_bytes(value))}" for name, value in whole)
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        reply = client.post(path.format_map(owner.places), content=body, headers=headers)

        assert reply.status_code < 500, (pairs, reply.text)
        page = client.get(
            f"/attempts/{owner.attempt.public_id}", headers={"Cookie": f"endterm={owner.token}"}
        )
        assert page.status_code == 200, (pairs, page.text)

    try_it()


@pytest.mark.parametrize("field", ["1a", "1b"])
def test_what_was_saved_is_shown_and_marked_whatever_it_is(client: TestClient, field: str) -> None:
    anything = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | ANY_TEXT,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
        max_leaves=12,
    )

    @FEW
    @given(value=st.dictionaries(st.sampled_from(["choice", "count", "x", "", "\0"]), anything, max_size=3))
    def try_it(value: dict[str, Any]) -> None:
        one = asker(client, "owner", f"{publish(client)}/{FIGURE}")
        one.places["part"] = field
        body = json.dumps({"counter": 1, "tab": "tab-one", "value": value})
        one.client.cookies.clear()
        one.client.cookies.set("endterm", one.token)
        saved = client.post(SAVE.partition(" ")[2].format_map(one.places), content=body, headers=one.headers)
        assert saved.status_code in (200, 422), saved.text

        for route in ("GET /attempts/{public_id}", "GET /attempts/{public_id}/submission"):
            assert one.ask(route).status_code == 200, value
        assert one.ask("POST /attempts/{public_id}/submission").status_code == 303, value
        assert one.ask("GET /attempts/{public_id}/result").status_code == 200, value

    try_it()


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
