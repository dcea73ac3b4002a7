"""The result page of answers of many kinds: what a student entered is shown as it looked while it was entered."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.exams.loader import load_exam
from app.services import attempts, library
from app.services.library import Exams
from app.services.saves import Saves
from app.store.database import Store
from tests import factories
from tests.page import Browser, Page

WIDGETS = Path(__file__).parents[1] / "browser" / "widgets.yaml"


def result_of(browser: Browser, store: Store, part: str, answer: object) -> Page:
    """The result page of an attempt with this answer to one part."""
    begun = datetime.now(UTC) - timedelta(minutes=5)
    store.write(lambda db: library.publish(db, load_exam(WIDGETS), begun))
    student = factories.user(store)
    attempt = store.write(lambda db: attempts.start(db, student.id, "widgets", begun))
    session = factories.token(store, student, begun)
    save = factories.save(attempt, session, json.dumps(answer), part=part, at=begun)
    store.writer.run_all(Saves(store), [save])
    attempts.hand_in(store, Exams(), student.id, attempt.public_id, begun + timedelta(minutes=1))
    browser.client.cookies.set("endterm", factories.token(store, student, datetime.now(UTC)))
    return browser.get(f"/attempts/{attempt.public_id}/result")


@pytest.fixture
def written(browser: Browser, store: Store) -> str:
    """The HTML of a text as the result page shows it."""
    text = r"hello, $\theta_c^{t-1}$ & so on; $\nosuch$ stays"
    page = result_of(browser, store, "1c", {"text": text})
    return page.html.partition('<p class="written">')[2].partition("</p>")[0]


def test_a_formula_in_a_text_looks_as_it_did_when_it_was_entered(written: str) -> None:
    before, _, after = written.partition("<math")

    assert before.endswith(", ")
    assert "$" not in before
    assert after.partition("</math>")[2] == r" &amp; so on; $\nosuch$ stays"


def test_the_words_that_earned_credit_are_marked_with_the_number_of_their_criterion(written: str) -> None:
    assert written.startswith('<mark class="evidence" data-verdict="met">hello</mark>')
    assert written.partition("</sup>")[0].endswith(">1")
