"""The whole endterm, sat in a real browser with every widget."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.exams.loader import Exam, load_exam
from app.services import library
from tests.browser.conftest import WAIT, Live, Sitting, start_sitting
from tests.browser.entering import enter_part

pytestmark = pytest.mark.browser

EXAM = Path(__file__).parents[2] / "exams" / "idl-endterm-ws2021.yaml"


@pytest.fixture(scope="module")
def exam() -> Exam:
    return load_exam(EXAM)


@pytest.fixture
def endterm(live: Live, exam: Exam) -> Sitting:
    live.store.write(lambda db: library.publish(db, exam, datetime.now(UTC)))
    return start_sitting(live, exam=exam.document.exam)


def test_the_model_answers_entered_and_drawn_get_all_ninety_credits(
    page: Page, context: BrowserContext, endterm: Sitting, exam: Exam
) -> None:
    context.add_cookies([endterm.cookie()])
    page.set_default_timeout(WAIT * 1000)
    page.goto(endterm.url)
    parts = [part for problem in exam.document.problems for part in problem.parts]
    for number, part in enumerate(parts, start=1):
        kinds = {name: spec.kind for name, spec in part.fields.items()}
        enter_part(page, part.id, kinds, part.model_answer)
        if number == len(parts) // 2:
            expect(page.locator(f'[data-part="{part.id}"]')).to_contain_text("Saved")
            page.reload()
    page.get_by_role("link", name="Hand in", exact=True).first.click()
    expect(page.get_by_text("Every part has an answer.")).to_be_visible()
    page.get_by_role("button", name="Hand in now").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Result")
    expect(page.get_by_role("row", name="Certain")).to_contain_text("90")
