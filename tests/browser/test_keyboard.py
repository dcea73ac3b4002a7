"""The attempt page without a mouse."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_widgets import go

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_the_first_answer_is_two_steps_from_the_top(exam_page: Page) -> None:
    exam_page.keyboard.press("Tab")
    expect(exam_page.get_by_role("link", name="Skip to the answers")).to_be_focused()
    exam_page.keyboard.press("Enter")
    exam_page.keyboard.press("Tab")

    focused = exam_page.evaluate("document.activeElement.closest('[data-part]')?.dataset.part")
    assert focused == "1a"


def test_o_opens_the_overview_on_a_phone_and_choosing_a_part_closes_it(exam_page: Page) -> None:
    exam_page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    overview = exam_page.get_by_role("navigation", name="Problems and parts")
    expect(overview).to_be_hidden()
    exam_page.keyboard.press("o")
    expect(overview).to_be_visible()
    overview.locator('[href="#part-2b"]').focus()
    exam_page.keyboard.press("Enter")

    expect(overview).to_be_hidden()
    expect(exam_page.locator("#part-2b")).to_be_in_viewport()


def test_a_heading_that_is_gone_to_by_key_shows_its_focus(exam_page: Page) -> None:
    exam_page.keyboard.press("j")

    heading = exam_page.locator("h2:focus")
    expect(heading).to_contain_text("Problem 2")
    assert heading.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"


def test_escape_leaves_the_formula_editor_and_tab_goes_on(exam_page: Page) -> None:
    go(exam_page, "2a")
    exam_page.get_by_role("button", name="Formula editor: Your formula").click()
    expect(exam_page.locator("math-field")).to_be_focused()
    expect(exam_page.get_by_text("Escape goes back to the text.")).to_be_visible()
    exam_page.keyboard.type("x+1")
    exam_page.keyboard.press("Escape")

    field = exam_page.locator('[name="2a.formula"]')
    expect(field).to_be_focused()
    expect(field).to_have_value("x+1")

    exam_page.keyboard.press("Tab")

    expect(field).not_to_be_focused()
