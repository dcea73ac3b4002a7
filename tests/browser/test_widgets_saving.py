"""Nothing that was typed is lost: bad networks, reloads, two windows, and the deadline."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.exams.answer_files import mark_lines
from app.services import attempts
from tests.browser.conftest import Live, Sitting, sign_out, start_sitting
from tests.browser.test_widgets import go

pytestmark = pytest.mark.browser

EXAM = Path(__file__).parent / "widgets.yaml"
SAVES = re.compile(r"/answers/[^/]+$")


def words(page: Page) -> str:
    return page.get_by_role("textbox", name="Your words").input_value()


def type_words(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your words").fill(text)


def expect_state(page: Page, text: str | re.Pattern[str], part: str = "1c") -> None:
    expect(page.locator(f"#part-{part} [data-save-state]")).to_have_text(text, timeout=15_000)


def break_saves(page: Page, status: int = 503) -> None:
    page.route(SAVES, lambda route: route.fulfill(status=status, json={"error": "busy", "message": "Busy."}))


def mend_saves(page: Page) -> None:
    page.unroute(SAVES)


def test_a_change_is_saved_by_itself_and_says_when(exam_page: Page, sitting: Sitting) -> None:
    type_words(exam_page, "hello")

    expect_state(exam_page, re.compile(r"^(Changed|Saving …)"))
    expect_state(exam_page, re.compile(r"^Saved \d\d:\d\d$"))
    assert sitting.saved() == {"1c": {"text": "hello"}}


def test_leaving_the_field_saves_at_once(exam_page: Page) -> None:
    type_words(exam_page, "hello")
    with exam_page.expect_response(SAVES, timeout=900):
        exam_page.keyboard.press("Tab")


def test_the_saved_time_is_that_of_the_exams_place(exam_page: Page) -> None:
    exam_page.evaluate("document.querySelector('[data-time-zone]').dataset.timeZone = 'Asia/Kathmandu'")
    type_words(exam_page, "hello")

    minute = (datetime.now(UTC).minute + 45) % 60
    expect_state(exam_page, re.compile(rf"Saved \d\d:({minute:02}|{(minute + 1) % 60:02})"))


def test_one_save_carries_the_whole_part_and_only_that(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "2b")
    exam_page.get_by_label("Count", exact=True).fill("3")
    sitting.wait_for("2b", {"count": "3"})
    exam_page.get_by_label("Share", exact=True).fill("0.5")

    sitting.wait_for("2b", {"count": "3", "share": "0.5"})
    assert list(sitting.saved()) == ["2b"]


def test_without_a_network_the_change_is_kept_and_sent_later(
    exam_page: Page, context: BrowserContext, sitting: Sitting
) -> None:
    context.set_offline(True)
    type_words(exam_page, "typed in a tunnel")
    expect_state(exam_page, "Offline: kept in this browser")
    expect(exam_page.get_by_text("1 part is not saved.")).to_be_visible()

    context.set_offline(False)

    sitting.wait_for("1c", {"text": "typed in a tunnel"})
    expect(exam_page.get_by_text("1 part is not saved.")).to_be_hidden()


def test_a_reload_after_a_failed_save_still_saves(exam_page: Page, sitting: Sitting) -> None:
    break_saves(exam_page)
    type_words(exam_page, "not yet there")
    expect_state(exam_page, "Offline: kept in this browser")
    exam_page.on("dialog", lambda dialog: dialog.accept())
    exam_page.reload()

    assert words(exam_page) == "not yet there"
    expect_state(exam_page, "Offline: kept in this browser")

    mend_saves(exam_page)

    sitting.wait_for("1c", {"text": "not yet there"})


def test_drawings_and_tables_survive_a_reload_too(exam_page: Page, sitting: Sitting) -> None:
    break_saves(exam_page)
    go(exam_page, "3a")
    for _ in range(2):
        exam_page.get_by_role("button", name="Add a row").click()
    exam_page.get_by_label("Name, row 4").fill("test")
    go(exam_page, "4a")
    exam_page.get_by_role("button", name="Add node w", exact=True).click()
    exam_page.on("dialog", lambda dialog: dialog.accept())
    exam_page.reload()
    mend_saves(exam_page)

    blank = {"name": "", "source": "", "size": ""}
    sitting.wait_for("3a", {"split": [blank, blank, blank, {**blank, "name": "test"}]})
    expect(exam_page.locator(".graph-node")).to_have_text("w")


def test_signed_out_changes_are_saved_after_signing_in_again(
    exam_page: Page, context: BrowserContext, sitting: Sitting
) -> None:
    sign_out(sitting)
    type_words(exam_page, "typed while signed out")
    expect_state(exam_page, "Signed out: kept in this browser")
    expect(exam_page.get_by_role("link", name="Sign in")).to_be_visible()

    sitting.sign_in_again(context)

    sitting.wait_for("1c", {"text": "typed while signed out"})


def test_changes_made_while_somebody_else_was_signed_in_are_saved_when_the_owner_is_back(
    exam_page: Page, context: BrowserContext, sitting: Sitting, live: Live
) -> None:
    start_sitting(live).sign_in_again(context)
    type_words(exam_page, "mine")
    expect_state(exam_page, "Another account is signed in: kept in this browser")

    sitting.sign_in_again(context)

    sitting.wait_for("1c", {"text": "mine"})


@pytest.mark.parametrize("error", ["no-part", "unknown"])
def test_what_is_not_there_is_told_and_not_tried_again(exam_page: Page, error: str) -> None:
    """The account is the page's own, so that there is nobody to wait for."""
    account = exam_page.locator("#attempt").get_attribute("data-account")
    reply = {"error": error, "message": "There is no such thing.", "account": account}
    tries: list[str] = []
    exam_page.route(
        SAVES, lambda route: (tries.append(route.request.url), route.fulfill(status=404, json=reply))
    )
    type_words(exam_page, "hello")
    expect_state(exam_page, "Not saved: There is no such thing.")
    exam_page.wait_for_timeout(4_000)

    assert len(tries) == 1


