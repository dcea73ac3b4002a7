"""The staff's pages about late answers, without scripts."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from app.services import attempts
from app.services.library import Exams
from app.services.saves import Saves
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt, Role
from tests import factories
from tests.page import OWN, Browser, Page


def sign_in_as(browser: Browser, store: Store, role: Role) -> None:
    person = factories.user(store, role)
    browser.client.cookies.set("endterm", factories.token(store, person, datetime.now(UTC)))


@pytest.fixture
def attempt(store: Store) -> Attempt:
    """An attempt that is handed in with 60 in 1b, and a change to 120 ninety seconds later."""
    factories.published(store)
    student = factories.user(store)
    begun = datetime.now(UTC) - timedelta(minutes=50)
    one = factories.started(store, student, begun)
    session = factories.token(store, student, begun)
    saves = Saves(store)
    store.writer.run_all(saves, [factories.save(one, session, '{"count":"60"}', counter=1, at=begun)])
    end = begun + timedelta(minutes=30)
    attempts.hand_in(store, Exams(), student.id, one.public_id, end)
    late = [(2, "61"), (3, "120")]
    store.writer.run_all(
        saves,
        [
            factories.save(one, session, f'{{"count":"{n}"}}', counter=c, at=end + timedelta(seconds=90))
            for c, n in late
        ],
    )
    return one


@pytest.fixture
def staff(browser: Browser, store: Store, attempt: Attempt) -> Browser:
    sign_in_as(browser, store, "ta")
    return browser


def upload(staff: Browser, content: bytes, status: int = 200) -> Page:
    return staff.upload(staff.get("/late-answers"), "/late-answers/files", content, status)


def test_late_answers_stand_beside_what_counts(staff: Browser, attempt: Attempt) -> None:
    listed = staff.get("/late-answers")
    page = staff.get(f"/late-answers/{attempt.public_id}")

    assert listed.all("a", href=f"/late-answers/{attempt.public_id}")
    assert re.search("Handed in saved .* 60 .* ✓ This one counts. From the browser", page.text)
    assert "From the browser, 1 min 30 s after the end" in page.text
    assert "the last of 2" in page.text
    assert page.text.index("60 Gets") < page.text.index("120 Would get")


def test_accepting_one_marks_the_attempt_again_and_can_be_undone(
    staff: Browser, store: Store, attempt: Attempt
) -> None:
    place = f"/late-answers/{attempt.public_id}"
    page = staff.get(place)
    late = page.all("input", name="late")[0].attributes["value"]

    accepted = staff.send(page, f"{place}/acceptances", late=late)

    assert "The late answer counts now" in accepted.text
    assert re.search("Handed in .* 60 .* Let this one count .* 120 .* ✓ This one counts.", accepted.text)
    assert "accepted a late answer to 1b" in accepted.text
    assert points(store, attempt) == 2

    back = staff.send(accepted, f"{place}/returns", part="1b")

    assert "What was handed in counts again." in back.text
    assert "put back what was handed in for 1b" in back.text
    assert points(store, attempt) == 0


def test_whoever_decides_sees_the_question_and_what_each_answer_gets(
    staff: Browser, attempt: Attempt
) -> None:
    page = staff.get(f"/late-answers/{attempt.public_id}")

    assert "Problem 1 Two parts Part 1b" in page.text
    assert "How many minutes are two hours?" in page.text
    assert re.search("Model solution ?120", page.text)
    assert "60 Gets 0 of 2." in page.text
    assert "120 Would get 2 of 2." in page.text
    assert "1a" not in page.text, "the other parts are nobody's business here"
    assert "the student’s result says that the part was accepted after the end" in page.text


def test_a_file_of_a_running_attempt_is_kept_and_changes_nothing(staff: Browser, store: Store) -> None:
    """It may be the only copy, so it is not turned away; but the student goes on."""
    student = factories.user(store)
    running = factories.started(store, student, datetime.now(UTC))

    file = {"id": running.public_id, "answers": {"1b": {"count": "120"}}}
    page = upload(staff, json.dumps(file).encode())

    assert "Taken in: 1b." in page.text
    assert "This attempt is still running. Nothing has changed for the student" in page.text
    assert "From a file, taken in by User" in page.text
    assert "before the end" in page.text
    assert not page.all("button", class_="button-quiet")
    assert "A small exam still running" in staff.get("/late-answers").text
    assert attempts.saved_answers(store, running) == {}

    attempts.hand_in(store, Exams(), student.id, running.public_id, datetime.now(UTC))

    assert "Let this one count" in staff.get(f"/late-answers/{running.public_id}").text
    staff.client.cookies.set("endterm", factories.token(store, student, datetime.now(UTC)))
    result = staff.get(f"/attempts/{running.public_id}/result")
    assert "took in a file with answers of yours that differ from these in 1 part." in result.text
    assert "changed after the end" not in result.text


def test_a_file_can_be_taken_in_and_faulty_ones_are_told(staff: Browser, attempt: Attempt) -> None:
    file = {"id": attempt.public_id, "answers": {"1a": {"choice": [2]}, "1b": {"count": "60"}, "9z": {}}}

    page = upload(staff, json.dumps(file).encode())

    assert "Taken in: 1a. Not taken in: 9z. The rest is empty or stored already." in page.text
    assert "From a file, taken in by User" in page.text
    assert "This is not a file of answers" in upload(staff, b"no", 422).text
    assert "There is no attempt nowhere" in upload(staff, b'{"id":"nowhere","answers":{}}', 422).text
    assert "Too large" in upload(staff, b" " * 4_000_000, 413).text


def test_students_learn_what_was_decided(browser: Browser, store: Store, attempt: Attempt) -> None:
    with store.read() as db:
        student = queries.users_by_id(db, [attempt.user_id])[attempt.user_id]
    browser.client.cookies.set("endterm", factories.token(store, student, datetime.now(UTC)))
    result = f"/attempts/{attempt.public_id}/result"
    assert "1 part was changed after the end." in browser.get(result).text

    place = f"/late-answers/{attempt.public_id}"
    sign_in_as(browser, store, "instructor")
    page = browser.get(place)
    browser.send(page, f"{place}/acceptances", late=page.all("input", name="late")[0].attributes["value"])
    browser.client.cookies.set("endterm", factories.token(store, student, datetime.now(UTC)))

    assert "Accepted by the staff after the end, and counted: 1b." in browser.get(result).text


@pytest.mark.parametrize("role", ["student", "ta", "instructor", "admin", ""])
def test_only_the_staff_sees_and_decides(
    browser: Browser, store: Store, attempt: Attempt, role: Role
) -> None:
    if role:
        sign_in_as(browser, store, role)
    statuses = {"student": (404, 404, 404), "": (303, 303, 303)}.get(role, (200, 200, 404))
    place = f"/late-answers/{attempt.public_id}"

    def ask(method: str, url: str) -> int:
        answer = browser.client.request(method, url, headers=OWN, data=form, follow_redirects=False)
        return int(answer.status_code)

    form = None
    if role not in ("student", ""):
        token = browser.get("/late-answers").all("input", name="form_token")[0].attributes["value"]
        form = {"form_token": token, "late": "999999"}
    found = (ask("GET", "/late-answers"), ask("GET", place), ask("POST", f"{place}/acceptances"))

    assert found == statuses
    assert points(store, attempt) == 0


def points(store: Store, attempt: Attempt) -> object:
    with store.read() as db:
        found = queries.attempt(db, attempt.public_id)
    assert found is not None
    return found.points
