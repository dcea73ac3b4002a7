"""What a student changes while things go wrong, counted: all of it is on the server in the end."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.exams.loader import load_exam
from app.store import queries
from tests.browser.conftest import WAIT, Live, Sitting, start_sitting
from tests.browser.entering import enter_part

pytestmark = pytest.mark.browser

EXAM = load_exam(Path(__file__).parent / "widgets.yaml")
KINDS = {part.id: {name: spec.kind for name, spec in part.fields.items()} for part in EXAM.document.parts}
ANSWERS: dict[str, dict[str, Any]] = {
    "1a": {"choice": [1, 3]},
    "1b": {"gate": "output"},
    "1c": {"text": "typed in a tunnel, ä∇😀"},
    "2b": {"count": "3", "share": "0.5"},
    "2c": {"dims": ["4", "5", "6"]},
    "2d": {"row": [["7", "8", "9"]], "grid": [["1", "2"], ["3", "4"]]},
    "3b": {"loss": {"train": "low", "test": "high"}},
}
LATER = {
    "1b": {"gate": "forget"},
    "1c": {"text": "and half an hour later"},
    "2b": {"count": "4", "share": "1"},
}


def change(page: Page, answers: Mapping[str, Any]) -> None:
    for part, answer in answers.items():
        enter_part(page, part, KINDS[part], answer)


def lost(sitting: Sitting, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed and not stored, after as much time as a network that is back needs."""
    until = time.monotonic() + WAIT + 5
    while True:
        held = sitting.saved()
        missing = {part: held.get(part) for part, answer in typed.items() if held.get(part) != answer}
        if not missing or time.monotonic() > until:
            return missing
        time.sleep(0.05)


def visit(page: Page, sitting: Sitting) -> None:
    page.context.add_cookies([sitting.cookie()])
    page.goto(sitting.url)


def test_half_an_hour_offline_loses_nothing(page: Page, context: BrowserContext, sitting: Sitting) -> None:
    page.clock.install()
    visit(page, sitting)
    context.set_offline(True)
    change(page, ANSWERS)
    expect(page.get_by_text(f"{len(ANSWERS)} parts are not saved.")).to_be_visible()
    page.clock.fast_forward("15:00")
    change(page, LATER)
    page.clock.fast_forward("15:00")
    assert sitting.saved() == {}

    context.set_offline(False)

    assert lost(sitting, {**ANSWERS, **LATER}) == {}
    expect(page.locator(".save-summary")).to_be_hidden()
    expect(page.get_by_role("timer")).to_contain_text("1:2")


def test_a_reload_without_a_network_loses_nothing(
    exam_page: Page, context: BrowserContext, sitting: Sitting
) -> None:
    context.set_offline(True)
    change(exam_page, ANSWERS)
    exam_page.on("dialog", lambda dialog: dialog.accept())
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        exam_page.reload()
    context.set_offline(False)
    exam_page.goto(sitting.url)

    assert lost(sitting, ANSWERS) == {}


def test_a_tab_that_is_closed_and_opened_again_loses_nothing(
    exam_page: Page, context: BrowserContext, sitting: Sitting
) -> None:
    context.set_offline(True)
    change(exam_page, ANSWERS)
    exam_page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(sitting.url)

    assert lost(sitting, ANSWERS) == {}
    expect(again.get_by_role("textbox", name="Your words")).to_have_value(ANSWERS["1c"]["text"])


def test_of_two_tabs_the_newer_change_stays_and_the_older_tab_is_told(
    exam_page: Page, sitting: Sitting, new_context: Callable[[], BrowserContext]
) -> None:
    exam_page.context.set_offline(True)
    change(exam_page, ANSWERS)
    elsewhere = new_context().new_page()
    visit(elsewhere, sitting)
    change(elsewhere, LATER)
    assert lost(sitting, LATER) == {}
    exam_page.context.set_offline(False)

    conflicts = exam_page.locator(".save-conflict")
    expect(conflicts).to_have_count(len(LATER), timeout=15_000)
    assert lost(sitting, {**ANSWERS, **LATER}) == {}
    for part in LATER:
        expect(exam_page.locator(f"#part-{part} .save-conflict")).to_contain_text(
            "A newer answer to this part"
        )
        expect(exam_page.locator(f"#part-{part} [data-save-state]")).to_contain_text(
            "there is a newer answer"
        )


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_an_hour_off_loses_nothing_and_puts_nothing_in_the_wrong_order(
    page: Page, sitting: Sitting, new_context: Callable[[], BrowserContext], hours: int
) -> None:
    page.clock.install(time=datetime.now(UTC) + timedelta(hours=hours))
    visit(page, sitting)
    change(page, ANSWERS)
    assert lost(sitting, ANSWERS) == {}
    elsewhere = new_context().new_page()
    visit(elsewhere, sitting)
    change(elsewhere, LATER)

    assert lost(sitting, {**ANSWERS, **LATER}) == {}
    expect(page.get_by_role("timer")).to_contain_text("1:2")


FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
});"""
# Half a megabyte at a time, then single characters, until nothing fits any more.
FULL = """for (let size = 2 ** 19, number = 0; size >= 1; number += 1) {
    try { localStorage.setItem(`filler ${number}`, "x".repeat(size)); } catch { size = Math.floor(size / 2); }
}"""


@pytest.mark.parametrize("storage", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_a_browser_that_keeps_nothing_says_so_and_gives_the_answers_as_a_file(
    page: Page, context: BrowserContext, sitting: Sitting, storage: str
) -> None:
    page.add_init_script(storage)
    visit(page, sitting)
    context.set_offline(True)
    change(page, ANSWERS)
    expect(page.get_by_text("This browser cannot keep a copy: leave this page open.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my answers").click()

    written = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert {part: written["answers"][part] for part in ANSWERS} == ANSWERS
    assert sorted(written["unsaved"]) == sorted(ANSWERS)

    context.set_offline(False)

    assert lost(sitting, ANSWERS) == {}


@pytest.mark.parametrize("chance", [0, 0.999], ids=["at once", "three seconds later"])
def test_the_last_saves_are_spread_after_the_deadline_and_still_count(
    live: Live, page: Page, chance: float
) -> None:
    """The page is offline until after the deadline, and by chance sends as early or as late as it may."""
    sitting = start_sitting(live, minutes_left=0.15)
    page.add_init_script(f"Math.random = () => {chance}")
    visit(page, sitting)
    answers = {"1b": ANSWERS["1b"], "1c": ANSWERS["1c"]}
    page.route("**/answers/*", lambda route: route.abort())
    change(page, answers)
    expect(page.get_by_text("Time is up.")).to_be_visible(timeout=12_000)
    page.unroute("**/answers/*")

    assert lost(sitting, answers) == {}
    with live.store.read() as db:
        assert queries.late_saves_of(db, sitting.attempt.id) == []
