"""The catalogue and the start page of an exam, without scripts."""

from datetime import UTC, datetime

from app.exams.loader import read_exam
from app.services import library
from app.store.database import Store
from tests import factories
from tests.page import Browser
from tests.sample_exam import TEXT


def publish(store: Store, **changes: str) -> None:
    text = TEXT
    for name, value in changes.items():
        text = text.replace(f"\n{name}: ", f"\n{name}: {value} # ", 1)
    store.write(lambda db: library.publish(db, read_exam(text), datetime.now(UTC)))


def sign_in(browser: Browser, store: Store) -> None:
    browser.client.cookies.set("endterm", factories.token(store, factories.user(store), datetime.now(UTC)))


def test_exams_that_read_alike_are_told_apart_by_their_short_names(browser: Browser, store: Store) -> None:
    publish(store)
    publish(store, exam="small-again")
    publish(store, exam="smaller", subtitle="Another one")
    sign_in(browser, store)

    page = browser.get("/")

    assert sorted(one.text for one in page.all("code")) == ["small", "small-again"]


def test_the_catalogue_says_nothing_of_an_exam_that_it_cannot_know(browser: Browser, store: Store) -> None:
    publish(store)
    sign_in(browser, store)

    page = browser.get("/")

    assert "paper exam" not in page.text
    assert not page.all("code")


def test_what_to_know_comes_before_the_button_that_starts_the_clock(browser: Browser, store: Store) -> None:
    publish(store)
    sign_in(browser, store)

    words = browser.get("/exams/small").text

    assert words.index("Before you start") < words.index("Good luck.") < words.index("Start now")
