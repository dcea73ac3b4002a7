"""The comparison finds each kind of damage: else a table full of zeros would say nothing."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from app.services import attempts
from app.services.library import Exams
from app.services.saves import Saves
from app.store.database import Store
from app.store.migrations import migrate
from tests import factories
from tests.faults.history import Findings, History, examine


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'endterm.sqlite3'}"


@pytest.fixture
def history(url: str) -> History:
    """Two saves of a part, acknowledged, and the attempt handed in and marked."""
    migrate(url)
    store = Store(url)
    store.open()
    factories.published(store)
    student = factories.user(store)
    attempt = factories.started(store, student)
    token = factories.token(store, student)
    found = History(started={attempt.public_id}, handed_in={attempt.public_id})
    for counter in (1, 2):
        place = (attempt.public_id, "1b", counter)
        found.sent[place] = {"count": str(counter)}
        store.writer.run_all(
            Saves(store), [factories.save(attempt, token, json.dumps(found.sent[place]), counter=counter)]
        )
        found.acknowledged.add(place)
    attempts.hand_in(store, Exams(), student.id, attempt.public_id, factories.NOW)
    store.close()
    assert examine(found, url, all_marked=True).all == []
    return found


def after(url: str, history: History, damage: str) -> Findings:
    store = Store(url)
    store.open()
    store.write(lambda db: db.execute(text(damage)))
    store.close()
    return examine(history, url, all_marked=True)


COLUMNS = "attempt_id, part, counter, tab, answer, blank, flagged, saved_at"


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("DELETE FROM saves WHERE counter = 2", "lost"),
        ("""UPDATE saves SET answer = '{"count": "3"}' WHERE counter = 2""", "lost"),
        ("DELETE FROM answers", "lost"),
        (f"INSERT INTO saves ({COLUMNS}) SELECT {COLUMNS} FROM saves", "duplicated"),
        (f"INSERT INTO saves ({COLUMNS}) SELECT {COLUMNS} FROM saves WHERE counter = 1", "older_over_newer"),
        ("UPDATE answers SET counter = 1", "older_over_newer"),
        ("DELETE FROM marks WHERE part = '1b'", "marks"),
        ("UPDATE attempts SET points = points + 1", "marks"),
        ("UPDATE attempts SET state = 'submitted'", "marks"),
        ("UPDATE attempts SET state = 'open'", "marks"),
        ("UPDATE attempts SET receipt = 'another'", "marks"),
        ("UPDATE marks SET answered = 0", "marks"),
    ],
)
def test_damage_is_found(url: str, history: History, damage: str, kind: str) -> None:
    assert getattr(after(url, history, damage), kind)


def test_an_attempt_that_nobody_was_told_of_is_found(url: str, history: History) -> None:
    history.started.clear()

    assert examine(history, url, all_marked=True).marks


def test_a_save_that_nobody_sent_is_found(url: str, history: History) -> None:
    history.sent.popitem()
    history.acknowledged = {place for place in history.acknowledged if place in history.sent}

    assert examine(history, url).duplicated
