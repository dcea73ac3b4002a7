"""What a page looks like where only a real browser can tell: what is cut off, covered, out of sight or glaring."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.exams.loader import load_exam
from app.services import library
from tests import factories
from tests.browser.conftest import Live, Sitting, start_sitting

pytestmark = pytest.mark.browser

EXAM = Path(__file__).parents[2] / "exams" / "idl-endterm-ws2021.yaml"
BRIGHTNESS = """async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  return data.reduce((sum, value, index) => sum + (index % 4 === 3 ? 0 : value), 0) / (data.length * 0.75);
}"""


@pytest.fixture
def endterm(live: Live) -> Sitting:
    exam = load_exam(EXAM)
    figures = {one.name: one.read_bytes() for one in EXAM.with_suffix("").glob("*.svg")}
    live.store.write(lambda db: library.publish(db, exam, datetime.now(UTC), figures))
    return start_sitting(live, exam=exam.document.exam)


def open_at(page: Page, sitting: Sitting, width: int, height: int, scheme: Any = "light") -> Page:
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.context.add_cookies([sitting.cookie()])
    page.goto(sitting.url)
    return page


def box(place: Locator) -> Any:
    found = place.bounding_box()
    assert found
    return found


def test_the_overview_follows_to_the_last_problem_and_back(page: Page, endterm: Sitting) -> None:
    open_at(page, endterm, 1280, 900)
    panel = page.locator("#overview")
    for problem, part in [("11", "11c"), ("1", "1a")]:
        page.evaluate(f"location.hash = 'problem-{problem}'")
        expect(panel.locator("[aria-current]")).to_contain_text(problem)
        tile = panel.locator(f'[data-overview-part="{part}"]')
        expect(tile).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1280, 390])
def test_signs_stand_below_the_name_of_a_part_and_not_over_it(
    page: Page, endterm: Sitting, width: int
) -> None:
    open_at(page, endterm, width, 900)
    page.get_by_label("the same").check()
    page.get_by_label("Flag part 1a").check()
    if width == 390:
        page.get_by_role("button", name="Overview").click()
    tile = page.locator('[data-overview-part="1a"]')
    expect(tile).to_have_attribute("data-state", "answered")

    name = box(tile.locator("span").first)
    outer = box(tile)
    for sign in ("::before", "::after"):
        style = "([one, sign]) => getComputedStyle(one, sign).position"
        assert page.evaluate(style, [tile.element_handle(), sign]) == "static"
    assert outer["y"] + outer["height"] - (name["y"] + name["height"]) >= 12, "no room for the signs"
    assert outer["width"] == box(page.locator('[data-overview-part="3a"]'))["width"]


def test_a_phone_shows_all_of_the_title_and_keeps_the_clock(page: Page, endterm: Sitting) -> None:
    open_at(page, endterm, 390, 700)
    title = page.get_by_role("heading", level=1)
    assert title.evaluate("(one) => one.scrollWidth <= one.clientWidth"), "the title is cut"
    expect(title).to_be_in_viewport(ratio=1)

    page.mouse.wheel(0, 900)

    expect(title).not_to_be_in_viewport()
    expect(page.get_by_role("timer")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="Hand in", exact=True)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_clock_and_the_button_share_a_line_on_a_small_phone(
    new_context: Callable[..., BrowserContext], endterm: Sitting, scripts: bool
) -> None:
    page = open_at(new_context(java_script_enabled=scripts).new_page(), endterm, 320, 640)
    clock, button = page.get_by_role("timer"), page.get_by_role("link", name="Hand in", exact=True)

    assert abs(middle(clock) - middle(button)) < 2
    assert box(button)["x"] + box(button)["width"] <= 320


def middle(place: Locator) -> float:
    found = box(place)
    return float(found["y"] + found["height"] / 2)


@pytest.mark.parametrize(("scheme", "least", "most"), [("light", 200, 255), ("dark", 0, 70)])
def test_a_figure_is_as_bright_as_the_page(
    page: Page, endterm: Sitting, scheme: str, least: int, most: int
) -> None:
    open_at(page, endterm, 1280, 900, scheme)
    page.evaluate("location.hash = 'part-10b'")
    figure = page.locator("#part-10b .figure-image")
    expect(figure).to_have_js_property("complete", True)

    picture = base64.b64encode(figure.screenshot()).decode()
    page.goto("about:blank")  # pages of ours load no pictures out of the air

    assert least <= page.evaluate(BRIGHTNESS, picture) <= most


@pytest.mark.parametrize("width", [320, 390])
def test_the_links_of_the_staff_do_not_break(
    live: Live, page: Page, context: BrowserContext, width: int
) -> None:
    token = factories.token(live.store, factories.user(live.store, "instructor"), datetime.now(UTC))
    context.add_cookies([{"name": live.settings.session_cookie, "value": token, "url": live.url}])
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(live.url)

    for words in (page.get_by_role("link", name="Late answers"), page.get_by_role("button", name="Sign out")):
        lines = "(one) => { const all = document.createRange(); all.selectNodeContents(one);"
        assert words.evaluate(f"{lines} return all.getClientRects().length; }}") == 1
