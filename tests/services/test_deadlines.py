"""Attempts end without any browser, and each that has ended has a mark."""

import pytest
from sqlalchemy.orm import Session

from app.services import attempts, deadlines
from app.services.library import Exams
from app.services.saves import Saves
from app.store import queries
from app.store.database import Store
from app.store.models import Attempt, ExamVersion, User
from tests.factories import after, published, save, started, token, user


@pytest.fixture
def student(store: Store) -> User:
    published(store)
    return user(store)


def now_is(store: Store, attempt: Attempt) -> Attempt:
    with store.read() as db:
        found = queries.attempt(db, attempt.public_id)
    assert found is not None
    return found


def test_a_typed_answer_counts_though_nobody_handed_in(store: Store, student: User) -> None:
    attempt = started(store, student)
    request = save(attempt, token(store, student), '{"count":"120"}')
    store.writer.run_all(Saves(store), [request])

    deadlines.sweep(store, Exams(), after(minutes=91))

    done = now_is(store, attempt)
    assert (done.state, done.closed_by, done.submitted_at) == ("graded", "deadline", after(minutes=90))
    assert done.points == 2


def test_the_sweep_leaves_the_grace_to_saves_in_flight(store: Store, student: User) -> None:
    attempt = started(store, student)

    deadlines.sweep(store, Exams(), after(minutes=90, seconds=12))
    assert now_is(store, attempt).state == "open"
    deadlines.sweep(store, Exams(), after(minutes=90, seconds=13))
    assert now_is(store, attempt).state == "graded"


def test_a_job_that_comes_too_early_says_when_to_come_again(store: Store, student: User) -> None:
    attempt = started(store, student)
    store.write(lambda db: attempts.extend(db, attempt.public_id, 15, after(minutes=80)))

    again = deadlines.close_if_due(store, Exams(), attempt.id, after(minutes=90, seconds=13))

    assert again == after(minutes=105, seconds=13)
    assert now_is(store, attempt).state == "open"
    assert deadlines.close_if_due(store, Exams(), attempt.id, again) is None
    assert now_is(store, attempt).state == "graded"


def test_a_job_for_a_closed_attempt_does_nothing(store: Store, student: User) -> None:
    attempt = started(store, student)
    attempts.hand_in(store, Exams(), student.id, attempt.public_id, after(minutes=1))

    assert deadlines.close_if_due(store, Exams(), attempt.id, after(minutes=95)) is None
    assert now_is(store, attempt).closed_by == "student"


def test_what_was_handed_in_but_not_marked_is_marked_by_the_sweep(store: Store, student: User) -> None:
    attempt = started(store, student)
    store.write(lambda db: attempts.close(db, store.saved, attempt.id, after(minutes=1), "student"))
    assert now_is(store, attempt).state == "submitted"

    deadlines.sweep(store, Exams(), after(minutes=2))

    assert now_is(store, attempt).state == "graded"


def test_a_whole_room_is_closed_and_marked_in_one_sweep(store: Store, student: User) -> None:
    room = [started(store, user(store)) for _ in range(45)]

    deadlines.sweep(store, Exams(), after(minutes=91))

    assert {now_is(store, one).state for one in room} == {"graded"}


def test_an_exam_that_cannot_be_read_keeps_nobody_else_from_a_mark(store: Store, student: User) -> None:
    broken = started(store, student)
    fine = started(store, user(store))
    for one in (broken, fine):
        store.write(lambda db, id_=one.id: attempts.close(db, store.saved, id_, after(minutes=1), "student"))  # type: ignore[misc]
    _spoil_the_version_of(store, broken)

    deadlines.sweep(store, Exams(), after(minutes=2))

    assert (now_is(store, broken).state, now_is(store, fine).state) == ("submitted", "graded")


def _spoil_the_version_of(store: Store, attempt: Attempt) -> None:
    """A version whose text is no exam, such as one from a release that this one cannot read."""
    other = published(store, title="Unreadable")

    def spoil(db: Session) -> None:
        db.get_one(ExamVersion, other.id).text = "no exam"
        db.get_one(Attempt, attempt.id).version_id = other.id

    store.write(spoil)
