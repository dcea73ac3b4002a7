"""Asking for the headers alone, as link checkers and uptime monitors do."""

import pytest
from starlette.testclient import TestClient

from tests.web.every_route import asker
from tests.web.test_access import TABLE

PAGES = [route for route in TABLE if route.startswith("GET ") and "/static/" not in route]


@pytest.mark.parametrize("route", PAGES)
def test_a_head_is_the_page_without_its_body(running: TestClient, figure: str, route: str) -> None:
    owner = asker(running, "owner", figure)
    page = owner.ask(route)
    head = owner.ask(route.replace("GET ", "HEAD "))

    assert head.status_code == page.status_code
    assert head.headers.get("content-type") == page.headers.get("content-type")
    assert head.content == b""


def test_a_head_of_what_is_only_sent_is_refused(running: TestClient) -> None:
    assert running.head("/sign-out", headers={"Accept": "text/html"}).status_code == 405
