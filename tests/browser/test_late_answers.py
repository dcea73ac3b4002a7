"""When all else failed: a student's answers go as a file from the page to the staff, and count once they say so."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.services import attempts
from app.services.library import Exams
from app.store import queries
from tests import factories
from tests.browser.conftest import Sitting
from tests.browser.test_sitting import SIZES, look
from tests.browser.test_widgets_saving import break_saves, type_words

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_of_answers_reaches_the_staff_and_counts(
    exam_page: Page, sitting: Sitting, new_context: Callable[[], BrowserContext], size: str, scheme: Any
) -> None:
    break_saves(exam_page)
    type_words(exam_page, "hello")
    with exam_page.expect_download() as download:
        exam_page.get_by_role("button", name="Download my answers").click()
    store = sitting.live.store
    attempts.hand_in(store, Exams(), sitting.student.id, sitting.attempt.public_id, datetime.now(UTC))

    ta = new_context().new_page()
    ta.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    ta.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    session = factories.token(store, factories.user(store, "ta"), datetime.now(UTC))
    ta.context.add_cookies([{**sitting.cookie(), "value": session}])
    ta.goto(f"{sitting.live.url}/late-answers")
    look(ta)
    ta.get_by_label("File of answers").set_input_files(Path(download.value.path()))
    ta.get_by_role("button", name="Take it in").click()
    expect(ta.get_by_role("status")).to_contain_text("Taken in: 1c.")
    look(ta)
    ta.get_by_role("button", name="Let this one count for 1c").click()
    expect(ta.get_by_text("This one counts.")).to_be_visible()
    look(ta)
    ta.get_by_role("link", name="All late answers").click()
    look(ta)
    for cell in ta.get_by_role("row").last.get_by_role("cell").all():
        box = cell.bounding_box()
        assert box
        assert box["x"] + box["width"] <= SIZES[size]["width"], "a column is cut off"

    with store.read() as db:
        (answer,) = queries.answers_of(db, sitting.attempt.id)
        assert (answer.part, answer.answer) == ("1c", '{"text":"hello"}')


def test_a_result_page_offers_what_nobody_takes_any_more_as_a_file(exam_page: Page, sitting: Sitting) -> None:
    """There is no room for more late changes of this attempt."""
    break_saves(exam_page)
    type_words(exam_page, "hello")
    expect(exam_page.locator("#part-1c [data-save-state]")).to_contain_text("Offline")
    store = sitting.live.store
    attempts.hand_in(store, Exams(), sitting.student.id, sitting.attempt.public_id, datetime.now(UTC))
    exam_page.route(
        "**/answers/*",
        lambda route: route.fulfill(
            status=409, json={"error": "closed", "kept": False, "message": "Too late."}
        ),
    )
    exam_page.on("dialog", lambda dialog: dialog.accept())
    exam_page.goto(f"{sitting.url}/result")
    expect(exam_page.get_by_text("1 part cannot be saved any more.")).to_be_visible()
    with exam_page.expect_download() as download:
        exam_page.get_by_role("button", name="Download what is left").click()

    assert '"answers":{"1c":{"text":"hello"}}' in Path(download.value.path()).read_text(encoding="utf-8")
