"""Whoever speaks JSON is told in JSON what went wrong, also without saying what is accepted."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.every_route import asker

PREVIEWS = ["/previews/text", "/previews/math", "/previews/numbers"]
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("address", PREVIEWS)
@pytest.mark.parametrize("body", [{}, {"text": "x" * 200_000}, [], {"entries": 3}])
def test_a_faulty_entry_is_told_as_json(running: TestClient, figure: str, address: str, body: Any) -> None:
    running.cookies.set("endterm", asker(running, "owner", figure).token)
    reply = running.post(address, json=body, headers=OWN)

    assert reply.status_code == 422
    assert reply.json()["error"] == "The form needs fixing"


@pytest.mark.parametrize("address", PREVIEWS)
def test_who_is_signed_out_is_told_as_json(running: TestClient, address: str) -> None:
    running.cookies.clear()
    reply = running.post(address, json={"text": "x"}, headers=OWN)

    assert (reply.status_code, reply.json()["error"]) == (401, "signed-out")


def test_a_browser_gets_a_page(running: TestClient) -> None:
    reply = running.get("/nowhere", headers={"Accept": "text/html"})

    assert reply.headers["content-type"].startswith("text/html")
