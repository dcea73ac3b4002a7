"""Handing in twice is handing in once, however it comes about; the receipt of both is the same."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.store import queries
from tests.browser.conftest import Sitting
from tests.browser.test_widgets_saving import type_words

pytestmark = pytest.mark.browser


def receipt(page: Page) -> str:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Result")
    return page.get_by_role("region", name="Your receipt").locator("code").inner_text()


def test_a_double_click_and_a_second_tab_change_nothing(
    exam_page: Page, context: BrowserContext, sitting: Sitting
) -> None:
    type_words(exam_page, "hello")
    sitting.wait_for("1c", {"text": "hello"})
    other = context.new_page()
    for page in (exam_page, other):
        page.goto(f"{sitting.url}/submission")
    exam_page.get_by_role("button", name="Hand in now").dblclick()
    first = receipt(exam_page)
    other.get_by_role("button", name="Hand in now").click()

    assert receipt(other) == first
    with sitting.live.store.read() as db:
        stored = queries.attempt(db, sitting.attempt.public_id)
        assert stored
        assert (stored.receipt, stored.closed_by) == (first, "student")
        assert [one.part for one in queries.answers_of(db, sitting.attempt.id)] == ["1c"]


def test_the_hand_in_page_waits_for_a_save_that_is_under_way(exam_page: Page, sitting: Sitting) -> None:
    """The click itself ends the editing and so starts the save: the page must not come before the answer is in it."""

    def late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    exam_page.route("**/answers/*", late)
    type_words(exam_page, "hello")
    exam_page.get_by_role("link", name="Hand in", exact=True).first.click()

    expect(exam_page.get_by_role("link", name="1c answered")).to_be_visible()


def test_a_hand_in_whose_answer_was_lost_can_be_tried_again(exam_page: Page, sitting: Sitting) -> None:
    type_words(exam_page, "hello")
    sitting.wait_for("1c", {"text": "hello"})
    exam_page.goto(f"{sitting.url}/submission")

    def lose_the_answer(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    exam_page.route("**/submission", lose_the_answer)
    exam_page.get_by_role("button", name="Hand in now").click()
    exam_page.wait_for_url("chrome-error://**")
    exam_page.unroute("**/submission")
    with sitting.live.store.read() as db:
        stored = queries.attempt(db, sitting.attempt.public_id)
        assert stored
        first = stored.receipt
    exam_page.goto(f"{sitting.url}/submission")

    assert receipt(exam_page) == first
