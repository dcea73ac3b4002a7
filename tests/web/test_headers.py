"""The headers of every answer: pages, data, refusals, errors and files."""

from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.web.bodies import LARGER, LARGEST
from tests.web.every_route import PEOPLE, asker, routes
from tests.web.test_access import CHANGES, TABLE

MOST = max(largest for _, largest in LARGER)
FOR_ALL = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def check(reply: Any) -> None:
    headers = reply.headers
    assert FOR_ALL.items() <= headers.items()
    assert "camera=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self'" in policy or "script-src" not in policy
    assert "style-src 'self' " not in policy
    assert "x-powered-by" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("person", PEOPLE)
def test_every_answer_of_every_route_carries_them(running: TestClient, figure: str, person: str) -> None:
    for route in sorted(routes(running.app)):  # type: ignore[arg-type]
        reply = asker(running, person, figure).ask(route)

        check(reply)
        if "/static/" not in route:
            assert reply.headers["cache-control"] == "no-store", route


@pytest.mark.parametrize("route", TABLE)
def test_a_refusal_and_a_faulty_body_carry_them(running: TestClient, figure: str, route: str) -> None:
    owner = asker(running, "owner", figure)
    method, _, path = route.partition(" ")
    address = path.format_map(owner.places)
    running.cookies.set("endterm", owner.token)
    own = {"Sec-Fetch-Site": "same-origin"}

    check(running.request("DELETE", address, headers=own))
    check(running.request("BREW", address, headers=own))
    if method == "POST":
        check(running.post(address, content=b"\xff{[", headers={**own, "Content-Type": "application/json"}))
        check(running.post(address))


@pytest.mark.parametrize("route", CHANGES)
def test_no_route_reads_a_body_without_end(running: TestClient, figure: str, route: str) -> None:
    owner = asker(running, "owner", figure)
    running.cookies.set("endterm", owner.token)
    sent = 0

    def endless() -> object:
        nonlocal sent
        while sent < 3 * MOST:
            sent += 65_536
            yield b"x" * 65_536

    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    address = route.partition(" ")[2].format_map(owner.places)
    replies = [
        running.post(address, content=endless(), headers=headers),  # type: ignore[arg-type]
        running.post(address, content=b"x" * (MOST + 1), headers=headers),
    ]

    assert [one.status_code for one in replies] == [413, 413]
    for one in replies:
        check(one)


def test_a_form_that_is_not_an_attempt_is_small(running: TestClient, figure: str) -> None:
    reply = asker(running, "anonymous", figure).ask("POST /sign-in", {"email": "x" * LARGEST})

    assert reply.status_code == 413
    assert "larger than this page takes" in reply.text


@pytest.mark.parametrize("address", ["/nothing", "/attempts/%00", "/static/x/../../etc/passwd", "/%ff"])
def test_what_is_not_there_carries_them_too(running: TestClient, address: str) -> None:
    reply = running.get(address)

    assert reply.status_code == 404
    check(reply)


def test_an_answer_without_a_database_carries_them_too(running: TestClient, figure: str) -> None:
    owner = asker(running, "owner", figure)
    store = running.app.state.site.store  # type: ignore[attr-defined]
    if not store.is_sqlite:
        pytest.skip("a missing table is no fault of the connection there; other tests take the server away")
    store.write(lambda db: db.execute(text("ALTER TABLE attempts RENAME TO elsewhere")))
    try:
        replies = [
            owner.ask("GET /"),
            owner.ask("GET /attempts/{public_id}"),
            owner.ask("POST /attempts/{public_id}/answers/{part}"),
        ]
    finally:
        store.write(lambda db: db.execute(text("ALTER TABLE elsewhere RENAME TO attempts")))

    assert [one.status_code for one in replies] == [503, 503, 503]
    for one in replies:
        check(one)