def test_another_tab_shows_the_newer_answer(
    exam_page: Page, context: BrowserContext, sitting: Sitting
) -> None:
    other = context.new_page()
    other.goto(sitting.url)
    type_words(other, "from the other tab")

    expect(exam_page.get_by_role("textbox", name="Your words")).to_have_value("from the other tab")
    expect(exam_page.locator("#part-1c [data-save-state]")).to_contain_text("Changed in another window.")

    type_words(exam_page, "and back again")

    sitting.wait_for("1c", {"text": "and back again"})


def test_an_older_change_does_not_overwrite_a_newer_one_from_another_machine(
    exam_page: Page, browser: object, sitting: Sitting, new_context: Callable[[], BrowserContext]
) -> None:
    break_saves(exam_page)
    type_words(exam_page, "older")
    expect_state(exam_page, "Offline: kept in this browser")
    elsewhere = new_context().new_page()
    elsewhere.context.add_cookies([sitting.cookie()])
    elsewhere.goto(sitting.url)
    type_words(elsewhere, "newer")
    sitting.wait_for("1c", {"text": "newer"})
    mend_saves(exam_page)

    conflict = exam_page.get_by_role("alert").filter(has_text="A newer answer to this part")
    expect(conflict).to_be_visible(timeout=15_000)
    assert sitting.saved()["1c"] == {"text": "newer"}

    conflict.get_by_role("button", name="Keep mine").click()

    sitting.wait_for("1c", {"text": "older"})


def test_a_browser_that_keeps_nothing_says_so(context: BrowserContext, page: Page, sitting: Sitting) -> None:
    context.add_cookies([sitting.cookie()])
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    page.goto(sitting.url)
    break_saves(page)
    type_words(page, "only in this page")

    expect(page.get_by_text("This browser cannot keep a copy: leave this page open.")).to_be_visible()

    mend_saves(page)

    sitting.wait_for("1c", {"text": "only in this page"})


def test_a_wrong_clock_changes_neither_the_countdown_nor_the_order(
    context: BrowserContext, page: Page, sitting: Sitting
) -> None:
    context.add_cookies([sitting.cookie()])
    page.add_init_script("const now = Date.now; Date.now = () => now() - 3_600_000;")
    page.goto(sitting.url)
    type_words(page, "typed an hour ago, says this machine")
    sitting.wait_for("1c", {"text": "typed an hour ago, says this machine"})

    expect(page.get_by_role("timer")).to_contain_text("1:29:")


