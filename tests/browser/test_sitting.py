"""A student's way in a real browser, from signing in to the result; axe looks at every page on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.services import accounts
from app.services.passwords import Passwords
from tests.browser.conftest import Live

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
PASSWORD = "a few words in a row"
SIZES = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 320, "height": 640}}


@pytest.fixture
def email(live: Live) -> Iterator[str]:
    passwords = Passwords()
    address = f"sam{datetime.now(UTC).timestamp()}@example.org"
    accounts.register(
        live.store, passwords, email=address, name="Sam", password=PASSWORD, now=datetime.now(UTC)
    )
    yield address
    passwords.close()


def look(page: Page) -> None:
    """Axe finds nothing on the page, and it is no wider than the screen."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    faults = [(one["id"], node["target"], node["failureSummary"]) for one in found for node in one["nodes"]]
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_student_goes_from_signing_in_to_the_result(
    page: Page, live: Live, email: str, size: str, scheme: Any
) -> None:
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(live.url)
    look(page)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    look(page)
    card = page.get_by_role("article", name="Every kind of field")
    card.get_by_role("link", name="Look at it and start").click()
    look(page)
    page.get_by_role("button", name="Start now").click()
    expect(page.get_by_role("timer")).to_contain_text(":")
    look(page)
    page.get_by_role("link", name="Hand in", exact=True).click()
    look(page)
    page.get_by_role("button", name="Hand in now").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Result")
    expect(page.get_by_role("table")).to_contain_text("Certain")
    look(page)
