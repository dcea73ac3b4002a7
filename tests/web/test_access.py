"""Who may ask for what: every route, every role. A route that is not in the table fails the test."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.services import attempts
from tests.web.every_route import PEOPLE, asker, routes

# What each of PEOPLE gets: `yes`, `form` (let in, what was sent needs fixing), `sign-in` (asked to sign in first),
# `nothing` (as if there were no such thing). An attempt is its owner's alone; staff sees its late answers.
ALL = ("yes",) * 6
ALL_FORMS = ("form",) * 6
SIGNED_IN = ("sign-in", "yes", "yes", "yes", "yes", "yes")
OWNER = ("sign-in", "yes", "nothing", "nothing", "nothing", "nothing")
STAFF = ("sign-in", "nothing", "nothing", "yes", "yes", "yes")
STAFF_FORMS = ("sign-in", "nothing", "nothing", "form", "form", "form")
TABLE = {
    "GET /static/{version}": ALL,
    "GET /healthz": ALL,
    "GET /readyz": ALL,
    "GET /metrics": ("nothing",) * 6,  # on the machine itself, or with the token of the settings
    "GET /sign-in": ALL,
    "POST /sign-in": ALL_FORMS,
    "POST /sign-out": ("sign-in",) * 6,  # which is where one is led afterwards
    "GET /registration": ALL,
    "POST /registration": ALL_FORMS,
    "GET /invitations/{token}": ALL,  # whoever has the link
    "POST /invitations/{token}": ALL_FORMS,
    "GET /account": SIGNED_IN,
    "POST /account/password": ("sign-in", "form", "form", "form", "form", "form"),
    "POST /account/sign-out": ("sign-in",) * 6,
    "GET /": SIGNED_IN,
    "GET /exams/{slug}": SIGNED_IN,
    "POST /exams/{slug}/attempts": SIGNED_IN,
    "GET /figures/{version_id}/{name}": SIGNED_IN,
    "POST /previews/text": SIGNED_IN,
    "POST /previews/math": SIGNED_IN,
    "POST /previews/numbers": SIGNED_IN,
    "GET /late-answers": STAFF,
    "GET /late-answers/{public_id}": STAFF,
    "POST /late-answers/files": STAFF_FORMS,
    "POST /late-answers/{public_id}/acceptances": STAFF_FORMS,
    "POST /late-answers/{public_id}/returns": STAFF_FORMS,
    "GET /attempts/{public_id}": OWNER,
    "POST /attempts/{public_id}/answers": OWNER,
    "POST /attempts/{public_id}/answers/{part}": OWNER,
    "GET /attempts/{public_id}/state": OWNER,
    "GET /attempts/{public_id}/submission": OWNER,
    "POST /attempts/{public_id}/submission": OWNER,
    "GET /attempts/{public_id}/result": OWNER,
    "GET /attempts/{public_id}/receipt": ("sign-in", *("nothing",) * 5),  # there is none yet
}
AFTER_HAND_IN = {"GET /attempts/{public_id}/result": OWNER, "GET /attempts/{public_id}/receipt": OWNER}
CHANGES = [route for route in TABLE if not route.startswith("GET ")]


def test_every_route_is_in_the_table(running: TestClient) -> None:
    assert routes(running.app) == set(TABLE), "say in TABLE who may ask for the new route"  # type: ignore[arg-type]


@pytest.mark.parametrize("route", TABLE)
def test_each_person_gets_what_the_table_says(running: TestClient, figure: str, route: str) -> None:
    got = [answer_to(running, figure, person, route) for person in PEOPLE]

    assert dict(zip(PEOPLE, got, strict=True)) == dict(zip(PEOPLE, TABLE[route], strict=True))


@pytest.mark.parametrize("route", AFTER_HAND_IN)
def test_what_is_handed_in_is_its_owners_alone(running: TestClient, figure: str, route: str) -> None:
    got = [answer_to(running, figure, person, route, handed_in=True) for person in PEOPLE]

    assert tuple(got) == AFTER_HAND_IN[route]


def answer_to(client: TestClient, figure: str, person: str, route: str, handed_in: bool = False) -> str:
    asking = asker(client, person, figure)
    if handed_in:
        site = client.app.state.site  # type: ignore[attr-defined]
        moment = datetime.now(UTC)
        attempts.hand_in(site.store, site.exams, asking.attempt.user_id, asking.attempt.public_id, moment)
    reply = asking.ask(route)
    if reply.status_code == 303:
        return "sign-in" if reply.headers["location"].startswith("/sign-in") else "yes"
    if reply.status_code == 401:
        return "form" if "There is a problem" in reply.text else "sign-in"
    return {200: "yes", 404: "nothing", 422: "form"}[reply.status_code]


@pytest.mark.parametrize("route", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.elsewhere.example"},
    ],
)
def test_no_other_site_changes_anything(
    running: TestClient, figure: str, route: str, headers: dict[str, str]
) -> None:
    owner = asker(running, "owner", figure)
    owner.headers = {**headers, "Accept": "text/html"}

    assert owner.ask(route).status_code == 403
    assert "another site" in owner.ask(route).text


@pytest.mark.parametrize("person", ["student", "ta", "instructor", "admin"])
def test_the_attempt_of_somebody_else_looks_like_one_that_is_not_there(
    running: TestClient, figure: str, person: str
) -> None:
    asking = asker(running, person, figure)
    place = PEOPLE.index(person)
    theirs = [route for route, told in TABLE.items() if "{public_id}" in route and told[place] == "nothing"]
    answers = [said(asking.ask(route)) for route in theirs]
    asking.places["public_id"] = "A" * 22

    assert answers == [said(asking.ask(route)) for route in theirs]


def said(reply: Any) -> tuple[int, str]:
    """Without the time and the mark of the asker's own account, which differ by themselves."""
    return reply.status_code, re.sub(r'"(now|account)":"[^"]+"', "", reply.text)