def test_the_answers_can_be_taken_away_as_a_file(exam_page: Page, sitting: Sitting) -> None:
    break_saves(exam_page)
    type_words(exam_page, "the last copy")
    with exam_page.expect_download() as download:
        exam_page.get_by_role("button", name="Download my answers").click()

    line = Path(download.value.path()).read_text(encoding="utf-8")
    written = json.loads(line)
    assert written["id"] == sitting.attempt.public_id
    assert written["answers"]["1c"] == {"text": "the last copy"}
    assert written["unsaved"] == ["1c"]
    assert set(written["answers"]) == {"1a", "1b", "1c", "2a", "2b", "2c", "2d", "3a", "3b", "4a", "4b"}
    (marked,) = mark_lines(EXAM, [line])
    assert (marked.line["id"], marked.complaints) == (sitting.attempt.public_id, ())


def test_leaving_asks_only_while_something_is_not_saved(exam_page: Page, sitting: Sitting) -> None:
    asked: list[str] = []
    exam_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    type_words(exam_page, "hello")
    sitting.wait_for("1c", {"text": "hello"})
    expect_state(exam_page, re.compile("^Saved"))
    exam_page.reload()
    assert asked == []

    break_saves(exam_page)
    exam_page.get_by_role("textbox", name="Your words").click()
    exam_page.keyboard.type("more ")
    exam_page.reload()

    assert asked == ["beforeunload"]


def test_a_flag_is_saved_with_its_part(exam_page: Page, sitting: Sitting) -> None:
    exam_page.get_by_role("checkbox", name="Flag part 1c").check()

    expect(exam_page.locator('[data-overview-part="1c"]')).to_contain_text("empty, flagged")
    expect_state(exam_page, re.compile("^Saved"))

    exam_page.reload()

    expect(exam_page.get_by_role("checkbox", name="Flag part 1c")).to_be_checked()


def test_an_emptied_answer_is_emptied_on_the_server(exam_page: Page, sitting: Sitting) -> None:
    type_words(exam_page, "never mind")
    sitting.wait_for("1c", {"text": "never mind"})
    type_words(exam_page, "")

    sitting.wait_for("1c", {})


def test_more_time_reaches_a_running_page(exam_page: Page, sitting: Sitting) -> None:
    expect(exam_page.get_by_role("timer")).to_contain_text("1:29:")
    sitting.live.store.write(lambda db: attempts.extend(db, sitting.attempt.public_id, 30, datetime.now(UTC)))

    expect(exam_page.get_by_role("timer")).to_contain_text("1:59:", timeout=10_000)


def test_more_time_reaches_a_page_that_has_just_saved_as_soon(exam_page: Page, sitting: Sitting) -> None:
    exam_page.wait_for_timeout(3_000)
    type_words(exam_page, "hello")
    sitting.wait_for("1c", {"text": "hello"})
    sitting.live.store.write(lambda db: attempts.extend(db, sitting.attempt.public_id, 30, datetime.now(UTC)))

    expect(exam_page.get_by_role("timer")).to_contain_text("1:59:", timeout=10_000)


def test_more_time_given_on_the_command_line_reaches_a_running_page(
    exam_page: Page, sitting: Sitting
) -> None:
    """Another process writes to the same database."""
    where = {"ENDTERM_DIRECTORY": str(sitting.live.settings.directory)}
    subprocess.run(
        [
            sys.executable,
            "-c",
            "from app.cli import main; main()",
            "extend",
            sitting.student.email,
            "--minutes",
            "30",
        ],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **where},
        check=True,
        timeout=60,
    )

    expect(exam_page.get_by_role("timer")).to_contain_text("1:59:", timeout=10_000)


def test_at_the_deadline_the_last_words_are_saved_and_the_server_hands_in(
    live: Live, context: BrowserContext, page: Page
) -> None:
    sitting = start_sitting(live, minutes_left=0.1)
    context.add_cookies([sitting.cookie()])
    page.goto(sitting.url)
    break_saves(page)
    type_words(page, "last words")
    expect_state(page, "Offline: kept in this browser")
    mend_saves(page)

    expect(page.get_by_text("Time is up.")).to_be_visible(timeout=10_000)
    sitting.wait_for("1c", {"text": "last words"})
    # No job was set for an attempt started behind the app's back: the sweep of every minute closes it.
    page.wait_for_url(f"{sitting.url}/result", timeout=90_000)


def test_an_old_tab_does_not_end_an_extended_exam(live: Live, context: BrowserContext, page: Page) -> None:
    sitting = start_sitting(live, minutes_left=0.1)
    context.add_cookies([sitting.cookie()])
    page.goto(sitting.url)
    state = re.compile("/state$")

    def lost(route: Route) -> None:
        route.abort()

    page.route(state, lost)
    live.store.write(lambda db: attempts.extend(db, sitting.attempt.public_id, 30, datetime.now(UTC)))
    expect(page.get_by_text("Time is up.")).to_be_visible(timeout=10_000)
    page.unroute(state, lost)

    expect(page.get_by_text("Time is up.")).to_be_hidden(timeout=10_000)
    type_words(page, "still writing")
    sitting.wait_for("1c", {"text": "still writing"})


def test_half_a_character_does_not_keep_an_answer_from_being_saved(exam_page: Page, sitting: Sitting) -> None:
    exam_page.get_by_role("textbox", name="Your words").evaluate(
        "box => { box.value = 'good text \\ud83d end'; box.dispatchEvent(new Event('input', { bubbles: true })); }"
    )

    expect_state(exam_page, re.compile("^Saved"))
    assert sitting.saved()["1c"] == {"text": "good text \ufffd end"}


def test_handing_in_with_an_unsaved_part_asks_first(exam_page: Page, sitting: Sitting) -> None:
    break_saves(exam_page)
    keep_in_browser(exam_page, sitting, "1c", {"text": "not saved yet"})
    exam_page.goto(f"{sitting.url}/submission")
    expect(exam_page.get_by_text("could not be saved yet")).to_be_visible()

    exam_page.get_by_role("button", name="Hand in now").click()

    expect(exam_page.get_by_text("Not handed in yet.")).to_be_visible()
    expect(exam_page.get_by_role("button", name="Hand in without 1c")).to_be_visible()
    mend_saves(exam_page)
    exam_page.get_by_role("alert").get_by_role("link", name="1c").click()
    expect_state(exam_page, re.compile("^Saved"))
    assert sitting.saved()["1c"] == {"text": "not saved yet"}


def keep_in_browser(page: Page, sitting: Sitting, part: str, value: dict[str, str]) -> None:
    """A change that an earlier page could not get acknowledged."""
    change = {"value": value, "flagged": False, "cleared": False, "counter": 2**51, "tab": "earlier-tab"}
    name = f"endterm.unsaved.{sitting.attempt.public_id}.{part}"
    page.evaluate("([name, change]) => localStorage.setItem(name, JSON.stringify(change))", [name, change])


def test_several_parts_that_fail_together_are_soon_tried_again(exam_page: Page, sitting: Sitting) -> None:
    """A server that restarts: the browser is told nothing of it, so the pause between two tries counts."""
    break_saves(exam_page)
    for box in exam_page.locator("#problem-1 input[type=checkbox], #problem-1 textarea").all():
        box.check() if box.get_attribute("type") == "checkbox" else box.fill("x")
    go(exam_page, "2b")
    exam_page.get_by_label("Count", exact=True).fill("3")
    expect(exam_page.get_by_text("4 parts are not saved.")).to_be_visible()
    exam_page.wait_for_timeout(2_000)
    mend_saves(exam_page)

    expect(exam_page.locator("#part-2b [data-save-state]")).to_have_text(re.compile("^Saved"), timeout=5_000)


def test_back_on_the_network_saving_does_not_wait_for_the_last_long_pause(
    exam_page: Page, context: BrowserContext
) -> None:
    context.set_offline(True)
    type_words(exam_page, "on the train")
    exam_page.wait_for_timeout(9_000)
    context.set_offline(False)

    expect(exam_page.locator("#part-1c [data-save-state]")).to_have_text(re.compile("^Saved"), timeout=3_000)
